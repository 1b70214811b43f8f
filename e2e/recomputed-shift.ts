// Counts and ratios of a shift from raw counters and serial numbers, by ISO 22400-2. It shares no code with the product.

import { HOUR, plannedSpans, SECOND, signalsOf, type RawLine, type RawPlan, type RawRecord, type RawSample } from "./raw-record.ts";
import { plannedSpansOf, secondsByState, STATE_ROLES, type StateSpan } from "./recomputed-states.ts";
import { readUnits } from "./recomputed-units.ts";

export interface RecomputedShift {
  readonly good: number;
  readonly firstPass: number;
  readonly reworked: number;
  readonly scrap: number;
  /** Of the constraint. */
  readonly produced: number;
  readonly goodAtConstraint: number;
  /** Counted good there, at the first pass or after rework. */
  readonly countedGood: number;
  /** Planned run time per unit at the constraint. */
  readonly cycleS: number;
  readonly plannedS: number;
  readonly workingS: number;
  readonly idealS: number;
  /** Undefined where nothing was made. */
  readonly availability: number | undefined;
  readonly effectiveness: number | undefined;
  readonly qualityRatio: number | undefined;
  readonly oee: number | undefined;
  /** Seconds by state, by station. */
  readonly states: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Spans of states within planned time, by station. */
  readonly spans: ReadonlyMap<string, readonly StateSpan[]>;
}

/** A unit may be days in rework, and a weekend lies between two words of a station. */
const BEFORE = 60 * HOUR;
const AFTER = 2 * HOUR;
/** Below the shortest cycle of a last station. */
const COUNTED_WITHIN = 2 * SECOND;

export async function recomputedShift(
  record: RawRecord,
  line: RawLine,
  plan: RawPlan,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<RecomputedShift> {
  const { stations, constraint: named } = line.definition;
  const constraint = stations.find(({ id }) => id === named)!;
  const planned = plannedSpans(plan, from, to);
  const plannedS = planned.reduce((sum, [begin, end]) => sum + (end - begin) / SECOND, 0);
  const samples = await record.samples(signalsOf(stations, STATE_ROLES), from - BEFORE, to + AFTER);
  const spans = new Map(stations.map((station) => [station.id, plannedSpansOf(station, samples, planned)]));
  const states = Object.fromEntries([...spans].map(([id, own]) => [id, secondsByState(own)]));
  const workingS = states[named]?.["working"] ?? 0;
  const units = await readUnits(record, line, from - BEFORE, to + AFTER);
  const [last] = units.last;
  const good = counted(asTheyLeft(units.of(last!, "Good"), units.of(last!, "PartOut")), from, to);
  const reworked = units.leaving(last!, from, to).filter(({ wasReworked }) => wasReworked).length;
  const produced = counted(units.of(constraint, "Total"), from, to);
  const reworkedThere = units.leaving(constraint, from, to).filter(({ isGood, wasReworked }) => isGood && wasReworked).length;
  const countedGood = counted(units.of(constraint, "Good"), from, to);
  const goodAtConstraint = countedGood - reworkedThere;
  const cycleS = constraint.idealCycleS / constraint.places;
  const idealS = produced * cycleS;
  const [availability, effectiveness, qualityRatio] = [
    ratio(workingS, plannedS),
    ratio(idealS, workingS),
    ratio(goodAtConstraint, produced),
  ];
  return {
    good,
    firstPass: good - reworked,
    reworked,
    scrap: units.scrapped(from, to),
    produced,
    goodAtConstraint,
    countedGood,
    cycleS,
    plannedS,
    workingS,
    idealS,
    availability,
    effectiveness,
    qualityRatio,
    oee: effectiveness === undefined || qualityRatio === undefined ? undefined : availability! * effectiveness * qualityRatio,
    states,
    spans,
  };
}

const ratio = (part: number, whole: number): number | undefined => (whole > 0 ? part / whole : undefined);

/** A counter may follow the unit that it counts by a second: the unit is of the shift in which it was read on its way out. */
function asTheyLeft(counter: readonly RawSample[], out: readonly RawSample[]): readonly RawSample[] {
  let read = 0;
  return counter.map((sample) => {
    while (read < out.length && out[read]!.at < sample.at - COUNTED_WITHIN) read++;
    const left = out[read];
    return left !== undefined && left.at <= sample.at ? { ...sample, at: left.at } : sample;
  });
}

/** Increments within the span: a totaliser of 16 bits rolls over, another fall is a reset and counts from zero. */
function counted(rows: readonly RawSample[], from: number, to: number): number {
  let count = 0;
  for (let row = 1; row < rows.length; row++) {
    const { at, value } = rows[row]!;
    if (at < from || at >= to) continue;
    const before = rows[row - 1]!.value;
    count += value >= before ? value - before : before > 60_000 && before < 65_536 && value < 5_000 ? 65_536 - before + value : value;
  }
  return count;
}
