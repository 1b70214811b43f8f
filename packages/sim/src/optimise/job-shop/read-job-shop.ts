import { badLine, numberLines, wholeNumber, type NumberLine } from "../text-numbers.ts";
import { slotsOf, type JobShop } from "./job-shop.ts";

const MAX_OPERATIONS = 50_000;
/** The tabu list has a place for each. */
const MAX_PAIRS = 20_000_000;
const MAX_TIME = 10_000_000;
const MAX_TOTAL = 1_000_000_000;

/**
 * A job shop in the text format of the benchmark sets (OR-Library, JSPLIB): a line `jobs machines`, then a line a job with the pairs
 * `machine time` in technological order. Taillard's format is read too: after `jobs machines` the matrix of times, then the
 * matrix of machines (from 1). Machines are counted from 0, or from 1 throughout. In the industrial sets jobs leave machines out and come
 * back to others: `jobs: "any"`, the default, takes those too, `"classic"` does not. Throws DW_INVALID naming the line.
 */
export function readJobShop(text: string, options: { readonly jobs: "classic" | "any" } = { jobs: "any" }): JobShop {
  const [head, ...rows] = numberLines(text);
  const jobs = wholeNumber(head!.values[0], head!.line, "the number of jobs", 1, 10_000);
  const machines = wholeNumber(head!.values[1], head!.line, "the number of machines", 1, 10_000);
  if (options.jobs === "any" && isIndustrial(head!, rows, jobs, machines)) return shopOf(head!, rows.map(pairsOfRow), machines, "any");
  if (jobs * machines > MAX_OPERATIONS) throw badLine(head!.line, `more than ${MAX_OPERATIONS} operations`);
  const pairs =
    rows.length === 2 * jobs && rows.every((row) => row.values.length === machines)
      ? taillardPairs(rows, jobs)
      : standardPairs(head!, rows, jobs, machines);
  return shopOf(head!, pairs, machines, options.jobs);
}

/** Most jobs have more or fewer operations than there are machines; where only a few differ, those lines are torn. */
function isIndustrial(head: NumberLine, rows: readonly NumberLine[], jobs: number, machines: number): boolean {
  const usual = rows.filter(({ values }) => values.length === 2 * machines).length;
  return head.values.length === 2 && rows.length === jobs && usual * 2 < jobs && rows.every(({ values }) => values.length % 2 === 0);
}

function pairsOfRow({ line, values }: NumberLine): Pair[] {
  return Array.from({ length: values.length / 2 }, (_, k) => ({ line, machine: values[2 * k]!, time: values[2 * k + 1]! }));
}

interface Pair {
  readonly line: number;
  readonly machine: number;
  readonly time: number;
}

function standardPairs(head: NumberLine, rows: readonly NumberLine[], jobs: number, machines: number): Pair[][] {
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
  return Array.from({ length: jobs }, (_job, job) =>
    Array.from({ length: machines }, (_, k) => {
      const at = 2 * (job * machines + k);
      return { line: words[at]!.line, machine: words[at]!.value, time: words[at + 1]!.value };
    }),
  );
}

function taillardPairs(rows: readonly NumberLine[], jobs: number): Pair[][] {
  return rows.slice(0, jobs).map((times, job) => {
    const machines = rows[jobs + job]!;
    return times.values.map((time, k) => ({ line: machines.line, machine: machines.values[k]!, time }));
  });
}

function shopOf(head: NumberLine, rows: readonly (readonly Pair[])[], machines: number, jobs: "classic" | "any"): JobShop {
  const pairs = rows.flat();
  const firstMachine = pairs.some(({ machine }) => machine === 0) || !pairs.some(({ machine }) => machine === machines) ? 0 : 1;
  const machine = new Int32Array(pairs.length);
  const duration = new Int32Array(pairs.length);
  const first = new Int32Array(rows.length + 1);
  let total = 0;
  let op = 0;
  for (const [job, row] of rows.entries()) {
    const visited = new Set<number>();
    for (const pair of row) {
      machine[op] = wholeNumber(pair.machine, pair.line, "a machine", firstMachine, machines - 1 + firstMachine) - firstMachine;
      duration[op] = wholeNumber(pair.time, pair.line, "a time", 0, MAX_TIME);
      total += pair.time;
      if (jobs === "classic" && visited.has(pair.machine)) throw badLine(pair.line, `job ${job + 1} visits machine ${pair.machine} twice`);
      visited.add(pair.machine);
      op++;
    }
    first[job + 1] = op;
  }
  if (total > MAX_TOTAL) throw badLine(pairs.at(-1)!.line, `the times add up to more than ${MAX_TOTAL}`);
  const shop: JobShop = { jobs: rows.length, machines, first, machine, duration, firstMachine };
  if (op > MAX_OPERATIONS || op * slotsOf(shop).most > MAX_PAIRS)
    throw badLine(head.line, `more than ${MAX_OPERATIONS} operations, or ${MAX_PAIRS} pairs of operations on one machine`);
  return shop;
}
