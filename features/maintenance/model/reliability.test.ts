import { HOUR, SECOND } from "@doppelwerk/kit";
import type { StationState } from "@doppelwerk/operations";
import { expect, test } from "vitest";
import { meanBetween, reliabilityOf } from "./reliability.ts";

/** States with the hours that each lasts. */
function course(...parts: readonly (readonly [state: StationState, hours: number])[]) {
  let at = 0;
  const states = parts.map(([state, hours]) => {
    const from = at;
    at += hours * HOUR;
    return { from, state };
  });
  return reliabilityOf(states, 0, at);
}
const h = (hours: number): number => (hours * HOUR) / SECOND;

test("[MN13] computed by hand: 100 h of work, two failures of 2 h and 4 h, planned maintenance, breaks and unknown time apart", () => {
  const found = course(
    ["working", 60],
    ["failed", 2],
    ["working", 20],
    ["idle", 10],
    ["failed", 1],
    ["maintenance", 3],
    ["working", 20],
    ["maintenance", 5],
    ["off", 16],
    ["unknown", 8],
  );
  expect(found).toMatchObject({
    failures: 2,
    operatingS: h(100),
    upS: h(110),
    failedS: h(3),
    maintenanceS: h(8),
    notRequiredS: h(16),
    unknownS: h(8),
  });
  expect(found.mtbf).toMatchObject({ n: 2, value: h(50) });
  // χ²(0.975; 6) = 14.4494, χ²(0.025; 4) = 0.484419
  expect(found.mtbf.low! / h(1)).toBeCloseTo(200 / 14.44937534, 4);
  expect(found.mtbf.high! / h(1)).toBeCloseTo(200 / 0.48441856, 3);
  expect(found.mttf).toMatchObject({ n: 2, value: h(55) });
  // 2 h, and 1 h with the 3 h of maintenance that ended it; t(0.975, 1) = 12.7062, s/√n = 1 h
  expect(found.mttr).toMatchObject({ n: 2, value: h(3), low: 0 });
  expect(found.mttr.high! / h(1)).toBeCloseTo(3 + 12.7062, 3);
  expect(found.availability).toBeCloseTo(110 / 113, 12);
  expect(found.operational).toBeCloseTo(110 / 121, 12);
});

test("[MN13] of a failure that lasted at the beginning, or begins or ends in what is unknown, only what is known counts", () => {
  expect(course(["failed", 1], ["working", 9])).toMatchObject({ failures: 0, mttr: { n: 0 }, failedS: h(1) });
  expect(course(["working", 5], ["unknown", 2], ["failed", 1], ["working", 2])).toMatchObject({ failures: 0, mttr: { n: 0 } });
  expect(course(["working", 5], ["failed", 1], ["unknown", 2], ["working", 2])).toMatchObject({
    failures: 1,
    mttr: { n: 0 },
    unknownS: h(2),
  });
  expect(course(["working", 5], ["failed", 1], ["unknown", 2], ["failed", 1], ["working", 1])).toMatchObject({
    failures: 1,
    mttr: { n: 0 },
  });
  // a break is no time of the repair, and does not end it
  expect(course(["working", 5], ["failed", 1], ["break", 1], ["failed", 1], ["idle", 1])).toMatchObject({
    failures: 1,
    mttr: { n: 1, value: h(2) },
  });
  // still failed: a failure, not restored
  expect(course(["working", 5], ["failed", 1])).toMatchObject({ failures: 1, mttr: { n: 0 } });
  expect(reliabilityOf([], 0, HOUR)).toMatchObject({ failures: 0, unknownS: h(1), mtbf: { n: 0 } });
  expect(reliabilityOf([], 0, HOUR).availability).toBeUndefined();
});

test("[MN13] without a failure only the lower bound is known: 100 h without one are longer than 33.4 h with 95 %", () => {
  const { value, low, high } = meanBetween(h(100), 0);
  expect([value, high]).toEqual([undefined, undefined]);
  // −T / ln 0.05
  expect(low! / h(1)).toBeCloseTo(100 / Math.log(20), 6);
});
