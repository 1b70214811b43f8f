import type { Retention } from "./retention.ts";
import type { Json, RecordId, WorldRecord } from "../record.ts";
import type { Enumeration } from "./enumeration.ts";
import type { Origin } from "./origin.ts";

/** Widths of unsigned integers at which a counter rolls over; one of 64 bits never does. */
export type UnsignedBits = 8 | 16 | 32;

export type ValueType = "double" | "integer" | "boolean" | "string" | "enumeration";

/** A signal: stable id, rebinding and renaming keep it. Series = (branch, signal). */
export interface SignalRecord extends WorldRecord {
  readonly kind: "signal";
  readonly name: string;
  /** The name by language tag, where the plant gives it in more than one. */
  readonly names?: Readonly<Record<string, string>>;
  readonly valueType: ValueType;
  /** Names of its numbers, where the plant gives them; of a truth value those of 1 and 0. Shown beside the number, never in its place in the record. */
  readonly enumeration?: Enumeration;
  /** UCUM or the plant's word; absent = unknown, and stays unknown. */
  readonly unit?: string;
  /** `connection` record this signal comes from; absent for derived and entered signals. */
  readonly connection?: RecordId;
  /** Address inside the connection: OPC UA `nsu=<uri>;s=…` (never an index), Sparkplug `group/node/device/metric`. */
  readonly address?: string;
  /** Names in the source's own tree, from its root to the value. Absent where the source has no tree, and in signals connected before 2026-11-29. */
  readonly path?: readonly string[];
  /** The submodel element (record id) whose `$value` this signal is. */
  readonly element?: RecordId;
  /** Id of the equipment shell the signal belongs to, and the role it plays there (`ItemState`, `Good`, `PressureDrop` …). */
  readonly shell?: string;
  readonly role?: string;
  /** Display band and resolution for screens; never annunciates (P24). */
  readonly low?: number;
  readonly high?: number;
  readonly resolution?: number;
  /** Width of its unsigned integer type at the plant, where that is known: a counter rolls over there unless its own `width` says otherwise. */
  readonly unsignedBits?: UnsignedBits;
  /** P10: declared counter. */
  readonly counter?: { readonly type: "totaliser" | "shiftReset"; readonly width?: 16 | 32 };
  /** P14: silence longer than this makes the value uncertain, twice this is "no data" (bad), seconds. */
  readonly aliveS?: number;
  /** Factor from raw to unit (for example ticks of 10 ms to seconds: 0.01). */
  readonly scale?: number;
  /** A number passes when it differs by more than this from the last that passed, in the unit of the signal. Absent = every value passes. */
  readonly deadband?: number;
  /** P19: part of a safety function; never the target of a command. */
  readonly safety?: boolean;
  /** P19: what must stand, measured and good, for a command to this signal: remote, mode, no lock-out. */
  readonly commandWhen?: readonly { readonly signal: RecordId; readonly equals: number | string | boolean }[];
  /** At most one value in this time, seconds; of those in between the newest passes. Absent = no limit. */
  readonly minIntervalS?: number;
  /** Ids of the signals that its values were concluded of: who may not read every one of them does not read it. */
  readonly concludedOf?: readonly RecordId[];
  /** How long its samples are kept whole, and what stays of them then. Absent = every sample, for good. */
  readonly retention?: Retention;
}

export type ConnectionProtocol =
  | "opcua"
  | "sparkplug"
  | "mqtt"
  | "modbus"
  | "s7"
  | "mtconnect"
  | "shdr"
  | "http"
  | "csv"
  | "sql"
  | "push"
  | "entered"
  | "replay"
  | "world";

export interface ConnectionRecord extends WorldRecord {
  readonly kind: "connection";
  readonly name: string;
  readonly protocol: ConnectionProtocol;
  readonly url: string;
  readonly enabled: boolean;
  /** How this plant is spoken to: intervals, register map, topic template, security policy. The shape is the protocol's; never a secret. */
  readonly settings?: { readonly [name: string]: Json };
  /** Name of a secret in the server's store. The secret itself is in no document, log or export. */
  readonly secret?: string;
  /** Values may be written to this plant, by commands that are confirmed. Absent = nothing is ever written. */
  readonly allowCommands?: boolean;
  /** Who confirms a command must just have proved to be there. Absent: being logged in is enough. */
  readonly commandPresence?: boolean;
  /** A source that simulates or replays declares itself: its values are never shown as measured. Absent: what its protocol is. */
  readonly origin?: Exclude<Origin, "derived">;
  /** The screen says so on everything that comes from a demonstration plant. */
  readonly demo?: boolean;
  /** AAS ids of the Asset Interfaces Descriptions that said so, sorted. */
  readonly describedBy?: readonly string[];
}

/** Roles in which a signal tells what happens at a station: states, counts, cycles, parts (docs/guide/engineering-file.md). Others tell what is measured. */
export const EVENT_ROLES: ReadonlySet<string> = new Set([
  "ItemState",
  "OperationMode",
  "VendorState",
  "Blocked",
  "Starved",
  "Total",
  "Good",
  "Reject",
  "LastCycle",
  "Product",
  "PartIn",
  "PartOut",
]);
