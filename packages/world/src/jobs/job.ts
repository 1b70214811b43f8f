import { message } from "@doppelwerk/messages";
import { DoppelwerkError, failureOf } from "../error.ts";
import type { Instant } from "../instant.ts";
import type { Job, JobEnd, JobFilter, JobLease, JobProgress, NewJob } from "../ports/job-queue.ts";

/** The version of jobs that this code writes. */
export const JOB_VERSION = 1;
/** Crashes without progress between them after which a job is set apart. */
export const MAX_CRASHES = 3;

/** One pure step from a version to the next. */
export type JobStep = (before: never) => unknown;

const steps: Readonly<Record<number, JobStep>> = {};

/** A kept job of any past version in today's form. Errors: DW_FORMAT_NEWER, DW_DAMAGED. */
export function upcastJob(kept: unknown, version = JOB_VERSION, upcasts = steps): Job {
  const from = (kept as { readonly v?: unknown } | undefined)?.v;
  if (typeof from !== "number" || from < 1) throw new DoppelwerkError("DW_DAMAGED", message("world.jobWithoutVersion"));
  if (from > version) throw new DoppelwerkError("DW_FORMAT_NEWER", message("world.jobWrittenNewerDoppelwerk", { from, version }));
  let job = kept;
  for (let at = from; at < version; at++) {
    const step = upcasts[at] as ((before: unknown) => object) | undefined;
    if (step === undefined) throw new DoppelwerkError("DW_DAMAGED", message("world.jobVersionWithoutStep", { version: at }));
    job = { ...step(job), v: at + 1 };
  }
  return job as Job;
}

export function newJob(job: NewJob, now: Instant): Job {
  const { id, kind, branch, by, priority, detail, total = 0 } = job;
  return {
    v: JOB_VERSION,
    id,
    kind,
    branch,
    by,
    state: "queued",
    priority,
    enqueuedAt: now,
    done: 0,
    total,
    resumed: 0,
    crashes: 0,
    doneAtCrash: 0,
    detail,
  };
}

export function hasEnded({ state }: Pick<Job, "state">): boolean {
  return state !== "queued" && state !== "running";
}

export function claimed(job: Job, lease: JobLease, now: Instant): Job {
  const before = job.startedAt;
  return {
    ...withoutEnd(job),
    state: "running",
    lease,
    startedAt: before ?? now,
    resumed: job.resumed + (before === undefined ? 0 : 1),
  };
}

export function progressed(job: Job, { done = job.done, total = job.total, detail = job.detail }: JobProgress): Job {
  return { ...job, done, total, detail };
}

export function ended(job: Job, end: JobEnd, now: Instant): Job {
  const { message: text, reason, state } = end;
  return {
    ...withoutEnd(withoutLease(progressed(job, end))),
    state,
    finishedAt: now,
    ...(text === undefined ? {} : { message: text }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** A crash after progress begins the count again: only what leads nowhere is set apart. */
export function crashed(job: Job, { message: text, reason }: Pick<JobEnd, "message" | "reason">, now: Instant): Job {
  if (job.cancelRequested) return ended(job, { state: "cancelled" }, now);
  const crashes = job.done > job.doneAtCrash ? 1 : job.crashes + 1;
  const next = { ...withoutLease(job), crashes, doneAtCrash: job.done };
  if (crashes < MAX_CRASHES) return { ...next, state: "queued" };
  return {
    ...next,
    state: "poisoned",
    finishedAt: now,
    ...(text === undefined ? {} : { message: text }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** A job whose owner is known to be gone. */
export function expireJob(job: Job, now: Instant): Job {
  if (job.state !== "running") return job;
  return crashed(job, failureOf(new DoppelwerkError("DW_UNAVAILABLE", message("world.jobProcessEnded"))), now);
}

export function released(job: Job, now: Instant): Job {
  return job.cancelRequested ? ended(job, { state: "cancelled" }, now) : { ...withoutLease(job), state: "queued" };
}

export function cancelled(job: Job, now: Instant): Job {
  if (job.state === "queued") return ended(job, { state: "cancelled" }, now);
  return job.state === "running" ? { ...job, cancelRequested: true } : job;
}

export function requeued(job: Job, detail: unknown): Job {
  if (!hasEnded(job)) return job;
  const { startedAt: _startedAt, ...rest } = withoutEnd(job);
  return { ...rest, state: "queued", crashes: 0, doneAtCrash: 0, detail: detail ?? job.detail };
}

/** Of those that wait, the one that goes first; `jobs` in order of arrival. */
export function firstOf(jobs: Iterable<Job>, kinds: readonly string[]): Job | undefined {
  let first: Job | undefined;
  for (const job of jobs)
    if (job.state === "queued" && kinds.includes(job.kind) && (first === undefined || job.priority < first.priority)) first = job;
  return first;
}

export function isSelected(job: Job, { kinds, branch, states }: JobFilter): boolean {
  return (
    (kinds === undefined || kinds.includes(job.kind)) &&
    (branch === undefined || job.branch === branch) &&
    (states === undefined || states.includes(job.state))
  );
}

function withoutLease({ lease: _lease, ...job }: Job): Job {
  return job;
}

function withoutEnd(job: Job): Job {
  const { finishedAt: _finishedAt, message: _message, reason: _reason, cancelRequested: _cancelRequested, ...rest } = job;
  return rest;
}
