import { readFileSync } from "node:fs";
import { runFlow } from "@doppelwerk/sim";
import type { Stage } from "@doppelwerk/scene";
import { MINUTE, SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { exampleModel } from "./example-model.ts";
import { modelOfFile } from "./model-of-file.ts";
import type { ModelOfFile, Refused } from "./model-of-file.ts";
import { sketchOfFlow } from "./sketch-of-model.ts";

const clock = () => 0;
const read = (value: unknown): ModelOfFile | Refused => modelOfFile("file.json", JSON.stringify(value), clock);

function model(value: unknown): ModelOfFile {
  const given = read(value);
  if ("reason" in given) throw new Error(JSON.stringify(given));
  return given;
}

test("a watched flow goes forwards and back to the same picture, and ends with what the run makes", () => {
  const { line, watch } = model({ ...exampleModel, run: { durationS: 7_200 } });
  const watched = watch(5, 0);
  while (watched.advance());
  expect(watched.reached).toBe(7_200 * SECOND);
  const picture = (minutes: number): string => JSON.stringify(watched.at(watched.from + minutes * MINUTE, line));
  const there = [90, 20, 115, 21, 20, 90].map(picture);
  expect(there[4]).toBe(there[1]);
  expect(there[5]).toBe(there[0]);
  expect(new Set(there).size).toBe(4);
  const { good, conservation } = runFlow(exampleModel, { seed: 5, durationS: 7_200 });
  expect(watched.goodUntil(watched.to)).toBe(good);
  expect(watched.at(watched.to, line).wip.value).toBe(conservation.inside);
});

test("every component that holds items stands in the hall once, chains run into the line and rework beside it", () => {
  const sketch = sketchOfFlow(exampleModel);
  expect(sketch.stations.map(({ id }) => id)).toEqual(["castings", "mill", "belt", "fit", "oven", "test", "repair", "store"]);
  expect(sketch.stations.find(({ id }) => id === "repair")!.form).toBe("rework");
  expect(sketch.flows.filter(({ kind }) => kind === "rework")).toEqual([
    { from: "test", to: "repair", kind: "rework" },
    { from: "repair", to: "test", kind: "rework" },
  ]);
  for (const name of ["queue", "gershwin", "four-stations", "line", "network", "factory", "robot-cell", "tanks", "dosing"]) {
    const text = readFileSync(new URL(`../../../../examples/simulate/${name}.json`, import.meta.url), "utf8");
    const given = modelOfFile(name, text, clock);
    if ("reason" in given) throw new Error(`${name} ${JSON.stringify(given)}`);
    const stage = given.line.stage as Stage;
    expect(stage.stations.map(({ id }) => id).toSorted(), name).toEqual(given.line.stations.map(({ id }) => id).toSorted());
    const watched = given.watch(1, 0);
    watched.advance();
    expect(watched.at(watched.reached, given.line).stations.length, name).toBe(given.line.stations.length);
  }
});

test("a line of a file is watched like a flow", () => {
  const { line, watch } = model({
    format: "doppelwerk-line/1",
    id: "two",
    products: [{ id: "A" }],
    stations: [
      { id: "S1", places: 1, cycle: { time: { kind: "constant", value: 60 } }, source: { program: true }, next: { station: "S2" } },
      { id: "S2", places: 1, cycle: { time: { kind: "constant", value: 60 } }, buffer: { capacity: 4 } },
    ],
    run: { durationS: 3_600 },
  });
  const watched = watch(1, 0);
  while (watched.advance());
  expect(watched.goodUntil(watched.to)).toBe(59);
  expect(watched.at(watched.to, line).stations.map(({ id }) => id)).toEqual(["S1", "S2"]);
});

test("what cannot be shown is refused with its reason", () => {
  const reason = (given: ModelOfFile | Refused): string => ("reason" in given ? given.reason : "shown");
  expect(reason(modelOfFile("x", "{", clock))).toBe("noJson");
  expect(reason(read({ nodes: [] }))).toBe("noModel");
  expect(read({ format: "doppelwerk-flow/1", components: [{ id: "a", type: "sorce" }] })).toEqual({
    reason: "findings",
    lines: [expect.stringContaining('did you mean "source"?')],
    more: 0,
  });
  const flow = (...components: readonly object[]): unknown => ({ format: "doppelwerk-flow/1", components });
  const out = { id: "out", type: "sink" };
  expect(reason(read(flow({ id: "in", type: "source", interarrival: 1, to: "out" }, out)))).toBe("endless");
  expect(reason(read(flow({ id: "in", type: "source", interarrival: 1, limit: 5, to: "out" }, out)))).toBe("shown");
  const many = Array.from({ length: 200 }, (_, i) => ({ id: `S${i}`, type: "station", time: 1, to: i === 199 ? "out" : `S${i + 1}` }));
  expect(reason(read(flow({ id: "in", type: "source", to: "S0" }, ...many, out)))).toBe("tooMany");
  expect(
    reason(read(flow({ id: "in", type: "source", interarrival: 1, to: "c" }, { id: "c", type: "custom", model: "m", to: "out" }, out))),
  ).toBe("custom");
});
