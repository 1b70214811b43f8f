import { expect, test } from "vitest";
import { compareOutcomes } from "./comparison.ts";
import type { Outcome } from "./replication.ts";

/** A shift of so many good units, of which so many were rejected to rework on their way. */
function shiftOf(replication: number, good: number, rework: number): Outcome {
  return {
    replication,
    traceHash: String(replication),
    conservation: true,
    littlesLaw: true,
    good,
    goodPerShift: good,
    shiftGood: [good],
    oee: 0.8,
    wip: 50,
    leadTimeS: 2_000,
    rework,
    scrap: 0,
    shares: {},
    bottlenecks: {},
    output: { stepS: 300, cumulative: [] },
  };
}

const reworkOf = (live: readonly Outcome[], branch: readonly Outcome[]) =>
  compareOutcomes(live, branch, live).find(({ key }) => key === "rework")!;

test("[X16] rework is compared per 100 units that left: a branch that makes a tenth more units does not rework more for that", () => {
  // by hand: 30 of 600 and 33 of 660 are both 5 in 100, and one more or fewer by turns on both sides
  const live = Array.from({ length: 20 }, (_, n) => shiftOf(n, 600, 30 + (n % 2 === 0 ? 1 : -1)));
  const branch = Array.from({ length: 20 }, (_, n) => shiftOf(n, 660, 33 + (n % 2 === 0 ? 1 : -1)));
  const same = reworkOf(live, branch);
  expect(same.unit).toBe("/100 units");
  expect(same.live.mean).toBeCloseTo(5, 9);
  expect(same.branch.mean).toBeCloseTo(5, 9);
  expect(same.difference.mean).toBeCloseTo(0, 9);
  expect(same.difference.verdict).toBe("no evidence");
  // 39 of 600 are 6.5 in 100
  const worse = reworkOf(
    live,
    Array.from({ length: 20 }, (_, n) => shiftOf(n, 600, 39)),
  );
  expect(worse.difference.mean).toBeCloseTo(1.5, 9);
  expect(worse.difference.verdict).toBe("worse");
});

test("[X17] a prediction of few replications ends at what the quantity cannot be: counts at zero, OEE at 100 % unless one is above", () => {
  const of = (oees: readonly [number, number]) => {
    const live = [10, 30].map((good, n) => ({ ...shiftOf(n, good, 1), oee: oees[n]! }));
    return new Map(compareOutcomes(live, live, live).map(({ key, live: estimate }) => [key, estimate]));
  };
  // by hand: mean 20, sd 14.142, t(0.95, 1) 6.3138: 20 ± 6.3138 × 14.142 × √1.5 = 20 ± 109.36
  const usual = of([0.9, 0.98]);
  expect(usual.get("throughput")).toMatchObject({ mean: 20, predictionLow: 0 });
  expect(usual.get("throughput")!.predictionHigh).toBeCloseTo(129.36, 1);
  // 94 ± 6.3138 × 5.657 × √1.5 = 94 ± 43.74
  expect(usual.get("oee")!.predictionLow).toBeCloseTo(50.26, 1);
  expect(usual.get("oee")!.predictionHigh).toBe(100);
  expect(of([0.9, 1.02]).get("oee")!.predictionHigh).toBeGreaterThan(102);
});
