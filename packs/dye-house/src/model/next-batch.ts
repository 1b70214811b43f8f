import type { Batch } from "./batch.ts";

export type Direction = "before" | "after" | "above" | "below";
type Chosen = Pick<Batch, "machine" | "from">;

/** The batch before or after one on its machine, or the nearest in time of the machine above or below; undefined at the edge. */
export function nextBatch(
  batches: readonly Batch[],
  machines: readonly string[],
  { machine, from }: Chosen,
  direction: Direction,
): Chosen | undefined {
  if (direction === "before") return batches.findLast((one) => one.machine === machine && one.from < from);
  if (direction === "after") return batches.find((one) => one.machine === machine && one.from > from);
  const step = direction === "above" ? -1 : 1;
  for (let row = machines.indexOf(machine) + step; row >= 0 && row < machines.length; row += step) {
    const [nearest] = batches
      .filter((one) => one.machine === machines[row])
      .toSorted((a, b) => Math.abs(a.from - from) - Math.abs(b.from - from));
    if (nearest !== undefined) return nearest;
  }
  return undefined;
}
