import type { OeeResult, ShiftResult, StationTime } from "../kpis/kpi-result.ts";

/** Elements by symbol: seconds, units, a number of failures. What is not recorded has no entry. */
export type ElementValues = Readonly<Record<string, number>>;

/** What a span of shifts recorded of equipment, and how much of its planned time nothing is known of. */
export interface RecordedElements {
  readonly values: ElementValues;
  /** Seconds of planned busy time in which the state is not known: part of no other time. */
  readonly unknownS: number;
}

/** States in which a unit that has work is held up (ADET): stops that nobody planned, and waits for a neighbour. */
const DELAYS = ["failed", "microStop", "blocked", "starved"] as const;

/**
 * Elements of a work unit over shifts, in seconds and units. The actual unit processing time (AUPT) is production and set-up; the busy time (AUBT) is that
 * and the delays; idle time without a reason counts as time without an order. A failure is repaired while it lasts, so its time is that to restoration.
 */
export function elementsOfStation(shifts: readonly ShiftResult[], station: string): RecordedElements {
  const results = shifts.flatMap(({ stations }) => stations.filter((each) => each.station === station));
  const times = shifts.flatMap(({ time }) => time.filter((each) => each.station === station));
  const unknownS = sum(results, (each) => each.unknownS);
  const seconds = (state: string): number => sum(times, ({ states }) => states[state as keyof typeof states] ?? 0);
  const PBT = sum(results, (each) => each.plannedBusyS);
  const ofTimes = timeElements(PBT, unknownS, seconds, failuresIn(times));
  return { values: { ...ofTimes, ...countsOf(results, PBT) }, unknownS };
}

/** Times of a work unit, of its seconds by state within planned time. */
export function timeElements(PBT: number, unknownS: number, seconds: (state: string) => number, FE: number): ElementValues {
  // where nothing of the time is known, no time is
  const isKnown = PBT > unknownS;
  const [APT, AUST, TTR] = [seconds("working"), seconds("setUp"), seconds("failed")];
  const AUPT = APT + AUST;
  const ADET = DELAYS.reduce((total, state) => total + seconds(state), 0);
  const ofTime = {
    APT,
    AUST,
    AUPT,
    ADET,
    AUBT: AUPT + ADET,
    TTR,
    TTF: AUPT,
    TBF: AUPT + TTR,
    FE,
    CMT: TTR,
    PMT: seconds("maintenance"),
  };
  return { ...(PBT > 0 && { PBT }), ...(isKnown && ofTime) };
}

function countsOf(results: readonly OeeResult[], PBT: number): ElementValues {
  if (results.length === 0 || results.some(({ findings }) => findings.some(({ kind }) => kind === "noCounter"))) return {};
  const PQ = sum(results, (each) => each.produced);
  const PRI = PQ === 0 ? undefined : sum(results, (each) => each.idealS) / PQ;
  return {
    PQ,
    GQ: sum(results, (each) => each.good),
    RQ: sum(results, (each) => each.reworkedGood),
    ...(PRI !== undefined && PRI > 0 && { PRI, EPC: PBT / PRI }),
  };
}

/** Elements of a line (work centre) over shifts: units that entered and left it, each once. */
export function elementsOfLine(shifts: readonly ShiftResult[]): RecordedElements {
  const lines = shifts.map(({ line }) => line);
  const [completed, SQ, GP] = [
    sum(lines, (each) => each.completed),
    sum(lines, (each) => each.scrapped),
    sum(lines, (each) => each.firstPass),
  ];
  if (lines.length === 0) return { values: {}, unknownS: 0 };
  const IP = completed + SQ;
  return { values: { PQ: IP, GQ: GP, SQ, RQ: completed - GP, GP, IP, PQ1: sum(lines, (each) => each.entered) }, unknownS: 0 };
}

function failuresIn(times: readonly StationTime[]): number {
  return sum(times, ({ losses }) =>
    sum(
      losses.filter(({ state }) => state === "failed"),
      ({ count }) => count,
    ),
  );
}

const sum = <Each>(all: readonly Each[], of: (each: Each) => number): number => all.reduce((total, each) => total + of(each), 0);
