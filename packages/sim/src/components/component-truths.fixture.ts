import type { FlowComponent, FlowModel, FlowTime } from "./flow-model.ts";
import type { FlowResult } from "./flow-result.ts";
import { type Truth, type TrueFigure, exponential, flowOf, queueOf } from "./truths.fixture.ts";

const short = { warmUpS: 300, durationS: 4000 };
const long = { warmUpS: 1000, durationS: 12_000 };

const wait = (value: number): TrueFigure => ({
  name: "Wq",
  value,
  of: (result) => result.components["desk"]!.queues!["buffer"]!.stayMeanS,
});
const throughput = (value: number): TrueFigure => ({ name: "throughput", value, of: (result) => result.throughputPerS });
const inside = (value: number): TrueFigure => ({ name: "L", value, of: (result) => result.wip.mean });
const queued = (value: number): TrueFigure => ({
  name: "Lq",
  value,
  of: (result) => result.components["desk"]!.queues!["buffer"]!.contentMean,
});

/** One desk with more of its own, and arrivals with more of theirs. */
function desk(interarrival: FlowTime, time: FlowTime, own: object, arrivals: object = {}): FlowModel {
  const [source, station, sink] = queueOf(1, interarrival, time).components;
  return {
    format: "doppelwerk-flow/1",
    components: [{ ...source, ...arrivals } as FlowComponent, { ...station, ...own } as FlowComponent, sink!],
  };
}

/** Pollaczek and Khinchine: λ E[S²] ÷ 2(1 − λ) for a mean of 1. */
const general = (name: string, rate: number, secondMoment: number, time: FlowTime): Truth => ({
  id: `C38 M/${name}/1`,
  model: queueOf(1, exponential(1 / rate), time),
  ...long,
  figures: [wait((rate * secondMoment) / 2 / (1 - rate))],
});

/** Wq of G/M/1 is σ ÷ (1 − σ), σ the root of σ = A*(1 − σ) between 0 and 1. */
function generalArrivals(transform: (s: number) => number): number {
  let sigma = 0.5;
  for (let i = 0; i < 400; i++) sigma = transform(1 - sigma);
  return sigma / (1 - sigma);
}

const split = (by: "shortest" | "turn"): FlowModel =>
  flowOf(
    { id: "arrivals", type: "source", interarrival: exponential(1 / 1.6), to: { by, among: ["A", "B"] } },
    ...["A", "B"].map((id): FlowComponent => ({ id, type: "station", buffer: "unlimited", time: exponential(1), to: "out" })),
  );

/** Two classes, non-preemptive: Cobham (1954). All waits over W₀ = Σ λ E[S²] ÷ 2 = 0.8. */
const classes: FlowModel = {
  ...flowOf(
    { id: "high", type: "source", interarrival: exponential(1 / 0.3), product: "H", to: "desk" },
    { id: "low", type: "source", interarrival: exponential(2), product: "L", to: "desk" },
    { id: "desk", type: "station", buffer: { order: "priority" }, time: exponential(1), to: "out" },
  ),
  products: [{ id: "H" }, { id: "L", priority: 1 }],
};

const stop = (clock: "operating" | "calendar", mtbf: number, mttr: number) => [
  { id: "failure", clock, between: exponential(mtbf), duration: exponential(mttr) } as const,
];

/** Three unequal stations and four cards, by mean-value analysis (Reiser and Lavenberg 1980). */
function closedThroughput(times: readonly number[], cards: number): number {
  let lengths = times.map(() => 0);
  let rate = 0;
  for (let n = 1; n <= cards; n++) {
    const waits = times.map((time, i) => time * (1 + lengths[i]!));
    rate = n / waits.reduce((sum, each) => sum + each, 0);
    lengths = waits.map((each) => rate * each);
  }
  return rate;
}

const repairShop: FlowModel = {
  ...flowOf(
    ...["M1", "M2", "M3", "M4"].flatMap((id): FlowComponent[] => [
      { id: `material${id}`, type: "source", to: id },
      {
        id,
        type: "station",
        time: 0.5,
        stops: [{ ...stop("operating", 90, 30)[0]!, repairedBy: { operators: "fitters" } }],
        to: "out",
      },
    ]),
  ),
  operators: [{ id: "fitters", count: 2 }],
};

const vehicles: FlowModel = {
  ...flowOf(
    { id: "arrivals", type: "source", interarrival: exponential(1 / 2.1), to: "move" },
    { id: "move", type: "transport", fleet: "cars", at: "P", points: { out: "P" }, to: "out" },
  ),
  network: { points: ["P"], ways: [] },
  fleets: [{ id: "cars", vehicles: 3, speedMps: 1, home: "P", loadS: exponential(1) }],
};

/**
 * Truths of single components. Sources: formulas as named; "chain": the stationary distribution of the model's exact Markov chain, solved to 1e-13
 * by enumeration of its states (queues cut where their probability is below 1e-12).
 */
export const componentTruths: readonly Truth[] = [
  general("U", 0.8, 4 / 3, { kind: "uniform", low: 0, high: 2 }),
  general("Triangular", 0.8, 7 / 6, { kind: "triangular", low: 0, mode: 1, high: 2 }),
  general("Gamma", 0.8, 1.25, { kind: "gamma", mean: 1, cv: 0.5 }),
  general("Lognormal", 0.6, 1.25, { kind: "lognormal", mean: 1, cv: 0.5 }),
  general("Weibull", 0.8, 4 / Math.PI, { kind: "weibull", scale: 2 / Math.sqrt(Math.PI), shape: 2 }),
  general("Empirical", 0.8, 1.25, { kind: "empirical", values: [0.5, 1.5] }),
  general("Geometric", 0.6, 1.5, { kind: "geometric", mean: 1, step: 0.5 }),
  {
    id: "C38 D/M/1",
    model: queueOf(1, 1.25, exponential(1)),
    ...long,
    figures: [wait(generalArrivals((s) => Math.exp(-1.25 * s)))],
  },
  {
    id: "C38 E2/M/1",
    model: queueOf(1, { kind: "erlang", mean: 1.25, shape: 2 }, exponential(1)),
    ...long,
    figures: [wait(generalArrivals((s) => (1.6 / (1.6 + s)) ** 2))],
  },
  // L = ρ ÷ (1 − ρ) · (E[X²] + E[X]) ÷ 2 E[X]
  { id: "C38 two at a time", model: desk(exponential(2.5), exponential(1), {}, { quantity: 2 }), ...long, figures: [inside(6)] },
  {
    id: "C38 M/M/1/5",
    model: desk(exponential(1 / 0.9), exponential(1), { buffer: 4 }, { whenFull: "lose" }),
    ...short,
    figures: [{ name: "lost", value: (0.1 * 0.9 ** 5) / (1 - 0.9 ** 6), of: ({ lost, components }) => lost / components["arrivals"]!.in }],
  },
  // Erlang's formula does not know the distribution
  {
    id: "C38 M/G/4/4",
    model: desk(exponential(0.5), { kind: "lognormal", mean: 1, cv: 2 }, { places: 4, buffer: 0 }, { whenFull: "lose" }),
    ...short,
    figures: [{ name: "lost", value: 2 / 21, of: ({ lost, components }) => lost / components["arrivals"]!.in }],
  },
  {
    id: "C39 last in first out",
    model: desk(exponential(1.25), exponential(1), { buffer: { order: "lifo" } }),
    ...long,
    figures: [wait(4)],
  },
  {
    id: "C39 priority",
    model: classes,
    ...long,
    figures: [
      { name: "W of the first class", value: 1 + 0.8 / 0.7, of: (result) => result.leadTimeByProduct["H"]! },
      { name: "W of the second class", value: 1 + 0.8 / (0.7 * 0.2), of: (result) => result.leadTimeByProduct["L"]! },
    ],
  },
  {
    id: "C39 by turn",
    model: split("turn"),
    ...long,
    figures: [{ ...inside(0), value: 1.6 * (1 + generalArrivals((s) => (1.6 / (1.6 + s)) ** 2)) }],
  },
  // chain
  { id: "C39 shortest queue", model: split("shortest"), ...long, figures: [inside(4.729177)] },
  {
    id: "C40 full batches of three",
    model: desk(exponential(0.5), exponential(1), { batch: { size: 3 } }),
    ...long,
    figures: [queued(3.27804)],
  },
  {
    id: "C40 batches of up to three",
    model: desk(exponential(0.5), exponential(1), { batch: { size: 3, minimum: 1, waitS: 0 } }),
    ...long,
    figures: [queued(3.907841)],
  },
  {
    id: "C40 assembly",
    model: flowOf(
      { id: "a", type: "source", to: "F1" },
      { id: "b", type: "source", to: "F2" },
      { id: "F1", type: "station", time: exponential(1), to: "cell.a" },
      { id: "F2", type: "station", time: exponential(1 / 1.2), to: "cell.b" },
      { id: "cell", type: "assembly", inputs: ["a", "b"].map((id) => ({ id, capacity: 2 })), time: exponential(1 / 1.5), to: "out" },
    ),
    ...short,
    figures: [throughput(0.8646797)],
  },
  // E[C] = 1.2 and E[C²] = 4.48 of the time with failures: λ E[C²] ÷ 2(1 − λ E[C])
  {
    id: "C41 failures by operating time",
    model: desk(exponential(1 / 0.6), exponential(1), { stops: stop("operating", 20, 4) }),
    warmUpS: 2000,
    durationS: 20_000,
    figures: [wait(4.8)],
  },
  {
    id: "C41 failures by calendar",
    model: desk(exponential(2), exponential(1), { stops: stop("calendar", 20, 5) }),
    warmUpS: 2000,
    durationS: 20_000,
    figures: [inside(3)],
  },
  // finite source with two repairers: birth and death
  {
    id: "C41 four machines, two fitters",
    model: repairShop,
    warmUpS: 1000,
    durationS: 12_000,
    figures: [{ name: "machines up", value: 2.931818, of: (result) => result.throughputPerS / 2 }],
  },
  {
    id: "C41 two machines that fail",
    model: flowOf(
      { id: "material", type: "source", to: "M1" },
      { id: "M1", type: "station", time: exponential(1), stops: stop("operating", 50, 10), to: "M2" },
      { id: "M2", type: "station", buffer: 3, time: exponential(1 / 1.1), stops: stop("operating", 1 / 0.03, 5), to: "out" },
    ),
    warmUpS: 500,
    durationS: 8000,
    figures: [throughput(0.6889512)],
  },
  {
    id: "C42 cards",
    model: {
      ...flowOf(
        { id: "orders", type: "source", to: "A" },
        { id: "A", type: "station", time: exponential(1), to: "B" },
        { id: "B", type: "station", buffer: "unlimited", time: exponential(1.3), to: "C" },
        { id: "C", type: "station", buffer: "unlimited", time: exponential(0.7), to: "out" },
      ),
      limits: [{ id: "cards", count: 4, from: "A", to: "C" }],
    },
    ...short,
    figures: [throughput(closedThroughput([1, 1.3, 0.7], 4))],
  },
  {
    id: "C42 kanban",
    model: {
      ...flowOf(
        { id: "orders", type: "source", to: "A" },
        { id: "A", type: "station", time: exponential(1), to: "shelf" },
        { id: "shelf", type: "buffer", to: "B" },
        { id: "B", type: "station", buffer: "unlimited", time: exponential(1), to: "out" },
      ),
      limits: [
        { id: "first", count: 2, from: "A", to: "shelf" },
        { id: "second", count: 2, from: "B", to: "B" },
      ],
    },
    ...short,
    figures: [throughput(0.8)],
  },
  {
    id: "C42 blocking before service",
    model: flowOf(
      { id: "material", type: "source", to: "A" },
      { id: "A", type: "station", time: exponential(1), blocking: "before", to: "B" },
      { id: "B", type: "station", buffer: 2, time: exponential(1), to: "out" },
    ),
    ...short,
    figures: [throughput(0.75)],
  },
  // M/M/3 of rate 2.1: P(wait) .4923445, W = P(wait) ÷ 0.9 + 1
  { id: "C43 three vehicles", model: vehicles, ...long, figures: [{ name: "W", value: 1.547049, of: (result) => result.leadTime.meanS }] },
  // Anick, Mitra and Sondhi (1982) with one source: P(level > x) = ⅔ exp(−x ÷ 30)
  {
    id: "C43 tank of an on-off inflow",
    model: {
      format: "doppelwerk-flow/1",
      components: [
        { id: "T", type: "tank", capacityL: 1e6 },
        { id: "in", type: "pipe", to: "T", rateLps: 3, open: exponential(10), shut: exponential(20) },
        { id: "out", type: "pipe", from: "T", rateLps: 1.5 },
      ],
    },
    warmUpS: 2000,
    durationS: 30_000,
    figures: [{ name: "level", value: 20, of: (result) => result.tanks["T"]!.levelMeanL }],
  },
];

/** A model without chance: every figure is exact. */
export interface ExactTruth {
  readonly id: string;
  readonly model: FlowModel;
  readonly warmUpS?: number;
  readonly durationS?: number;
  readonly figures: readonly (readonly [string, number, (result: FlowResult) => number])[];
}

const conveyor = (more: object, ...rest: readonly FlowComponent[]): FlowModel =>
  flowOf(
    { id: "in", type: "source", to: "belt" },
    { id: "belt", type: "conveyor", lengthM: 20, speedMps: 0.5, pitchM: 0.8, ...more } as FlowComponent,
    ...rest,
  );
const oneMachine = (machine: object, rest: object = {}): FlowModel => ({
  ...flowOf({ id: "in", type: "source", to: "M" }, { id: "M", type: "station", time: 1, to: "out", ...machine } as FlowComponent),
  ...rest,
});
const carried = (ways: readonly object[], fleet: object = {}): FlowModel =>
  ({
    ...flowOf(
      { id: "in", type: "source", interarrival: 1, to: "move" },
      { id: "move", type: "transport", fleet: "cars", at: "P", points: { out: "Q" }, to: "out" },
    ),
    network: { points: ["P", "Q"], ways },
    fleets: [{ id: "cars", vehicles: 1, speedMps: 2, home: "P", loadS: 3, unloadS: 2, ...fleet }],
  }) as FlowModel;
const rate = (value: number) => ["throughput", value, (result: FlowResult) => result.throughputPerS] as const;
const day = [
  {
    id: "day",
    periodS: 100,
    on: [
      { fromS: 0, toS: 30 },
      { fromS: 40, toS: 80 },
    ],
  },
];

/** Arrivals of no pattern, and the waits before a constant server by Lindley's recursion (1952). */
const arrivals = Array.from({ length: 400 }, (_, i) => (i * 7919) % 401).map((value) => value / 200);
const recorded = arrivals.map((_, i) => Math.round(arrivals.slice(0, i + 1).reduce((sum, gap) => sum + gap, 0) * 1e6) / 1e6);
let free = 0;
let waited = 0;
for (const at of recorded) {
  const start = Math.max(at, free);
  waited += start - at;
  free = start + 0.95;
}

const jobs = { C: [1, 2], A: [3, 6], D: [6, 6], E: [7, 5], B: [5, 2] } as const;
const timesOf = (machine: 0 | 1) => Object.fromEntries(Object.entries(jobs).map(([job, times]) => [job, times[machine]]));

export const exactTruths: readonly ExactTruth[] = [
  {
    id: "a belt carries speed ÷ pitch",
    model: conveyor({ to: "out" }),
    warmUpS: 100,
    durationS: 16_000,
    figures: [
      rate(0.625),
      ["way", 40, ({ leadTime }) => leadTime.meanS],
      ["items on it", 25, ({ components }) => components["belt"]!.contentMean],
    ],
  },
  {
    id: "a slow end fills an accumulating belt",
    model: conveyor({ to: "S" }, { id: "S", type: "station", time: 4, to: "out" }),
    warmUpS: 400,
    durationS: 4000,
    figures: [rate(0.25), ["items on it", 25, ({ components }) => components["belt"]!.contentMean]],
  },
  {
    id: "and stops one of fixed pitch",
    model: conveyor({ accumulating: false, to: "S" }, { id: "S", type: "station", time: 4, to: "out" }),
    warmUpS: 400,
    durationS: 4000,
    figures: [rate(0.25)],
  },
  {
    id: "a vehicle takes load, way, unload and way back",
    model: carried([{ from: "P", to: "Q", lengthM: 40 }]),
    warmUpS: 450,
    durationS: 9000,
    figures: [rate(1 / 45)],
  },
  {
    id: "the way back of a loop is another",
    model: carried([
      { from: "P", to: "Q", lengthM: 40, oneWay: true },
      { from: "Q", to: "P", lengthM: 100, oneWay: true },
    ]),
    warmUpS: 750,
    durationS: 15_000,
    figures: [rate(1 / 75)],
  },
  {
    id: "ten moves and a charge",
    model: carried([{ from: "P", to: "Q", lengthM: 40 }], { battery: { driveM: 760, chargeS: 300, at: "P" } }),
    warmUpS: 750,
    durationS: 15_000,
    figures: [rate(10 / 750)],
  },
  {
    id: "a robot takes pick, two ramped moves and place",
    model: {
      ...oneMachine({ time: 0, to: "hand" }),
      components: [
        ...oneMachine({ time: 0, to: "hand" }).components,
        { id: "hand", type: "robot", robot: "R", at: "A", positions: { out: "B" }, to: "out" },
      ],
      positions: [
        { id: "A", at: [0, 0, 0] },
        { id: "B", at: [3, 4, 0] },
      ],
      robots: [{ id: "R", home: "A", speedMps: 2, accelerationMps2: 2, pickS: 0.5, placeS: 0.5 }],
    },
    warmUpS: 80,
    durationS: 1600,
    figures: [rate(1 / 8)],
  },
  {
    id: "breaks pause work",
    model: oneMachine({ time: 3, calendar: "day" }, { calendars: day }),
    durationS: 9000,
    figures: [rate(0.7 / 3), ["break", 0.3, ({ components }) => components["M"]!.shares!.break]],
  },
  {
    id: "or come after the item in work",
    model: oneMachine({ time: 7, calendar: "day", atBreak: "finish" }, { calendars: day }),
    durationS: 9000,
    figures: [rate(0.11)],
  },
  {
    id: "and so for people",
    model: oneMachine(
      { time: 7, operators: [{ operators: "people" }] },
      { calendars: day, operators: [{ id: "people", count: 1, calendar: "day" }] },
    ),
    durationS: 9000,
    figures: [rate(0.11)],
  },
  {
    id: "maintenance after a hundred cycles",
    model: oneMachine({ stops: [{ id: "care", kind: "maintenance", clock: "cycles", between: 100, duration: 50 }] }),
    durationS: 15_000,
    figures: [rate(2 / 3), ["maintenance", 1 / 3, ({ components }) => components["M"]!.shares!.maintenance]],
  },
  {
    id: "litres set the pace",
    model: flowOf(
      { id: "in", type: "source", to: "M" },
      { id: "M", type: "station", time: 0.1, takes: [{ tank: "T", litres: 5 }], to: "out" },
      { id: "T", type: "tank", capacityL: 20 },
      { id: "supply", type: "pipe", to: "T", rateLps: 2 },
    ),
    warmUpS: 100,
    durationS: 5000,
    figures: [rate(0.4)],
  },
  {
    id: "energy is watts by seconds",
    model: flowOf(
      { id: "in", type: "source", interarrival: 4, to: "M" },
      { id: "M", type: "station", time: 1, energy: { workingW: 2000, idleW: 200 }, to: "out" },
    ),
    warmUpS: 400,
    durationS: 36_000,
    figures: [["kWh", 6.5, (result) => result.energyKWh]],
  },
  {
    id: "recorded arrivals wait as Lindley says",
    model: flowOf(
      { id: "in", type: "source", arrivals: recorded.map((atS) => ({ atS })), to: "M" },
      { id: "M", type: "station", buffer: "unlimited", time: 0.95, to: "out" },
    ),
    figures: [
      ["Wq", waited / recorded.length, ({ components }) => components["M"]!.queues!["buffer"]!.stayMeanS],
      ["end", free, ({ endS }) => endS],
    ],
  },
  {
    id: "a flow shop in Johnson's order (1954)",
    model: flowOf(
      { id: "in", type: "source", orders: Object.keys(jobs).map((product) => ({ product, quantity: 1 })), to: "M1" },
      { id: "M1", type: "station", time: 1, timeByProduct: timesOf(0), to: "M2" },
      { id: "M2", type: "station", buffer: "unlimited", time: 1, timeByProduct: timesOf(1), to: "out" },
    ),
    figures: [["makespan", 24, ({ endS }) => endS]],
  },
];
