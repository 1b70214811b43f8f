import { MINUTE, SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { SHIFT_START, batchOf, fixtureLine, runLine, sample, zoneOffset } from "../line/small-line.fixture.ts";
import { createLineEngine } from "../line/line-engine.ts";

test("[O80] the initial state has every part once, elapsed times, and says of everything how it is known", () => {
  const { samples } = runLine(9, 150);
  const engine = createLineEngine(fixtureLine(), { zoneOffset, extract: true });
  const instant = SHIFT_START + 40 * MINUTE;
  const stopped = [...samples, sample("C", "ItemState", "Aborted", SHIFT_START + 38 * MINUTE)];
  const { batch, ids } = batchOf(stopped.toSorted((a, b) => a.sourceTime - b.sourceTime));
  engine.step(batch, ids);
  engine.advance(instant);
  const estimate = engine.estimate();
  const picture = engine.parts();
  const serials = [
    ...estimate.places.flatMap((place) => (place.serial === undefined ? [] : [place.serial])),
    ...estimate.buffers.flatMap((buffer) => buffer.parts.map((part) => part.serial)),
  ];
  expect(serials.toSorted()).toEqual(picture.parts.map((part) => part.serial).toSorted());
  expect(estimate.places).toHaveLength(5);
  for (const place of estimate.places) if (place.serial !== undefined) expect(place.elapsedS).toBeGreaterThanOrEqual(0);
  expect(estimate.places.find((place) => place.station === "C")).toMatchObject({ state: "failed", stateS: 120, evidence: "measured" });
  expect(estimate.carriersFree).toBe(60 - picture.carriers!.used);
  expect(estimate.product).toBe(picture.parts.toSorted((a, b) => b.enteredAt! - a.enteredAt!)[0]!.product);
  expect(estimate.released!.count).toBeGreaterThan(0);
  const known = (what: string) => [...new Set(estimate.notes.filter((note) => note.what === what).map((note) => note.evidence))].toSorted();
  expect(known("places")).toEqual(["measured"]);
  expect(known("carriers")).toEqual(["inferred"]);
  // No stop has been seen at A: its operating time is since someone looked, and says so.
  expect(estimate.notes).toContainEqual({ evidence: "assumed", station: "A", what: "operatingTime", count: 1, reason: "noStopSeen" });
});

test("[O81] a station without data is assumed, not measured", () => {
  const engine = createLineEngine(fixtureLine(), { zoneOffset });
  const { batch, ids } = batchOf([sample("A", "ItemState", 3, SHIFT_START)]);
  engine.step(batch, ids);
  engine.advance(SHIFT_START + 10 * SECOND);
  const { notes, places } = engine.estimate();
  expect(notes).toContainEqual({ evidence: "assumed", station: "B", what: "state", count: 1, reason: "silent" });
  expect(places.find((place) => place.station === "B")).toMatchObject({ state: "unknown", evidence: "assumed" });
  expect(notes).toContainEqual({ evidence: "assumed", what: "program", count: 1, reason: "noReading" });
});
