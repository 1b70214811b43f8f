import type { Optimisation, OptimisationSummary } from "@doppelwerk/client";
import type { Job, Principal, RecordId } from "@doppelwerk/world";
import { earlierJob, endedEarlier, endOf } from "./run-job.ts";

/** What a job of kind `simulate.optimisation` keeps: what is shown of it, and what it needs to be resumed. */
export interface OptimisationDetail {
  /** Its state is the phase that it is in while its job has not ended. */
  readonly shown: Optimisation;
  /** Whose view it works with. */
  readonly by: Principal;
  /** Element of each factor, in the order of the request, and what stood there when the search began. */
  readonly elements: readonly RecordId[];
  readonly held: readonly number[];
  /** The branch as it was when the search began, and as the chosen point left it: on any other the answer would not hold. */
  readonly diffHashes: readonly string[];
  /** The point that was chosen at a revision while it is not known to stand on the branch. */
  readonly choosing?: { readonly index: number; readonly revision: number };
}
export type OptimisationJob = Job<OptimisationDetail>;

/** Earlier versions kept the request as `wish`, and the restarts as `begunAnew`. */
export function currentOptimisation(job: OptimisationJob): OptimisationJob {
  const { wish, begunAnew = 0, ...shown } = job.detail.shown;
  return wish === undefined ? job : { ...job, detail: { ...job.detail, shown: { ...shown, request: wish, restarts: begunAnew } } };
}

/** An optimisation as clients know it. */
export function optimisationOf(kept: OptimisationJob): Optimisation {
  const job = currentOptimisation(kept);
  const { finishedAt: _finishedAt, message: _message, reason: _reason, ...shown } = job.detail.shown;
  const { state, resumed } = job;
  const phase = state === "queued" || state === "running" ? shown.state : state === "poisoned" ? "failed" : state;
  const former = { wish: shown.request, begunAnew: shown.restarts };
  return { ...shown, ...former, state: phase, resumed, ...endOf(job) };
}

export function optimisationSummaryOf(job: OptimisationJob): OptimisationSummary {
  const { id, branch, title, state, goals, spent, budget, judged, seed, by, startedAt, verdict, request } = optimisationOf(job);
  return {
    id,
    branch,
    title,
    state,
    goals,
    spent,
    budget,
    judged,
    seed,
    by,
    startedAt,
    ...(request.line !== undefined && { line: request.line }),
    ...endOf(job),
    ...(verdict === undefined ? {} : { verdict }),
  };
}

/** An optimisation of an earlier store. One that was under way waits to be resumed. */
export function jobOfEarlierOptimisation(kept: OptimisationDetail): OptimisationJob {
  const { id, branch, state, spent, budget, startedAt, finishedAt, message, reason, resumed } = kept.shown;
  const isUnderWay = state === "running" || state === "waiting" || state === "confirming";
  const detail: OptimisationDetail = isUnderWay ? { ...kept, shown: { ...kept.shown, state: "waiting" } } : kept;
  const progress = { done: spent, total: budget, resumed };
  const job = earlierJob({ id, kind: "simulate.optimisation", branch, by: kept.by.id, startedAt, priority: 2, detail, ...progress });
  return endedEarlier(job, { state, finishedAt, message, reason }, true, { message: "" });
}
