import { SECOND } from "@doppelwerk/kit";
import type { StationState } from "@doppelwerk/operations";
import { gammaQuantile, studentQuantile } from "@doppelwerk/sim";

export interface StateSpan {
  readonly from: number;
  readonly state: StationState;
}

export interface Estimate {
  readonly value?: number;
  /** 95 % confidence; absent bounds are not known. */
  readonly low?: number;
  readonly high?: number;
  /** Events that it is of. */
  readonly n: number;
}

/** Seconds, but for counts and shares. */
export interface Reliability {
  /** Failure events in the span: FE of ISO 22400-2. One that lasted when it began is none of them. */
  readonly failures: number;
  readonly operatingS: number;
  /** Able to work: operating, idle, blocked, starved, set-up, micro-stop. */
  readonly upS: number;
  readonly failedS: number;
  readonly maintenanceS: number;
  /** Off and breaks: nothing is required then. */
  readonly notRequiredS: number;
  readonly unknownS: number;
  /** Mean operating time between failures (IEC 60050-192-05-13); χ² interval of a constant failure rate, observed for a fixed time. */
  readonly mtbf: Estimate;
  /** Mean up time to a failure. */
  readonly mttf: Estimate;
  /** Mean time to restoration (IEC 60050-192-07-23) of failures whose end is known. */
  readonly mttr: Estimate;
  /** Up time of up time and failures; planned maintenance is not in it. */
  readonly availability?: number;
  /** The same with planned maintenance as down time. */
  readonly operational?: number;
}

const UP: ReadonlySet<StationState> = new Set(["working", "idle", "blocked", "starved", "setUp", "microStop"]);
const NOT_REQUIRED: ReadonlySet<StationState> = new Set(["off", "break"]);

/** States of a station in [from, to), in order of time. What is unknown is in no figure; a failure that begins in it or ends in it is not counted as restored. */
export function reliabilityOf(states: readonly StateSpan[], from: number, to: number): Reliability {
  const seconds = new Map<StationState, number>();
  const restored: number[] = [];
  let failures = 0;
  /** Of the failure that lasts: what it took so far; undefined where its beginning or a part of it is not known. */
  let repair: { tookS: number; isWhole: boolean } | undefined;
  let before: StationState = "unknown";
  for (const [lastS, state] of spansOf(states, from, to)) {
    seconds.set(state, (seconds.get(state) ?? 0) + lastS);
    if (state === "failed") {
      const isNew = repair === undefined && before !== "unknown";
      if (isNew) failures++;
      repair ??= { tookS: 0, isWhole: isNew };
      repair.tookS += lastS;
    } else if (repair !== undefined) {
      // repaired in the mode of maintenance; a break is no time of the repair
      if (state === "maintenance") repair.tookS += lastS;
      else if (state === "unknown") repair.isWhole = false;
      else if (UP.has(state)) {
        if (repair.isWhole) restored.push(repair.tookS);
        repair = undefined;
      }
    }
    before = state;
  }
  return figuresOf(seconds, failures, restored, (to - from) / SECOND);
}

/** With how long each lasted, in seconds; before the first nothing is known. */
function* spansOf(states: readonly StateSpan[], from: number, to: number): Generator<readonly [seconds: number, state: StationState]> {
  const first = states[0]?.from ?? to;
  if (first > from) yield [(Math.min(first, to) - from) / SECOND, "unknown"];
  for (const [at, { from: begin, state }] of states.entries()) {
    const lasted = Math.min(states[at + 1]?.from ?? to, to) - Math.max(begin, from);
    if (lasted > 0) yield [lasted / SECOND, state];
  }
}

function figuresOf(seconds: ReadonlyMap<StationState, number>, failures: number, restored: readonly number[], spanS: number): Reliability {
  const sum = (of: (state: StationState) => boolean): number =>
    [...seconds].reduce((total, [state, lasted]) => total + (of(state) ? lasted : 0), 0);
  const upS = sum((state) => UP.has(state));
  const [operatingS, failedS, maintenanceS] = [sum((s) => s === "working"), sum((s) => s === "failed"), sum((s) => s === "maintenance")];
  const notRequiredS = sum((state) => NOT_REQUIRED.has(state));
  return {
    failures,
    operatingS,
    upS,
    failedS,
    maintenanceS,
    notRequiredS,
    unknownS: Math.max(0, spanS - upS - failedS - maintenanceS - notRequiredS),
    mtbf: meanBetween(operatingS, failures),
    mttf: meanBetween(upS, failures),
    mttr: meanOf(restored),
    ...(upS + failedS > 0 && { availability: upS / (upS + failedS) }),
    ...(upS + failedS + maintenanceS > 0 && { operational: upS / (upS + failedS + maintenanceS) }),
  };
}

const chiSquare = (p: number, degrees: number): number => 2 * gammaQuantile(degrees / 2, p);

/** Time a failure. Without one only the lower bound is known: with 95 % it is longer. */
export function meanBetween(timeS: number, failures: number): Estimate {
  if (!(timeS > 0)) return { n: failures };
  if (failures === 0) return { n: 0, low: (2 * timeS) / chiSquare(0.95, 2) };
  return {
    n: failures,
    value: timeS / failures,
    low: (2 * timeS) / chiSquare(0.975, 2 * failures + 2),
    high: (2 * timeS) / chiSquare(0.025, 2 * failures),
  };
}

function meanOf(values: readonly number[]): Estimate {
  const n = values.length;
  if (n === 0) return { n };
  const value = values.reduce((sum, each) => sum + each, 0) / n;
  if (n === 1) return { n, value };
  const variance = values.reduce((sum, each) => sum + (each - value) ** 2, 0) / (n - 1);
  const half = studentQuantile(0.975, n - 1) * Math.sqrt(variance / n);
  return { n, value, low: Math.max(0, value - half), high: value + half };
}
