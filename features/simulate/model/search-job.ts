import type { SearchState } from "@doppelwerk/client";
import { LIVE, type Job } from "@doppelwerk/world";
import { earlierJob, endedEarlier, endOf, shownState } from "./run-job.ts";

/** What a job of kind `simulate.search` keeps of its search. */
export type SearchDetail = Omit<SearchState, "id" | "what" | "state" | "startedAt" | "finishedAt" | "resumed" | "message" | "reason">;
export type SearchJob = Job<SearchDetail>;

/** A search as clients know it. */
export function searchStateOf(job: SearchJob): SearchState {
  const { id, enqueuedAt, resumed } = job;
  const detail = withKind(job.detail);
  const isStopped = job.state === "cancelled" && detail.solution !== undefined;
  return {
    id,
    ...detail,
    what: detail.kind,
    ...(isStopped && { end: "cancelled" }),
    state: shownState(job),
    startedAt: enqueuedAt,
    resumed,
    ...endOf(job),
  };
}

/** Earlier versions kept the kind of a search as `what`. */
export function withKind<Kept extends { readonly kind: SearchState["kind"] }>(kept: Kept): Kept {
  const { what, ...fields } = kept as Kept & { readonly what?: SearchState["kind"] };
  return what === undefined ? kept : ({ ...fields, kind: what } as unknown as Kept);
}

/** A search of an earlier store. One that was under way waits to be resumed. */
export function jobOfEarlierSearch(kept: SearchState): SearchJob {
  const { id, state, startedAt, finishedAt, resumed, message, reason, ...detail } = withKind(kept);
  const progress = { done: kept.iterations, total: kept.budget, resumed };
  const job = earlierJob({ id, kind: "simulate.search", branch: LIVE, startedAt, priority: 0, detail, ...progress });
  return endedEarlier(job, { state, finishedAt, message, reason }, true, { message: "" });
}
