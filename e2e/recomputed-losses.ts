// The loss budget of the constraint from raw states and counters, and who made it wait. It shares no code with the product.

import { SECOND, type RawLine } from "./raw-record.ts";
import type { RecomputedShift } from "./recomputed-shift.ts";
import type { StateSpan } from "./recomputed-states.ts";

export interface RecomputedLosses {
  /** Planned time less the ideal time of the units good at the first pass. */
  readonly lostS: number;
  /** Seconds of the constraint by state other than working; of planned time that no state covers: `unknown`. */
  readonly states: Readonly<Record<string, number>>;
  readonly speedS: number;
  /** Processed and not good, and good only after rework. */
  readonly rejected: number;
  readonly reworked: number;
  /** Seconds of `blocked` and `starved` by the station that is waited for; `outside` = no station of the line. */
  readonly waits: Readonly<Record<string, number>>;
  /** Seconds of waiting of which the raw data do not say for whom: a station on the way says only that it waits. By state. */
  readonly unsaid: Readonly<Record<string, number>>;
}

export function recomputedLosses({ definition }: RawLine, shift: RecomputedShift): RecomputedLosses {
  const { constraint } = definition;
  const own = shift.states[constraint] ?? {};
  const observedS = Object.values(own).reduce((sum, seconds) => sum + seconds, 0);
  const { working: _, unknown = 0, ...states } = own;
  const [waits, unsaid]: [Record<string, number>, Record<string, number>] = [{}, {}];
  for (const { state, from, to } of shift.spans.get(constraint) ?? []) {
    if (state !== "blocked" && state !== "starved") continue;
    // between two changes of any station its cause is one
    const cuts = [...shift.spans.values()].flatMap((spans) => spans.flatMap((span) => [span.from, span.to]));
    const inside = [from, ...new Set(cuts.filter((at) => at > from && at < to)), to].toSorted((a, b) => a - b);
    for (const [index, begin] of inside.slice(0, -1).entries()) {
      const seconds = (inside[index + 1]! - begin) / SECOND;
      const cause = causeAt(definition, shift.spans, state, begin);
      if (cause === undefined) unsaid[state] = (unsaid[state] ?? 0) + seconds;
      else waits[`${state} ${cause}`] = (waits[`${state} ${cause}`] ?? 0) + seconds;
    }
  }
  return {
    lostS: shift.plannedS - shift.goodAtConstraint * shift.cycleS,
    states: { ...states, unknown: unknown + Math.max(0, shift.plannedS - observedS) },
    speedS: shift.workingS - shift.idealS,
    rejected: shift.produced - shift.countedGood,
    reworked: shift.countedGood - shift.goodAtConstraint,
    waits,
    unsaid,
  };
}

const STOPPED: ReadonlySet<string> = new Set(["failed", "microStop", "setUp", "maintenance", "off"]);

/** Undefined: a station on the way says that it waits, and not for which side. */
function causeAt(
  { constraint, flows, stations }: RawLine["definition"],
  spans: ReadonlyMap<string, readonly StateSpan[]>,
  waiting: "blocked" | "starved",
  at: number,
): string | undefined {
  const stateOf = (id: string): string => spans.get(id)?.find(({ from, to }) => from <= at && at < to)?.state ?? "unknown";
  const saysOnlyThatItWaits = (id: string): boolean => {
    const { mapping } = stations.find((station) => station.id === id)!;
    return stateOf(id) === "idle" && !mapping.blockedBit && !mapping.starvedBit;
  };
  const seen = new Set([constraint]);
  for (let id = constraint; ;) {
    const next = flows
      .filter((flow) => (waiting === "blocked" ? flow.from : flow.to) === id)
      .toSorted((a, b) => Number(b.kind === "main") - Number(a.kind === "main"))
      .map((flow) => (waiting === "blocked" ? flow.to : flow.from))
      .filter((each) => !seen.has(each));
    if (next.length === 0) return "outside";
    const stopped = next.find((each) => STOPPED.has(stateOf(each)));
    if (stopped === undefined && next.some(saysOnlyThatItWaits)) return undefined;
    const taken = stopped ?? next.find((each) => stateOf(each) === waiting) ?? next[0]!;
    if (stateOf(taken) !== waiting) return taken;
    seen.add(taken);
    id = taken;
  }
}
