import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { RunError } from "../kernel/run-error.ts";
import type { LineEvent, PlaceState } from "./line-event.ts";
import { placeStates } from "./line-event.ts";
import type { LineModel } from "./line-model.ts";
import { createLineRun, runLine } from "./line-run.ts";
import type { LineRun, RunResult } from "./run.ts";
import { validateLineModel } from "./validate-line-model.ts";
import { validateLineState } from "./validate-line-state.ts";
import { MONDAY, assemblyLine, withStation } from "./assembly-line.fixture.ts";

const HOUR = 3600 * 1_000_000;

/** Everything a model can have at once, on the assembly line. */
const everything: LineModel = {
  ...withStation(
    withStation(assemblyLine, "S060", {
      materials: [{ id: "harness", capacity: 60, reorderAt: 26, kitsPerTrip: 24, distanceM: 90 }],
      scrapProbability: 0.002,
    }),
    "S040",
    {
      next: { station: "S050", travelS: 12 },
      stops: [
        {
          id: "jam",
          class: "microStop",
          clock: "cycles",
          between: { kind: "exponential", mean: 40 },
          duration: { kind: "uniform", low: 5, high: 40 },
          part: "restart",
        },
      ],
    },
  ),
  personnel: [
    { id: "line", count: 11, countByShift: { late: 10 } },
    { id: "technicians", count: 1 },
  ],
  logistics: {
    vehicles: 2,
    speedMps: 1.2,
    loadS: { kind: "uniform", low: 20, high: 60 },
    unloadS: { kind: "constant", value: 30 },
    batteryS: 3600,
    chargeS: 900,
  },
  carriers: [{ id: "carrier", count: 45, from: "S010", to: "S120", returnS: 90 }],
  effects: [
    {
      kind: "factor",
      id: "tired",
      on: "cycle",
      stations: ["S030", "S040"],
      factor: { kind: "constant", value: 1.04 },
      when: { kind: "endOfShift", lastS: 3600 },
    },
    {
      kind: "factor",
      id: "wear",
      on: "stopRate",
      stations: ["S080"],
      factor: { kind: "wear", from: 1, to: 2, overS: 86_400 },
      when: { kind: "always" },
    },
    {
      kind: "outage",
      id: "air",
      stations: ["S080", "S090", "S120"],
      cause: "utility",
      when: { kind: "random", between: { kind: "exponential", mean: 30_000 }, duration: { kind: "constant", value: 600 } },
    },
    {
      kind: "shortage",
      id: "no harness",
      material: "harness",
      when: { kind: "shifts", every: 2, afterS: 7200, durationS: 480, spreadS: 3600 },
    },
  ],
};
const withTechnicians: LineModel = {
  ...everything,
  stations: everything.stations.map((station) => ({
    ...station,
    stops: (station.stops ?? []).map((stop) =>
      stop.class === "failure" ? { ...stop, repairedBy: { pools: ["technicians"], count: 1 } } : stop,
    ),
  })),
};

const start = (
  options: { seed?: number; replication?: number; observer?: (event: LineEvent) => void } = {},
  model = withTechnicians,
): LineRun => createLineRun(model, { seed: 5, startInstant: MONDAY, ...options });

test("[S20] parts are conserved to the last one at any moment, whatever the model has", () => {
  for (const model of [assemblyLine, withTechnicians]) {
    const run = start({}, model);
    for (let hour = 1; hour <= 60; hour++) {
      run.advanceTo(MONDAY + hour * HOUR + hour);
      expect(run.result().conservation.balanced).toBe(true);
    }
    expect(run.result().good).toBeGreaterThan(1500);
  }
});

test("[S21] Little's law holds exactly: the integral of parts inside is the sum of the times spent inside", () => {
  const entered = new Map<number, number>();
  let spent = 0;
  let joined = 0;
  const run = start({
    observer: (event) => {
      if (event.kind === "partCreated" && event.station === "S010") entered.set(event.serial, event.time);
      if (event.kind === "partJoined") joined++;
      if ((event.kind === "partFinished" || event.kind === "partScrapped") && entered.has(event.serial)) {
        spent += event.time - entered.get(event.serial)!;
        entered.delete(event.serial);
      }
    },
  });
  // before the first break planned time is wall time
  const end = MONDAY + 1.9 * HOUR;
  run.advanceTo(end);
  for (const time of entered.values()) spent += end - time;
  const { wip, plannedS, conservation } = run.result();
  expect(Math.round(wip.mean * plannedS * 1e6)).toBe(spent);
  expect(wip.end).toBe(entered.size);
  expect(conservation.joined).toBe(joined);
});

test("[S22] the same seed gives the same trace hash straight, in pieces, looked at, observed, forked and restored", () => {
  const end = MONDAY + 20 * HOUR;
  const straight = runLine(withTechnicians, { seed: 5, startInstant: MONDAY, endInstant: end });
  const pieces = start({ observer: () => undefined });
  for (let at = MONDAY; at <= end; at += 7 * 60 * 1_000_000) {
    pieces.advanceTo(Math.min(at, end));
    pieces.result();
    pieces.state();
  }
  pieces.advanceTo(end);
  const parent = start();
  parent.advanceTo(MONDAY + 9 * HOUR);
  const bytes = parent.snapshot();
  const fork = parent.fork();
  const restored = start({ seed: 77 });
  restored.advanceTo(MONDAY + HOUR);
  restored.restore(bytes);
  for (const run of [parent, fork, restored]) run.advanceTo(end);
  expect([pieces, parent, fork, restored].map((run) => run.result())).toEqual([straight, straight, straight, straight]);
  expect(straight.traceHash).toMatch(/^[0-9a-f]{16}$/);
  expect(straight.events).toBeGreaterThan(10_000);
});

test("[S22] two workers give the hashes that one thread gives", async () => {
  const script = `
    const { parentPort, workerData } = require("node:worker_threads");
    import(workerData.url).then(({ runLine }) => parentPort.postMessage(workerData.replications.map((replication) => runLine(workerData.model, { ...workerData.options, replication }).traceHash)));
  `;
  const options = { seed: 5, startInstant: MONDAY, endInstant: MONDAY + 5 * HOUR };
  const url = new URL("./line-run.ts", import.meta.url).href;
  const hashes = await Promise.all(
    [
      [0, 2],
      [1, 3],
    ].map(
      (replications) =>
        new Promise<readonly string[]>((resolve, reject) => {
          const worker = new Worker(script, {
            eval: true,
            execArgv: [],
            workerData: { url, model: withTechnicians, options, replications },
          });
          worker.once("message", resolve);
          worker.once("error", reject);
        }),
    ),
  );
  const alone = [0, 1, 2, 3].map((replication) => runLine(withTechnicians, { ...options, replication }).traceHash);
  expect([hashes[0]![0], hashes[1]![0], hashes[0]![1], hashes[1]![1]]).toEqual(alone);
});

test("[S22] another seed, replication or model gives another trace hash, and so does a fork whose future is drawn anew", () => {
  const end = MONDAY + 4 * HOUR;
  const hash = (options: { seed: number; replication?: number }, model = assemblyLine): string =>
    runLine(model, { ...options, startInstant: MONDAY, endInstant: end }).traceHash;
  const parent = start({ seed: 1 }, assemblyLine);
  parent.advanceTo(MONDAY + HOUR);
  const fork = parent.fork({ replication: 3 });
  fork.advanceTo(end);
  const hashes = [
    hash({ seed: 1 }),
    hash({ seed: 2 }),
    hash({ seed: 1, replication: 1 }),
    hash({ seed: 1 }, withStation(assemblyLine, "S090", { places: 7 })),
    fork.result().traceHash,
  ];
  expect(new Set(hashes).size).toBe(5);
});

test("[S23] common random numbers: a change at the end of the line leaves the parts and stops before it as they were", () => {
  const traces = [withTechnicians, withStation(withTechnicians, "S130", { cycle: { time: { kind: "constant", value: 29 } } })].map(
    (model) => {
      const cycles: string[] = [];
      const run = start(
        { observer: (event) => event.kind === "cycleEnd" && event.station === "S010" && cycles.push(`${event.product} ${event.cycleS}`) },
        model,
      );
      run.advanceTo(MONDAY + 3 * HOUR);
      return cycles;
    },
  );
  const common = Math.min(traces[0]!.length, traces[1]!.length);
  expect(common).toBeGreaterThan(200);
  expect(traces[0]!.slice(0, common)).toEqual(traces[1]!.slice(0, common));
});

test("[S24] what the observer is told adds up to the result", () => {
  const seconds = new Map<string, Record<PlaceState, number>>();
  const state = new Map<string, readonly [PlaceState, number]>();
  const counts: Record<string, number> = {};
  let last = 0;
  let disorder = 0;
  const run = start({
    observer: (event) => {
      if (event.time < last) disorder++;
      last = event.time;
      counts[event.kind] = (counts[event.kind] ?? 0) + 1;
      if (event.kind !== "placeState") return;
      const key = `${event.station} ${event.place}`;
      const [previous, since] = state.get(key) ?? ["off", MONDAY];
      if (event.previous !== previous || (event.cause === undefined) !== (event.state === "working")) disorder++;
      const sums = seconds.get(key) ?? (Object.fromEntries(placeStates.map((name) => [name, 0])) as Record<PlaceState, number>);
      sums[previous] += (event.time - since) / 1e6;
      seconds.set(key, sums);
      state.set(key, [event.state, event.time]);
    },
  });
  const end = MONDAY + 30 * HOUR;
  run.advanceTo(end);
  const result = run.result();
  expect(disorder).toBe(0);
  for (const place of result.places) {
    const key = `${place.station} ${place.place}`;
    const [open, since] = state.get(key)!;
    const sums = { ...seconds.get(key)! };
    sums[open] += (end - since) / 1e6;
    for (const name of placeStates) expect(place.seconds[name], `${key} ${name}`).toBeCloseTo(sums[name], 3);
    expect(Object.values(place.seconds).reduce((a, b) => a + b, 0)).toBeCloseTo(30 * 3600, 3);
  }
  expect(counts.partFinished).toBe(result.good);
  expect(counts.partRejected).toBe(result.rework);
  expect(counts.cycleEnd).toBe(result.stations.reduce((sum, station) => sum + station.cycles, 0));
  for (const kind of [
    "carrierTaken",
    "carrierReleased",
    "kitUsed",
    "kitsDelivered",
    "vehicle",
    "setUpBegin",
    "setUpEnd",
    "stopBegin",
    "repairBegin",
    "stopEnd",
    "breakBegin",
    "shiftEnd",
    "effectBegin",
    "batchBegin",
    "partArrived",
  ])
    expect(counts[kind], kind).toBeGreaterThan(0);
});

test("[S25] a run started from the state of another goes on as a line does: same parts, same places, nothing lost", () => {
  const parent = start();
  for (const at of [1.3, 2.05, 5.5, 7.9, 8.6, 17.1, 30.4]) {
    parent.advanceTo(MONDAY + at * HOUR);
    const before = parent.result();
    const state = parent.state();
    const twin = createLineRun(withTechnicians, {
      seed: 9,
      startInstant: parent.now,
      initialState: JSON.parse(JSON.stringify(state)) as typeof state,
    });
    expect(twin.result().wip.end).toBe(before.wip.end);
    expect(twin.result().conservation).toMatchObject({ inside: before.conservation.inside, balanced: true });
    const again = twin.state();
    const essence = (from: typeof state): unknown => ({
      places: from.places!.map(({ station, place, part, stop, lastProduct }) => [
        station,
        place,
        part?.serial,
        part?.product,
        part?.carrierIndex,
        stop?.id,
        lastProduct,
      ]),
      buffers: from.buffers!.map((buffer) => [buffer.station, buffer.input, buffer.parts.map((part) => part.serial)]),
      materials: from.materials,
      personnel: from.personnel,
      program: from.program,
      next: from.nextSerial,
    });
    // a place that was starved at that very moment may have taken the next part of the program
    if (at < 8) expect(essence(again)).toEqual(essence(state));
    twin.advanceTo(parent.now + 6 * HOUR);
    expect(twin.result().conservation.balanced).toBe(true);
  }
});

test("[S25] with only the past known, remaining times differ between replications and are never negative", () => {
  const parent = start({}, assemblyLine);
  parent.advanceTo(MONDAY + 3 * HOUR);
  const state = parent.state("past");
  expect(JSON.stringify(state)).not.toContain("remainingS");
  expect(JSON.stringify(state)).not.toContain("untilStop");
  const goods = Array.from(
    { length: 12 },
    (_, replication) =>
      runLine(assemblyLine, { seed: 4, replication, startInstant: parent.now, horizonS: 5 * 3600, initialState: state }).good,
  );
  expect(new Set(goods).size).toBeGreaterThan(6);
  const mean = goods.reduce((a, b) => a + b, 0) / goods.length;
  expect(mean).toBeGreaterThan(330);
  expect(mean).toBeLessThan(440);
});

test("[S25] what was released of a batch tells how much of it can still come", () => {
  const batches: LineModel = {
    format: "doppelwerk-line/1",
    id: "batches",
    products: [{ id: "A" }, { id: "B" }],
    program: {
      kind: "batches",
      mix: [
        { product: "A", share: 0.5, batchMin: 20, batchMax: 40 },
        { product: "B", share: 0.5, batchMin: 20, batchMax: 40 },
      ],
    },
    stations: [{ id: "S1", places: 1, cycle: { time: { kind: "constant", value: 10 } }, source: { program: true } }],
  };
  const leftOf = (released: { readonly count: number; readonly all: boolean } | undefined, replication: number) => {
    let left = 0;
    let change = false;
    createLineRun(batches, {
      seed: 4,
      replication,
      startInstant: 0,
      initialState: { instant: 0, program: { product: "A", ...(released ? { released } : {}) } },
      observer: (event) => {
        if (event.kind === "batchBegin") change = true;
        if (event.kind === "partIntoPlace" && !change) left++;
      },
    }).advanceTo(600_000_000);
    return left;
  };
  const all = Array.from({ length: 60 }, (_, replication) => leftOf({ count: 15, all: true }, replication));
  expect(Math.min(...all)).toBeGreaterThanOrEqual(5);
  expect(Math.max(...all)).toBeLessThanOrEqual(25);
  const some = Array.from({ length: 60 }, (_, replication) => leftOf({ count: 35, all: false }, replication));
  expect(Math.max(...some)).toBeLessThanOrEqual(5);
  const unknown = Array.from({ length: 60 }, (_, replication) => leftOf(undefined, replication));
  expect(Math.max(...unknown)).toBeGreaterThan(25);
});

test("[S25] a variant that took a place, a stop, a product or a station away starts from the live state without them, and it is told", () => {
  const parent = start();
  parent.advanceTo(MONDAY + 5.4 * HOUR);
  const state = parent.state();
  expect(validateLineState(withTechnicians, state)).toEqual([]);
  const bare = withStation(withStation(assemblyLine, "S090", { places: 4 }), "S080", { stops: [] });
  const variant: LineModel = {
    ...bare,
    products: bare.products.filter((product) => product.id !== "P2"),
    program: { kind: "orders", orders: [{ product: "P1", quantity: 1 }], repeat: true },
    stations: bare.stations
      .filter((station) => station.id !== "S110")
      .map((station) => (station.id === "S100" ? { ...station, next: { station: "S120" } } : station)),
  };
  expect(validateLineModel(variant).filter((finding) => finding.severity === "error")).toEqual([]);
  expect(validateLineState(variant, state).length).toBeGreaterThan(2);
  const run = createLineRun(variant, { seed: 2, startInstant: parent.now, initialState: state });
  run.advanceTo(parent.now + 3 * HOUR);
  expect(run.result().conservation.balanced).toBe(true);
  expect(run.result().good).toBeGreaterThan(100);
});

test("[S26] deleting the warm-up leaves only what came after it", () => {
  const whole = runLine(assemblyLine, { seed: 3, startInstant: MONDAY, endInstant: MONDAY + 24 * HOUR });
  const first = runLine(assemblyLine, { seed: 3, startInstant: MONDAY, endInstant: MONDAY + 8 * HOUR });
  const rest = runLine(assemblyLine, { seed: 3, startInstant: MONDAY, endInstant: MONDAY + 24 * HOUR, warmUpS: 8 * 3600 });
  const difference = (figure: (result: RunResult) => number): void => expect(figure(rest)).toBeCloseTo(figure(whole) - figure(first), 6);
  for (const figure of [
    (result: RunResult) => result.good,
    (result: RunResult) => result.rework,
    (result: RunResult) => result.plannedS,
    (result: RunResult) => result.oee!.produced,
    (result: RunResult) => result.places[7]!.seconds.blocked,
    (result: RunResult) => result.wip.mean * result.plannedS,
    (result: RunResult) => result.buffers[4]!.mean * result.plannedS,
  ])
    difference(figure);
  expect(rest.shifts.map((shift) => [shift.shift, shift.complete, shift.good])).toEqual(
    whole.shifts.slice(1).map((shift) => [shift.shift, shift.complete, shift.good]),
  );
});

test("[C3] a line that does not get on ends with one sentence that names what it happens at", () => {
  const station = { id: "S", places: 1, cycle: { time: { kind: "exponential", mean: 1 } as const }, source: { program: true } };
  const line = (more: Partial<LineModel>, own: object = {}): LineModel => ({
    format: "doppelwerk-line/1",
    id: "one",
    products: [{ id: "A" }],
    stations: [{ ...station, ...own }],
    ...more,
  });
  const said = (model: LineModel, mostEvents?: number): string => {
    expect(validateLineModel(model).filter(({ severity }) => severity === "error")).toEqual([]);
    try {
      runLine(model, { seed: 1, startInstant: 0, horizonS: 1e6, ...(mostEvents === undefined ? {} : { mostEvents }) });
      return "";
    } catch (error) {
      return error instanceof RunError ? error.message : "not told";
    }
  };
  const tiny = { kind: "constant", value: 1e-9 } as const;
  expect(said(line({}, { cycle: { time: tiny } }))).toContain(
    'no progress at 0 s: events follow each other without taking time around station "S"',
  );
  expect(said(line({}, { stops: [{ id: "f", class: "failure", clock: "calendar", between: tiny, duration: tiny }] }))).toContain(
    'the stop "f"',
  );
  const when = { kind: "periodic", periodS: 1e-7, durationS: 1e-8 } as const;
  expect(said(line({ effects: [{ kind: "outage", id: "air", stations: ["S"], cause: "utility", when }] }))).toContain('the effect "air"');
  expect(said(line({}), 1000)).toContain("1000 events were processed by");
});
