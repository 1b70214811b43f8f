import type { PlantView } from "@doppelwerk/kit/server";
import type { RunResults, ShiftFiguresValue } from "@doppelwerk/ports";
import { expect, test } from "vitest";
import { readRail, type RailParts } from "./rail.ts";

const live = { id: "live", name: "live", baseRevision: 0, instant: 0, createdBy: "system", createdAt: 0 };
const fork = { ...live, id: "branch:1", name: "one place more", parent: "live" };

const viewThatReads = (may: boolean): PlantView =>
  ({ principal: { id: "person:ada" }, documents: { branches: () => [live, fork] }, mayReadSignal: () => may }) as unknown as PlantView;
const shift = { from: 0, to: 400, name: "early", good: 7, oee: undefined };
const everything: RailParts = {
  line: {
    about: async () => ({ path: [], line: true, snapshot: true, historyFrom: undefined, timeZone: "UTC" }),
    lines: async () => ({ lines: [], findings: [] }),
    folded: async () => [],
    trackingSignals: async () => [],
    stateDurations: async () => undefined,
    standing: async () => [],
    plannedStates: async () => undefined,
    constraintStates: async (from) => ({
      signal: "signal:state",
      states: [
        { from, state: "working" },
        { from: 200, state: "failed" },
        { from: 200, state: "failed" },
        { from: 250, state: "working" },
      ],
    }),
  },
  shifts: {
    within: async () => ({
      constraint: "S10",
      stations: [],
      wip: undefined,
      shifts: [{ ...shift, more: "than the Rail shows" } as unknown as ShiftFiguresValue],
    }),
  },
  alarms: { between: async () => [{ at: 210, priority: 1, station: "S10", count: 2 }] },
  changes: { between: async () => [{ at: 5, kind: "fork", revision: 3, title: "fork", branch: fork.id }] },
  runs: {
    newestOfLine: async () => ({
      run: { kind: "study", verdict: "better" },
      fan: { live: [], branch: [] },
      kpis: [
        { key: "oee", verdict: "worse", difference: { mean: -1, halfWidth: 0.5, relevant: 0.1 } },
        { key: "throughput", verdict: "better", difference: { mean: 8, halfWidth: 2, relevant: 3 } },
      ],
    }),
  } as unknown as RunResults,
};
const span = { from: 100, to: 900, points: 10, now: 300 };

test("[HQ8] the Rail is made of what is there: states up to now, shifts, alarms, changes, and a lane for each fork", async () => {
  expect(await readRail(viewThatReads(true), everything, span)).toEqual({
    from: 100,
    to: 900,
    now: 300,
    band: [
      { from: 100, to: 200, state: "working", share: 1 },
      { from: 200, to: 250, state: "failed", share: 1 },
      { from: 250, to: 300, state: "working", share: 1 },
    ],
    shifts: [shift],
    alarms: [{ at: 210, priority: 1, station: "S10", count: 2 }],
    changes: [{ at: 5, kind: "fork", revision: 3, title: "fork", branch: fork.id }],
    lanes: [
      {
        branch: fork,
        hue: "violet",
        fan: [],
        verdict: "better",
        verdictOf: "study",
        judged: { kpi: "throughput", mean: 8, halfWidth: 2, relevant: 3 },
      },
    ],
  });
});

test("[HQ8] features that are off contribute nothing; states of a signal that may not be read are left out; nothing is asked of the future", async () => {
  const off: RailParts = { line: undefined, shifts: undefined, alarms: undefined, changes: undefined, runs: undefined };
  expect(await readRail(viewThatReads(true), off, span)).toMatchObject({
    band: [],
    shifts: [],
    alarms: [],
    changes: [],
    lanes: [{ fan: [] }],
  });
  expect((await readRail(viewThatReads(false), everything, span)).band).toEqual([]);
  expect(await readRail(viewThatReads(true), everything, { ...span, from: 500 })).toMatchObject({ band: [], alarms: [], shifts: [shift] });
});
