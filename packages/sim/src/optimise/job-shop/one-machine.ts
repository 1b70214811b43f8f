import type { JobShop } from "./job-shop.ts";

/**
 * Length of the preemptive schedule of one machine with heads and tails (Jackson 1955; Carlier 1982): at every moment the available
 * operation of longest tail runs. No schedule of these operations that respects heads and tails is shorter.
 */
export function preemptiveMakespan(head: ArrayLike<number>, duration: ArrayLike<number>, tail: ArrayLike<number>): number {
  const count = head.length;
  const byHead = Array.from({ length: count }, (_, i) => i).sort((x, y) => head[x]! - head[y]!);
  const left = Float64Array.from(duration);
  const open: number[] = [];
  let now = 0;
  let next = 0;
  let makespan = 0;
  while (next < count || open.length > 0) {
    if (open.length === 0) now = Math.max(now, head[byHead[next]!]!);
    while (next < count && head[byHead[next]!]! <= now) open.push(byHead[next++]!);
    let longest = 0;
    for (let i = 1; i < open.length; i++) if (tail[open[i]!]! > tail[open[longest]!]!) longest = i;
    const op = open[longest]!;
    const until = next < count ? Math.min(now + left[op]!, head[byHead[next]!]!) : now + left[op]!;
    left[op]! -= until - now;
    now = until;
    if (left[op] === 0) {
      makespan = Math.max(makespan, now + tail[op]!);
      open.splice(longest, 1);
    }
  }
  return makespan;
}

/** Heads (what must happen before) and tails (what must happen after) of the operations of a job shop, from the jobs alone. */
export function headsAndTails(problem: JobShop): { readonly head: Int32Array; readonly tail: Int32Array } {
  const { jobs, first, duration } = problem;
  const head = new Int32Array(duration.length);
  const tail = new Int32Array(duration.length);
  for (let job = 0; job < jobs; job++) {
    for (let op = first[job]! + 1; op < first[job + 1]!; op++) head[op] = head[op - 1]! + duration[op - 1]!;
    for (let op = first[job + 1]! - 2; op >= first[job]!; op--) tail[op] = tail[op + 1]! + duration[op + 1]!;
  }
  return { head, tail };
}

/** The longest job, and the preemptive schedule of every machine: no makespan is below the largest of them. */
export function jobShopBound(problem: JobShop): number {
  const { head, tail } = headsAndTails(problem);
  let bound = 0;
  for (let op = 0; op < head.length; op++) bound = Math.max(bound, head[op]! + problem.duration[op]! + tail[op]!);
  for (let machine = 0; machine < problem.machines; machine++) {
    const ops = Array.from(head.keys()).filter((op) => problem.machine[op] === machine);
    const pick = (values: Int32Array): number[] => ops.map((op) => values[op]!);
    bound = Math.max(bound, preemptiveMakespan(pick(head), pick(problem.duration), pick(tail)));
  }
  return bound;
}
