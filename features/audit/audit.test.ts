import { MINUTE, type SampleColumns } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { rawReadings } from "./model/counter-readings.ts";
import { gapsOf, planOf, plannedStates } from "./model/planned-spans.ts";

const FROM = Date.UTC(2026, 10, 24, 6) * 1_000;
const minutes = (count: number): number => FROM + count * MINUTE;

function columns(...rows: readonly (readonly [minute: number, value: number, isBad?: true])[]): SampleColumns {
  return {
    times: Float64Array.from(rows, ([minute]) => minutes(minute)),
    values: Float64Array.from(rows, ([, value]) => value),
    texts: new Map(),
    qualities: Uint8Array.from(rows, ([, , isBad]) => (isBad === true ? 2 : 0)),
    origins: new Uint8Array(rows.length),
  };
}

test("[AU3] a counter counts by its increments from the last reading before the span; a reset counts from zero, a roll-over goes on, a bad reading is counted apart", () => {
  const before = { at: minutes(-60), value: 100 };
  const reset = rawReadings(columns([1, 102], [2, 0, true], [3, 103], [4, 2], [5, 5]), {
    from: FROM,
    before,
    counter: { type: "shiftReset" },
  });
  // 2 + 1, then from zero 2 + 3
  expect(reset).toEqual({
    samples: 5,
    bad: 1,
    first: before,
    last: { at: minutes(5), value: 5 },
    counted: 8,
    falls: [{ at: minutes(4), before: 103, after: 2 }],
  });
  const rolled = rawReadings(columns([1, 65_535], [2, 1]), {
    from: FROM,
    before: { at: minutes(-1), value: 65_533 },
    counter: { type: "totaliser", width: 16 },
  });
  // 65,533 → 65,535 are 2, over the end to 1 another 2
  expect(rolled.counted).toBe(4);
  expect(rawReadings(columns([1, 21.5]), { from: FROM }).counted).toBe(undefined);
});

test("[AU3] states are those within planned time, and planned time that none covers or that is unknown is a gap", () => {
  const shifts = [{ name: "Early", startMinute: 360, endMinute: 840, days: [2], breaks: [{ startMinute: 480, minutes: 30 }] }];
  const plan = planOf({ shifts, timeZone: "UTC" }, FROM, minutes(480));
  expect(plan.map(({ kind, from, to }) => [kind, (from - FROM) / MINUTE, (to - FROM) / MINUTE])).toEqual([
    ["planned", 0, 120],
    ["break", 120, 150],
    ["planned", 150, 480],
  ]);
  const spans = plannedStates(
    [
      { from: minutes(10), state: "working" },
      { from: minutes(100), state: "unknown", word: "7" },
      { from: minutes(160), state: "failed" },
    ],
    plan,
  );
  expect(spans.map(({ state, from, to }) => [state, (from - FROM) / MINUTE, (to - FROM) / MINUTE])).toEqual([
    ["working", 10, 100],
    ["unknown", 100, 120],
    ["unknown", 150, 160],
    ["failed", 160, 480],
  ]);
  expect(gapsOf(spans, plan).map(({ from, to }) => [(from - FROM) / MINUTE, (to - FROM) / MINUTE])).toEqual([
    [0, 10],
    [100, 120],
    [150, 160],
  ]);
});
