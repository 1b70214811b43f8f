import type { ModelRunSummary } from "@doppelwerk/client";
import type { Message } from "@doppelwerk/messages";
import type { Job } from "@doppelwerk/world";
import { earlierJob, endedEarlier, endOf } from "./run-job.ts";

/** What a job of kind `simulate.model` keeps of its run. */
export type ModelRunDetail = Pick<ModelRunSummary, "model" | "from" | "stepS" | "durationS" | "traceHash" | "keepsState" | "continueFrom">;
export type ModelRunJob = Job<ModelRunDetail>;

/** A run of a model as clients know it: one that waits is under way to them, one that was set apart has failed. */
export function modelRunSummaryOf(job: ModelRunJob): ModelRunSummary {
  const { id, branch, state, detail, enqueuedAt } = job;
  const shown = state === "queued" ? "running" : state === "poisoned" ? "failed" : state;
  return { id, branch, ...detail, state: shown, startedAt: enqueuedAt, ...endOf(job) };
}

/** A run of an earlier store, which kept no plan: one that was under way cannot be resumed. */
export function jobOfEarlierModelRun(kept: ModelRunSummary, lost: { readonly message: string; readonly reason?: Message }): ModelRunJob {
  const { id, branch, state, startedAt, finishedAt, message, reason, ...detail } = kept;
  const job = earlierJob({ id, kind: "simulate.model", branch, startedAt, done: 0, total: 1, resumed: 0, detail });
  return endedEarlier(job, { state, finishedAt, message, reason }, false, lost);
}
