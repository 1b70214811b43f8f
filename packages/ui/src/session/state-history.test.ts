import type { Snapshot } from "@doppelwerk/client";
import { STATION_STATES, type StationState } from "@doppelwerk/operations";
import type { SampleBatch } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { endedBetween, recordedSpans, stateSignals, withPresent, type StateHistory, type StateSpan } from "./state-history.ts";

/** Signal, state, microsecond and text of each row. */
type Row = readonly [signal: number, state: StationState, at: number, text: string];

function batchOf(rows: readonly Row[]): SampleBatch {
  const times = Float64Array.from(rows, ([, , at]) => at);
  return {
    origin: "derived",
    count: rows.length,
    signals: Uint32Array.from(rows, ([signal]) => signal),
    values: Float64Array.from(rows, ([, state]) => STATION_STATES.indexOf(state)),
    texts: new Map(rows.map(([, , , text], row) => [row, text])),
    qualities: new Uint8Array(rows.length),
    sourceTimes: times,
    serverTimes: times,
  };
}

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
  const batch = batchOf([
    [0, "working", 100, "internal"],
    [1, "working", 100, "internal"],
    [0, "failed", 200, "internal inferred"],
    [0, "working", 300, "internal"],
  ]);
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

/** Times in minutes of a shift. Place 2 of the station fails at 10 and is repaired at 95; the hour before `now` is shown. */
function hourBefore(now: number, snapshot: Partial<Snapshot["stations"][number]>, rows: readonly Row[]) {
  const recorded = recordedSpans(batchOf(rows), (index) => ["S090", "S090/1"][index], now);
  const station = { id: "S090", state: "working", since: 0, inferred: false, places: [], ...snapshot };
  return withPresent(recorded, { instant: now, stations: [station] } as unknown as Snapshot);
}
const inWords = (spans: readonly StateSpan[] = []): readonly string[] => spans.map(({ state, from, to }) => `${state} ${from}–${to}`);

test("[U121] a place that failed before the window is failed in all of it, like the window after its repair says too", () => {
  const idle = { state: "idle", since: 20, inferred: false };
  const failed = hourBefore(90, { ...idle, places: [{ state: "idle" }, { state: "failed", stateSince: 10, inferred: false }] }, [
    // what is open is not recorded: history knows of the place what was before the window, and of the station what it was until 20
    [0, "working", 5, "internal"],
    [1, "working", 5, "internal"],
  ]);
  expect(inWords(failed.get("S090/1"))).toEqual(["working 5–10", "failed 10–90"]);
  expect(inWords(failed.get("S090/0"))).toEqual(["working 5–20", "idle 20–90"]);
  const never = hourBefore(90, { ...idle, places: [{ state: "idle" }, { state: "failed", stateSince: 10, inferred: false }] }, []);
  expect(inWords(never.get("S090/1"))).toEqual(["failed 10–90"]);
  const repaired = hourBefore(96, { ...idle, places: [{ state: "idle" }, { state: "working", stateSince: 95, inferred: false }] }, [
    [1, "failed", 10, "internal"],
  ]);
  expect(inWords(repaired.get("S090/1"))).toEqual(["failed 10–95", "working 95–96"]);
});

test("[U121] a stop that goes on is drawn from its beginning with its spans, and of a revised span the newest counts", () => {
  const spans = hourBefore(90, { state: "maintenance", since: 75, earlier: [{ from: 60, state: "failed", inferred: false }] }, [
    [0, "working", 40, "internal"],
    [0, "starved", 40, "upstream inferred ~1"],
  ]);
  expect(inWords(spans.get("S090"))).toEqual(["starved 40–60", "failed 60–75", "maintenance 75–90"]);
});

test("[U121] while the past is being read the last recorded state is not drawn on to now: from its beginning the state is unknown", () => {
  const recorded = recordedSpans(
    batchOf([
      [0, "failed", 5, "internal"],
      [0, "working", 40, "internal"],
    ]),
    () => "S090",
    90,
  );
  const shown = (reading: number | undefined, station: object): readonly string[] => {
    const stations = [{ id: "S090", inferred: false, places: [], ...station }];
    return inWords(withPresent(recorded, { instant: 90, stations, reading } as unknown as Snapshot).get("S090"));
  };
  expect(shown(0.4, { state: "unknown", since: 0 })).toEqual(["failed 5–40", "unknown 40–90", "unknown 90–90"]);
  expect(shown(0.4, { state: "working", since: 80 })).toEqual(["failed 5–40", "unknown 40–80", "working 80–90"]);
  expect(shown(undefined, { state: "working", since: 80 })).toEqual(["failed 5–40", "working 40–80", "working 80–90"]);
});

test("[U121] a place that changes its state keeps what was drawn before: the state that ended was seen, or is unknown, and never the new one", () => {
  const [MIN, SEC] = [60_000_000, 1_000_000];
  const at = (instant: number, state: string, stateSince: number): Snapshot =>
    ({
      instant,
      live: true,
      stations: [{ id: "S090", state: "working", since: 1, places: [{ state, stateSince }] }],
    }) as unknown as Snapshot;
  // idle for two minutes, then at work, which is recorded when it ends
  const recorded = recordedSpans(
    batchOf([
      [0, "working", 0, "internal"],
      [0, "idle", 10 * MIN, "internal"],
    ]),
    () => "S090/0",
    59 * MIN,
  );
  const ofPlace = (snapshot: Snapshot, ...seen: readonly Snapshot[]): readonly string[] => {
    const steps = [...seen, snapshot];
    const ended = steps.reduce<StateHistory>((all, step, index) => endedBetween(all, steps[index - 1], step), new Map());
    const spans = withPresent(recorded, snapshot, { ended, recordedTo: 59 * MIN }).get("S090/0") ?? [];
    return spans.map(({ state, from, to }) => `${state} ${from / SEC}–${to / SEC}`);
  };
  const work = at(59 * MIN, "working", 12 * MIN);
  const idle = at(59 * MIN + 3 * SEC, "idle", 59 * MIN + 2 * SEC);
  const again = at(59 * MIN + 6 * SEC, "working", 59 * MIN + 5 * SEC);
  expect(ofPlace(work)).toEqual(["working 0–600", "idle 600–720", "working 720–3540"]);
  expect(ofPlace(idle, work)).toEqual(["working 0–600", "idle 600–720", "working 720–3542", "idle 3542–3543"]);
  expect(ofPlace(again, work, idle)).toEqual(["working 0–600", "idle 600–720", "working 720–3542", "idle 3542–3545", "working 3545–3546"]);
  // a window that was hidden meanwhile saw nothing
  expect(ofPlace(idle)).toEqual(["working 0–600", "unknown 600–3542", "idle 3542–3543"]);
  expect(ofPlace(idle, { ...work, instant: 50 * MIN })).toEqual(ofPlace(idle));
  const later = at(59 * MIN + 7 * SEC, "working", 59 * MIN + 6 * SEC);
  expect(ofPlace(later, idle)).toEqual(["working 0–600", "unknown 600–3542", "idle 3542–3546", "working 3546–3547"]);
  expect(ofPlace({ ...later, reading: 0.4 }, idle)).toEqual(ofPlace(later, idle));
  // of the past what is recorded last held at the end of the window
  expect(ofPlace({ ...idle, live: false })).toEqual(["working 0–600", "idle 600–3540", "unknown 3540–3542", "idle 3542–3543"]);
  // a beginning that is revised replaces what was seen of it
  const revised = at(59 * MIN + 4 * SEC, "idle", 58 * MIN);
  expect(ofPlace(revised, work, idle)).toEqual(["working 0–600", "idle 600–720", "working 720–3480", "idle 3480–3544"]);
});
