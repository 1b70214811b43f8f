import type { Instant } from "@doppelwerk/world";
import type { LossCause, LossOccurrences } from "./loss-causes.ts";

/** The time and the counts of the constraint over planned shifts, in the terms of ISO 22400-2. Seconds and units. */
export interface BudgetTimes {
  readonly station: string;
  /** PBT. */
  readonly plannedBusyS: number;
  /** APT. */
  readonly actualProductionS: number;
  /** Of the PBT: what was not observed, and what was observed as unknown. */
  readonly unknownS: number;
  /** State → seconds within the PBT. */
  readonly states: Readonly<Record<string, number>>;
  /** PQ. */
  readonly produced: number;
  /** GQ at the first pass. */
  readonly good: number;
  /** Good, but only after rework: processed again, in PQ and not in GQ. */
  readonly reworked: number;
  /** Σ PRI × PQ over products. */
  readonly idealS: number;
  /** Σ PRI × GQ over products. */
  readonly goodIdealS: number;
  /** PRI where nothing was produced; 0 = not known. */
  readonly idealCycleS: number;
}

/** Figures of planned shifts, as far as a budget is made from them. */
export interface BudgetFigures {
  readonly constraint: string;
  readonly plannedBusyS: number;
  readonly actualProductionS: number;
  readonly unknownS: number;
  readonly produced: number;
  readonly idealCycleS: number;
  readonly atConstraint?: { readonly good: number; readonly reworked: number; readonly goodIdealS: number } | undefined;
  readonly timeShares: readonly { readonly station: string; readonly seconds: Readonly<Record<string, number>> }[];
}

/** What figures say of the time and the counts of the constraint. */
export function budgetTimes(figures: BudgetFigures): BudgetTimes {
  const { constraint, plannedBusyS, actualProductionS, unknownS, produced, idealCycleS, atConstraint } = figures;
  return {
    station: constraint,
    plannedBusyS,
    actualProductionS,
    unknownS,
    states: figures.timeShares.find(({ station }) => station === constraint)?.seconds ?? {},
    produced,
    good: atConstraint?.good ?? 0,
    reworked: atConstraint?.reworked ?? 0,
    idealS: idealCycleS * produced,
    goodIdealS: atConstraint?.goodIdealS ?? 0,
    idealCycleS,
  };
}

/** `speed`: APT beyond Σ PRI × PQ. `reject`, `rework`: Σ PRI × (PQ − GQ), of what is not good, and of what is good only after rework. Others are states. */
export interface LossRow extends LossCause {
  /** Below zero only of `speed`, where the station was faster than its ideal cycle, and where counts contradict each other. */
  readonly seconds: number;
  /** Units that the time would have given at the PRI; undefined where that is not known. */
  readonly units?: number;
  /** How often, where that is known, and the longest one. */
  readonly count?: number;
  readonly longest?: { readonly from: Instant; readonly to: Instant };
}

export interface LossBudget {
  readonly station: string;
  readonly plannedBusyS: number;
  /** PRI over the mix that was produced. */
  readonly idealCycleS: number;
  readonly produced: number;
  readonly good: number;
  /** PBT ÷ PRI. */
  readonly possible?: number;
  /** PBT − Σ PRI × GQ: the sum of the rows. */
  readonly lostS: number;
  /** possible − good: the sum of the rows. */
  readonly lostUnits?: number;
  /** Longest first. */
  readonly rows: readonly LossRow[];
}

/** A rest of waiting time below it is the difference of two roundings, seconds. */
const NEGLIGIBLE_S = 0.05;

/**
 * Where the planned busy time of the constraint went: every second of it is good production or in exactly one row.
 * PBT − Σ PRI × GQ = (PBT − APT) + (APT − Σ PRI × PQ) + Σ PRI × (PQ − GQ). Times in states are those of the tally; `causes` split them.
 */
export function lossBudget(times: BudgetTimes, causes: readonly LossOccurrences[]): LossBudget {
  const { plannedBusyS, actualProductionS, unknownS, produced, good, reworked, idealS, goodIdealS } = times;
  const cycleS = produced > 0 && idealS > 0 ? idealS / produced : times.idealCycleS;
  const unitsOf = (seconds: number): Pick<LossRow, "units"> => (cycleS > 0 ? { units: seconds / cycleS } : {});
  const notGoodS = idealS - goodIdealS;
  const reworkS = Math.min(reworked * cycleS, Math.max(0, notGoodS));
  const rows: readonly LossRow[] = [
    ...Object.entries(times.states)
      .filter(([state, seconds]) => state !== "working" && state !== "unknown" && seconds > 0)
      .flatMap(([state, seconds]) => splitByCause(state, seconds, causes)),
    ...(unknownS > 0 ? [{ state: "unknown", seconds: unknownS, ...occurrenceOf(causes.find(({ state }) => state === "unknown")) }] : []),
  ].map((row) => ({ ...row, ...unitsOf(row.seconds) }));
  const counted: readonly LossRow[] = [
    { state: "speed", seconds: actualProductionS - idealS, ...(cycleS > 0 ? { units: actualProductionS / cycleS - produced } : {}) },
    { state: "reject", seconds: notGoodS - reworkS, units: produced - good - reworked },
    { state: "rework", seconds: reworkS, units: reworked },
  ].filter(({ seconds, units }) => seconds !== 0 || (units ?? 0) !== 0);
  const all = [...rows, ...counted].toSorted((a, b) => b.seconds - a.seconds);
  const sum = (value: (row: LossRow) => number): number => all.reduce((total, row) => total + value(row), 0);
  return {
    station: times.station,
    plannedBusyS,
    idealCycleS: cycleS,
    produced,
    good,
    ...(cycleS > 0 ? { possible: plannedBusyS / cycleS, lostUnits: sum(({ units = 0 }) => units) } : {}),
    lostS: sum(({ seconds }) => seconds),
    rows: all,
  };
}

/** The seconds of a state over its causes; what no span explains is a row of its own. More than there is (spans were revised) is scaled to it. */
function splitByCause(state: string, seconds: number, causes: readonly LossOccurrences[]): readonly LossRow[] {
  const own = causes.filter((cause) => cause.state === state);
  const explained = own.reduce((sum, cause) => sum + cause.seconds, 0);
  const isWait = state === "blocked" || state === "starved";
  if (!isWait && own.every(({ reason }) => reason === undefined)) return [{ state, seconds, ...occurrenceOf(own[0]) }];
  const scale = explained > seconds ? seconds / explained : 1;
  const rest = seconds - explained * scale;
  const negligible = rest < NEGLIGIBLE_S && own.length > 0;
  // what has no reason yet has the rest of its state
  const plain = own.findIndex((cause) => !isWait && cause.reason === undefined);
  const takesRest = plain >= 0 ? plain : negligible ? 0 : -1;
  return [
    ...own.map((cause, at) => ({ ...cause, seconds: cause.seconds * scale + (at === takesRest ? rest : 0) })),
    ...(takesRest >= 0 ? [] : [isWait ? { state, cause: "unclear", seconds: rest } : { state, seconds: rest }]),
  ];
}

function occurrenceOf(cause: LossOccurrences | undefined): Pick<LossRow, "count" | "longest"> {
  return cause === undefined ? {} : { count: cause.count, longest: cause.longest };
}

/** Whole numbers that add up to the whole number nearest to the sum of the values: each is rounded down or up, those with the largest rest up. */
export function apportioned(values: readonly number[]): readonly number[] {
  const whole = values.map(Math.floor);
  let missing = Math.round(values.reduce((sum, value) => sum + value, 0)) - whole.reduce((sum, value) => sum + value, 0);
  const byRest = values.map((value, at) => ({ at, rest: value - Math.floor(value) })).toSorted((a, b) => b.rest - a.rest || a.at - b.at);
  for (const { at } of byRest) {
    if (missing <= 0) break;
    whole[at]! += 1;
    missing -= 1;
  }
  return whole;
}
