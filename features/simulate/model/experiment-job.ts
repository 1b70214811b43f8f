import type { ExperimentSummary } from "@doppelwerk/client";
import type { Message } from "@doppelwerk/messages";
import type { Job } from "@doppelwerk/world";
import { earlierJob, endedEarlier, endOf } from "./run-job.ts";

/** What a job of kind `simulate.experiment` keeps of its experiment. */
export type ExperimentDetail = Pick<ExperimentSummary, "name" | "points" | "factors" | "resultHash" | "rerunOf" | "sameHash">;
export type ExperimentJob = Job<ExperimentDetail>;

/** An experiment as clients know it: one that waits is under way, one that was set apart has failed. */
export function experimentSummaryOf(job: ExperimentJob): ExperimentSummary {
  const { id, branch, done, total, enqueuedAt, detail, resumed } = job;
  const state = job.state === "queued" ? "running" : job.state === "poisoned" ? "failed" : job.state;
  return { id, branch, ...detail, state, done, total, startedAt: enqueuedAt, ...endOf(job), ...(resumed === 0 ? {} : { resumed }) };
}

/** An experiment of an earlier store. One that was under way waits to be resumed; without a plan it cannot be. */
export function jobOfEarlierExperiment(
  summary: ExperimentSummary,
  hasPlan: boolean,
  lost: { readonly message: string; readonly reason?: Message },
): ExperimentJob {
  const { id, branch, state, done, total, startedAt, finishedAt, message, reason, resumed = 0, ...detail } = summary;
  const job = earlierJob({ id, kind: "simulate.experiment", branch, startedAt, done, total, resumed, priority: 1, detail });
  return endedEarlier(job, { state, finishedAt, message, reason }, hasPlan, lost);
}
