import type { AlarmItem } from "@doppelwerk/sync";
import type { Instant, RecordId } from "@doppelwerk/world";
import type { CostFacts } from "./cost.ts";
import type { LimitedValue, LineFigures } from "../contract.ts";

/** What features know of one instant, by the AAS id of the shell that it is about. Everything may be read by whom the sums are for. */
export interface PlaceFacts {
  readonly at: Instant;
  readonly lines: readonly { readonly shell: string; readonly figures: Omit<LineFigures, "id" | "title" | "alarms"> }[];
  readonly alarms: readonly { readonly shell: string | undefined; readonly alarm: AlarmItem }[];
  readonly signals: readonly SignalFact[];
  readonly connections: readonly ConnectionFact[];
  readonly values: readonly { readonly shell: string; readonly value: LimitedValue }[];
  readonly meters: readonly { readonly shell: string; readonly kWh: number }[];
  /** Since when the meters are counted. */
  readonly metersFrom: Instant;
  /** Absent where no price holds. */
  readonly cost?: CostFacts;
}

export interface SignalFact {
  readonly shell: string;
  readonly connection: RecordId | undefined;
  readonly health: "good" | "uncertain" | "bad" | "silent";
}

export interface ConnectionFact {
  readonly id: RecordId;
  readonly name: string;
  readonly state: string;
  readonly since: Instant;
}

/** A returned one waits for its acknowledgement in the list of alarms: what it warned of is over, and nothing lasts any more. */
const INACTIVE: ReadonlySet<AlarmItem["state"]> = new Set([
  "normal",
  "returnedUnacknowledged",
  "shelved",
  "suppressedByDesign",
  "outOfService",
]);

/** What asks for attention: its condition holds, and it is not shelved, not suppressed by design, not out of service (ISA-18.2). */
export function isActive({ state }: AlarmItem): boolean {
  return !INACTIVE.has(state);
}

export function isUnacknowledged({ state }: AlarmItem): boolean {
  return state === "unacknowledged" || state === "returnedUnacknowledged";
}

/** A connection that should be open and is not. */
export function isTroubled({ state }: ConnectionFact): boolean {
  return state === "failed" || state === "reconnecting";
}
