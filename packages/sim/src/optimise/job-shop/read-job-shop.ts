import { badLine, numberLines, wholeNumber, type NumberLine } from "../text-numbers.ts";
import type { JobShop } from "./job-shop.ts";

const MAX_OPERATIONS = 50_000;
/** The tabu list has a place for each. */
const MAX_PAIRS = 20_000_000;
const MAX_TIME = 10_000_000;
const MAX_TOTAL = 1_000_000_000;

/**
 * A job shop in the text format of the benchmark sets (OR-Library, JSPLIB): a line `jobs machines`, then a line a job with the pairs
 * `machine time` in technological order. Taillard's format is read too: after `jobs machines` the matrix of times, then the
 * matrix of machines (from 1). Machines are counted from 0, or from 1 throughout. Throws DW_INVALID naming the line.
 */
export function readJobShop(text: string): JobShop {
  const [head, ...rows] = numberLines(text);
  const jobs = wholeNumber(head!.values[0], head!.line, "the number of jobs", 1, 10_000);
  const machines = wholeNumber(head!.values[1], head!.line, "the number of machines", 1, 10_000);
  if (jobs * machines > MAX_OPERATIONS || jobs * jobs * machines > MAX_PAIRS)
    throw badLine(head!.line, `more than ${MAX_OPERATIONS} operations, or ${MAX_PAIRS} pairs of operation and job`);
  const pairs =
    rows.length === 2 * jobs && rows.every((row) => row.values.length === machines)
      ? taillardPairs(rows, jobs)
      : standardPairs(head!, rows, jobs, machines);
  return shopOf(pairs, jobs, machines);
}

interface Pair {
  readonly line: number;
  readonly machine: number;
  readonly time: number;
}

function standardPairs(head: NumberLine, rows: readonly NumberLine[], jobs: number, machines: number): Pair[] {
  const words = rows.flatMap(({ line, values }) => values.map((value) => ({ line, value })));
  const expected = 2 * jobs * machines;
  // rows wrapped over several lines are read by counting; otherwise the first row of a wrong length is to blame
  if (words.length !== expected || rows.length === jobs) {
    for (const [index, row] of rows.entries()) {
      if (index === jobs) throw badLine(row.line, `line ${head.line} says ${jobs} jobs, here is one more`);
      if (row.values.length !== 2 * machines)
        throw badLine(row.line, `job ${index + 1} has ${row.values.length} numbers, not ${machines} pairs of machine and time`);
    }
    if (rows.length < jobs) throw badLine((rows.at(-1) ?? head).line, `the file ends after ${rows.length} of ${jobs} jobs`);
  }
  return Array.from({ length: jobs * machines }, (_, op) => ({
    line: words[2 * op]!.line,
    machine: words[2 * op]!.value,
    time: words[2 * op + 1]!.value,
  }));
}

function taillardPairs(rows: readonly NumberLine[], jobs: number): Pair[] {
  return rows.slice(0, jobs).flatMap((times, job) => {
    const machines = rows[jobs + job]!;
    return times.values.map((time, k) => ({ line: machines.line, machine: machines.values[k]!, time }));
  });
}

function shopOf(pairs: readonly Pair[], jobs: number, machines: number): JobShop {
  const firstMachine = pairs.some(({ machine }) => machine === 0) || !pairs.some(({ machine }) => machine === machines) ? 0 : 1;
  const machine = new Int32Array(pairs.length);
  const duration = new Int32Array(pairs.length);
  let total = 0;
  for (const [op, pair] of pairs.entries()) {
    machine[op] = wholeNumber(pair.machine, pair.line, "a machine", firstMachine, machines - 1 + firstMachine) - firstMachine;
    duration[op] = wholeNumber(pair.time, pair.line, "a time", 0, MAX_TIME);
    total += pair.time;
    const job = Math.floor(op / machines);
    for (let before = job * machines; before < op; before++)
      if (machine[before] === machine[op]) throw badLine(pair.line, `job ${job + 1} visits machine ${pair.machine} twice`);
  }
  if (total > MAX_TOTAL) throw badLine(pairs.at(-1)!.line, `the times add up to more than ${MAX_TOTAL}`);
  const first = Int32Array.from({ length: jobs + 1 }, (_, job) => job * machines);
  return { jobs, machines, first, machine, duration, firstMachine };
}
