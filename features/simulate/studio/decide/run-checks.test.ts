import { expect, test } from "vitest";
import { simulationsOf } from "./run-checks.tsx";

test("[SV95] 70 simulations of 30 replications are 30 of live, 30 of the branch and 10 of live with fixed parameters", () => {
  expect(simulationsOf(70, 30)).toEqual({ live: 30, branch: 30, fixed: 10 });
  expect(simulationsOf(40, 30)).toEqual({ live: 30, branch: 0, fixed: 10 });
  expect(simulationsOf(30, 10)).toEqual({ live: 10, branch: 10, fixed: 10 });
  expect(simulationsOf(15, 5)).toEqual({ live: 5, branch: 0, fixed: 10 });
  expect(simulationsOf(20, 5)).toEqual({ live: 5, branch: 5, fixed: 10 });
  expect(simulationsOf(20, 10)).toEqual({ live: 10, branch: 0, fixed: 10 });
});
