import { expect, test } from "vitest";
import { isNeutral, NO_SCENARIO, scenarioAmounts, ScenarioFields, scenarioShifts } from "./scenario.ts";
import { timelineOf } from "./timeline.ts";

const states = ["working", "starved", "unknown"];
const timeline = timelineOf(0, 40, [
  [],
  [
    { from: 0, to: 10, label: 0 },
    { from: 10, to: 20, label: 1 },
    { from: 20, to: 30, label: 2 },
  ],
  [],
  [{ from: 0, to: 20, label: 0 }],
]);

test("[EG16] a scenario changes what stations use while nothing is produced, and moves what is of an order; what is not known of states stays", () => {
  const cuts = { amounts: Float64Array.from([8, 6, 4, 2]), unknown: new Float64Array(4), untimed: 0, unknownUs: 0 };
  const scenario = { shiftMinutes: 15, standbyFactor: 0.5 };
  expect([...scenarioAmounts(cuts, timeline, 1, states, scenario)]).toEqual([8, 3, 4, 2]);
  expect([...scenarioAmounts(cuts, timeline, 1, states, NO_SCENARIO)]).toEqual([8, 6, 4, 2]);
  expect([...scenarioShifts(timeline, 3, scenario)].map((us) => us / 60_000_000)).toEqual([15, 15, 0, 0]);
  expect([isNeutral(NO_SCENARIO), isNeutral(scenario)]).toEqual([true, false]);
  for (const wrong of [
    { shiftMinutes: 7, standbyFactor: 1 },
    { shiftMinutes: 3_000, standbyFactor: 1 },
    { shiftMinutes: 0, standbyFactor: -1 },
  ])
    expect(ScenarioFields.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
});
