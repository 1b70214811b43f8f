import type { Trend } from "@doppelwerk/client";
import { digitsOf } from "@doppelwerk/kit/studio";
import type { AlarmRuleFields } from "../../contract.ts";
import { EMPTY_DRAFT, type RuleDraft } from "./rule-draft.ts";

/** A limit that a stretch of good operation suggests: the value below or above which it was for this share of its time, percent. */
export interface LimitCandidate {
  readonly kind: "high" | "low";
  readonly percent: number;
  readonly limit: number;
  readonly deadband: number;
}

/** 0 and 100 are the lowest and the highest value. */
const CANDIDATE_PERCENTS = [0, 1, 5, 95, 99, 100] as const;
/** Percentiles that are asked of each bucket of the stretch: its distribution. */
export const ASKED_PERCENTS = [0, 1, 5, 25, 50, 75, 95, 99, 100] as const;

/** The limits that a stretch suggests, from the widest below to the widest above; none where it has no value. */
export function candidatesOf(trend: Pick<Trend, "percentiles">, resolution: number | undefined): readonly LimitCandidate[] {
  const buckets = distributionsOf(trend.percentiles ?? []);
  if (buckets.length === 0) return [];
  const lowest = Math.min(...buckets.map((bucket) => bucket[0]!.value));
  const highest = Math.max(...buckets.map((bucket) => bucket.at(-1)!.value));
  const step = 10 ** -digitsOf((highest - lowest) / 100 || highest, resolution);
  const deadband = rounded(Math.max(step, (highest - lowest) / 20), step, Math.round);
  return CANDIDATE_PERCENTS.map((percent) => {
    const value = quantileOf(buckets, percent, lowest, highest);
    const kind = percent < 50 ? ("low" as const) : ("high" as const);
    // outwards, so that a value on the limit is no alarm
    return { kind, percent, limit: rounded(value, step, kind === "low" ? Math.floor : Math.ceil), deadband };
  });
}

interface QuantilePoint {
  readonly percent: number;
  readonly value: number;
}
/** Of one bucket, ascending. */
type Distribution = readonly QuantilePoint[];

function distributionsOf(percentiles: NonNullable<Trend["percentiles"]>): readonly Distribution[] {
  const count = percentiles[0]?.values.length ?? 0;
  return Array.from({ length: count }, (_, bucket) =>
    percentiles.flatMap(({ percent, values }) => {
      const value = values[bucket];
      return value === null || value === undefined ? [] : [{ percent, value }];
    }),
  ).filter((points) => points.length > 0);
}

/** The value below which the buckets together, each of the same length, were for this share of their time; found by halving. */
function quantileOf(buckets: readonly Distribution[], percent: number, lowest: number, highest: number): number {
  if (percent === 0) return lowest;
  if (percent === 100) return highest;
  let [low, high] = [lowest, highest];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    const share = buckets.reduce((sum, bucket) => sum + shareBelow(bucket, middle), 0) / buckets.length;
    if (share < percent) low = middle;
    else high = middle;
  }
  return high;
}

/** Percent of its time that a bucket was at or below a value, between its percentiles as a straight line. */
function shareBelow(bucket: Distribution, value: number): number {
  const next = bucket.findIndex((point) => point.value > value);
  if (next < 0) return 100;
  if (next === 0) return 0;
  const [before, after] = [bucket[next - 1]!, bucket[next]!];
  return before.percent + ((value - before.value) / (after.value - before.value)) * (after.percent - before.percent);
}

function rounded(value: number, step: number, round: (value: number) => number): number {
  return Number((round(Number((value / step).toPrecision(12))) * step).toPrecision(12));
}

/** The rule of a candidate as the form opens with it: cause, consequence and response are left to who writes it. */
export function draftOfCandidate(
  { kind, limit, deadband }: LimitCandidate,
  signal: string,
  station: string | undefined,
  title: string,
): RuleDraft {
  return { ...EMPTY_DRAFT, title: { en: title, zh: "" }, kind, signals: [signal], limit, deadband, station };
}

const UNWRITTEN = { en: "–", zh: "–" };

/** The rule of a candidate as it is tested on the past. */
export function triedRule({ kind, limit, deadband }: LimitCandidate, signal: string): AlarmRuleFields {
  return {
    title: { en: `${kind} ${limit}`, zh: `${kind} ${limit}` },
    condition: { kind, signal, limit, deadband },
    priority: EMPTY_DRAFT.priority,
    onDelayS: EMPTY_DRAFT.onDelayS!,
    offDelayS: EMPTY_DRAFT.offDelayS!,
    cause: UNWRITTEN,
    consequence: UNWRITTEN,
    response: UNWRITTEN,
    timeToRespondS: EMPTY_DRAFT.timeToRespondS!,
    latching: false,
    suppressedIn: [],
    enabled: true,
  };
}
