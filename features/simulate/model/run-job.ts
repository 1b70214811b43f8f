import type { RunResult, RunSummary } from "@doppelwerk/client";
import type { Message } from "@doppelwerk/messages";
import type { RunProgress } from "@doppelwerk/sync";
import { JOB_VERSION, type Job, type JobState } from "@doppelwerk/world";

/** What a job of kind `simulate.run` keeps of its run. */
export type RunDetail = Pick<
  RunSummary,
  "line" | "lines" | "kind" | "seed" | "replications" | "diffHash" | "resultHash" | "verdict" | "rerunOf" | "sameHash"
>;
export type RunJob = Job<RunDetail>;

/** A run that was kept once was one file, its result in it. */
export type EarlierRun = RunSummary | { readonly summary: RunSummary; readonly result?: RunResult };

/** A run as clients know it. */
export function runSummaryOf(job: RunJob): RunSummary {
  const { id, branch, done, total, enqueuedAt, detail, resumed } = job;
  return {
    id,
    branch,
    ...detail,
    state: shownState(job),
    done,
    total,
    startedAt: enqueuedAt,
    ...endOf(job),
    ...(resumed === 0 ? {} : { resumed }),
  };
}

export function runProgressOf(job: RunJob): RunProgress {
  const { id, branch, kind, state, done, total, message, reason } = runSummaryOf(job);
  return { id, branch, kind, state, done, total, ...(message === undefined ? {} : { message }), ...(reason && { reason }) };
}

/** One that was set apart has failed, for clients that know no more. */
export function shownState({ state }: Pick<Job, "state">): Exclude<JobState, "poisoned"> {
  return state === "poisoned" ? "failed" : state;
}

export function endOf({ finishedAt, message, reason }: Job): Pick<Job, "finishedAt" | "message" | "reason"> {
  return {
    ...(finishedAt === undefined ? {} : { finishedAt }),
    ...(message === undefined ? {} : { message }),
    ...(reason && { reason }),
  };
}

/** A run of an earlier store. One that was under way waits to be resumed; without a plan it cannot be. */
export function jobOfEarlierRun(kept: EarlierRun, hasPlan: boolean, lost: { readonly message: string; readonly reason?: Message }): RunJob {
  const summary = "summary" in kept ? kept.summary : kept;
  const { id, branch, state, done, total, startedAt, finishedAt, message, reason, resumed = 0, ...detail } = summary;
  const job = earlierJob({ id, kind: "simulate.run", branch, startedAt, done, total, resumed, detail });
  return endedEarlier(job, { state, finishedAt, message, reason }, hasPlan, lost);
}

/** A job of an earlier store that is under way. */
export function earlierJob<Detail>({
  startedAt,
  ...job
}: Pick<Job<Detail>, "id" | "kind" | "branch" | "done" | "total" | "resumed" | "detail"> & {
  readonly startedAt: number;
  readonly by?: string;
  readonly priority?: number;
}): Job<Detail> {
  return { v: JOB_VERSION, by: "", priority: 0, state: "queued", enqueuedAt: startedAt, startedAt, crashes: 0, doneAtCrash: 0, ...job };
}

export function endedEarlier<Detail>(
  job: Job<Detail>,
  end: {
    readonly state: string;
    readonly finishedAt?: number | undefined;
    readonly message?: string | undefined;
    readonly reason?: Message | undefined;
  },
  hasPlan: boolean,
  lost: { readonly message: string; readonly reason?: Message },
): Job<Detail> {
  const { state, finishedAt, message, reason } = end;
  // that it was cancelled is all that its message said
  if (state === "cancelled") return { ...job, state, ...(finishedAt === undefined ? {} : { finishedAt }) };
  if (state === "done" || state === "failed")
    return {
      ...job,
      state,
      ...(finishedAt === undefined ? {} : { finishedAt }),
      ...(message === undefined ? {} : { message }),
      ...(reason === undefined ? {} : { reason }),
    };
  return hasPlan ? job : { ...job, state: "failed", ...lost };
}
