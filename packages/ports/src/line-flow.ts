import type { Instant, RecordId, StateDurations } from "@doppelwerk/world";
import { port } from "./token.ts";

/** A station's state until the next one begins. */
export interface StateChange {
  readonly from: Instant;
  readonly state: string;
}

/** What the fold of a line concludes, as other features need it. */
export interface LineFlow {
  /** Signals that a fold in a browser needs. */
  trackingSignals(): Promise<readonly RecordId[]>;
  /** How long a signal that keeps the states of a station was in each, in buckets; undefined for every other signal. */
  stateDurations(signal: RecordId, from: Instant, to: Instant, points: number): Promise<StateDurations | undefined>;
  /**
   * States of the constraint in [from, to), in order of time; `unknown` where the past is not derived yet. With the signal that keeps them. Undefined
   * where there is no line, or none of its stations is the constraint.
   */
  constraintStates(from: Instant, to: Instant): Promise<{ readonly signal: RecordId; readonly states: readonly StateChange[] } | undefined>;
}

export const lineFlow = port<LineFlow>("flow.line", 1);
