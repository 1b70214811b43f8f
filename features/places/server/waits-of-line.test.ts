import type { LineFlow } from "@doppelwerk/ports";
import { MINUTE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { lastWaitOf, stoppedIn } from "./waits-of-line.ts";

const FROM = Date.UTC(2026, 10, 30, 5) * 1_000;
const at = (minute: number): number => FROM + minute * MINUTE;
type Told = readonly (readonly [fromMinute: number, toMinute: number, state: string])[];

/** A line A → B → C of which B is the constraint, with a break from minute 40 to 50: planned time has none. */
function flowOf(told: Readonly<Record<string, Told>>): LineFlow {
  const spansOf = (states: Told, from: number, to: number) =>
    states
      .map(([begin, end, state]) => ({ from: Math.max(from, at(begin)), to: Math.min(to, at(end)), state, cause: "unknown" }))
      .filter((span) => span.to > span.from);
  const stations = ["A", "B", "C"].map((id) => ({ id, title: { en: `Station ${id}`, zh: id } }));
  return {
    lines: async () => ({ lines: [{ id: "line", stations }] }),
    plannedStates: async (from: number, to: number) => ({
      stations: Object.entries(told).map(([station, states]) => ({ station, spans: spansOf(states, from, to) })),
      flows: [
        { from: "A", to: "B", kind: "main" },
        { from: "B", to: "C", kind: "main" },
      ],
    }),
  } as unknown as LineFlow;
}

test("[PT36] the station of a line that is failed is named while its constraint works, since before a break, and in it", async () => {
  const told = {
    A: [
      [0, 40, "working"],
      [50, 90, "working"],
    ],
    B: [
      [0, 40, "working"],
      [50, 90, "working"],
    ],
    C: [
      [0, 30, "working"],
      [30, 40, "failed"],
      [50, 60, "failed"],
      [60, 90, "working"],
    ],
  } as const;
  const asked = (minute: number) => stoppedIn(flowOf(told), { line: "line", constraint: "B", from: FROM, at: at(minute) });
  const failed = { station: "C", title: { en: "Station C", zh: "C" }, state: "failed", since: at(30) };
  expect(await asked(35)).toEqual(failed);
  expect(await asked(45)).toEqual(failed);
  expect(await asked(51)).toEqual(failed);
  expect(await asked(70)).toBeUndefined();
  // its own state is what the row says of the constraint anyway
  expect(await stoppedIn(flowOf(told), { line: "line", constraint: "C", from: FROM, at: at(35) })).toBeUndefined();
  expect(await stoppedIn(undefined, { line: "line", constraint: "B", from: FROM, at: at(35) })).toBeUndefined();
});

test("[PT36] the last wait of a constraint has the station that it went back to; one that waits now has none", async () => {
  const flow = flowOf({
    A: [
      [0, 10, "working"],
      [10, 20, "failed"],
      [20, 40, "working"],
    ],
    B: [
      [0, 12, "working"],
      [12, 21, "starved"],
      [21, 40, "working"],
    ],
    C: [[0, 40, "working"]],
  });
  const states = [
    { from: at(0), state: "working" },
    { from: at(12), state: "starved" },
    // its cause was over a while before
    { from: at(21), state: "working" },
  ];
  const asked = { line: "line", constraint: "B", from: FROM };
  expect(await lastWaitOf(flow, { ...asked, states })).toEqual({
    state: "starved",
    from: at(12),
    to: at(21),
    because: { station: "A", title: { en: "Station A", zh: "A" }, state: "failed", since: at(10) },
  });
  expect(await lastWaitOf(flow, { ...asked, states: states.slice(0, 2) })).toBeUndefined();
  expect(await lastWaitOf(flow, { ...asked, states: states.slice(0, 1) })).toBeUndefined();
  expect(await lastWaitOf(flow, { ...asked, states: [] })).toBeUndefined();
});
