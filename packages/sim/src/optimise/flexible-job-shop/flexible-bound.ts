import type { FlexibleJobShop } from "./flexible-job-shop.ts";

const STEPS = 150;
const LEVELS = 8;
/** Choices times pairs of levels looked at: beyond, fewer levels are. */
const MAX_WORK = 1_000_000;

/**
 * No makespan is below: the longest job on its fastest machines; and for any operations that all have at least a before them and b behind them,
 * a + b + the least largest load of the machines when their work may be divided at will. The load problem is bounded through its
 * dual: for any weights of the machines that add up to 1, the sum over the operations of the least weight × time.
 */
export function flexibleBound(problem: FlexibleJobShop): number {
  const { jobs, first, firstChoice, time } = problem;
  const operations = firstChoice.length - 1;
  const shortest = new Float64Array(operations);
  for (let op = 0; op < operations; op++) {
    shortest[op] = Infinity;
    for (let c = firstChoice[op]!; c < firstChoice[op + 1]!; c++) shortest[op] = Math.min(shortest[op]!, time[c]!);
  }
  const head = new Float64Array(operations);
  const tail = new Float64Array(operations);
  let bound = 0;
  for (let job = 0; job < jobs; job++) {
    for (let op = first[job]! + 1; op < first[job + 1]!; op++) head[op] = head[op - 1]! + shortest[op - 1]!;
    for (let op = first[job + 1]! - 2; op >= first[job]!; op--) tail[op] = tail[op + 1]! + shortest[op + 1]!;
    if (first[job + 1]! > first[job]!) bound = Math.max(bound, shortest[first[job]!]! + tail[first[job]!]!);
  }
  const most = Math.max(1, Math.min(LEVELS, Math.floor(Math.sqrt(MAX_WORK / Math.max(1, time.length)))));
  for (const a of levels(head, most)) {
    for (const b of levels(tail, most)) {
      const ops: number[] = [];
      for (let op = 0; op < operations; op++) if (head[op]! >= a && tail[op]! >= b) ops.push(op);
      if (ops.length > 0) bound = Math.max(bound, Math.ceil(a + b + leastLargestLoad(problem, ops, head, tail, a, b) - 1e-6));
    }
  }
  return bound;
}

/** At most so many of the values, the least among them. */
function levels(values: Float64Array, most: number): number[] {
  const sorted = [...new Set(values)].sort((x, y) => x - y);
  return sorted.length <= most ? sorted : Array.from({ length: most }, (_, i) => sorted[Math.floor((i * sorted.length) / most)]!);
}

/** A lower bound of the largest load, beyond a and b: each machine is also idle before its earliest head and after its shortest tail. */
function leastLargestLoad(
  problem: FlexibleJobShop,
  ops: readonly number[],
  head: Float64Array,
  tail: Float64Array,
  a: number,
  b: number,
): number {
  const { machines, machine, time, firstChoice } = problem;
  const idleBefore = new Float64Array(machines).fill(Infinity);
  const idleAfter = new Float64Array(machines).fill(Infinity);
  for (const op of ops) {
    for (let c = firstChoice[op]!; c < firstChoice[op + 1]!; c++) {
      const k = machine[c]!;
      idleBefore[k] = Math.min(idleBefore[k]!, head[op]! - a);
      idleAfter[k] = Math.min(idleAfter[k]!, tail[op]! - b);
    }
  }
  const weight = new Float64Array(machines);
  for (let k = 0; k < machines; k++) weight[k] = Number.isFinite(idleBefore[k]!) ? 1 : 0;
  const load = new Float64Array(machines);
  let best = 0;
  for (let step = 0; step < STEPS; step++) {
    let sum = 0;
    for (let k = 0; k < machines; k++) sum += weight[k]!;
    let value = 0;
    let largest = 0;
    for (let k = 0; k < machines; k++) {
      load[k] = weight[k]! > 0 ? idleBefore[k]! + idleAfter[k]! : 0;
      value += weight[k]! * load[k]!;
    }
    for (const op of ops) {
      let chosen = firstChoice[op]!;
      for (let c = chosen + 1; c < firstChoice[op + 1]!; c++)
        if (weight[machine[c]!]! * time[c]! < weight[machine[chosen]!]! * time[chosen]!) chosen = c;
      value += weight[machine[chosen]!]! * time[chosen]!;
      load[machine[chosen]!]! += time[chosen]!;
    }
    best = Math.max(best, value / sum);
    for (let k = 0; k < machines; k++) largest = Math.max(largest, load[k]!);
    if (largest === 0) break;
    // towards the machines that carry most, with shrinking steps
    const step0 = 1 / (1 + step / 8);
    for (let k = 0; k < machines; k++) weight[k]! *= 1 + step0 * (load[k]! / largest - 0.5);
  }
  return best;
}
