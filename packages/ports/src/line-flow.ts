import type { AlarmRule, LineDefinition } from "@doppelwerk/operations";
import type { Instant, RecordId, StateDurations } from "@doppelwerk/world";
import { port } from "./token.ts";

/** A station's state until the next one begins. */
export interface StateChange {
  readonly from: Instant;
  readonly state: string;
}

/** What a client asks of a line first. */
export interface AboutLine {
  /** Site, area and line of ISA-95, as far as the shells say. */
  readonly path: readonly { readonly en: string; readonly zh: string }[];
  /** The shells describe a line. */
  readonly line: boolean;
  /** There is something to show of an instant: a line, or conditions of plants without one. */
  readonly snapshot: boolean;
  /** Where the recorded past of the line begins. */
  readonly historyFrom: Instant | undefined;
  readonly timeZone: string | undefined;
}

/** A line as it is folded, in the group `line`. */
export interface FoldedLine {
  readonly definition: LineDefinition;
  /** The alarm rules that the product ships for it. */
  readonly shippedRules: readonly AlarmRule[];
}

/** What the fold of a line concludes, as other features need it. */
export interface LineFlow {
  about(): Promise<AboutLine>;
  /** The line as it is folded, with everything that was committed before the call; undefined where there is none. */
  folded(): Promise<FoldedLine | undefined>;
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
