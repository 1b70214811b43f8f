import { describe, expect, test } from "vitest";
import { jobQueueContract } from "../ports/job-queue.contract.ts";
import { upcastJob } from "./job.ts";
import { createMemoryJobQueue } from "./memory-job-queue.ts";

describe("the queue in memory keeps the contract", () => {
  for (const { title, run } of jobQueueContract(() => ({ open: async (clock) => createMemoryJobQueue(clock) }))) test(title, run);
});

test("[JQ12] a job of an earlier version comes up step by step; a newer one and one without a step are refused", () => {
  const upcasts = {
    1: (job: { readonly name: string }) => ({ ...job, kind: job.name }),
    2: (job: { readonly kind: string }) => ({ ...job, kind: `simulate.${job.kind}` }),
  };
  expect(upcastJob({ v: 1, name: "run", unknown: 7 }, 3, upcasts)).toEqual({ v: 3, name: "run", kind: "simulate.run", unknown: 7 });
  expect(upcastJob({ v: 3, kind: "simulate.run" }, 3, upcasts)).toEqual({ v: 3, kind: "simulate.run" });
  expect(() => upcastJob({ v: 4 }, 3, upcasts)).toThrow(expect.objectContaining({ code: "DW_FORMAT_NEWER" }));
  expect(() => upcastJob({ v: 1 }, 3, { 2: upcasts[2] })).toThrow(expect.objectContaining({ code: "DW_DAMAGED" }));
  expect(() => upcastJob({ id: "run:1" }, 3, upcasts)).toThrow(expect.objectContaining({ code: "DW_DAMAGED" }));
});
