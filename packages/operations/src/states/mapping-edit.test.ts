import { MINUTE, SECOND, type Sample } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { SHIFT_START, batchOf, fixtureLine, sample, station, zoneOffset } from "../line/small-line.fixture.ts";
import { createLineEngine, type LineEngine } from "../line/line-engine.ts";
import { editedMapping } from "./mapping-edit.ts";
import { EMPTY_MAPPING, mappingAt, type StateMapping } from "../definition/state-mapping.ts";

const at = (minutes: number) => SHIFT_START + Math.round(minutes * 60) * SECOND;
const failed = { state: "failed", cause: "internal" } as const;
const starved = { state: "starved", cause: "material" } as const;
const working = { state: "working", cause: "internal" } as const;

function lineOf(mapping: StateMapping, roles: Parameters<typeof station>[1] = ["VendorState"]): LineEngine {
  const definition = fixtureLine({ stations: [station("A", roles, { mapping })], flows: [], constraint: "A" });
  return createLineEngine(definition, { zoneOffset });
}
function spans(engine: LineEngine, samples: readonly Sample[], until: number): readonly string[] {
  const { batch, ids } = batchOf(samples);
  engine.step(batch, ids);
  engine.advance(at(until));
  return [...engine.drain().intervals, ...engine.openIntervals()].map(
    ({ state, from, to, mappingVersion }) => `${state} ${(from - SHIFT_START) / MINUTE}–${(to - SHIFT_START) / MINUTE} v${mappingVersion}`,
  );
}

test("[O18] a version of a mapping holds from its instant on: what stood before is read as it was, in one piece or restored from a snapshot", () => {
  const mapping: StateMapping = {
    ...EMPTY_MAPPING,
    version: 1,
    words: { "20": working },
    later: [{ ...EMPTY_MAPPING, version: 2, words: { "20": working, "77": starved }, from: at(10) }],
  };
  const samples = [
    sample("A", "VendorState", "77", at(0)),
    sample("A", "VendorState", "20", at(15)),
    sample("A", "VendorState", "77", at(20)),
  ];
  const expected = ["unknown 0–10 v1", "starved 10–15 v2", "working 15–20 v2", "starved 20–25 v2"];
  expect(spans(lineOf(mapping), samples, 25)).toEqual(expected);
  const first = lineOf(mapping);
  const before = spans(first, samples.slice(0, 1), 5).slice(0, 0);
  const second = lineOf(mapping);
  second.restore(JSON.parse(JSON.stringify(first.snapshot())) as ReturnType<LineEngine["snapshot"]>);
  expect([...before, ...spans(second, samples.slice(1), 25)]).toEqual(expected);
});

test("[O18] a word that stands through the change without meaning anything else is one state of two spans, each with its version", () => {
  const mapping = {
    ...EMPTY_MAPPING,
    version: 1,
    words: { "20": working },
    later: [{ ...EMPTY_MAPPING, version: 2, words: { "20": working, "9": failed }, from: at(10) }],
  };
  expect(spans(lineOf(mapping), [sample("A", "VendorState", "20", at(0))], 20)).toEqual(["working 0–10 v1", "working 10–20 v2"]);
});

test("[O12] words of no standard where the standard's state would stand can be mapped; names that every object has mean nothing", () => {
  const mapping = { ...EMPTY_MAPPING, version: 1, words: { Störung: failed } };
  const samples = ["Störung", "constructor", "__proto__", "toString"].map((word, n) => sample("A", "ItemState", word, at(10 * n)));
  expect(spans(lineOf(mapping, ["ItemState"]), samples, 40)).toEqual(["failed 0–10 v1", "unknown 10–40 v1"]);
  expect(spans(lineOf(mapping), [sample("A", "VendorState", "constructor", at(0))], 5)).toEqual(["unknown 0–5 v1"]);
});

test("[O19] an edit from an instant keeps what held before, reaches every later version, and numbers what it changes", () => {
  const first: StateMapping = { ...EMPTY_MAPPING, version: 4, words: { "20": working } };
  const two = editedMapping(first, { from: at(10), words: { "40": failed } });
  expect(two).toEqual({ ...first, later: [{ ...EMPTY_MAPPING, version: 5, words: { "20": working, "40": failed }, from: at(10) }] });
  const three = editedMapping(two, { from: at(5), words: { "77": starved } });
  expect(three.later?.map(({ from, version, words }) => [from, version, Object.keys(words).toSorted()])).toEqual([
    [at(5), 6, ["20", "77"]],
    [at(10), 7, ["20", "40", "77"]],
  ]);
  const whole = editedMapping(three, { words: { "20": null }, starvedBit: true });
  expect([whole, ...(whole.later ?? [])].map(({ words, starvedBit }) => [Object.keys(words).includes("20"), starvedBit])).toEqual([
    [false, true],
    [false, true],
    [false, true],
  ]);
  expect(mappingAt(three, at(7)).version).toBe(6);
});

test("[O19] an edit that changes nothing is the same mapping, and a version that reads as the one before is none", () => {
  const first: StateMapping = { ...EMPTY_MAPPING, version: 4, words: { "20": working } };
  expect(editedMapping(first, { from: at(10), words: { "20": working } })).toEqual(first);
  const two = editedMapping(first, { from: at(10), words: { "40": failed } });
  expect(editedMapping(two, { from: at(10), words: { "40": null } })).toEqual(first);
});
