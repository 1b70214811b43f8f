import type { ExperimentModel } from "@doppelwerk/sim";
import { openSimulations } from "../server/decide/simulations.fixture.ts";
import type { Simulations } from "../server/decide/simulations.ts";
import { MONDAY, assemblyLine } from "../../../packages/sim/src/line/assembly-line.fixture.ts";
import { reportMedian, type Report } from "../../../bench/report.ts";

const ROUNDS = 5;
const REPLICATIONS = 30;
const SHIFT_S = 8 * 3_600;

/**
 * 30 replications of one shift of the demo line through the pool that the server uses, on one and on two workers in turn (bar: 5 s on two).
 * The hashes must be the same on both, else the bench fails.
 */
export async function bench(report: Report): Promise<void> {
  const model: ExperimentModel = { nominal: assemblyLine, edited: assemblyLine, parameters: [] };
  const pools = [1, 2].map((workers) => openSimulations(workers));
  const times: number[][] = [[], []];
  // the workers of the pool do not keep a process alive
  const awake = setInterval(() => {}, 1_000);
  try {
    let expected: string | undefined;
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [index, pool] of pools.entries()) {
        const start = performance.now();
        const hashes = (await run(pool, model)).join(" ");
        // the first round starts the workers and warms their compilers up
        if (round > 0) times[index]!.push((performance.now() - start) / 1_000);
        if (index === 0) expected = hashes;
        else if (hashes !== expected) throw new Error("two workers gave other hashes than one");
      }
    }
  } finally {
    clearInterval(awake);
    await Promise.all(pools.map((pool) => pool.close()));
  }
  reportMedian(report, "replications", "30 replications of a shift, one worker", "s", times[0]!);
  reportMedian(report, "replications", "30 replications of a shift, two workers", "s", times[1]!);
  reportMedian(
    report,
    "replications",
    "one worker ÷ two workers",
    "ratio",
    times[0]!.map((one, round) => one / times[1]![round]!),
  );
}

async function run(pool: Simulations, model: ExperimentModel): Promise<readonly string[]> {
  const tasks = Array.from({ length: REPLICATIONS }, (_, replication) => ({
    model: 0,
    options: {
      kind: "study" as const,
      seed: 1,
      replication,
      start: MONDAY,
      horizonS: SHIFT_S,
      warmUpS: 0,
      drawParameters: false,
      outputStepS: 300,
    },
  }));
  return (await pool.run({ models: [model], tasks, priority: 0 })).map(({ traceHash }) => traceHash);
}
