import type { AnyExperimentModel, ExperimentModel, LineModel, PlantExperimentModel, StationModel } from "@doppelwerk/sim";
import { openSimulations } from "../server/decide/simulations.fixture.ts";
import type { Simulations } from "../server/decide/simulations.ts";
import { MONDAY } from "../../../packages/sim/src/line/assembly-line.fixture.ts";
import { reportMedian, type Report } from "../../../bench/report.ts";

const ROUNDS = 5;
const REPLICATIONS = 30;
const DAY_S = 24 * 3_600;
/** 50 stations. */
const LINES = { cabinets: 16, tubs: 12, assembly: 22 } as const;

/**
 * 30 replications of one day of 50 stations in three lines that share two buffers, on one and on two workers in turn (bar: 2 s on two). The baseline,
 * in each round, is the same three lines alone, one after another, on two workers: what running them together costs. Hashes must not depend on workers.
 */
export async function bench(report: Report): Promise<void> {
  const lines = Object.entries(LINES).map(([id, stations]) => experimentOf(lineOf(id, stations)));
  const plant: PlantExperimentModel = {
    plant: "three lines",
    lines,
    buffers: [
      { id: "cabinets ready", capacity: 20, from: [end("cabinets", LINES.cabinets - 1)], to: [end("assembly", 0)] },
      { id: "tubs ready", capacity: 12, from: [end("tubs", LINES.tubs - 1)], to: [{ line: "assembly", station: "assembly-feed" }] },
    ],
  };
  const [one, two] = [openSimulations(1), openSimulations(2)];
  const times: Record<"one" | "two" | "alone", number[]> = { one: [], two: [], alone: [] };
  // the workers of the pool do not keep a process alive
  const awake = setInterval(() => {}, 1_000);
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      const [onOne, oneS] = await timed(() => run(one, [plant]));
      const [onTwo, twoS] = await timed(() => run(two, [plant]));
      const [, aloneS] = await timed(() => run(two, lines));
      if (onOne.join(" ") !== onTwo.join(" ")) throw new Error("two workers gave other hashes than one");
      // the first round starts the workers and warms their compilers up
      if (round === 0) continue;
      times.one.push(oneS);
      times.two.push(twoS);
      times.alone.push(aloneS);
    }
  } finally {
    clearInterval(awake);
    await Promise.all([one.close(), two.close()]);
  }
  const name = "several-lines";
  reportMedian(report, name, "30 replications of a day, 50 stations in three lines, one worker", "s", times.one);
  reportMedian(report, name, "30 replications of a day, 50 stations in three lines, two workers", "s", times.two);
  reportMedian(report, name, "the three lines alone, one after another, two workers", "s", times.alone);
  reportMedian(
    report,
    name,
    "together ÷ alone",
    "ratio",
    times.two.map((together, round) => together / times.alone[round]!),
  );
}

async function timed<Value>(work: () => Promise<Value>): Promise<readonly [Value, number]> {
  const start = performance.now();
  return [await work(), (performance.now() - start) / 1_000];
}

function end(line: string, station: number) {
  return { line, station: `${line}-${station}` };
}

function experimentOf(model: LineModel): ExperimentModel {
  return { nominal: model, edited: model, parameters: [] };
}

/** Stations in a row at a takt of 40 s, with failures; the assembly joins a tub, which a station of its own brings in. */
function lineOf(id: string, stations: number): LineModel {
  const joins = id === "assembly";
  const main = Array.from({ length: joins ? stations - 1 : stations }, (_, at): StationModel =>
    stationOf(id, at, joins ? stations - 1 : stations),
  );
  const feed: StationModel = {
    ...stationOf(id, 0, 2),
    id: `${id}-feed`,
    cycle: { time: { kind: "constant", value: 10 } },
    next: { station: `${id}-4`, input: "assembly" },
  };
  return {
    format: "doppelwerk-line/1",
    id,
    products: [{ id: "part" }],
    constraint: `${id}-2`,
    stations: joins
      ? main.map((station, at) => (at === 4 ? { ...station, assembly: { buffer: { capacity: 2 } } } : station)).concat(feed)
      : main,
  };
}

function stationOf(line: string, at: number, count: number): StationModel {
  return {
    id: `${line}-${at}`,
    places: 1,
    cycle: { time: { kind: "lognormal", mean: 36 + (at % 5), cv: 0.08 } },
    ...(at === 0 ? { source: { program: true } } : { buffer: { capacity: 4 } }),
    ...(at < count - 1 ? { next: { station: `${line}-${at + 1}` } } : {}),
    stops: [
      {
        id: "failure",
        class: "failure",
        clock: "operating",
        between: { kind: "exponential", mean: 9_000 },
        duration: { kind: "gamma", mean: 420, cv: 0.8 },
      },
    ],
  };
}

/** Hashes of every replication of each model. */
async function run(pool: Simulations, models: readonly AnyExperimentModel[]): Promise<readonly string[]> {
  const tasks = models.flatMap((_, model) =>
    Array.from({ length: REPLICATIONS }, (_unused, replication) => ({
      model,
      options: {
        kind: "study" as const,
        seed: 1,
        replication,
        start: MONDAY,
        horizonS: DAY_S,
        warmUpS: 0,
        drawParameters: false,
        outputStepS: 300,
      },
    })),
  );
  return (await pool.run({ models, tasks, priority: 0 })).map(({ traceHash }) => traceHash);
}
