import type { ShiftResult } from "@doppelwerk/operations";
import type { Instant, RecordId } from "@doppelwerk/world";
import { z } from "zod";
import { port } from "./token.ts";

/** Results of shifts with the facts of the line that figures are made from. */
export interface LineShifts {
  readonly constraint: string | undefined;
  readonly stations: readonly string[];
  readonly taktS: number | undefined;
  /** Planned shifts, oldest first; the one that runs at the instant as it stood then, the closed ones as they are known now. */
  readonly shifts: readonly ShiftResult[];
  /** Production outside of any shift, oldest first, as it is known now: counts, no ratios. */
  readonly unplanned?: readonly ShiftResult[];
  /** The planned shift that the instant is in; its result ends where it was folded to, the shift itself later. */
  readonly running: { readonly id: string; readonly end: Instant } | undefined;
  /** Parts on the line at the instant; undefined where no shift runs then, or nothing is known. */
  readonly wip: number | undefined;
}

/** Shifts that overlap [from, to). The one that runs counts to its planned end: what was folded of it ends a moment before now. */
export function shiftsWithin(
  { shifts, running }: Pick<LineShifts, "shifts" | "running">,
  from: Instant,
  to: Instant,
): readonly ShiftResult[] {
  return shifts.filter((shift) => (shift.id === running?.id ? running.end : shift.to) > from && shift.from < to);
}

/** What the folds of lines conclude of their shifts. `line` is the id of one; without it the first is meant. */
export interface ShiftFold {
  /** As of an instant; without one: now. Undefined where there is no such line. */
  results(at?: Instant, line?: RecordId): Promise<LineShifts | undefined>;
}

export const shiftFold = port<ShiftFold>("flow.shifts", 1);

const names = { station: z.string() };

/** Figures of a span of planned time (ISO 22400-2); a ratio without a denominator is absent. Times are microseconds since 1970. */
export const figuresShape = z.object({
  from: z.int(),
  to: z.int(),
  constraint: z.string(),
  oee: z.number().optional(),
  availability: z.number().optional(),
  effectiveness: z.number().optional(),
  qualityRatio: z.number().optional(),
  /** Units that left the line good, each once: at the first pass and after rework. The station at the end of the line counts them. */
  good: z.number(),
  /** PQ: units processed by the constraint, once for each time. */
  produced: z.number(),
  /** Units taken out of the line as scrap. */
  scrap: z.number(),
  /** Of the good ones those that went through rework. */
  reworked: z.number(),
  /** (good − reworked) ÷ (good + scrap): of the units that left the line. */
  firstPassYield: z.number().optional(),
  /** What the constraint counted; absent where none is declared. `good`: GQ, at the first pass; `reworked`: good only after rework; `goodIdealS`: Σ PRI × GQ. */
  atConstraint: z.object({ good: z.number(), reworked: z.number(), goodIdealS: z.number() }).optional(),
  plannedBusyS: z.number(),
  actualProductionS: z.number(),
  idealCycleS: z.number(),
  unknownS: z.number(),
  throughputPerHour: z.number().optional(),
  leadTimeS: z.number().optional(),
  wip: z.number().optional(),
  findings: z.array(z.string()).readonly(),
  /** Seconds by state, one row a station. */
  timeShares: z.array(z.object({ ...names, seconds: z.record(z.string(), z.number()) })).readonly(),
  bottleneck: z.array(z.object({ ...names, share: z.number() })).readonly(),
  topStops: z.array(z.object({ ...names, state: z.string(), seconds: z.number(), count: z.int() })).readonly(),
});
export type Figures = z.output<typeof figuresShape>;

/** The figures of one shift; `revision` counts the readings that changed it after it was closed. */
export const shiftFiguresShape = figuresShape.extend({ name: z.string(), revision: z.int() });
export type ShiftFiguresValue = z.output<typeof shiftFiguresShape>;

/** What was produced outside of any shift: from its first to its last unit. `produced` at the constraint, `good` off the line. */
export interface UnplannedOutput {
  readonly from: Instant;
  readonly to: Instant;
  readonly produced: number;
  readonly good: number;
}

/** Shifts of a line with their figures. */
export interface ShiftFigures {
  /**
   * Shifts that overlap [from, to), oldest first, as they are known now; with `asOf` the one that ran then as it stood. Undefined where there is no such
   * line; without `line` the first is meant.
   */
  within(
    from: Instant,
    to: Instant,
    asOf?: Instant,
    line?: RecordId,
  ): Promise<
    | (Pick<LineShifts, "constraint" | "stations" | "wip"> & {
        /** Planned; absent where none is, or it is not known. */
        readonly taktS?: number | undefined;
        readonly shifts: readonly ShiftFiguresValue[];
        /** What was produced in [from, to) outside of any shift, oldest first. */
        readonly unplanned?: readonly UnplannedOutput[];
      })
    | undefined
  >;
}

export const shiftFigures = port<ShiftFigures>("shifts.figures", 1);
