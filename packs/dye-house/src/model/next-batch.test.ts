import { expect, test } from "vitest";
import type { Batch } from "./batch.ts";
import { nextBatch, type Direction } from "./next-batch.ts";

const at = (machine: string, from: number): Batch => ({ machine, from }) as Batch;
const batches = [at("JET1", 1), at("JET3", 2), at("JET1", 5), at("JET3", 8), at("JET1", 9)];
const machines = ["JET1", "JET2", "JET3"];

test("[DH15] arrow keys go to the batch before and after, and to the nearest of the next machine that has one", () => {
  const go = (machine: string, from: number, direction: Direction) => {
    const next = nextBatch(batches, machines, { machine, from }, direction);
    return next && `${next.machine} ${next.from}`;
  };
  expect(go("JET1", 5, "before")).toBe("JET1 1");
  expect(go("JET1", 5, "after")).toBe("JET1 9");
  expect(go("JET1", 9, "after")).toBeUndefined();
  // JET2 has none
  expect(go("JET1", 9, "below")).toBe("JET3 8");
  expect(go("JET3", 2, "above")).toBe("JET1 1");
  expect(go("JET1", 1, "above")).toBeUndefined();
});
