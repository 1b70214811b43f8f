import { expect, test } from "vitest";
import { fittedDuration } from "../random/candidate.ts";
import { quantile, samplerOf } from "../random/sampler.ts";
import { checkDefinition } from "./component-definition.ts";
import type { FlowComponent, FlowModel, FlowTime } from "./flow-model.ts";
import { createFlowRun, runFlow } from "./flow-run.ts";
import type { FlowResult } from "./flow-result.ts";
import { exponential, flowOf, lineOf, queueOf } from "./truths.fixture.ts";
import { validateFlowModel } from "./validate-flow.ts";

/** Runs a model that must be valid; C1 is held on every run of every test here. */
function run(model: FlowModel, durationS?: number, replication = 0): FlowResult {
  expect(validateFlowModel(model).filter((finding) => finding.severity === "error")).toEqual([]);
  const result = runFlow(model, { seed: 1, replication, ...(durationS === undefined ? {} : { durationS }), definitions: [press] });
  expect(result.conservation.balanced).toBe(true);
  expect(result.littlesLaw.holds).toBe(true);
  return result;
}

const source = (to: string, fields: object = {}): FlowComponent => ({ id: "source", type: "source", to, ...fields }) as FlowComponent;
const station = (fields: object): FlowComponent => ({ id: "S", type: "station", time: 1, to: "out", ...fields }) as FlowComponent;

const press = checkDefinition({
  model: "press",
  parameters: { strokeS: 2 },
  columns: { strokes: "strokes done" },
  hasRoom: (context) => context.held === 0 && context.waiting === 0,
  receive: (context) => context.after(context.parameter("strokeS"), 1),
  alarm: (context) => {
    context.set("strokes", context.number("strokes") + 1);
    context.release(context.first());
    context.roomAhead();
  },
  figures: (context) => ({ strokes: context.number("strokes") }),
});

test("[C4] sources bring items by time, rate, list, order and at will, or lose them", () => {
  expect(run(flowOf(source("out", { interarrival: 10 })), 100).good).toBe(10);
  const byRate = flowOf(
    source("out", {
      rates: [
        { fromS: 0, perHour: 3600 },
        { fromS: 100, perHour: 0 },
      ],
      repeatS: 200,
    }),
  );
  expect(Math.abs(run(byRate, 20_000).good - 10_000)).toBeLessThan(400);
  const listed = flowOf(source("out", { arrivals: [{ atS: 1, quantity: 3 }, { atS: 4 }], repeatS: 10 }));
  expect(run(listed, 24).good).toBe(12);
  const orders = flowOf(
    source("S", {
      orders: [
        { product: "A", quantity: 2 },
        { product: "B", quantity: 3 },
      ],
    }),
    station({}),
  );
  expect(run(orders)).toMatchObject({ good: 5, endS: 5, goodByProduct: { A: 2, B: 3 } });
  expect(run(flowOf(source("S", { limit: 7 }), station({}))).good).toBe(7);
  // Erlang's loss formula B(3, 2) = 4/19
  const loss = flowOf(source("S", { interarrival: exponential(0.5), whenFull: "lose" }), station({ places: 3, time: exponential(1) }));
  const { lost, conservation } = run(loss, 40_000);
  expect(Math.abs(lost / conservation.entered - 4 / 19)).toBeLessThan(0.01);
  // a mix has its shares
  const mixed = run(flowOf(source("out", { interarrival: 1, mix: { A: 1, B: 3 } })), 8000);
  expect(Math.abs(mixed.goodByProduct["B"]! / mixed.good - 0.75)).toBeLessThan(0.02);
});

test("[C5] a finished item waits in its place; blocking before service begins only with room kept ahead", () => {
  const line = (blocking: "before" | "after"): FlowModel =>
    flowOf(source("A"), { id: "A", type: "station", time: 2, blocking, to: "B" }, { id: "B", type: "station", time: 3, to: "out" });
  // after: B works without a pause; before: A waits until B is empty, so the times add up
  expect(run(line("after"), 302).good).toBe(100);
  expect(run(line("before"), 300).good).toBe(60);
});

test("[C5] waiting places are served in their order, by turn and by the emptiest", () => {
  const split = (rule: object): FlowResult =>
    run(
      flowOf(
        source("A", { interarrival: 1, to: { ...rule, among: ["A", "B"] } }),
        { id: "A", type: "station", buffer: "unlimited", time: 0.5, to: "out" },
        { id: "B", type: "station", buffer: "unlimited", time: 5, to: "out" },
      ),
      100,
    );
  const turn = split({ by: "turn" });
  expect(turn.components["A"]!.in + turn.components["B"]!.queues!["buffer"]!.in).toBe(100);
  expect(turn.components["B"]!.queues!["buffer"]!.in).toBe(50);
  expect(split({ by: "shortest" }).components["B"]!.queues!["buffer"]!.in).toBeLessThan(25);
  expect(split({ by: "first" }).components["B"]!.in).toBe(0);
});

test("[C6] set-up comes with a change of product, by the matrix, and not for the first", () => {
  const orders = [
    { product: "A", quantity: 2 },
    { product: "B", quantity: 1 },
    { product: "A", quantity: 1 },
  ];
  const result = run(flowOf(source("S", { orders }), station({ setUp: { time: 5, matrix: { B: { A: 7 } } }, timeByProduct: { B: 3 } })));
  // 1 + 1 + (5 + 3) + (7 + 1)
  expect(result.endS).toBe(18);
  expect(result.components["S"]!.shares!.setUp).toBeCloseTo(12 / 18, 12);
});

test("[C7] buffers give by their order and keep items for their dwell", () => {
  const arrivals = [
    { atS: 0, product: "A" },
    { atS: 0.1, product: "B" },
    { atS: 0.2, product: "C" },
    { atS: 0.3, product: "D" },
  ];
  // A works until 10; what has left by 25 besides is the second choice
  const second = (order: string): string => {
    const model: FlowModel = {
      ...flowOf(source("b", { arrivals }), { id: "b", type: "buffer", order, to: "S" } as FlowComponent, station({ time: 10 })),
      products: [{ id: "A" }, { id: "B", priority: 2 }, { id: "C", priority: 1 }, { id: "D", priority: 3 }],
    };
    const { goodByProduct } = run(model, 25);
    return Object.keys(goodByProduct)
      .filter((product) => product !== "A" && goodByProduct[product] === 1)
      .join();
  };
  expect([second("fifo"), second("lifo"), second("priority")]).toEqual(["B", "D", "C"]);
  const drying = run(flowOf(source("b", { arrivals }), { id: "b", type: "buffer", dwell: 60, to: "out" }));
  expect(drying.endS).toBeCloseTo(60.3, 9);
  expect(drying.leadTime.meanS).toBeCloseTo(60, 9);
});

test("[C8] assembly, packing, unpacking and disassembly keep count", () => {
  const cell = run(
    flowOf(
      source("cell.body", { limit: 10 }),
      { id: "lids", type: "source", interarrival: 1, to: "cell.lid", limit: 20 },
      { id: "cell", type: "assembly", inputs: [{ id: "body" }, { id: "lid", count: 2 }], time: 0.5, to: "out" },
    ),
  );
  expect(cell).toMatchObject({ good: 10, endS: 20.5, conservation: { entered: 30, joined: 20, good: 10, inside: 0 } });
  const boxes = run(
    flowOf(
      source("pack.box", { limit: 5 }),
      { id: "items", type: "source", to: "pack.item", limit: 15 },
      { id: "pack", type: "pack", inputs: [{ id: "box" }, { id: "item", count: 3 }], time: 1, to: "unpack" },
      { id: "unpack", type: "unpack", time: 1, to: "out", containerTo: "empties" },
      { id: "empties", type: "sink", counts: "scrap" },
    ),
  );
  expect(boxes).toMatchObject({ good: 15, scrap: 5, conservation: { entered: 20, made: 0, good: 15, scrapped: 5, inside: 0 } });
  const packed = run(
    flowOf(
      source("pack.box", { limit: 5 }),
      { id: "items", type: "source", to: "pack.item", limit: 15 },
      { id: "pack", type: "pack", inputs: [{ id: "box" }, { id: "item", count: 3 }], time: 1, to: "out" },
    ),
  );
  expect(packed).toMatchObject({ good: 5, conservation: { good: 20, inside: 0 } });
  const cut = run(
    flowOf(source("saw", { limit: 4 }), {
      id: "saw",
      type: "disassembly",
      time: 1,
      parts: [{ count: 2, to: "out" }],
      to: "out",
    }),
  );
  expect(cut).toMatchObject({ good: 12, conservation: { entered: 4, made: 8, good: 12 } });
});

test("[C9] a batch begins full, or with fewer after its wait", () => {
  const oven = (batch: object): FlowModel => flowOf(source("S", { interarrival: 1, limit: 10 }), station({ time: 5, buffer: 20, batch }));
  // full at 4 and 8, then two are left for ever
  expect(run(oven({ size: 4 }), 1000)).toMatchObject({ good: 8, conservation: { inside: 2 } });
  // the last two begin when the first of them (arrived at 9) has waited 10 s
  expect(run(oven({ size: 4, minimum: 1, waitS: 10 }))).toMatchObject({ good: 10, endS: 24 });
});

test("[C10] conveyors: transport time, spacing, accumulation and a belt that stops", () => {
  const belt = (accumulating: boolean, time: number, limit: number): FlowModel =>
    flowOf(
      source("belt", { limit }),
      { id: "belt", type: "conveyor", lengthM: 10, speedMps: 1, pitchM: 2, accumulating, to: "S" },
      station({ time }),
    );
  // entries at 0, 2, 4 …; 10 s on the way
  expect(run(belt(true, 1, 4)).endS).toBe(10 + 3 * 2 + 1);
  // a slow station: items close up and are at hand at once
  expect(run(belt(true, 5, 4)).endS).toBe(10 + 4 * 5);
  expect(run(belt(true, 5, 50), 60).components["belt"]!.contentMax).toBe(5);
  // A is at the station from 10 to 30, B stands at the end from 16; C is 4 m behind when the belt stops with it, else it closes up to 2 m
  const stopAndGo = (accumulating: boolean): FlowModel =>
    flowOf(
      source("belt", {
        arrivals: [
          { atS: 0, product: "A" },
          { atS: 6, product: "B" },
          { atS: 12, product: "C" },
        ],
      }),
      { id: "belt", type: "conveyor", lengthM: 10, speedMps: 1, pitchM: 2, accumulating, to: "S" },
      station({ time: 1, timeByProduct: { A: 20 } }),
    );
  expect(run(stopAndGo(true)).endS).toBe(30 + 2 + 1);
  expect(run(stopAndGo(false)).endS).toBe(30 + 6 + 1);
});

test("[C11] operators are shared, walk, and are chosen by skill", () => {
  const model: FlowModel = {
    ...flowOf(source("A", { limit: 4 }), { id: "A", type: "station", places: 2, time: 10, operators: [{ skill: "load" }], to: "out" }),
    operators: [
      { id: "both", count: 1, skills: ["load", "weld"] },
      { id: "loader", count: 1, skills: ["load"], walkS: 2 },
    ],
  };
  // first item: the loader (fewest skills) walks 2 s; second: the other at once
  const result = run(model);
  expect(result.operators["loader"]!.busyMean * result.endS).toBe(24);
  expect(result.operators["both"]!.busyMean * result.endS).toBe(20);
  const single = run({ ...model, operators: [{ id: "one", count: 1, skills: ["load"] }] });
  expect(single.endS).toBe(40);
  expect(single.components["A"]!.shares!.waitingOperator).toBeGreaterThan(0.2);
});

test("[C12] a break pauses work or lets the item in work end", () => {
  const model = (atBreak: "pause" | "finish"): FlowModel => ({
    ...flowOf(source("S", { limit: 2 }), station({ time: 6, calendar: "day", atBreak })),
    calendars: [
      {
        id: "day",
        periodS: 100,
        on: [
          { fromS: 0, toS: 10 },
          { fromS: 20, toS: 100 },
        ],
      },
    ],
  });
  expect(run(model("pause"), 99).leadTime.maxS).toBe(16);
  expect(run(model("pause"), 99).components["S"]!.shares!.break).toBeCloseTo(10 / 99, 12);
  expect(run(model("finish"), 99).leadTime.maxS).toBe(6);
});

test("[C13] stops by operating time, calendar and cycles; resumed, begun anew, scrapped, with a crew", () => {
  const machine = (stop: object, fields: object = {}): FlowModel =>
    flowOf(source("S", { limit: 10, interarrival: 20 }), station({ time: 10, stops: [{ id: "stop", ...stop }], ...fields }));
  const failed = (model: FlowModel): number => run(model, 400).components["S"]!.shares!.failed * 400;
  // works half of the time: 25 s of work last 50 s of calendar
  expect(failed(machine({ clock: "operating", between: 25, duration: 1 }))).toBeCloseTo(3, 6);
  expect(failed(machine({ clock: "calendar", between: 25, duration: 1 }))).toBeCloseTo(15, 6);
  expect(run(machine({ clock: "cycles", between: 3, duration: 4 }), 400).components["S"]!.failures).toBe(3);
  const end = (item: string): FlowResult =>
    run(
      flowOf(source("S", { limit: 1 }), station({ time: 10, stops: [{ id: "stop", clock: "operating", between: 8, duration: 5, item }] })),
      100,
    );
  expect(end("resume").leadTime.maxS).toBe(15);
  expect(end("scrap")).toMatchObject({ good: 0, scrap: 1 });
  // 8 s of work, a stop, and the same again, for ever
  expect(end("restart")).toMatchObject({ good: 0, conservation: { inside: 1 } });
  const crew: FlowModel = {
    ...flowOf(
      source("A"),
      { id: "other", type: "source", to: "B" },
      ...["A", "B"].map((id): FlowComponent => ({
        id,
        type: "station",
        time: 1,
        stops: [{ id: "stop", clock: "operating", between: 10, duration: 10, repairedBy: { operators: "fitter" } }],
        to: "out",
      })),
    ),
    operators: [{ id: "fitter", count: 1 }],
  };
  // both stop at 10; one repair after another
  const repaired = run(crew, 30);
  expect(repaired.components["A"]!.shares!.failed + repaired.components["B"]!.shares!.failed).toBeCloseTo(20 / 30, 9);
  expect(repaired.components["B"]!.shares!.waitingRepair).toBeCloseTo(10 / 30, 9);
  const maintained = run(machine({ kind: "maintenance", clock: "calendar", between: 25, duration: 3 }), 400);
  expect(maintained.components["S"]!.shares!.maintenance).toBeGreaterThan(0.05);
  expect(maintained.components["S"]!.failures).toBe(0);
});

test("[C14] rejects go back or are scrapped, on the last try always", () => {
  const inspected = (inspection: object): FlowModel => flowOf(source("S", { limit: 2000 }), station({ buffer: "unlimited", inspection }));
  expect(run(inspected({ reject: 1, to: "S", maxTries: 3 }))).toMatchObject({ good: 0, scrap: 2000 });
  const once = run(inspected({ reject: [1, 0], to: "S" }));
  expect(once).toMatchObject({ good: 2000, scrap: 0 });
  expect(once.components["S"]!.rejected).toBe(2000);
  expect(Math.abs(run(inspected({ reject: 0.25 })).scrap - 500)).toBeLessThan(80);
});

test("[C15] a limit holds the items of a span", () => {
  const line = lineOf([1, 1, 1], [50, 50]);
  const limited = run({ ...line, limits: [{ id: "cards", count: 4, from: "S1", to: "S3" }] }, 2000);
  expect(limited.wip.max).toBeLessThanOrEqual(4);
  expect(limited.limits["cards"]!.usedMean).toBeCloseTo(limited.wip.mean, 9);
  expect(run(line, 2000).wip.max).toBeGreaterThan(4);
});

test("[C15] room that is kept before work keeps the card, too", () => {
  const model: FlowModel = {
    ...flowOf(
      ...["A1", "A2"].flatMap((id): FlowComponent[] => [
        { id: `in${id}`, type: "source", to: id },
        { id, type: "station", time: 1, blocking: "before", to: "B" },
      ]),
      { id: "B", type: "station", buffer: 5, time: 10, to: "out" },
    ),
    limits: [{ id: "cards", count: 1, from: "B", to: "B" }],
  };
  const result = run(model, 1000);
  expect(result.components["B"]!.queues!["buffer"]!.contentMean).toBe(0);
  expect(result.limits["cards"]!.usedMean).toBeLessThanOrEqual(1);
  // one second before B and ten in it
  expect(result.good).toBe(90);
});

test("[C16] vehicles drive, load, give, charge, and keep out of a zone that is taken", () => {
  const model = (vehicles: number, zone: boolean, battery = false): FlowModel => ({
    ...flowOf(source("move", { interarrival: 5, limit: 4 }), {
      id: "move",
      type: "transport",
      fleet: "agv",
      at: "P",
      points: { out: "Q" },
      to: "out",
    }),
    network: { points: ["P", "Q"], ways: [{ from: "P", to: "Q", lengthM: 20, ...(zone ? { zone: "aisle" } : {}) }] },
    fleets: [
      {
        id: "agv",
        vehicles,
        speedMps: 2,
        home: "P",
        loadS: 1,
        unloadS: 1,
        ...(battery ? { battery: { driveM: 30, chargeS: 100, at: "P" } } : {}),
      },
    ],
  });
  // 1 + 10 + 1 there, 10 back: an item every 22 s from 5 on
  expect(run(model(1, false)).endS).toBe(5 + 3 * 22 + 12);
  expect(run(model(4, false)).endS).toBe(20 + 12);
  // four in one aisle: one drives at a time
  expect(run(model(4, true)).endS).toBe(5 + 1 + 4 * 10 + 1);
  expect(run(model(1, false, true)).endS).toBeGreaterThan(5 + 3 * 22 + 12 + 90);
});

test("[C17] tanks fill, run dry and overflow nowhere; no litre is lost", () => {
  const result = run(
    {
      format: "doppelwerk-flow/1",
      components: [
        { id: "T", type: "tank", capacityL: 100, initialL: 50 },
        { id: "U", type: "tank", capacityL: 30 },
        { id: "in", type: "pipe", to: "T", rateLps: 2, open: 100, shut: 100 },
        { id: "across", type: "pipe", from: "T", to: "U", rateLps: 3 },
        { id: "out", type: "pipe", from: "U", rateLps: 1 },
      ],
    },
    200,
  );
  // U is full after 15 s, then what leaves it comes in; T holds enough for 200 s
  expect(result.pipes["out"]!.litres).toBeCloseTo(200, 6);
  expect(result.pipes["across"]!.litres).toBeCloseTo(230, 3);
  // T: 50 − 15 at 15 s, + 1 L/s to 100 L at 80 s, full to 100 s, then − 1 L/s
  expect(result.tanks["T"]!.fullShare).toBeCloseTo(20 / 200, 6);
  expect(result.tanks["T"]!.levelEndL).toBeCloseTo(0, 3);
  expect(Math.abs(result.conservation.litresMissing)).toBeLessThan(1e-9);
});

test("[C18] shares of the states add up to 1 and energy is watts by time", () => {
  const result = run(
    flowOf(source("S", { interarrival: 20, limit: 100 }), station({ time: 5, energy: { workingW: 1000, idleW: 100 } })),
    2020,
  );
  const { shares, energyKWh } = result.components["S"]!;
  expect(Object.values(shares!).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  expect(energyKWh).toBeCloseTo((500 * 1000 + 1520 * 100) / 3.6e6, 9);
});

test("[C20] a component of a program works, forks and is counted like the others", () => {
  const model = flowOf(
    source("press", { interarrival: exponential(3) }),
    {
      id: "press",
      type: "custom",
      model: "press",
      parameters: { strokeS: 1.5 },
      to: "S",
    },
    station({ time: exponential(1) }),
  );
  const result = run(model, 3000);
  expect(result.components["press"]!.own!["strokes"]).toBeGreaterThan(800);
  const straight = createFlowRun(model, { seed: 1, definitions: [press] });
  straight.advanceTo(1000);
  const fork = straight.fork();
  straight.advanceTo(3000);
  fork.advanceTo(3000);
  expect(fork.result().traceHash).toBe(straight.result().traceHash);
});

test("[C21] a rework loop that has filled up is named", () => {
  const loop = flowOf(
    source("A", { limit: 100 }),
    { id: "A", type: "station", time: 1, buffer: 2, to: "B" },
    { id: "B", type: "station", time: 1, buffer: 1, to: [{ to: "A", probability: 0.9 }, { to: "out" }] },
  );
  expect(run(loop, 5000).deadlock).toEqual(["A", "B"]);
  expect(run(queueOf(1, 1, 0.5), 100).deadlock).toEqual([]);
});

test("[C45] observed values are fitted where the file asks for it, and drawn themselves where no family fits", () => {
  const drawn = samplerOf({ kind: "gamma", mean: 30, cv: 0.4 });
  const values = Array.from({ length: 300 }, (_, i) => quantile(drawn, (i + 0.5) / 300));
  expect(fittedDuration(values)).toMatchObject({ kind: "gamma" });
  const machine = (time: FlowTime): number => run(flowOf(source("S"), station({ time })), 90_000).throughputPerS;
  expect(Math.abs(machine({ kind: "fitted", values }) * 30 - 1)).toBeLessThan(0.02);
  // two speeds are no family; three values are too few, equal ones have no spread
  const two = Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 10 : 50));
  expect(fittedDuration(two)).toMatchObject({ kind: "empirical" });
  expect(Math.abs(machine({ kind: "fitted", values: two }) * 30 - 1)).toBeLessThan(0.03);
  expect(machine({ kind: "fitted", values: [20, 20, 20] })).toBeCloseTo(1 / 20, 3);
  expect(fittedDuration([0, 1, 2, 3, 4, 5])).toMatchObject({ kind: "empirical" });
});
