import type { UnitId } from "./unit.ts";

/** What a signal belongs to: a unit of the line, one vehicle of the fleet, the compressed air or the hall. */
export type AssetId = UnitId | "AGV1" | "AGV2" | "AGV3" | "Air" | "Hall";

/** Assets of the site beyond Line 3: stations of Line 4, utilities, the warehouse and its storage locations. */
export type SiteAssetId = `L4-${string}` | UtilityId | "Warehouse" | `WH-${string}`;
export type UtilityId = "Compressor1" | "Compressor2" | "AirDryer" | "AirMain" | "PowerFeed" | "HallClimate";

/** Built-in OPC UA data types the controllers use; Sparkplug metrics use the same words. */
export type SignalType = "Boolean" | "Int32" | "UInt16" | "UInt32" | "Double" | "String";

/**
 * How the plant records a signal: `change` whenever the controller writes it, `part` once a finished part, `cyclic` every second
 * (every minute in the part of the archive that is older than two hours).
 */
export type Recording = "change" | "part" | "cyclic";

export interface PlantSignal {
  /** Position in the list; the number samples carry inside the plant. */
  readonly index: number;
  /** `Line3.S090.ItemState`: the OPC UA string identifier, and the name people see. */
  readonly name: string;
  readonly asset: AssetId | SiteAssetId;
  readonly role: string;
  readonly title: { readonly en: string; readonly zh: string };
  readonly type: SignalType;
  readonly recording: Recording;
  readonly address: SignalAddress;
  /** UCUM code of the value after `scale`. */
  readonly unit?: string;
  readonly low?: number;
  readonly high?: number;
  readonly resolution?: number;
  readonly counter?: { readonly type: "totaliser" | "shiftReset"; readonly width: 16 | 32 };
  /** Factor from the raw value to `unit`. */
  readonly scale?: number;
  /** Silence longer than this is no data, seconds. */
  readonly aliveS?: number;
  /** Texts of an enumeration, from value 0. */
  readonly texts?: readonly string[];
}

export type SignalAddress =
  | { readonly kind: "opcua"; readonly nodeId: string }
  | { readonly kind: "sparkplug"; readonly group: string; readonly node: string; readonly device: string; readonly metric: string }
  | RegisterAddress
  /** Sent by HTTP; `sender` is the name of its connection (`push:NAME`). */
  | { readonly kind: "push"; readonly sender: string; readonly name: string };

/** Where a Modbus device keeps a value. Bits have a table of their own; a float or a 32-bit number takes two registers. */
export interface RegisterAddress {
  readonly kind: "modbus";
  readonly unit: number;
  readonly table: "input" | "discrete";
  /** Counted from 0. */
  readonly register: number;
  readonly format: "bool" | "int16" | "uint16" | "uint32" | "float32";
  readonly wordOrder: "big" | "little";
}
