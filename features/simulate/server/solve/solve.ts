import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { message, verbatim } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { gapOf } from "@doppelwerk/sim/optimise";
import { readProblem, type ProblemKind } from "./problem.ts";
import { SolverPool, type SolveBudget } from "./solver-pool.ts";

export interface SolveOptions {
  /** From the start of the command to its answer; 60 unless told, and without end where iterations are. */
  readonly seconds?: number;
  readonly iterations?: number;
  readonly seed: number;
  readonly workers?: number;
  readonly json?: boolean;
}

/**
 * `doppelwerk solve KIND FILE`: the best answer found in the time, on as many workers as there are cores (at most two unless told otherwise).
 * With `--json` one line on stdout, `{objective, lowerBound, schedule}`. A bad file is refused with DW_INVALID naming its line.
 */
export async function solve(kind: ProblemKind, file: string, options: SolveOptions): Promise<void> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new DoppelwerkError("DW_INVALID", message("simulate.cannotReadFile", { code: error.code ?? error.message, file }));
  });
  try {
    // read here first, so that a bad file is refused before any worker starts
    readProblem(kind, text);
  } catch (error) {
    throw error instanceof DoppelwerkError ? new DoppelwerkError(error.code, verbatim(`${file}: ${error.message}`), error.details) : error;
  }
  const pool = new SolverPool(options.workers ?? Math.min(2, availableParallelism()));
  const stop = (): void => pool.stop();
  // a terminal and the starting script may both send it, so more than one must be borne
  process.on("SIGINT", stop);
  const answer = await pool
    .solve(kind, text, budgetOf(options), (objective, lowerBound, elapsedS) => {
      if (!options.json) process.stderr.write(`${elapsedS.toFixed(1).padStart(7)} s  ${objective}  bound ${lowerBound}\n`);
    })
    .finally(() => process.off("SIGINT", stop));
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ objective: answer.objective, lowerBound: answer.lowerBound, schedule: answer.schedule })}\n`);
    return;
  }
  const gap = gapOf(answer.objective, answer.lowerBound);
  process.stdout.write(
    `${answer.objective}, bound ${answer.lowerBound}: ${gap === 0 ? "proven optimal" : `at most ${(100 * gap).toFixed(2)} % above the optimum`}\n`,
  );
  process.stdout.write(`${linesOf(answer.schedule).join("\n")}\n`);
}

function budgetOf({ seconds, iterations, seed }: SolveOptions): SolveBudget {
  return {
    seconds: seconds ?? (iterations === undefined ? SECONDS : DAY_S),
    seed,
    startMs: performance.timeOrigin,
    ...(iterations === undefined ? {} : { iterations }),
  };
}

const SECONDS = 60;
const DAY_S = 86_400;

function linesOf(schedule: SolveSchedule): string[] {
  const [first] = schedule;
  if (first === undefined) return [];
  if (typeof first === "number") return [schedule.join(" ")];
  return (schedule as Exclude<SolveSchedule, readonly number[]>).map(
    ({ job, operation, machine, start, end }) => `job ${job}  operation ${operation}  machine ${machine}  ${start} – ${end}`,
  );
}

type SolveSchedule = Awaited<ReturnType<SolverPool["solve"]>>["schedule"];
