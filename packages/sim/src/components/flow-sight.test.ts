import { expect, test } from "vitest";
import type { FlowModel } from "./flow-model.ts";
import { createFlowRun } from "./flow-run.ts";
import { validateFlowModel } from "./validate-flow.ts";

const works: FlowModel = {
  format: "doppelwerk-flow/1",
  products: [{ id: "red" }, { id: "blue" }],
  network: { points: ["here", "there"], ways: [{ from: "here", to: "there", lengthM: 40 }] },
  fleets: [{ id: "agv", vehicles: 2, speedMps: 1, home: "here", loadS: 3 }],
  components: [
    { id: "orders", type: "source", interarrival: { kind: "exponential", mean: 4 }, mix: { red: 1, blue: 1 }, to: "saw" },
    { id: "lids", type: "source", to: "cell.lid" },
    {
      id: "saw",
      type: "station",
      places: 2,
      buffer: { capacity: 3, order: "lifo" },
      time: { kind: "exponential", mean: 6 },
      stops: [{ id: "f", clock: "operating", between: { kind: "exponential", mean: 60 }, duration: { kind: "exponential", mean: 20 } }],
      to: "belt",
    },
    { id: "belt", type: "conveyor", lengthM: 6, speedMps: 0.3, pitchM: 0.5, to: "cell.body" },
    {
      id: "cell",
      type: "assembly",
      inputs: [
        { id: "body", capacity: 4 },
        { id: "lid", count: 2 },
      ],
      time: 5,
      to: "oven",
    },
    { id: "oven", type: "station", time: 20, batch: { size: 4, minimum: 2, waitS: 30 }, buffer: 4, to: "drive" },
    { id: "drive", type: "transport", fleet: "agv", at: "here", points: { store: "there" }, to: "store" },
    { id: "store", type: "buffer", dwell: 50, to: "out" },
    { id: "out", type: "sink" },
    { id: "tank", type: "tank", capacityL: 100, initialL: 20 },
    { id: "tap", type: "pipe", to: "tank", rateLps: 0.02 },
  ],
};

test("[C46] what is inside is seen once, in places and queues, and looking changes nothing", () => {
  expect(validateFlowModel(works)).toEqual([]);
  const looked = createFlowRun(works, { seed: 4 });
  const straight = createFlowRun(works, { seed: 4 });
  const states = new Set<string>();
  for (let second = 7; second <= 2_800; second += 7) {
    looked.advanceTo(second);
    const { nowS, good, components } = looked.look(1_000);
    const { conservation } = looked.result();
    const items = components.flatMap(({ places, waiting }) => [...places.flatMap(({ item }) => item ?? []), ...waiting]);
    expect(nowS).toBe(second);
    expect(good).toBe(conservation.good);
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
    expect(items.length).toBe(conservation.inside);
    for (const { id, places } of components)
      for (const { state, sinceS, item } of places) {
        states.add(`${id} ${state}`);
        expect(sinceS).toBeLessThanOrEqual(second);
        if (state === "working") expect(item).toBeDefined();
      }
    expect(components.find(({ id }) => id === "tank")!.litres).toBeCloseTo(Math.min(100, 20 + second * 0.02), 6);
  }
  expect([...states]).toEqual(expect.arrayContaining(["saw working", "saw failed", "cell working", "oven working"]));
  const [short] = looked.look(1).components.filter(({ waitingCount }) => waitingCount > 1);
  expect(short!.waiting.length).toBe(1);
  straight.advanceTo(2_800);
  expect(looked.result().traceHash).toBe(straight.result().traceHash);
});
