import { DAY, HOUR, MINUTE, SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { roundBuckets } from "./round-buckets.ts";

const NOW = Date.UTC(2026, 10, 30, 2, 52, 17) * 1_000 + 123_456;

test.each([
  [10 * MINUTE, 2 * SECOND],
  [HOUR, 10 * SECOND],
  [8 * HOUR, MINUTE],
  [DAY, 3 * MINUTE],
  [7 * DAY, 20 * MINUTE],
  [30 * DAY, 2 * HOUR],
])("[HQ30] buckets of a span of %i µs begin at round times and stay where they are a moment later", (span, width) => {
  const { from, to, points } = roundBuckets({ from: NOW - span, to: NOW }, 600, true);
  expect((to - from) / points).toBe(width);
  expect([from % width, to % width]).toEqual([0, 0]);
  expect(from <= NOW - span && to >= NOW && points <= 600).toBe(true);
  const later = roundBuckets({ from: NOW - span + 100_000, to: NOW + 100_000 }, 600, true);
  expect(later).toEqual({ from, to, points });
  expect(roundBuckets({ from: NOW - span, to: NOW }, 600, false).to).toBeLessThanOrEqual(NOW);
});

test("[HQ30] a stretch too short for round buckets is divided as it is", () => {
  expect(roundBuckets({ from: NOW, to: NOW + SECOND }, 600, true)).toEqual({ from: NOW, to: NOW + SECOND, points: 600 });
});
