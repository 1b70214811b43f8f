import { MINUTE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { apportioned, lossBudget, type BudgetTimes } from "./loss-budget.ts";
import { lossCauses } from "./loss-causes.ts";
import { station } from "./station-spans.fixture.ts";

const flows = [
  { from: "A", to: "B", kind: "main" },
  { from: "B", to: "C", kind: "main" },
  { from: "C", to: "D", kind: "main" },
  { from: "C", to: "R", kind: "reject" },
  { from: "R", to: "B", kind: "return" },
] as const;

const inMinutes = (causes: ReturnType<typeof lossCauses>) =>
  causes.map(({ state, station: by, stationState, cause, seconds, count, longest }) =>
    [state, by, stationState, cause, `${seconds / 60} min`, `${count}×`, `longest from ${longest.from / MINUTE} to ${longest.to / MINUTE}`]
      .filter((part) => part !== undefined)
      .join(" "),
  );

test("[O68] a wait is of the first station that does not wait in the same direction, a wait that the machine explains of what it says", () => {
  const causes = lossCauses(
    "B",
    [
      station("A", "working 10, failed 10, working 80"),
      // starved by A, blocked by D through C, starved for material, failed itself, starved while A works
      station("B", "working 14, starved 6, working 10, blocked 20, starved 5 material, failed 5, starved 3, working 37"),
      station("C", "working 30, blocked 20, working 50"),
      station("D", "working 28, failed 22, working 50"),
      station("R", "idle 100"),
    ],
    flows,
  );
  expect(inMinutes(causes)).toEqual([
    "blocked D failed 20 min 1× longest from 30 to 50",
    // A had failed in 6 of the 9 minutes
    "starved A failed 9 min 2× longest from 14 to 20",
    "starved material 5 min 1× longest from 50 to 55",
    "failed 5 min 1× longest from 55 to 60",
  ]);
});

test("[O68] what nothing of the line explains comes from outside of it; of several that follow the one that is stopped is taken", () => {
  const outside = lossCauses("A", [station("A", "starved 4, blocked 6"), station("B", "working 10")], flows);
  expect(inMinutes(outside)).toEqual(["blocked B working 6 min 1× longest from 4 to 10", "starved outside 4 min 1× longest from 0 to 4"]);
  const rework = lossCauses("C", [station("C", "blocked 10"), station("D", "working 10"), station("R", "failed 7, starved 3")], flows);
  expect(inMinutes(rework)).toEqual(["blocked R failed 7 min 1× longest from 0 to 7", "blocked D working 3 min 1× longest from 7 to 10"]);
  // a circle of blocked stations has no cause in it
  const circle = [station("B", "blocked 2"), station("C", "blocked 2"), station("R", "blocked 2"), station("D", "blocked 2")];
  expect(inMinutes(lossCauses("B", circle, flows))).toEqual(["blocked outside 2 min 1× longest from 0 to 2"]);
});

/** A shift of 480 minutes. P1 (60 s): 200 produced, 190 good; P2 (66 s): 100 produced, 95 good; 5 units good after rework, 10 rejected. */
const shift: BudgetTimes = {
  station: "B",
  plannedBusyS: 28_800,
  actualProductionS: 20_460,
  unknownS: 1_210,
  states: { working: 20_460, blocked: 1_860, starved: 1_240, failed: 3_100, setUp: 620, microStop: 310 },
  produced: 300,
  good: 285,
  reworked: 5,
  // 200 × 60 + 100 × 66
  idealS: 18_600,
  // 190 × 60 + 95 × 66
  goodIdealS: 17_670,
  idealCycleS: 60,
};
const longest = { from: 0, to: 1 };
const causes = [
  { state: "blocked", station: "D", stationState: "failed", seconds: 1_240, count: 2, longest },
  { state: "starved", station: "A", stationState: "failed", seconds: 1_240, count: 4, longest },
  { state: "failed", seconds: 3_100, count: 1, longest },
];

test("[O67] the loss budget of the constraint adds up: planned busy time = good × ideal cycle + rows, possible = good + units of the rows", () => {
  const budget = lossBudget(shift, causes);
  // written by hand: 28,800 − 17,670 = 11,130 s; 28,800 ÷ 62 = 464.52 possible, 464.52 − 285 = 179.52
  expect(budget).toMatchObject({ station: "B", idealCycleS: 62, produced: 300, good: 285, lostS: 11_130 });
  expect(budget.possible).toBeCloseTo(464.516, 3);
  expect(budget.lostUnits).toBeCloseTo(179.516, 3);
  const rows = budget.rows.map(({ state, station: by, cause, seconds, units }) =>
    [state, by ?? cause ?? "", seconds, Number(units!.toFixed(2))].join(" "),
  );
  expect(rows).toEqual([
    "failed  3100 50",
    "speed  1860 30",
    "blocked D 1240 20",
    "starved A 1240 20",
    "unknown  1210 19.52",
    "blocked unclear 620 10",
    "setUp  620 10",
    "reject  620 10",
    "microStop  310 5",
    "rework  310 5",
  ]);
  expect(budget.rows[0]).toMatchObject({ count: 1, longest });
  // whole minutes add up to the title too: 185.5 min
  expect(apportioned(budget.rows.map(({ seconds }) => seconds / 60))).toEqual([52, 31, 21, 21, 20, 11, 10, 10, 5, 5]);
  expect(apportioned([51.6, 31, 20.6, 20.6])).toEqual([52, 31, 21, 20]);
});

test("[O67] a station faster than its ideal cycle has a row below zero, one of which nothing is known one row, and nothing produced no speed", () => {
  const fast = lossBudget({ ...shift, actualProductionS: 17_980, states: { working: 17_980, failed: 9_610 } }, causes);
  expect(fast.rows.at(-1)).toMatchObject({ state: "speed", seconds: -620, units: -10 });
  expect(fast.lostS).toBe(11_130);
  expect(apportioned([12.4, -10.3])).toEqual([12, -10]);
  const nothing = { actualProductionS: 0, states: {}, produced: 0, good: 0, reworked: 0, idealS: 0, goodIdealS: 0 };
  const unknown = lossBudget({ ...shift, ...nothing, unknownS: 28_800 }, []);
  expect(unknown.rows).toEqual([{ state: "unknown", seconds: 28_800, units: 480 }]);
  const noCycle = lossBudget({ ...shift, ...nothing, unknownS: 28_800, idealCycleS: 0 }, []);
  expect(noCycle.possible).toBeUndefined();
  expect(noCycle.rows).toEqual([{ state: "unknown", seconds: 28_800 }]);
});
