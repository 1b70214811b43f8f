import type { Instant } from "@doppelwerk/world";

/** Counts and times of one station in one span. Plain data, mutated in place. */
export interface StationTally {
  /** State → planned seconds. */
  states: Record<string, number>;
  /** `state|cause|word` → planned seconds, number of spans, seconds concluded. */
  losses: Record<string, { seconds: number; count: number; inferredS: number }>;
  products: Record<string, { produced: number; good: number; rejected: number; reworkedGood: number }>;
  unknownProduced: number;
}

/** One shift, or one day's production outside of shifts. */
export interface ShiftTally {
  id: string;
  name: string;
  day: string;
  from: Instant;
  to: Instant;
  /** No more can come in time: the end of the shift, or of the span outside of shifts. */
  until: Instant;
  planned: boolean;
  closed: boolean;
  revision: number;
  stations: Record<string, StationTally>;
  /** Start of the local hour → tallies of the constraint. */
  hours: Record<string, { tally: StationTally; completed: number }>;
  entered: number;
  completed: number;
  firstPass: number;
  scrapped: number;
  completedByProduct: Record<string, number>;
  leadS: number[];
  /** Station → flat pairs of active periods. */
  active: Record<string, number[]>;
}

export const freshTally = (): StationTally => ({ states: {}, losses: {}, products: {}, unknownProduced: 0 });
