import type { Instant, RecordId, StateDurations } from "@doppelwerk/world";
import { port } from "./token.ts";

/** What the fold of a line tells of its signals. */
export interface LineFlow {
  /** Signals that a fold in a browser needs. */
  trackingSignals(): Promise<readonly RecordId[]>;
  /** How long a signal that keeps the states of a station was in each, in buckets; undefined for every other signal. */
  stateDurations(signal: RecordId, from: Instant, to: Instant, points: number): Promise<StateDurations | undefined>;
}

export const lineFlow = port<LineFlow>("flow.line", 1);
