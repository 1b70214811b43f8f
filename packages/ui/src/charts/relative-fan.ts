import type { FanPoint } from "@doppelwerk/client";
import type { Instant } from "@doppelwerk/world";

export interface FanBand {
  readonly at: Instant;
  /** Differences to the live median, in pieces. */
  readonly p025: number;
  readonly p25: number;
  readonly p50: number;
  readonly p75: number;
  readonly p975: number;
}

/**
 * A fan relative to the live median at the same instants: cumulative output is a steep slope that hides what matters, so the Rail
 * draws how much more or less than live is to be expected. The live fan itself lies around zero.
 */
export function relativeFan(fan: readonly FanPoint[], reference: readonly FanPoint[]): readonly FanBand[] {
  return fan.map((point) => {
    const median = medianAt(reference.length > 0 ? reference : fan, point.at);
    return {
      at: point.at,
      p025: point.p025 - median,
      p25: point.p25 - median,
      p50: point.p50 - median,
      p75: point.p75 - median,
      p975: point.p975 - median,
    };
  });
}

/** Median of a fan at an instant, linear between its points. */
export function medianAt(fan: readonly FanPoint[], at: Instant): number {
  const after = fan.findIndex((point) => point.at >= at);
  if (after < 0) return fan.at(-1)?.p50 ?? 0;
  const right = fan[after]!;
  const left = fan[after - 1];
  if (left === undefined || right.at === left.at) return right.p50;
  return left.p50 + ((at - left.at) / (right.at - left.at)) * (right.p50 - left.p50);
}
