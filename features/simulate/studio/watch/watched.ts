import type { LineInfo, Snapshot } from "@doppelwerk/client";
import type { Instant } from "@doppelwerk/world";

/** A stretch in which the line is planned to work. */
export interface Shift {
  readonly from: Instant;
  readonly to: Instant;
}

/** A run that is simulated here and can be shown at any instant that it has reached. */
export interface Watched {
  readonly from: Instant;
  readonly to: Instant;
  readonly shifts: readonly Shift[];
  /** How far it has been simulated ahead. */
  readonly reached: Instant;
  /** Simulates one stretch further; false when the end is reached. */
  advance(): boolean;
  /** Good parts from the start to an instant that was reached. */
  goodUntil(instant: Instant): number;
  /** The line at an instant, as every screen reads it; instants not yet reached show the last that was. */
  at(wanted: Instant, line: LineInfo): Snapshot;
}
