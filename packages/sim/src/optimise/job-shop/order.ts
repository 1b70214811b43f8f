import type { WordStream } from "../word-stream.ts";

/** The operations of jobs in random order, each after its predecessor in the job. `first` as in `JobShop`. */
export function randomOrder(first: Int32Array, words: WordStream): Int32Array {
  const jobs = first.length - 1;
  const next = first.slice(0, jobs);
  const open = Array.from({ length: jobs }, (_, job) => job).filter((job) => next[job]! < first[job + 1]!);
  const order = new Int32Array(first[jobs]!);
  for (let i = 0; i < order.length; i++) {
    const at = words.below(open.length);
    const job = open[at]!;
    order[i] = next[job]!++;
    if (next[job] === first[job + 1]) open.splice(at, 1);
  }
  return order;
}

/**
 * An order on the path between two: operations sorted by the weighted mean of their places in both. What precedes in both precedes in it, so
 * it keeps every job's chain and every machine sequence that the two share.
 */
export function betweenOrders(one: Int32Array, other: Int32Array, weight: number): Int32Array {
  const key = new Float64Array(one.length);
  for (let i = 0; i < one.length; i++) {
    key[one[i]!]! += (1 - weight) * i;
    key[other[i]!]! += weight * i;
  }
  return Int32Array.from(key.keys()).sort((x, y) => key[x]! - key[y]! || x - y);
}
