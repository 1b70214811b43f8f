import { expect, test } from "vitest";
import { lastStop, lastWait, heldState, restedIn, stopsNow } from "./stops-now.ts";

test("[PT37] a station that failed, was stopped or stops for a moment is a stop, one that waits is none; the longest is first", () => {
  const stations = [
    { id: "S010", state: "microStop", since: 90 },
    { id: "S020", state: "blocked", since: 10 },
    { id: "S030", state: "failed", since: 40 },
    { id: "S040", state: "working", since: 5 },
    { id: "S050", state: "vendor word", since: 1 },
  ];
  expect(stopsNow(stations).map(({ station, from }) => [station, from])).toEqual([
    ["S030", 40],
    ["S010", 90],
  ]);
});

test("[PT37] the last stop is the one that ended last, of stations and not of their places", () => {
  const spans = (...states: readonly (readonly [number, number, string])[]) => states.map(([from, to, state]) => ({ from, to, state }));
  const states = new Map([
    ["S010", spans([0, 10, "working"], [10, 12, "failed"], [12, 100, "working"])],
    ["S020", spans([0, 30, "working"], [30, 50, "microStop"], [50, 100, "starved"])],
    ["S020/1", spans([0, 60, "failed"], [60, 100, "working"])],
    // still going on
    ["S030", spans([0, 70, "working"], [70, 100, "failed"])],
  ]);
  const line = [{ id: "S010" }, { id: "S020" }, { id: "S030" }];
  expect(lastStop(states, line)).toEqual({ station: "S020", state: "microStop", from: 30, to: 50 });
  // a station of another line whose states are recorded there is none of this one
  expect(lastStop(states, [{ id: "S010" }])).toEqual({ station: "S010", state: "failed", from: 10, to: 12 });
  expect(lastStop(new Map(), line)).toBeUndefined();
});

test("[PT37] a break ends no stop: in it the stop is there since it began, after it it is the same one, and its duration is without the break", () => {
  const held = { state: "failed", since: 20 };
  expect(
    stopsNow([
      { id: "S120", state: "break", since: 60, held },
      { id: "S130", state: "failed", since: 70, held: { state: "microStop", since: 50 } },
      { id: "S140", state: "break", since: 60, held: { state: "blocked", since: 10 } },
      { id: "S150", state: "break", since: 60 },
    ]),
  ).toEqual([
    { station: "S120", state: "failed", from: 20 },
    { station: "S130", state: "failed", from: 50 },
  ]);
  const spans = [
    { from: 0, to: 20, state: "working" },
    { from: 20, to: 60, state: "failed" },
    { from: 60, to: 90, state: "break" },
    { from: 90, to: 92, state: "microStop" },
    { from: 92, to: 100, state: "working" },
  ];
  expect(lastStop(new Map([["S120", spans]]), [{ id: "S120" }])).toEqual({
    station: "S120",
    state: "failed",
    from: 20,
    to: 92,
    rested: 30,
  });
  expect(heldState(spans.slice(0, 3))).toEqual({ state: "failed", since: 20 });
  expect(heldState([...spans.slice(0, 3), { from: 90, state: "failed" }])).toEqual({ state: "failed", since: 20 });
  expect(heldState(spans)).toEqual({ state: "working", since: 92 });
  expect(heldState([])).toBeUndefined();
});

test("[PT41] of a stop that lasts the breaks in it are known", () => {
  const breaks = [
    { from: 0, to: 20 },
    { from: 60, to: 90 },
    { from: 95, to: 100 },
  ];
  expect(restedIn(breaks, 20, 98)).toBe(33);
  expect(restedIn(breaks, 10, 70)).toBe(20);
  expect(restedIn([], 10, 70)).toBe(0);
});

test("[PT36] the last wait of a constraint is over; one that goes on is not the last one", () => {
  const states = [
    { from: 0, state: "working" },
    { from: 10, state: "blocked" },
    { from: 14, state: "working" },
    { from: 20, state: "failed" },
    { from: 30, state: "starved" },
  ];
  expect(lastWait(states)).toEqual({ state: "blocked", from: 10, to: 14 });
  expect(lastWait(states.slice(0, 2))).toBeUndefined();
});
