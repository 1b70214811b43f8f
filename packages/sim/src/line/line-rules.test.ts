import { expect, test } from "vitest";
import type { Distribution } from "../random/distribution.ts";
import { modelOf } from "../experiments/replication.ts";
import type { LineEvent } from "./line-event.ts";
import type { CalendarModel, LineModel, StationModel, StopModel } from "./line-model.ts";
import { createLineRun, runLine } from "./line-run.ts";
import type { ProgramCondition } from "./line-state.ts";
import type { RunResult } from "./run.ts";
import { validateLineModel } from "./validate-line-model.ts";
import { MONDAY } from "./assembly-line.fixture.ts";

const constant = (value: number): Distribution => ({ kind: "constant", value });
const S = 1_000_000;

/** A line of stations in a row, each given as its difference from a 10 s station with one place and a buffer of two. */
function row(stations: readonly Partial<StationModel>[], more: Partial<LineModel> = {}): LineModel {
  const model: LineModel = {
    format: "doppelwerk-line/1",
    id: "row",
    products: [
      { id: "A", attributes: { family: "x" } },
      { id: "B", attributes: { family: "y" } },
    ],
    stations: stations.map((station, index) => ({
      id: `S${index + 1}`,
      places: 1,
      cycle: { time: constant(10) },
      ...(index === 0 ? { source: { program: true } } : { buffer: { capacity: 2 } }),
      ...(index < stations.length - 1 ? { next: { station: stations[index + 1]!.id ?? `S${index + 2}` } } : {}),
      ...station,
    })),
    ...more,
  };
  expect(validateLineModel(model).filter((finding) => finding.severity === "error")).toEqual([]);
  return model;
}

/** Events of a run of so many seconds, with times in seconds since its start. */
function watch(model: LineModel, seconds: number, start = 0): { events: (LineEvent & { at: number })[]; result: RunResult } {
  const events: (LineEvent & { at: number })[] = [];
  const result = runLine(model, {
    seed: 1,
    startInstant: start,
    horizonS: seconds,
    observer: (event) => events.push({ ...event, at: (event.time - start) / S }),
  });
  expect(result.conservation.balanced).toBe(true);
  expect(result.littlesLaw.holds).toBe(true);
  return { events, result };
}

const shares = (result: RunResult, station: number): Readonly<Record<string, number>> => result.stations[station]!.shares;
const times = (events: readonly (LineEvent & { at: number })[], kind: LineEvent["kind"], station?: string): number[] =>
  events
    .filter((event) => event.kind === kind && (station === undefined || ("station" in event && event.station === station)))
    .map((event) => event.at);

test("[S8] a finished part blocks its place until there is room ahead; a station without parts is starved", () => {
  const { events, result } = watch(row([{}, { cycle: { time: constant(25) } }, {}]), 1000);
  expect(result.good).toBe(Math.floor((1000 - 10 - 10) / 25));
  // buffer of two full, one in the slow place: the first place holds its next finished part
  expect(shares(result, 0).blocked).toBeCloseTo(1 - 10 / 25, 1);
  expect(shares(result, 1).working).toBeCloseTo(0.99, 2);
  expect(shares(result, 2).starved).toBeCloseTo(1 - 10 / 25, 1);
  const first = events.find((event) => event.kind === "placeState" && event.state === "blocked");
  expect(first).toMatchObject({ station: "S1", cause: "downstream" });
  expect(events.find((event) => event.kind === "placeState" && event.state === "starved" && event.at > 0)).toMatchObject({
    station: "S3",
    cause: "upstream",
  });
});

test("[S8] without a buffer a part goes straight from place to place", () => {
  const { events, result } = watch(row([{}, { buffer: { capacity: 0 }, cycle: { time: constant(15) } }]), 300);
  expect(result.good).toBe(Math.floor((300 - 10) / 15));
  expect(events.some((event) => event.kind === "partIntoBuffer")).toBe(false);
  expect(result.wip.end).toBe(2);
});

test("[S8] travel takes its time and holds a slot of the buffer ahead", () => {
  const { events, result } = watch(row([{ next: { station: "S2", travelS: 30 } }, { buffer: { capacity: 1 } }]), 205);
  expect(times(events, "partIntoPlace", "S2").slice(0, 3)).toEqual([40, 70, 100]);
  expect(result.good).toBe(6);
});

test("[S9] parallel places share a buffer, the one idle longest takes the next part", () => {
  const { events, result } = watch(row([{}, { places: 3, cycle: { time: constant(29) } }]), 600);
  expect(result.good).toBe(Math.floor((600 - 10 - 29) / 10) + 1);
  const order = events
    .filter((event) => event.kind === "partIntoPlace" && event.station === "S2")
    .map((event) => (event as { place: number }).place);
  expect(order.slice(0, 6)).toEqual([0, 1, 2, 0, 1, 2]);
});

test("[S10] assembly takes one part of each input, waits for the missing one, and ends the joined part", () => {
  const model = row([
    { id: "tub", cycle: { time: constant(40) }, source: { program: false }, next: { station: "marry", input: "assembly" } },
    { id: "load", cycle: { time: constant(5) }, source: { program: true }, next: { station: "marry" } },
    { id: "marry", cycle: { time: constant(10) }, assembly: { buffer: { capacity: 2 } } },
  ]);
  const { events, result } = watch(model, 400);
  expect(times(events, "partJoined").slice(0, 3)).toEqual([40, 80, 120]);
  expect(result.good).toBe(9);
  expect(result.conservation).toMatchObject({ joined: 10, good: 9 });
  expect(
    events.find((event) => event.kind === "placeState" && event.state === "starved" && event.station === "marry" && event.at === 5),
  ).toBeUndefined();
  expect(shares(result, 2).starved).toBeGreaterThan(0.7);
});

test("[S11] carriers limit what is inside and come back after their way", () => {
  const model = row([{ cycle: { time: constant(1) } }, { cycle: { time: constant(10) } }, { cycle: { time: constant(1) } }], {
    carriers: [{ id: "tray", count: 2, from: "S1", to: "S2", returnS: 20 }],
  });
  const { events, result } = watch(model, 1000);
  // a carrier is away 1 + 10 + 20 s and waits for nothing
  expect(result.good).toBeGreaterThanOrEqual(Math.floor((1000 * 2) / 32));
  expect(result.good).toBeLessThanOrEqual(Math.ceil((1000 * 2) / 31));
  expect(events.find((event) => event.kind === "placeState" && event.station === "S1" && event.state === "starved")).toMatchObject({
    cause: "downstream",
    reason: "tray",
  });
  for (const event of events) if (event.kind === "carrierTaken") expect(event.free).toBeGreaterThanOrEqual(0);
});

test("[S12] operators are seized for the cycle, own pool first, floaters after; too few make places wait", () => {
  const station: Partial<StationModel> = { operators: { pools: ["own", "floaters"], count: 1 } };
  const personnel = (floaters: number): LineModel["personnel"] => [
    { id: "own", count: 1 },
    { id: "floaters", count: floaters },
  ];
  const two = watch(row([{}, station, station], { personnel: personnel(1) }), 1000).result;
  const one = watch(row([{}, station, station], { personnel: personnel(0) }), 1000).result;
  expect(two.good).toBe(98);
  // one pair of hands for 20 s of work a part
  expect(one.good).toBeLessThanOrEqual(49);
  expect(one.good).toBeGreaterThan(45);
  expect(shares(one, 1).waitingOperator! + shares(one, 2).waitingOperator!).toBeGreaterThan(0.4);
});

const stopEvery = (seconds: number, duration: number, more: Partial<StopModel> = {}): StopModel => ({
  id: "jam",
  class: "failure",
  clock: "operating",
  between: constant(seconds),
  duration: constant(duration),
  ...more,
});

test("[S13] a stop interrupts the cycle, which goes on after, begins anew or is lost, as the stop says", () => {
  const ends = (part: StopModel["part"]): number[] =>
    times(watch(row([{ stops: [stopEvery(25, 100, { part })] }]), 150).events, "cycleEnd");
  expect(ends("resume").slice(0, 4)).toEqual([10, 20, 130, 140]);
  expect(ends("restart").slice(0, 4)).toEqual([10, 20, 135, 145]);
  expect(ends("scrap").slice(0, 4)).toEqual([10, 20, 135, 145]);
  expect(watch(row([{ stops: [stopEvery(25, 100, { part: "scrap" })] }]), 149).result.scrap).toBe(1);
});

test("[S13] clocks: operating time stands still while starved, calendar time does not, cycles count parts", () => {
  const slow = { cycle: { time: constant(30) } };
  const at = (clock: StopModel["clock"], between: number): number[] =>
    times(watch(row([slow, { stops: [stopEvery(between, 5, { clock })] }]), 200).events, "stopBegin");
  expect(at("operating", 25)).toEqual([95, 180]);
  expect(at("calendar", 25)).toEqual([25, 55, 85, 115, 145, 175]);
  expect(at("cycles", 2)).toEqual([70, 130, 190]);
});

test("[S13] a stop of the station halts all its places, a stop of a place only that one", () => {
  const station = (scope: StopModel["scope"]): Partial<StationModel> => ({
    places: 2,
    cycle: { time: constant(20) },
    stops: [stopEvery(100, 50, { scope })],
  });
  const together = watch(row([{}, station("station")]), 1010).result;
  expect(together.places.slice(1).map((place) => place.seconds.failed)).toEqual([300, 300].map((value) => expect.closeTo(value, -2)));
  expect(together.places[1]!.seconds.failed).toBe(together.places[2]!.seconds.failed);
  expect(together.places[1]!.failures + together.places[2]!.failures).toBe(7);
  const alone = watch(row([{}, station("place")]), 1010);
  expect(alone.events.flatMap((event) => (event.kind === "stopBegin" ? [[event.place, event.at]] : [])).slice(0, 2)).toEqual([
    [0, 110],
    [1, 120],
  ]);
});

test("[S14] repairs queue for technicians; micro-stops need none and are no failures", () => {
  const stop = stopEvery(100, 60, { repairedBy: { pools: ["technicians"], count: 1 } });
  const stations: Partial<StationModel>[] = [{ stops: [stop] }, { source: { program: true }, buffer: undefined, stops: [stop] }, {}];
  const model = row(
    [{ ...stations[0], next: { station: "S3" } }, { ...stations[1], next: { station: "S3" } }, { cycle: { time: constant(1) } }],
    { personnel: [{ id: "technicians", count: 1 }] },
  );
  const { events, result } = watch(model, 400);
  expect(times(events, "stopBegin").slice(0, 2)).toEqual([100, 100]);
  expect(times(events, "repairBegin").slice(0, 2)).toEqual([100, 160]);
  expect(events.find((event) => event.kind === "stopEnd" && event.station === "S1")).toMatchObject({ downS: 120, repairS: 60 });
  expect(result.places[0]!.seconds.waitingRepair).toBe(60);
  const micro = watch(row([{ stops: [stopEvery(100, 5, { class: "microStop" })] }]), 400).result;
  expect(micro.places[0]).toMatchObject({ failures: 0, microStops: 3 });
  expect(micro.places[0]!.seconds.microStop).toBe(15);
});

const orders = (...list: readonly (readonly [string, number])[]): LineModel["program"] => ({
  kind: "orders",
  orders: list.map(([product, quantity]) => ({ product, quantity })),
});

test("[S15] set-up follows the attribute that changes, with a matrix by direction; several add up", () => {
  const setUps: StationModel["setUps"] = [
    { attribute: "family", time: constant(100), matrix: { y: { x: constant(30) } } },
    { attribute: "colour", time: constant(7) },
  ];
  const products: LineModel["products"] = [
    { id: "A", attributes: { family: "x", colour: "red" } },
    { id: "A2", attributes: { family: "x", colour: "red" } },
    { id: "B", attributes: { family: "y", colour: "blue" } },
  ];
  const model: LineModel = { ...row([{ setUps }]), products, program: orders(["A", 2], ["A2", 1], ["B", 1], ["A", 1]) };
  const { events, result } = watch(model, 400);
  expect(events.flatMap((event) => (event.kind === "setUpBegin" ? [[event.at, event.from, event.to, event.plannedS]] : []))).toEqual([
    [30, "A2", "B", 107],
    [147, "B", "A", 37],
  ]);
  expect(result.places[0]!.seconds.setUp).toBe(144);
  expect(result.good).toBe(5);
  expect(result.goodByProduct).toEqual({ A: 3, A2: 1, B: 1 });
});

test("[S16] the program gives products their share of the units, in batches of the size asked for", () => {
  const model = row([{ cycle: { time: constant(1) } }], {
    program: {
      kind: "batches",
      mix: [
        { product: "A", share: 0.7, batchMin: 50, batchMax: 150 },
        { product: "B", share: 0.3, batchMin: 10, batchMax: 20 },
      ],
    },
  });
  const { events, result } = watch(model, 30_000);
  expect(result.goodByProduct.A! / result.good).toBeCloseTo(0.7, 1);
  const sizes = events.flatMap((event) => (event.kind === "batchBegin" && event.product === "B" ? [event.size] : []));
  expect(Math.min(...sizes)).toBe(10);
  expect(Math.max(...sizes)).toBe(20);
  const list = watch(row([{ cycle: { time: constant(1) } }], { program: orders(["B", 3], ["A", 2]) }), 100).result;
  expect(list.goodByProduct).toEqual({ A: 2, B: 3 });
  expect(list.wip.end).toBe(0);
});

test("[S17] an inspection rejects by try, sends to rework and back, and scraps after the last try", () => {
  const inspection = (rejectByTry: readonly number[]): StationModel["inspection"] => ({
    rejectByTry,
    maxTries: 3,
    reject: { station: "R" },
  });
  const model = (rejectByTry: readonly number[]): LineModel =>
    row(
      [
        { cycle: { time: constant(20) } },
        { inspection: inspection(rejectByTry), next: { station: "S3" } },
        {},
        { id: "R", cycle: { time: constant(5) }, next: { station: "S2" } },
      ].map((station, index) => (index === 2 ? { ...station, next: undefined } : station)),
    );
  const always = watch(model([1]), 2000).result;
  expect(always.good).toBe(0);
  expect(always.rework).toBeGreaterThanOrEqual(2 * always.scrap);
  expect(always.scrap).toBeGreaterThan(60);
  const twice = watch(model([1, 1, 0]), 2000).result;
  expect(twice.scrap).toBe(0);
  expect(twice.goodFirstPass).toBe(0);
  expect(Math.abs(twice.rework - 2 * twice.good)).toBeLessThan(8);
  const some = watch(model([0.25, 0]), 40_000).result;
  expect(some.rework / some.started).toBeCloseTo(0.25, 1);
});

const twoShifts: CalendarModel = {
  kind: "weekly",
  shifts: [
    { id: "early", days: [1, 2, 3, 4, 5], startS: 6 * 3600, endS: 14 * 3600, breaks: [{ startS: 8 * 3600, durationS: 600 }] },
    { id: "late", days: [1, 2, 3, 4, 5], startS: 14 * 3600, endS: 22 * 3600 },
  ],
};

test("[S18] work and repair pause for breaks and between shifts and go on after; an unattended station does not", () => {
  const model = (unattended: boolean): LineModel => row([{ cycle: { time: constant(7200 + 100) }, unattended }], { calendar: twoShifts });
  expect(times(watch(model(false), 8 * 3600, MONDAY).events, "cycleEnd")).toEqual([7200 + 600 + 100, 7900 + 7300, 7900 + 2 * 7300]);
  expect(times(watch(model(true), 8 * 3600, MONDAY).events, "cycleEnd")).toEqual([7300, 14_600, 21_900]);
  const repair = (repairAlways: boolean): number[] =>
    times(watch(row([{ stops: [stopEvery(7195, 100, { repairAlways })] }], { calendar: twoShifts }), 3 * 3600, MONDAY).events, "stopEnd");
  expect(repair(false)).toEqual([7895]);
  expect(repair(true)).toEqual([7295]);
  const week = watch(row([{ cycle: { time: constant(60) } }], { calendar: twoShifts }), 7 * 86_400, MONDAY).result;
  expect(week.shifts.length).toBe(11);
  expect(week.shifts.slice(0, 10).every((shift) => shift.complete)).toBe(true);
  expect(week.plannedS).toBe(5 * (16 * 3600 - 600));
  expect(week.good).toBe(5 * 950);
  expect(week.places[0]!.seconds).toMatchObject({ break: 3000, off: 7 * 86_400 - 5 * 16 * 3600, working: week.plannedS });
});

test("[S18] a listed calendar and a fixed offset from universal time give the same shifts as the week", () => {
  const figures = (calendar: CalendarModel, start: number): unknown =>
    watch(row([{ cycle: { time: constant(60) } }], { calendar }), 86_400, start).result.shifts.map((shift) => [
      shift.shift,
      shift.good,
      shift.plannedS,
    ]);
  const shifted: CalendarModel = { ...twoShifts, utcOffsetS: 3600 };
  const listed: CalendarModel = {
    kind: "list",
    shifts: [
      { id: "early", start: MONDAY, end: MONDAY + 8 * 3600 * S, breaks: [{ start: MONDAY + 2 * 3600 * S, end: MONDAY + 7800 * S }] },
      { id: "late", start: MONDAY + 8 * 3600 * S, end: MONDAY + 16 * 3600 * S },
    ],
  };
  const week = figures(twoShifts, MONDAY - 3600 * S);
  expect(figures(listed, MONDAY - 3600 * S)).toEqual(week);
  expect(figures(shifted, MONDAY - 2 * 3600 * S)).toEqual(week);
});

test("[S19] kits are used one a part, called at the reorder level, brought by vehicles, and waited for", () => {
  const model = (vehicles: number, kitsPerTrip: number): LineModel =>
    row([{}, { materials: [{ id: "kit", capacity: 40, reorderAt: 4, initial: 4, kitsPerTrip, distanceM: 60 }] }], {
      logistics: { vehicles, speedMps: 1.2, loadS: constant(30), unloadS: constant(20), batteryS: 1000, chargeS: 200 },
    });
  const { events, result } = watch(model(1, 8), 1000);
  // called at once: loading 30, driving 50, unloading 20
  expect(times(events, "kitsDelivered")[0]).toBe(100);
  expect(times(events, "kitUsed").slice(0, 5)).toEqual([10, 20, 30, 40, 100]);
  expect(
    events
      .filter((event) => event.kind === "vehicle")
      .slice(0, 5)
      .map((event) => [event.at, (event as { phase: string }).phase]),
  ).toEqual([
    [0, "loading"],
    [30, "driving"],
    [80, "unloading"],
    [100, "returning"],
    [150, "idle"],
  ]);
  expect(events.some((event) => event.kind === "vehicle" && event.phase === "charging")).toBe(true);
  expect(shares(result, 1).waitingMaterial).toBeGreaterThan(0.3);
  expect(watch(model(3, 24), 1000).result.good).toBeGreaterThan(result.good);
});

test("[S27] effects: slower cycles at the end of a shift, an outage that stops stations at once, a shortage of kits", () => {
  const calendar = twoShifts;
  const tired = watch(
    row([{ cycle: { time: constant(60) } }], {
      calendar,
      effects: [
        { kind: "factor", id: "tired", on: "cycle", factor: { kind: "constant", value: 1.5 }, when: { kind: "endOfShift", lastS: 3600 } },
      ],
    }),
    8 * 3600,
    MONDAY,
  ).result;
  expect(tired.good).toBe(7 * 60 - 10 + 40);
  const air = watch(
    row([{}, {}], {
      effects: [
        {
          kind: "outage",
          id: "air",
          stations: ["S2"],
          cause: "utility",
          when: { kind: "intervals", intervals: [{ start: 105 * S, end: 205 * S }] },
        },
      ],
    }),
    300,
  );
  expect(air.result.places[1]!.seconds.outage).toBe(100);
  expect(times(air.events, "cycleEnd", "S2").slice(8, 11)).toEqual([100, 210, 220]);
  expect(air.events.find((event) => event.kind === "placeState" && event.state === "outage")).toMatchObject({
    cause: "utility",
    reason: "air",
  });
  const short = watch(
    row([{}, { materials: [{ id: "kit", capacity: 100, reorderAt: 10, kitsPerTrip: 50, distanceM: 1 }] }], {
      calendar,
      logistics: { vehicles: 1, speedMps: 1, loadS: constant(1), unloadS: constant(1) },
      effects: [{ kind: "shortage", id: "no kits", material: "kit", when: { kind: "shifts", every: 2, afterS: 3600, durationS: 480 } }],
    }),
    16 * 3600,
    MONDAY,
  ).result;
  // one shift of the two, 480 s less what was in work
  expect(short.places[1]!.seconds.waitingMaterial).toBe(470);
  const worn = watch(
    row([{ stops: [stopEvery(100, 1)] }], {
      effects: [{ kind: "factor", id: "wear", on: "stopRate", factor: { kind: "constant", value: 2 }, when: { kind: "always" } }],
    }),
    1000,
  ).result;
  expect(worn.places[0]!.failures).toBe(19);
});

test("[S28] OEE at the constraint is availability × effectiveness × quality and can be recomputed from the counts", () => {
  const model = row([{}, { cycle: { time: constant(20), idealS: 18 }, stops: [stopEvery(200, 50)], scrapProbability: 0.05 }, {}], {
    constraint: "S2",
    calendar: twoShifts,
  });
  const { result } = watch(model, 16 * 3600, MONDAY);
  const oee = result.oee!;
  expect(oee.oee).toBeCloseTo(oee.availability * oee.effectiveness * oee.qualityRatio, 12);
  expect(oee.oee).toBeCloseTo((18 * oee.good) / result.plannedS, 10);
  expect(oee.availability).toBeCloseTo(0.8, 2);
  expect(oee.effectiveness).toBeCloseTo(0.9, 2);
  expect(oee.good).toBe(oee.produced - result.scrap);
  expect(oee.firstPassYield).toBe(1);
  expect(result.shifts[0]!.oee).toBeCloseTo(oee.oee, 1);
});

test("[S29] the active period names the slow station as bottleneck", () => {
  const { result } = watch(
    row([{ cycle: { time: constant(8) } }, { cycle: { time: constant(12) } }, { cycle: { time: constant(9) } }]),
    5000,
  );
  expect(result.bottlenecks[0]).toMatchObject({ station: "S2" });
  expect(result.bottlenecks[0]!.share).toBeGreaterThan(0.95);
  expect(result.output.cumulative.at(-1)).toBe(result.good);
  expect(result.output.cumulative.length).toBe(Math.ceil(5000 / 300));
});

test("[S25] a given state is taken as it is: remaining work, stops, blocked parts and buffers", () => {
  const model = row([{}, { stops: [stopEvery(1000, 50)] }, { cycle: { time: constant(30) } }]);
  const events: (readonly [string, number])[] = [];
  const run = createLineRun(model, {
    seed: 1,
    startInstant: 0,
    observer: (event) =>
      (event.kind === "cycleEnd" || event.kind === "stopEnd") &&
      events.push([`${event.kind} ${event.station} ${event.kind === "cycleEnd" ? event.serial : ""}`, event.time / S]),
    initialState: {
      instant: 0,
      places: [
        { station: "S1", place: 0, part: { serial: 14, product: "A" }, phase: "blocked" },
        {
          station: "S2",
          place: 0,
          part: { serial: 11, product: "A" },
          elapsedS: 6,
          remainingS: 4,
          stop: { id: "jam", phase: "repair", elapsedS: 20 },
        },
        { station: "S3", place: 0, part: { serial: 10, product: "B" }, remainingS: 3 },
      ],
      buffers: [{ station: "S2", parts: [{ serial: 12 }, { serial: 13 }] }],
    },
  });
  expect(run.result()).toMatchObject({ wip: { end: 5 }, conservation: { inside: 5, balanced: true } });
  run.advanceTo(60 * S);
  expect(events.slice(0, 5)).toEqual([
    ["cycleEnd S3 10", 3],
    ["stopEnd S2 ", 30],
    ["cycleEnd S2 11", 34],
    ["cycleEnd S2 12", 44],
    ["cycleEnd S1 15", 44],
  ]);
  expect(run.result().goodByProduct).toEqual({ A: 0, B: 1 });
});

test("[S35] a rework loop that has filled up does not stand for ever: a part is put aside beyond the capacity ahead", () => {
  const model = row([
    { cycle: { time: constant(5) } },
    { places: 2, inspection: { rejectByTry: [1, 0], reject: { station: "R" } }, next: { station: "S3" } },
    { next: undefined },
    { id: "R", cycle: { time: constant(50) }, buffer: { capacity: 1 }, next: { station: "S2" } },
  ]);
  const { events, result } = watch(model, 5000);
  expect(result.good).toBeGreaterThan(90);
  expect(Math.max(...events.flatMap((event) => (event.kind === "partIntoBuffer" && event.station === "S2" ? [event.level] : [])))).toBe(3);
});

test("[S17] rework that leads back to a source is taken before new parts begin", () => {
  const model = row([
    { cycle: { time: constant(1) }, inspection: { rejectByTry: [1, 0], reject: { station: "R" } }, next: { station: "T" } },
    { id: "R", cycle: { time: constant(0.5) }, buffer: {}, next: { station: "S1" } },
    { id: "T", cycle: { time: constant(0.5) }, buffer: {} },
  ]);
  const { next: _end, ...last } = model.stations[2]!;
  const { result } = watch({ ...model, stations: [...model.stations.slice(0, 2), last] }, 1000);
  // every part is worked on twice: half of the cycles bring a good one, and none piles up
  expect(result.good).toBeGreaterThan(495);
  expect(result.wip.end).toBeLessThan(5);
});

test("[S36] known orders come first, from where the line stands in them; then batches are drawn; a study knows none", () => {
  const order = (product: string, quantity: number, start: number, end: number) => ({ product, quantity, start: start * S, end: end * S });
  const planned = [order("A", 50, 0, 500), order("B", 5, 500, 550), order("A", 7, 550, 620), order("B", 3, 620, 650)];
  const mix = [{ product: "A", share: 1, batchMin: 1000, batchMax: 1000 }];
  const model = row([{}], { program: { kind: "batches", mix, planned } });
  const made = (start: number, program?: ProgramCondition): string => {
    const batches: string[] = [];
    runLine(model, {
      seed: 1,
      startInstant: start * S,
      horizonS: 300,
      ...(program === undefined ? {} : { initialState: { instant: start * S, program } }),
      observer: (event) => event.kind === "batchBegin" && batches.push(`${event.product}${event.size}`),
    });
    return batches.join(" ");
  };
  // by the clock, and when the plan is through
  expect(made(0)).toBe("A50");
  expect(made(500)).toBe("B5 A7 B3 A1000");
  expect(made(9000)).toBe("A1000");
  // by what is being made: late, early, and on no order of the plan
  expect(made(600, { product: "B", released: { count: 2, all: true } })).toBe("A1000");
  expect(made(560, { product: "B", released: { count: 2, all: true } })).toBe("A7 B3 A1000");
  expect(made(480, { product: "A", released: { count: 45, all: true } })).toBe("B5 A7 B3 A1000");
  expect(made(90_000, { product: "B" })).toBe("A1000");
  // the rest of the order under way is what was not yet released of it
  const { result } = watch({ ...model }, 10);
  expect(result.started).toBeGreaterThan(0);
  const study = { nominal: model, edited: model, parameters: [] };
  const options = { seed: 1, replication: 0, drawParameters: false };
  expect(modelOf(study, { ...options, kind: "study" }).program).toEqual({ kind: "batches", mix });
  expect(modelOf(study, { ...options, kind: "forecast" }).program).toMatchObject({ planned });
  const [first, ...others] = planned;
  const branch = { ...model, program: { kind: "batches" as const, mix, planned: [...others, first!] } };
  expect(modelOf({ ...study, edited: branch }, { ...options, kind: "forecast" }).program).toEqual(branch.program);
  expect(validateLineModel({ ...model, program: { kind: "batches", mix, planned: [order("C", 0, 5, 1)] } })).toHaveLength(3);
});
