import { expect, test } from "vitest";
import { replicationsDone } from "./run-progress.ts";

test("[SV95] of 30 requested replications, which are 70 simulations, as many are done as their share of simulations", () => {
  expect([0, 7, 35, 69, 70].map((done) => replicationsDone({ done, total: 70 }, 30))).toEqual([0, 3, 15, 29, 30]);
  expect(replicationsDone({ done: 0, total: 0 }, 30)).toBe(0);
});
