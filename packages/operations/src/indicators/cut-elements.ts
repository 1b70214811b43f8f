import { SECOND, type Instant } from "@doppelwerk/world";
import type { RecordedElements } from "./shift-elements.ts";
import { timeElements } from "./shift-elements.ts";

export interface CutSpan {
  readonly from: Instant;
  readonly to: Instant;
}

/** A state of a station in planned time. */
export interface CutState extends CutSpan {
  readonly state: string;
}

/** What a station counted at one instant. */
export interface CutCount {
  readonly at: Instant;
  readonly role: "Total" | "Good" | "Reject";
  readonly delta: number;
  /** Planned run time of one unit of its product, seconds. */
  readonly runTimeS: number;
}

/**
 * Elements of a station over any spans of time, that do not overlap: an hour, the times of an order. `plannedS` is the planned time in them. A failure counts
 * where it begins. Good units are those counted good: which of them were reworked is not known of a part of a shift, and RQ is left out.
 */
export function elementsOfCut(
  spans: readonly CutSpan[],
  plannedS: number,
  states: readonly CutState[],
  counts: readonly CutCount[] | undefined,
  counted: readonly CutCount["role"][],
): RecordedElements {
  const seconds: Record<string, number> = {};
  let failures = 0;
  for (const state of states)
    for (const span of spans) {
      const overlap = Math.min(state.to, span.to) - Math.max(state.from, span.from);
      if (overlap > 0) seconds[state.state] = (seconds[state.state] ?? 0) + overlap / SECOND;
      if (state.state === "failed" && state.from >= span.from && state.from < span.to) failures++;
    }
  const observedS = Object.values(seconds).reduce((total, each) => total + each, 0);
  const unknownS = (seconds["unknown"] ?? 0) + Math.max(0, plannedS - observedS);
  const times = timeElements(plannedS, unknownS, (state) => seconds[state] ?? 0, failures);
  return { values: { ...times, ...countElements(spans, plannedS, counts, counted) }, unknownS };
}

function countElements(
  spans: readonly CutSpan[],
  plannedS: number,
  counts: readonly CutCount[] | undefined,
  counted: readonly CutCount["role"][],
): Readonly<Record<string, number>> {
  const producing: readonly string[] = counted.includes("Total") ? ["Total"] : counted.includes("Good") ? ["Good", "Reject"] : [];
  if (counts === undefined || producing.length === 0) return {};
  const sums = { Total: 0, Good: 0, Reject: 0 };
  let ideal = 0;
  for (const { at, role, delta, runTimeS } of counts) {
    if (!spans.some(({ from, to }) => at >= from && at < to)) continue;
    sums[role] += delta;
    if (producing.includes(role)) ideal += delta * runTimeS;
  }
  const PQ = producing.includes("Total") ? sums.Total : sums.Good + sums.Reject;
  const PRI = PQ > 0 ? ideal / PQ : 0;
  const GQ = counted.includes("Good") ? sums.Good : counted.includes("Reject") ? Math.max(0, PQ - sums.Reject) : undefined;
  return { PQ, ...(GQ !== undefined && { GQ }), ...(PRI > 0 && { PRI, EPC: plannedS / PRI }) };
}
