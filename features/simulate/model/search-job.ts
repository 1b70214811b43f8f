import type { SearchState } from "@doppelwerk/client";
import { LIVE, type Job } from "@doppelwerk/world";
import { earlierJob, endedEarlier, endOf, shownState } from "./run-job.ts";

/** What a job of kind `simulate.search` keeps of its search. */
export type SearchDetail = Omit<SearchState, "id" | "state" | "startedAt" | "finishedAt" | "resumed" | "message" | "reason">;
export type SearchJob = Job<SearchDetail>;

/** A search as clients know it. */
export function searchStateOf(job: SearchJob): SearchState {
  const { id, enqueuedAt, resumed, detail } = job;
  const isStopped = job.state === "cancelled" && detail.solution !== undefined;
  return { id, ...detail, ...(isStopped && { end: "cancelled" }), state: shownState(job), startedAt: enqueuedAt, resumed, ...endOf(job) };
}

/** A search of an earlier store. One that was under way waits to be resumed. */
export function jobOfEarlierSearch(kept: SearchState): SearchJob {
  const { id, state, startedAt, finishedAt, resumed, message, reason, ...detail } = kept;
  const progress = { done: kept.iterations, total: kept.budget, resumed };
  const job = earlierJob({ id, kind: "simulate.search", branch: LIVE, startedAt, priority: 0, detail, ...progress });
  return endedEarlier(job, { state, finishedAt, message, reason }, true, { message: "" });
}
