import { budgetTimes, lossBudget, type BudgetFigures } from "@doppelwerk/operations";
import { expect, test } from "vitest";
import { lostTime } from "./lost-time.ts";

/**
 * An early shift of 480 min without its breaks of 30 min, at S090 with an ideal cycle of 60 s:
 *
 *   planned busy time    450 min = 27,000 s
 *   working              360 min = 21,600 s
 *   failed                40 min =  2,400 s
 *   starved, by S080      20 min =  1,200 s
 *   starved, material      5 min =    300 s
 *   set-up                15 min =    900 s
 *   not observed          10 min =    600 s    360 + 40 + 20 + 5 + 15 + 10 = 450
 *
 *   processed 330 units: 318 good at the first pass, 7 good after rework, 5 rejected
 *
 * Ideal time of the units good at the first pass: 318 × 60 s = 19,080 s = 318 min.
 * Lost: 450 min − 10 min not known − 318 min = 122 min = 7,320 s. By what the station did:
 *   failed 40 + starved 25 + set-up 15                              =  80 min
 *   slower than the ideal cycle: 360 min − 330 × 1 min              =  30 min
 *   rejected 5 × 1 min, and 7 × 1 min once more after rework        =  12 min     80 + 30 + 12 = 122
 */
const shift: BudgetFigures = {
  constraint: "S090",
  plannedBusyS: 27_000,
  actualProductionS: 21_600,
  unknownS: 600,
  produced: 330,
  idealCycleS: 60,
  atConstraint: { good: 318, reworked: 7, goodIdealS: 19_080 },
  timeShares: [
    { station: "S080", seconds: { working: 20_000, failed: 7_000 } },
    { station: "S090", seconds: { working: 21_600, failed: 2_400, starved: 1_500, setUp: 900 } },
  ],
};

test("[PT30] lost time of a line is planned busy time without what is not known and the ideal time of good units, as worked out by hand", () => {
  expect(lostTime(shift, "S090")).toEqual({
    lostS: 7_320,
    losses: [
      { state: "failed", seconds: 2_400 },
      { state: "speed", seconds: 1_800 },
      { state: "starved", seconds: 1_500 },
    ],
  });
  // the title of the loss budget has the 10 min of which nothing is known too
  expect(lossBudget(budgetTimes(shift), []).lostS).toBe(7_320 + 600);
});

test("[PT30] a station that was faster than its ideal cycle lost less than it stood still, and without planned time or a constraint nothing is lost", () => {
  // 380 processed and good in 360 min of work: 380 × 60 s = 22,800 s; 27,000 − 600 − 22,800 = 3,600 s, of 4,800 s not working
  const fast = { ...shift, produced: 380, atConstraint: { good: 380, reworked: 0, goodIdealS: 22_800 } };
  expect(lostTime(fast, "S090").lostS).toBe(3_600);
  expect(lostTime({ ...shift, plannedBusyS: 0 }, "S090")).toEqual({ losses: [] });
  expect(lostTime(shift, undefined)).toEqual({ losses: [] });
  expect(lostTime(undefined, "S090")).toEqual({ losses: [] });
});
