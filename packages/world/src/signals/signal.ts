import type { RecordId, WorldRecord } from "../record.ts";

export type ValueType = "double" | "integer" | "boolean" | "string" | "enumeration";

/** A signal: stable id, rebinding and renaming keep it. Series = (branch, signal). */
export interface SignalRecord extends WorldRecord {
  readonly kind: "signal";
  readonly name: string;
  readonly valueType: ValueType;
  /** UCUM or the plant's word; absent = unknown, and stays unknown. */
  readonly unit?: string;
  /** `connection` record this signal comes from; absent for derived and entered signals. */
  readonly connection?: RecordId;
  /** Address inside the connection: OPC UA `nsu=<uri>;s=…` (never an index), Sparkplug `group/node/device/metric`. */
  readonly address?: string;
  /** The submodel element (record id) whose `$value` this signal is. */
  readonly element?: RecordId;
  /** Id of the equipment shell the signal belongs to, and the role it plays there (`ItemState`, `Good`, `PressureDrop` …). */
  readonly shell?: string;
  readonly role?: string;
  /** Display band and resolution for screens; never annunciates (P24). */
  readonly low?: number;
  readonly high?: number;
  readonly resolution?: number;
  /** P10: declared counter. */
  readonly counter?: { readonly type: "totaliser" | "shiftReset"; readonly width?: 16 | 32 };
  /** P14: silence longer than this makes the value uncertain, twice this is "no data" (bad), seconds. */
  readonly aliveS?: number;
  /** Factor from raw to unit (for example ticks of 10 ms to seconds: 0.01). */
  readonly scale?: number;
}

export interface ConnectionRecord extends WorldRecord {
  readonly kind: "connection";
  readonly name: string;
  readonly protocol: "opcua" | "sparkplug" | "mqtt" | "modbus" | "mtconnect" | "http" | "replay";
  readonly url: string;
  readonly enabled: boolean;
  /** The screen says so on everything that comes from a demonstration plant. */
  readonly demo?: boolean;
}
