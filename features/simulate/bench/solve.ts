import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createHighsSolver } from "@doppelwerk/engines/highs";
import {
  blendingProgram,
  BufferSearch,
  exponentialLineThroughput,
  flexibleFaults,
  jobShopFaults,
  optimalityError,
  readFlexibleJobShop,
  readJobShop,
  runSearch,
  WordStream,
  type ScheduledOperation,
} from "@doppelwerk/sim/optimise";
import { SolverPool } from "../server/solve/solver-pool.ts";
import type { ProblemKind } from "../server/solve/problem.ts";
import { reportMedian, type Report } from "../../../bench/report.ts";

const SAMPLE = ["ft06", "ft10", "ft20", "la02", "la19", "la21", "la29", "la38", "abz7", "orb03"];
// best known values, from ScheduleOpt/benchmarks and QAPLIB
const FLEXIBLE: Record<string, number> = {
  mk01: 40,
  mk02: 26,
  mk03: 204,
  mk04: 60,
  mk05: 172,
  mk06: 57,
  mk07: 139,
  mk08: 523,
  mk09: 307,
  mk10: 193,
};
const ASSIGNMENT: Record<string, number> = {
  nug12: 578,
  nug20: 2570,
  nug30: 6124,
  tai12a: 224416,
  tai20a: 703482,
  tai25a: 1167256,
  tai30a: 1818146,
  chr25a: 3796,
  kra30a: 88900,
  tho30: 149936,
  bur26a: 5426670,
  ste36a: 9526,
};

const option = (name: string): string | undefined =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);

/**
 * Gap to the best known value on two workers, each answer checked for feasibility; a search stops early only when it is there. `--all` takes all 58 job shops instead
 * of ten, `--seconds=N` other than 60 (30 for assignments). Flexible job shops and assignments need their benchmark files:
 * `--flexible=DIR` with mk01.txt …, `--qap=DIR` with nug12.dat …. Buffer allocation and the charge of 400 materials are always measured.
 */
export async function bench(report: Report): Promise<void> {
  buffers(report);
  await charge(report);
  const data = join(import.meta.dirname, "../../../../shared/data/jobshop");
  if (existsSync(data)) {
    const instances = JSON.parse(readFileSync(join(data, "instances.json"), "utf8")) as {
      name: string;
      optimum: number | null;
      bounds?: { upper: number };
    }[];
    const chosen = instances.filter(({ name }) => process.argv.includes("--all") || SAMPLE.includes(name));
    const problems = chosen.map(({ name, optimum, bounds }) => ({ name, file: join(data, name), best: optimum ?? bounds!.upper }));
    await gaps(report, "job shop", "jobshop", problems, 60, (text, schedule, objective) =>
      jobShopFaults(readJobShop(text), schedule as ScheduledOperation[], objective),
    );
  } else console.error(`no job-shop data at ${data}`);
  const flexible = option("flexible");
  if (flexible !== undefined) {
    const problems = Object.entries(FLEXIBLE).map(([name, best]) => ({ name, file: join(flexible, `${name}.txt`), best }));
    await gaps(report, "flexible job shop", "flexible-jobshop", problems, 60, (text, schedule, objective) =>
      flexibleFaults(readFlexibleJobShop(text), schedule as ScheduledOperation[], objective),
    );
  }
  const assignment = option("qap");
  if (assignment !== undefined) {
    const problems = Object.entries(ASSIGNMENT).map(([name, best]) => ({ name, file: join(assignment, `${name}.dat`), best }));
    await gaps(report, "quadratic assignment", "qap", problems, 30, () => []);
  }
}

async function gaps(
  report: Report,
  title: string,
  kind: ProblemKind,
  problems: readonly { readonly name: string; readonly file: string; readonly best: number }[],
  secondsDefault: number,
  faultsOf: (text: string, schedule: readonly unknown[], objective: number) => readonly string[],
): Promise<void> {
  const seconds = Number(option("seconds") ?? secondsDefault);
  const found: number[] = [];
  const bounds: number[] = [];
  for (const { name, file, best } of problems) {
    const text = readFileSync(file, "utf8");
    const pool = new SolverPool(2);
    let bestAtS = 0;
    const answer = await pool.solve(kind, text, { seconds, seed: 1 }, (objective, _bound, elapsedS) => {
      bestAtS = elapsedS;
      if (objective <= best) pool.stop();
    });
    const [fault] = faultsOf(text, answer.schedule, answer.objective);
    if (fault !== undefined) throw new Error(`${name}: ${fault}`);
    found.push((100 * (answer.objective - best)) / best);
    bounds.push((100 * (answer.objective - answer.lowerBound)) / answer.objective);
    console.error(
      `${name.padEnd(8)} ${answer.objective} best known ${best} bound ${answer.lowerBound} last change at ${bestAtS.toFixed(1)} s`,
    );
  }
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  reportMedian(report, "solve", `${title}, ${problems.length} problems, ${seconds} s: mean gap to best known`, "%", [mean(found)]);
  reportMedian(report, "solve", `${title}: worst gap to best known`, "%", [Math.max(...found)]);
  reportMedian(report, "solve", `${title}: mean gap to the proven bound`, "%", [mean(bounds)]);
}

function buffers(report: Report): void {
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    for (const [rates, total, best] of [
      [[1, 1, 1, 1], 6, "2 2 2"],
      [[1, 1, 1, 1, 1], 4, "1 1 1 1"],
      [[1, 1.1, 1.2, 1.3], 6, "3 2 1"],
    ] as const) {
      const throughput = (sizes: Int32Array): number => exponentialLineThroughput(rates, sizes);
      const search = new BufferSearch({ buffers: rates.length - 1, total, replications: 1, throughput }, { seed: 1 });
      runSearch(search, { iterations: 10_000 });
      if (search.solution().join(" ") !== best)
        throw new Error(`buffer allocation found ${search.solution().join(" ")}, the optimum is ${best}`);
    }
    times.push(performance.now() - start);
  }
  reportMedian(report, "solve", "three exact buffer allocations", "ms", times);
}

async function charge(report: Report): Promise<void> {
  const words = new WordStream(1);
  const elements = Array.from({ length: 60 }, (_, i) => `E${i}`);
  const materials = Array.from({ length: 400 }, (_, j) => ({
    name: `M${j}`,
    costPerKg: 0.2 + words.uniform(),
    availableKg: 50 + 500 * words.uniform(),
    content: Object.fromEntries(elements.map((element) => [element, 0.02 * words.uniform()])),
  }));
  const limits = elements.map((element, i) => (i % 2 === 0 ? { element, high: 0.0105 } : { element, low: 0.009 }));
  const program = blendingProgram({ productKg: 1_000, materials, limits });
  const solver = createHighsSolver();
  const times: number[] = [];
  for (let round = 0; round < 6; round++) {
    const start = performance.now();
    const answer = await solver.solve(program);
    // the first loads the engine
    if (round > 0) times.push(performance.now() - start);
    if (answer.status !== "optimal" || optimalityError(program, answer) > 1e-7) throw new Error("the charge is not proven optimal");
  }
  reportMedian(report, "solve", "charge of 400 materials, 61 rows, proven optimal", "ms", times);
}
