import { streamOf } from "../random/philox.ts";
import type { FlowComponent, FlowModel, FlowTime } from "./flow-model.ts";
import { prepareFlow, runFlow } from "./flow-run.ts";
import type { FlowResult } from "./flow-result.ts";
import { summarise } from "../statistics/summary.ts";

/** A model some figures of which are known exactly. The seed of its experiments is the hash of its id: never chosen. */
export interface Truth {
  /** Rule and model: `C32 S3 B0`. */
  readonly id: string;
  readonly model: FlowModel;
  readonly warmUpS: number;
  readonly durationS: number;
  readonly figures: readonly TrueFigure[];
}

export interface TrueFigure {
  readonly name: string;
  readonly value: number;
  of(result: FlowResult): number;
}

export interface Judgement {
  readonly id: string;
  readonly value: number;
  readonly covered: number;
  readonly mean: number;
  readonly standardError: number;
}

const REPLICATIONS = 10;

/** Experiments of ten replications: how many 95 % intervals cover the truth, and the mean of all. Conservation and Little's law must hold on each run. */
export function judge(truth: Truth, experiments: number, share = 1): Judgement[] {
  const base = streamOf(truth.id, "seed") >>> 0;
  const flow = prepareFlow(truth.model);
  const means: number[][] = truth.figures.map(() => []);
  const covered = truth.figures.map(() => 0);
  for (let experiment = 0; experiment < experiments; experiment++) {
    const results = Array.from({ length: REPLICATIONS }, (_, replication) => {
      const result = runFlow(flow, {
        seed: base + experiment,
        replication,
        warmUpS: truth.warmUpS * share,
        durationS: truth.durationS * share,
      });
      if (!result.conservation.balanced || !result.littlesLaw.holds)
        throw new Error(`${truth.id}, seed ${base + experiment}, replication ${replication}: conservation or Little's law is broken`);
      return result;
    });
    truth.figures.forEach((figure, index) => {
      const { mean, halfWidth } = summarise(results.map((result) => figure.of(result)));
      if (Math.abs(mean - figure.value) <= halfWidth) covered[index]!++;
      means[index]!.push(mean);
    });
  }
  return truth.figures.map((figure, index) => {
    const { mean, sd } = summarise(means[index]!);
    return {
      id: `${truth.id} ${figure.name}`,
      value: figure.value,
      covered: covered[index]!,
      mean,
      standardError: sd / Math.sqrt(experiments),
    };
  });
}

export const exponential = (mean: number) => ({ kind: "exponential", mean }) as const;

export function flowOf(...components: readonly FlowComponent[]): FlowModel {
  return { format: "doppelwerk-flow/1", components: [...components, { id: "out", type: "sink" }] };
}

/** One station of `places` with unlimited room before it. */
export function queueOf(places: number, interarrival: FlowTime, time: FlowTime): FlowModel {
  return flowOf(
    { id: "arrivals", type: "source", interarrival, to: "desk" },
    { id: "desk", type: "station", places, buffer: "unlimited", time, to: "out" },
  );
}

/** A saturated line of exponential stations; `buffers[i]` slots between station i and i + 1. */
export function lineOf(rates: readonly number[], buffers: readonly number[]): FlowModel {
  return flowOf(
    { id: "material", type: "source", to: "S1" },
    ...rates.map((rate, index): FlowComponent => ({
      id: `S${index + 1}`,
      type: "station",
      time: exponential(1 / rate),
      ...(index === 0 ? {} : { buffer: buffers[index - 1]! }),
      to: index === rates.length - 1 ? "out" : `S${index + 2}`,
    })),
  );
}

/** Gershwin's two machines (1994, chapter 3): N places for parts between them, one of them on the second machine and one on the first while it is blocked. */
export function gershwinOf(n: number, repair: number): FlowModel {
  const stops = (r: number) =>
    [{ id: "failure", clock: "cycles", between: { kind: "geometric", mean: 100 }, duration: { kind: "geometric", mean: 1 / r } }] as const;
  return flowOf(
    { id: "material", type: "source", to: "M1" },
    { id: "M1", type: "station", time: 1, stops: stops(0.1), to: "M2" },
    { id: "M2", type: "station", time: 1, buffer: n - 2, stops: stops(repair), to: "out" },
  );
}

const throughput = (value: number): TrueFigure => ({ name: "throughput", value, of: (result) => result.throughputPerS });
const queue = (result: FlowResult) => result.components["desk"]!.queues!["buffer"]!;
const wait = (value: number): TrueFigure => ({ name: "Wq", value, of: (result) => queue(result).stayMeanS });
const waiting = (value: number): TrueFigure => ({ name: "Lq", value, of: (result) => queue(result).contentMean });
const waited = (value: number): TrueFigure => ({ name: "P(wait)", value, of: (result) => queue(result).waitedShare });
const lead = (value: number): TrueFigure => ({ name: "W", value, of: (result) => result.leadTime.meanS });
const between = (value: number): TrueFigure => ({
  name: "content",
  value,
  of: (result) => {
    const second = result.components["M2"]!;
    return second.queues!["buffer"]!.contentMean + second.contentMean + result.components["M1"]!.shares!.blocked;
  },
});

// long enough that the mean of 2000 replications is known to about 0.2 %
const long = { warmUpS: 4000, durationS: 40_000 };
const short = { warmUpS: 300, durationS: 2500 };
const gershwin = { warmUpS: 1000, durationS: 20_000 };

const jackson = flowOf(
  { id: "arrivals", type: "source", interarrival: exponential(1), to: "first" },
  { id: "first", type: "station", buffer: "unlimited", time: exponential(0.5), to: "second" },
  {
    id: "second",
    type: "station",
    buffer: "unlimited",
    time: exponential(0.4),
    to: [{ to: "first", probability: 0.2 }, { to: "out" }],
  },
);
const closed: FlowModel = {
  ...flowOf(
    { id: "orders", type: "source", to: "A" },
    { id: "A", type: "station", time: exponential(1), to: "B" },
    { id: "B", type: "station", buffer: "unlimited", time: exponential(1), to: "C" },
    { id: "C", type: "station", buffer: "unlimited", time: exponential(1), to: "out" },
  ),
  limits: [{ id: "cards", count: 5, from: "A", to: "C" }],
};
const failing = (clock: "operating" | "calendar"): FlowModel =>
  flowOf(
    { id: "material", type: "source", to: "M" },
    {
      id: "M",
      type: "station",
      time: 1,
      stops: [{ id: "failure", clock, between: exponential(90), duration: exponential(10) }],
      to: "out",
    },
  );
const hyper: FlowTime = {
  kind: "mixture",
  of: [
    { weight: 1, time: exponential(0.5) },
    { weight: 1, time: exponential(1.5) },
  ],
};
const line = (name: string, rates: readonly number[], buffers: readonly number[], value: number): Truth => ({
  id: `C32 ${name}`,
  model: lineOf(rates, buffers),
  ...short,
  figures: [throughput(value)],
});
const same = (stations: number, slots: number, value: number): Truth =>
  line(
    `S${stations} B${slots}`,
    Array.from({ length: stations }, () => 1),
    Array.from({ length: stations - 1 }, () => slots),
    value,
  );
const rising = [1, 1.1, 1.2, 1.3];
/** Machines that one robot empties: the classical machine interference, M/M/1//N. */
const interference: FlowModel = {
  ...flowOf(
    ...["M1", "M2", "M3"].flatMap((id): FlowComponent[] => [
      { id: `material${id}`, type: "source", to: id },
      { id, type: "station", time: exponential(2), to: "unload" },
    ]),
    { id: "unload", type: "robot", robot: "R", at: "cell", positions: { out: "cell" }, to: "out" },
  ),
  positions: [{ id: "cell", at: [0, 0] }],
  robots: [{ id: "R", home: "cell", speedMps: 1, pickS: exponential(1) }],
};
/** Items that need one litre each of a tank for one litre, filled at one litre a second, begin as in M/D/1: start = max(arrival, start before + 1). */
const bucket: FlowModel = flowOf(
  { id: "arrivals", type: "source", interarrival: exponential(1.25), to: "desk" },
  { id: "desk", type: "station", buffer: "unlimited", time: 0, takes: [{ tank: "T", litres: 1 }], to: "out" },
  { id: "T", type: "tank", capacityL: 1, initialL: 1 },
  { id: "supply", type: "pipe", to: "T", rateLps: 1 },
);

/** Sources: queueing formulas; exact Markov chains; Gershwin 1994 solved exactly. */
export const truths: readonly Truth[] = [
  { id: "C30 M/M/1", model: queueOf(1, exponential(1 / 0.9), exponential(1)), ...long, figures: [wait(9), lead(10), waiting(8.1)] },
  {
    id: "C30 M/M/2",
    model: queueOf(2, exponential(1 / 1.8), exponential(1)),
    warmUpS: 1000,
    durationS: 40_000,
    figures: [waited(0.852632), wait(4.263158)],
  },
  {
    id: "C30 M/M/5",
    model: queueOf(5, exponential(1 / 4), exponential(1)),
    warmUpS: 500,
    durationS: 16_000,
    figures: [waited(0.554113), wait(0.554113)],
  },
  { id: "C30 M/D/1", model: queueOf(1, exponential(1 / 0.9), 1), warmUpS: 2000, durationS: 40_000, figures: [wait(4.5)] },
  {
    id: "C30 M/E2/1",
    model: queueOf(1, exponential(1.25), { kind: "erlang", mean: 1, shape: 2 }),
    warmUpS: 500,
    durationS: 8000,
    figures: [wait(3)],
  },
  // E[S] = 1, E[S²] = 2(½·½² + ½·1.5²) = 2.5; Wq = λ E[S²] ÷ 2(1 − ρ)
  { id: "C30 M/H2/1", model: queueOf(1, exponential(2), hyper), warmUpS: 300, durationS: 6000, figures: [wait(1.25)] },
  {
    id: "C31 Jackson",
    model: jackson,
    warmUpS: 500,
    durationS: 12_000,
    figures: [
      lead(8 / 3),
      {
        name: "L1",
        value: 5 / 3,
        of: ({ components }) => components["first"]!.contentMean + components["first"]!.queues!["buffer"]!.contentMean,
      },
    ],
  },
  { id: "C31 closed", model: closed, ...short, figures: [throughput(5 / 7)] },
  same(2, 0, 2 / 3),
  same(2, 4, 6 / 7),
  same(3, 0, 22 / 39),
  same(3, 1, 0.6704662),
  same(3, 4, 0.8074859),
  same(4, 0, 0.5147755),
  same(4, 1, 0.6311527),
  same(5, 0, 0.4857981),
  same(6, 0, 0.4667133),
  line("2,2,2", [1, 1, 1, 1], [2, 2, 2], 0.700713),
  line("1,3,2", [1, 1, 1, 1], [1, 3, 2], 0.693296),
  line("6,0,0", [1, 1, 1, 1], [6, 0, 0], 0.563845),
  line("1,1,1,1", [1, 1, 1, 1, 1], [1, 1, 1, 1], 0.607583),
  line("rising 3,2,1", rising, [3, 2, 1], 0.789793),
  line("rising 2,3,1", rising, [2, 3, 1], 0.787116),
  line("rising 0,0,6", rising, [0, 0, 6], 0.615255),
  { id: "C33 N4", model: gershwinOf(4, 0.1), ...gershwin, figures: [throughput(0.840936)] },
  { id: "C33 N10", model: gershwinOf(10, 0.1), ...gershwin, figures: [throughput(0.856175), between(5)] },
  { id: "C33 N10 r2", model: gershwinOf(10, 0.12), ...gershwin, figures: [throughput(0.867748), between(4.8124)] },
  { id: "C33 N100", model: gershwinOf(100, 0.1), warmUpS: 5000, durationS: 30_000, figures: [throughput(0.896937)] },
  { id: "C34 operating clock", model: failing("operating"), ...short, figures: [throughput(0.9)] },
  { id: "C36 interference", model: interference, ...short, figures: [throughput(15 / 19)] },
  { id: "C37 bucket", model: bucket, warmUpS: 300, durationS: 8000, figures: [lead(2)] },
  { id: "C34 calendar clock", model: failing("calendar"), ...short, figures: [throughput(0.9)] },
];
