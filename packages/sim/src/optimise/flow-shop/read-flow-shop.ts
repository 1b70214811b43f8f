import { badLine, numberLines, wholeNumber } from "../text-numbers.ts";
import type { FlowShop } from "./flow-shop.ts";

const MAX_TIMES = 200_000;
const MAX_TIME = 10_000_000;

/**
 * A permutation flow shop in the text formats of the benchmark sets: `jobs machines`, then a line a job, either its times or pairs `machine time` in the order of
 * the machines (OR-Library); Taillard's files too, where the lines are the machines and the first line goes on with seed and bounds. Throws DW_INVALID naming the line.
 */
export function readFlowShop(text: string): FlowShop {
  const [head, ...rows] = numberLines(text);
  const jobs = wholeNumber(head!.values[0], head!.line, "the number of jobs", 1, 10_000);
  const machines = wholeNumber(head!.values[1], head!.line, "the number of machines", 1, 1_000);
  if (jobs * machines > MAX_TIMES) throw badLine(head!.line, `more than ${MAX_TIMES} times`);
  const time = new Float64Array(jobs * machines);
  const put = (job: number, machine: number, value: number | undefined, line: number): void => {
    time[job * machines + machine] = wholeNumber(value, line, "a time", 0, MAX_TIME);
  };
  const byMachine = rows.length === machines && rows.every(({ values }) => values.length === jobs);
  const byJob = rows.length === jobs && rows.every(({ values }) => values.length === machines);
  const inPairs = rows.length === jobs && rows.every(({ values }) => values.length === 2 * machines);
  if (byJob && (!byMachine || head!.values.length === 2))
    for (const [job, row] of rows.entries()) for (let k = 0; k < machines; k++) put(job, k, row.values[k], row.line);
  else if (byMachine) for (const [k, row] of rows.entries()) for (let job = 0; job < jobs; job++) put(job, k, row.values[job], row.line);
  else if (inPairs) {
    for (const [job, { line, values }] of rows.entries())
      for (let k = 0; k < machines; k++) {
        if (values[2 * k] !== k && values[2 * k] !== k + 1)
          throw badLine(line, `a flow shop passes the machines in their order; here stands ${values[2 * k]}`);
        put(job, k, values[2 * k + 1], line);
      }
  } else
    throw badLine(
      (rows.at(-1) ?? head!).line,
      `${jobs} lines of ${machines} times (or pairs), or ${machines} lines of ${jobs} times are needed`,
    );
  return { jobs, machines, time };
}
