import type { Message } from "@doppelwerk/messages";
import type { BranchId, Instant, JobState, RecordId } from "@doppelwerk/world";
import type { Requester } from "./request.ts";

interface Call {
  readonly signal?: unknown;
}

/** How far a job is; also what the topic `jobs.progress` carries. */
export interface JobProgress {
  readonly id: RecordId;
  readonly kind: string;
  readonly branch: BranchId;
  readonly state: JobState;
  /** 0 to 1. */
  readonly progress: number;
  readonly done: number;
  readonly total: number;
  /** What jobs of this kind are called, where their feature is there. */
  readonly title?: Message;
  /** It follows from what is stored, and cannot be cancelled. */
  readonly isFixed?: true;
  readonly message?: string;
  readonly reason?: Message;
}

export interface ListedJob extends JobProgress {
  readonly by: string;
  readonly enqueuedAt: Instant;
  readonly startedAt?: Instant;
  readonly finishedAt?: Instant;
  /** How often it was resumed after it had been interrupted. */
  readonly resumed: number;
}

export interface JobCalls {
  /** Of the branches that this person may see, the newest first. */
  jobs(
    options?: { readonly state?: JobState; readonly kind?: string; readonly limit?: number },
    call?: Call,
  ): Promise<readonly ListedJob[]>;
  cancelJob(id: RecordId): Promise<void>;
}

export function jobCalls(requester: Requester): JobCalls {
  return {
    async jobs({ state, kind, limit } = {}, call) {
      const { jobs } = await requester.json<{ readonly jobs: readonly ListedJob[] }>("GET", "/jobs", {
        query: { state, kind, limit },
        ...call,
      });
      return jobs;
    },
    cancelJob: (id) => requester.json("DELETE", `/jobs/${encodeURIComponent(id)}`),
  };
}
