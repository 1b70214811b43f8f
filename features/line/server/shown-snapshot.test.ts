import { expect, test } from "vitest";
import { createLineEngine } from "@doppelwerk/operations";
import { HOUR, MINUTE } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import { batchOf, fixtureLine, runLine, SHIFT_START, zoneOffset } from "../../../packages/operations/src/line/small-line.fixture.ts";
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
