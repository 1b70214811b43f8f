import type { Trend } from "@doppelwerk/client";
import type { ChartStop } from "./chart/readings.ts";

/** Rows that a screen reader goes through. */
const ROWS = 24;

export interface TrendRowWords {
  readonly low: string;
  readonly mean: string;
  readonly high: string;
  /** For a stretch of which nothing is known. */
  readonly gap: string;
  moment(instant: number): string;
  value(value: number): string;
}

/** A trend in at most two dozen stretches of time: the lowest, the mean and the highest of each; of samples, each sample as it is. */
export function trendRows(trend: Trend, words: TrendRowWords): readonly ChartStop[] {
  const count = trend.mean.length;
  const each = Math.max(1, Math.ceil(count / ROWS));
  return Array.from({ length: Math.ceil(count / each) }, (_, row) => {
    const [start, end] = [row * each, Math.min(count, (row + 1) * each)];
    const known = (values: readonly (number | null)[]): readonly number[] => values.slice(start, end).filter((value) => value !== null);
    const [low, mean, high] = [known(trend.min), known(trend.mean), known(trend.max)];
    const text = (value: number | undefined): string => (value === undefined ? words.gap : words.value(value));
    const from = trend.from + start * trend.width;
    return {
      x: from,
      title: words.moment(from),
      rows: [
        { name: words.low, text: text(low.length === 0 ? undefined : Math.min(...low)) },
        // buckets are of one width: the mean of their means is that of the stretch
        { name: words.mean, text: text(mean.length === 0 ? undefined : mean.reduce((sum, value) => sum + value, 0) / mean.length) },
        { name: words.high, text: text(high.length === 0 ? undefined : Math.max(...high)) },
      ],
    };
  });
}
