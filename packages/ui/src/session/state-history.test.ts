import type { Snapshot } from "@doppelwerk/client";
import { STATION_STATES } from "@doppelwerk/operations";
import type { SampleBatch } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { recordedSpans, stateSignals, withPresent } from "./state-history.ts";

const code = (state: (typeof STATION_STATES)[number]): number => STATION_STATES.indexOf(state);

test("[U23] the last hour of a station is what was recorded, ended by what is known now", () => {
  const keys = stateSignals([
    { id: "signal:a", name: "S090 state", valueType: "enumeration", role: "State" },
    { id: "signal:b", name: "S090 place 4 state", valueType: "enumeration", role: "State" },
    { id: "signal:c", name: "S090 state word", valueType: "string", role: "VendorState" },
  ]);
  expect([...keys]).toEqual([
    ["signal:a", "S090"],
    ["signal:b", "S090/3"],
  ]);
  const rows = [
    [0, code("working"), 100],
    [1, code("working"), 100],
    [0, code("failed"), 200],
    [0, code("working"), 300],
  ] as const;
  const times = Float64Array.from(rows, (row) => row[2]);
  const batch: SampleBatch = {
    origin: "derived",
    count: rows.length,
    signals: Uint32Array.from(rows, (row) => row[0]),
    values: Float64Array.from(rows, (row) => row[1]),
    texts: new Map([[2, "internal inferred"]]),
    qualities: new Uint8Array(rows.length),
    sourceTimes: times,
    serverTimes: times,
  };
  const recorded = recordedSpans(batch, (index) => ["S090", "S090/3"][index], 400);
  expect(recorded.get("S090")).toEqual([
    { from: 100, to: 200, state: "working", inferred: false },
    { from: 200, to: 300, state: "failed", inferred: true },
    { from: 300, to: 400, state: "working", inferred: false },
  ]);
  const snapshot = {
    instant: 500,
    stations: [{ id: "S090", state: "blocked", since: 450, inferred: false, places: [0, 1, 2, 3].map(() => ({ state: "working" })) }],
  } as unknown as Snapshot;
  const shown = withPresent(recorded, snapshot);
  expect(shown.get("S090")!.at(-1)).toEqual({ from: 450, to: 500, state: "blocked", inferred: false });
  expect(shown.get("S090/3")!.at(-1)).toMatchObject({ from: 100, to: 500, state: "working" });
  expect(shown.get("S090/0")).toEqual(shown.get("S090"));
});
