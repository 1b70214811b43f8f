import { expect, test } from "vitest";
import { sampleDensities } from "./sample-density.ts";

const SECOND = 1_000_000;
const FROM = 1_000 * SECOND;
/** Ten seconds a bucket. */
const of = (...parts: readonly (readonly [buckets: number, count: number])[]) => ({
  from: FROM,
  width: 10 * SECOND,
  count: parts.flatMap(([buckets, count]) => Array.from({ length: buckets }, () => count)),
});

test("[HQ31] a density that changed fourfold and stayed is found with the instant; gaps, less, and what changes all the time are not", () => {
  // 10 a bucket is one each second, 1 is one each ten seconds: at bucket 240 of 480
  expect(sampleDensities(of([240, 1], [240, 10]))).toEqual([
    { from: FROM, everyS: 10 },
    { from: FROM + 2_400 * SECOND, everyS: 1 },
  ]);
  expect(sampleDensities(of([160, 10], [160, 1], [160, 10])).map(({ everyS }) => everyS)).toEqual([1, 10, 1]);
  expect(sampleDensities(of([480, 5]))).toEqual([]);
  expect(sampleDensities(of([240, 5], [240, 15]))).toEqual([]);
  expect(sampleDensities(of([200, 5], [80, 0], [200, 5]))).toEqual([]);
  // after a gap another one all the same
  expect(sampleDensities(of([200, 1], [80, 0], [200, 10]))).toHaveLength(2);
  // an instant of many samples is no other density
  expect(sampleDensities(of([200, 1], [10, 90], [270, 1]))).toEqual([]);
  // on change: bursts and rest by turns
  expect(sampleDensities(of(...Array.from({ length: 12 }, (_, n) => [40, n % 2 === 0 ? 1 : 20] as const)))).toEqual([]);
  expect(sampleDensities(of([3, 1]))).toEqual([]);
  // sparser than a bucket is wide: one sample in every fourth, then in each
  const sparse = Array.from({ length: 240 }, (_, n) => (n % 4 === 0 ? 1 : 0));
  expect(sampleDensities({ from: FROM, width: 10 * SECOND, count: [...sparse, ...Array.from({ length: 240 }, () => 2)] })).toEqual([
    { from: FROM, everyS: expect.closeTo(40, 6) as number },
    { from: FROM + 2_400 * SECOND, everyS: 5 },
  ]);
});
