import { MINUTE, SECOND, type Sample } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { SHIFT_START, batchOf, fixtureLine, sample, signal, station, zoneOffset } from "../line/small-line.fixture.ts";
import { createLineEngine, type LineEngine } from "../line/line-engine.ts";
import type { LineDefinition } from "../definition/line-definition.ts";

const at = (minutes: number) => SHIFT_START + Math.round(minutes * 60) * SECOND;

function fold(samples: readonly Sample[], until: number, definition: LineDefinition = fixtureLine()): LineEngine {
  const engine = createLineEngine(definition, { zoneOffset, extract: true });
  const { batch, ids } = batchOf(samples);
  engine.step(batch, ids);
  engine.advance(at(until));
  return engine;
}

const spans = (engine: LineEngine, id: string) =>
  [...engine.drain().intervals, ...engine.openIntervals()]
    .filter((span) => span.station === id)
    .map((span) => `${span.state} ${(span.from - SHIFT_START) / MINUTE}–${(span.to - SHIFT_START) / MINUTE}`);

test("[O14] a stop shorter than five minutes is a micro-stop, a longer one a failure: decided at its end, all its pieces together", () => {
  const short = fold(
    [sample("A", "ItemState", 3, at(0)), sample("A", "ItemState", "Held", at(10)), sample("A", "ItemState", 3, at(14.5))],
    20,
  );
  expect(spans(short, "A")).toEqual(["working 0–10", "microStop 10–14.5", "working 14.5–20"]);
  const long = fold(
    [
      sample("A", "ItemState", 3, at(0)),
      sample("A", "ItemState", "Held", at(10)),
      sample("A", "ItemState", "Aborted", at(12)),
      sample("A", "OperationMode", 1, at(13)),
      sample("A", "OperationMode", 3, at(16)),
      sample("A", "ItemState", 3, at(16)),
    ],
    20,
    withMode(),
  );
  expect(spans(long, "A")).toEqual(["working 0–10", "failed 10–13", "maintenance 13–16", "working 16–20"]);
  const open = fold([sample("A", "ItemState", 3, at(0)), sample("A", "ItemState", "Held", at(10))], 12);
  expect(open.states()[0]).toMatchObject({ station: "A", state: "failed", since: at(10), mappingVersion: 3 });
});

test("[O15] bad quality is unknown, never what it was; a value that returns ends it", () => {
  const engine = fold(
    [sample("A", "ItemState", 3, at(0)), sample("A", "ItemState", 3, at(10), 2), sample("A", "ItemState", 3, at(12))],
    20,
  );
  expect(spans(engine, "A")).toEqual(["working 0–10", "unknown 10–12", "working 12–20"]);
});

test("[O15] silence is no data only where an alive time is declared, and other signals of the station keep it alive", () => {
  const silent = fixtureLine({
    stations: [
      station("A", ["ItemState"], {
        signals: { ItemState: signal("A", "ItemState", { aliveS: 60 }) },
        processValues: [signal("A", "Temperature")],
      }),
    ],
    flows: [],
    constraint: "A",
  });
  const engine = fold(
    [
      sample("A", "ItemState", 3, at(0)),
      sample("A", "Temperature", 20, at(0.5)),
      sample("A", "Temperature", 20, at(1.4)),
      sample("A", "Temperature", 21, at(5)),
    ],
    5.5,
    silent,
  );
  expect(spans(engine, "A")).toEqual(["working 0–2.4", "unknown 2.4–5", "working 5–5.5"]);
  expect(spans(fold([sample("A", "ItemState", 3, at(0))], 170), "A")).toEqual(["working 0–170"]);
});

test("[O16] spans end at every boundary of the calendar; waiting without a told reason is the break in a break, what is told stands", () => {
  const engine = fold(
    [
      sample("A", "ItemState", 2, at(0)),
      sample("A", "Blocked", false, at(0)),
      sample("A", "Starved", false, at(0)),
      sample("B", "ItemState", 3, at(0)),
    ],
    240,
  );
  const output = [...engine.drain().intervals, ...engine.openIntervals()];
  const of = (id: string) =>
    output
      .filter((span) => span.station === id)
      .map(
        (span) =>
          `${span.state} ${(span.from - SHIFT_START) / MINUTE}–${(span.to - SHIFT_START) / MINUTE}${span.inferred ? " inferred" : ""}`,
      );
  expect(of("A")).toEqual(["idle 0–180", "break 180–210 inferred", "idle 210–240"]);
  expect(of("B")).toEqual(["working 0–180", "working 180–210", "working 210–240"]);
});

test("[O17] bits and words of one change that arrive one after the other make one change", () => {
  const engine = fold(
    [
      sample("A", "ItemState", 3, at(0)),
      sample("A", "ItemState", 2, at(5)),
      sample("A", "Blocked", true, at(5) + 0.1 * SECOND),
      sample("A", "Blocked", false, at(6)),
      sample("A", "ItemState", 3, at(6) + 0.1 * SECOND),
    ],
    8,
  );
  expect(spans(engine, "A")).toEqual(["working 0–5", "blocked 5–6", "working 6–8"]);
});

test("[O17] a state that begins less than a quarter of a second before a break counts until the break", () => {
  const tenth = 0.1 * SECOND;
  const engine = fold(
    [sample("A", "ItemState", 3, at(0)), sample("A", "ItemState", 2, at(180) - tenth), sample("A", "Blocked", true, at(180) - tenth)],
    200,
  );
  const before = 180 - tenth / MINUTE;
  expect(spans(engine, "A")).toEqual([`working 0–${before}`, `blocked ${before}–180`, "blocked 180–200"]);
});

test("[O13] a station without bits is blocked when its part stands and the buffer ahead is full, starved when nothing is there", () => {
  const mapping = { version: 3, words: {}, blockedBit: false, starvedBit: false, neighbours: true };
  const base = fixtureLine();
  const definition = {
    ...base,
    stations: base.stations.map((entry) => (entry.id === "A" ? { ...entry, mapping } : entry.id === "B" ? { ...entry, buffer: 1 } : entry)),
  };
  const engine = fold(
    [
      sample("A", "ItemState", 3, at(0)),
      sample("A", "PartIn", "x1", at(0.1)),
      sample("A", "PartOut", "x1", at(1)),
      sample("A", "PartIn", "x2", at(1.1)),
      sample("A", "ItemState", 2, at(2)),
      sample("B", "PartIn", "x1", at(5)),
      sample("A", "PartOut", "x2", at(5.1)),
      sample("A", "ItemState", 3, at(5.2)),
    ],
    8,
    definition,
  );
  const blocked = engine.drain().intervals.find((span) => span.station === "A" && span.state === "blocked");
  expect(blocked).toMatchObject({ from: at(2), to: at(5), inferred: true, cause: "downstream" });
});

function withMode(): LineDefinition {
  const base = fixtureLine();
  return {
    ...base,
    stations: base.stations.map((entry) =>
      entry.id === "A" ? { ...entry, signals: { ...entry.signals, OperationMode: signal("A", "OperationMode") } } : entry,
    ),
  };
}

test("[O123] a break ends no stop: in it and after it the stop is held since it began; one that is over after it is held no longer", () => {
  // the break is from 9:00 to 9:30, three hours into the shift
  const toFailed = [sample("A", "ItemState", 3, at(0)), sample("A", "ItemState", "Held", at(163)), sample("A", "ItemState", 2, at(180))];
  const heldOf = (engine: LineEngine) => engine.states().find((each) => each.station === "A" && each.place === undefined)!;
  expect(heldOf(fold(toFailed, 175))).toMatchObject({ state: "failed", since: at(163) });
  expect(heldOf(fold(toFailed, 195))).toMatchObject({ state: "break", held: { state: "failed", since: at(163) } });
  const again = fold([...toFailed, sample("A", "ItemState", "Held", at(210))], 211);
  expect(heldOf(again)).toMatchObject({ state: "failed", since: at(210), held: { state: "failed", since: at(163) } });
  // what is recorded stays cut at the break
  expect(spans(again, "A")).toEqual(["working 0–163", "failed 163–180", "break 180–210", "failed 210–211"]);
  const restored = createLineEngine(fixtureLine(), { zoneOffset, extract: true });
  restored.restore(again.snapshot());
  expect(heldOf(restored)).toMatchObject({ held: { state: "failed", since: at(163) } });
  const repaired = fold([...toFailed, sample("A", "ItemState", 3, at(210)), sample("A", "ItemState", "Held", at(215))], 216);
  expect(heldOf(repaired)).toMatchObject({ state: "failed", since: at(215) });
  expect(heldOf(repaired).held?.since ?? at(215)).toBe(at(215));
});
