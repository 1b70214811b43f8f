import type { AlarmItem } from "@doppelwerk/sync";
import type { Instant, RecordId } from "@doppelwerk/world";
import type { CostFacts } from "./cost.ts";
import type { MeteredEnergy } from "./energy.ts";
import type { LimitedValue, LineFigures } from "../contract.ts";

/** What features know of one instant, by the AAS id of the shell that it is about. Everything may be read by whom the sums are for. */
export interface PlaceFacts {
  readonly at: Instant;
  readonly lines: readonly { readonly shell: string; readonly figures: Omit<LineFigures, "id" | "title" | "alarms"> }[];
  /** `began`: since when their condition holds, where the alarm came later by the delay of its rule. */
  readonly alarms: readonly { readonly shell: string | undefined; readonly alarm: AlarmItem; readonly began?: Instant }[];
  readonly signals: readonly SignalFact[];
  readonly connections: readonly ConnectionFact[];
  readonly values: readonly { readonly shell: string; readonly value: LimitedValue }[];
  readonly meters: readonly MeteredEnergy[];
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

export function isUnacknowledged({ state }: AlarmItem): boolean {
  return state === "unacknowledged" || state === "returnedUnacknowledged";
}

/** A connection that should be open and is not. */
export function isTroubled({ state }: ConnectionFact): boolean {
  return state === "failed" || state === "reconnecting";
}
