import { expect, test } from "vitest";
import { snapshotFrame } from "./snapshot-frame.ts";

/** What the label of a running station says that is in an alarm with this value; its last cycle took 27.4 s. */
function labelWith(value: string | undefined): string | undefined {
  const station = {
    id: "S070",
    state: "working",
    lastCycleS: 27.4,
    inferred: false,
    places: [],
    buffer: { count: 0, capacity: 4, parts: [] },
  };
  const alarm = { id: "a", station: "S070", state: "unacknowledged", priority: 2, ...(value !== undefined && { value }) };
  const frame = snapshotFrame({
    snapshot: { instant: 0, stations: [station], alarms: [alarm], agvs: [] },
    line: { id: "L", stations: [{ id: "S070", constraint: false }] },
    robots: new Map(),
    people: [],
    self: undefined,
    branch: "live",
    stale: false,
    colourOf: () => "",
    stateWord: (state: string) => `now ${state}`,
    placesWord: () => "",
  } as never);
  return frame.stations.get("S070")?.value;
}

test("[U156] the label of a station says what it does now, not what it did when its alarm was raised", () => {
  expect(labelWith("blocked")).toBe("now working");
  expect(labelWith(undefined)).toBe("27.4\u202fs");
});

test("[U156] a value of an alarm has no unit there and is not on the label", () => {
  expect(labelWith("6.49")).toBe("27.4\u202fs");
});
