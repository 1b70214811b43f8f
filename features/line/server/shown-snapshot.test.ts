import { expect, test } from "vitest";
import { createLineEngine } from "@doppelwerk/operations";
import { HOUR, MINUTE } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import {
  batchOf,
  fixtureLine,
  runLine,
  sample,
  SHIFT_START,
  signal,
  zoneOffset,
} from "../../../packages/operations/src/line/small-line.fixture.ts";
import { shownSnapshot } from "./shown-snapshot.ts";

/** The line as a fold over a run that begins with the shift shows it at an instant. */
function shownAt(instant: Instant, samples = runLine(7, 40).samples, reading?: number) {
  const engine = createLineEngine(fixtureLine(), { zoneOffset });
  const { batch, ids } = batchOf(samples.filter(({ sourceTime }) => sourceTime <= instant));
  engine.step(batch, ids);
  engine.advance(instant);
  const unread = reading === undefined ? {} : { reading, countsMissing: true };
  return shownSnapshot(engine, { live: false, ...unread, alarms: [], agvs: [], lastCycleS: () => undefined });
}

test("[SV12] before history begins no station counts, the shift has no output and the line no WIP: they are unknown, not nought", () => {
  const before = shownAt(SHIFT_START + HOUR, []);
  expect(before.stations.map(({ state, good }) => [state, good])).toEqual(before.stations.map(() => ["unknown", undefined]));
  expect(before.shift).toMatchObject({ good: undefined });
  expect(before.wip.value).toBeUndefined();
  expect(JSON.parse(JSON.stringify(before)).shift).not.toHaveProperty("good");
});

test("[SV12] a line that was heard says nought while it has made nothing, and then what it made", () => {
  const begun = shownAt(SHIFT_START + MINUTE / 4);
  const heard = begun.stations.filter(({ state }) => state !== "unknown");
  expect(heard.length).toBeGreaterThan(0);
  expect(heard.every(({ good }) => good !== undefined)).toBe(true);
  expect(begun.shift?.good).toBe(0);
  const later = shownAt(SHIFT_START + 20 * MINUTE);
  expect(later.shift?.good).toBeGreaterThan(0);
  expect(later.wip.value).toBeGreaterThanOrEqual(0);
  expect(later.stations[0]!.good).toBeGreaterThan(0);
});

test("[SV52] while the past is being read, what was counted so far is not told as the count", () => {
  const shown = shownAt(SHIFT_START + 20 * MINUTE, undefined, 0.4);
  expect(shown).toMatchObject({
    reading: 0.4,
    wip: { value: undefined, error: 0, unmatched: [] },
    shift: { good: undefined, name: "Early" },
  });
  expect(shown.stations.every(({ good }) => good === undefined)).toBe(true);
  expect(shown.stations.some(({ state }) => state !== "unknown")).toBe(true);
  expect(shownAt(SHIFT_START + 20 * MINUTE)).not.toHaveProperty("reading");
  expect(shownAt(SHIFT_START + 20 * MINUTE)).not.toHaveProperty("watchedSince");
});

/** B has two places that say their states themselves; place 2 fails at minute 10 and is repaired at minute 100, the station at minute 60. */
function placesAt(minute: number) {
  const at = (of: number): Instant => SHIFT_START + of * MINUTE;
  const line = fixtureLine({ carriers: undefined });
  const placeSignals = [signal("B", "Place1"), signal("B", "Place2")];
  const OperationMode = signal("B", "OperationMode");
  const definition = {
    ...line,
    stations: line.stations.map((own) =>
      own.id === "B" ? { ...own, placesFailAlone: true, placeSignals, signals: { ...own.signals, OperationMode } } : own,
    ),
  };
  const engine = createLineEngine(definition, { zoneOffset });
  const samples = [
    ...["ItemState", "Place1", "Place2"].map((role) => sample("B", role, 3, at(0))),
    sample("B", "Place2", "Held", at(10)),
    sample("B", "Place2", 3, at(100)),
    sample("B", "ItemState", "Held", at(60)),
    sample("B", "OperationMode", 1, at(75)),
  ].filter(({ sourceTime }) => sourceTime <= at(minute));
  const { batch, ids } = batchOf(samples);
  engine.step(batch, ids);
  engine.advance(at(minute));
  const snapshot = shownSnapshot(engine, { live: false, alarms: [], agvs: [], lastCycleS: () => undefined });
  return { at, station: snapshot.stations.find(({ id }) => id === "B")!, recorded: engine.drain().intervals };
}

test("[LN56] a place that failed 80 minutes ago is failed since then, and a stop that goes on has its spans that are not recorded yet", () => {
  const { at, station, recorded } = placesAt(90);
  expect(station.places[0]).toMatchObject({ state: "working", stateSince: at(0) });
  expect(station.places[1]).toMatchObject({ state: "failed", stateSince: at(10) });
  expect(recorded.filter(({ place }) => place === 1).map(({ state, from, to }) => [state, from, to])).toEqual([["working", at(0), at(10)]]);
  // the station stands since minute 60 and is repaired since minute 75: history has neither until it runs again
  expect(station).toMatchObject({ state: "maintenance", since: at(75), earlier: [{ from: at(60), state: "failed", inferred: false }] });
  expect(placesAt(70).station).not.toHaveProperty("earlier");
  expect(placesAt(101).station.places[1]).toMatchObject({ state: "working", stateSince: at(100) });
});

test("[LN57] the output of the shift is the row of the last station, rework counted once; another row is what its counter counted", () => {
  const { samples } = runLine(7, 90);
  const instant = samples.at(-1)!.sourceTime;
  const engine = createLineEngine(fixtureLine(), { zoneOffset });
  const { batch, ids } = batchOf(samples);
  engine.step(batch, ids);
  engine.advance(instant);
  const completed = engine.drain().parts.filter(({ kind }) => kind === "completed");
  const snapshot = shownSnapshot(engine, { live: false, alarms: [], agvs: [], lastCycleS: () => undefined });
  const rowOf = (id: string) => snapshot.stations.find((station) => station.id === id)!;
  const reworked = completed.filter((event) => "reworked" in event && event.reworked).length;
  expect(reworked).toBeGreaterThan(0);
  expect(snapshot.shift).toMatchObject({ good: completed.length, reworked, countedAt: "C" });
  expect(rowOf("C")).toMatchObject({ good: completed.length, reworked });
  // the counter of B, from its first reading on
  const good = samples.filter(({ signal: id }) => id === "signal:B.Good").map(({ value }) => Number(value));
  expect(rowOf("B").good).toBe(good.at(-1)! - good[0]!);
  expect(rowOf("B").reworked).toBeGreaterThan(0);
});
