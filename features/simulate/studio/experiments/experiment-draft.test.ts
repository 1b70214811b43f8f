import { expect, test } from "vitest";
import { resolutionOf } from "@doppelwerk/sim";
import type { Factor } from "@doppelwerk/client";
import { fractionsOf, levelsOf, pointCount, proposedLevels, requestOf } from "./experiment-draft.ts";
import type { ExperimentDraft } from "./experiment-draft.ts";

const draft: ExperimentDraft = {
  name: "",
  kpi: "throughput",
  goal: "maximise",
  kind: "study",
  shifts: 5,
  seed: 1,
  factors: [
    { element: "a", levels: "5, 6 7" },
    { element: "b", levels: "0.5–2" },
  ],
  design: "full",
  cubePoints: 12,
  stop: "count",
  count: 20,
  percent: 1,
  indifference: 3,
};

test("[U78] levels are read as people write them, and what is no list of two is none", () => {
  expect(levelsOf("5, 6 7")).toEqual([5, 6, 7]);
  expect(levelsOf("4–12")).toEqual([4, 12]);
  expect(levelsOf("4..12")).toEqual([4, 12]);
  expect(levelsOf("-1 1")).toEqual([-1, 1]);
  expect(levelsOf("fifo，lifo")).toEqual(["fifo", "lifo"]);
  for (const none of ["", "5", "5 5", " , "]) expect(levelsOf(none)).toBeUndefined();
});

test("[U78] a draft becomes a request of the design chosen; one that lacks levels none", () => {
  expect(pointCount(draft)).toBe(6);
  expect(requestOf(draft)).toMatchObject({
    name: "Experiment",
    factors: [{ values: [5, 6, 7] }, { values: [0.5, 2] }],
    replications: { count: 20 },
  });
  expect(requestOf({ ...draft, design: "cube" })).toMatchObject({
    factors: [
      { low: 5, high: 7, whole: true },
      { low: 0.5, high: 2 },
    ],
    design: { latinHypercube: 12 },
  });
  expect(requestOf({ ...draft, factors: [{ element: "a", levels: "5" }] })).toBeUndefined();
  // every fraction that is offered has the resolution it says
  for (let factors = 3; factors <= 8; factors++)
    for (const { generators, points, resolution } of fractionsOf(factors)) {
      const words = generators.split(" ");
      expect(["III", "IV", "V", "VI"][resolutionOf(factors, words) - 3], `${factors} ${generators}`).toBe(resolution);
      expect(2 ** (factors - words.length)).toBe(points);
    }
});

test("levels to begin with stand about the value, within the range, in whole steps where the factor has them", () => {
  const factor = { value: 6, step: 1, min: 1, max: 6 } as Factor;
  expect(proposedLevels(factor)).toBe("5, 6");
  expect(proposedLevels({ ...factor, max: 9 })).toBe("5, 6, 7");
  expect(proposedLevels({ ...factor, value: 42.5, step: 0.1, max: 100 })).toBe("38.5, 42.5, 46.5");
});
