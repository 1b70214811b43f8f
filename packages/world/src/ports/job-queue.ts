import type { Message } from "@doppelwerk/messages";
import type { BranchId } from "../change.ts";
import type { Instant } from "../instant.ts";

/** `poisoned`: it ended its worker again and again without progress, and is set apart with the reason. */
export type JobState = "queued" | "running" | "done" | "failed" | "cancelled" | "poisoned";

/** Who carries a job out, and until when nobody else does. */
export interface JobLease {
  readonly owner: string;
  readonly until: Instant;
}

/** A long computation on request, as it is kept. Plain JSON. */
export interface Job<Detail = unknown> {
  /** Version of this record. */
  readonly v: number;
  readonly id: string;
  /** `simulate.run`: what carries it out. */
  readonly kind: string;
  /** Who may read this branch may see the job. */
  readonly branch: BranchId;
  /** Id of the principal that requested it. */
  readonly by: string;
  readonly state: JobState;
  /** Lower goes first. */
  readonly priority: number;
  readonly enqueuedAt: Instant;
  /** Absent until it is claimed first. */
  readonly startedAt?: Instant;
  readonly finishedAt?: Instant;
  /** Parts that are computed, of `total`; 0 of 0 before that is known. */
  readonly done: number;
  readonly total: number;
  /** How often it was claimed again after it had been interrupted. */
  readonly resumed: number;
  /** Crashes since it last made progress, and how much was done at the last one. */
  readonly crashes: number;
  readonly doneAtCrash: number;
  readonly lease?: JobLease;
  /** It is to end as soon as its owner notices. */
  readonly cancelRequested?: true;
  /** Why it failed or was set apart: its English text, and the same as a message. */
  readonly message?: string;
  readonly reason?: Message;
  /** What its kind keeps of it; JSON. */
  readonly detail: Detail;
}

export interface NewJob<Detail = unknown> extends Pick<Job<Detail>, "id" | "kind" | "branch" | "by" | "priority" | "detail"> {
  readonly total?: number;
}

export interface JobProgress {
  readonly done?: number;
  readonly total?: number;
  readonly detail?: unknown;
}

export interface JobEnd extends JobProgress {
  readonly state: "done" | "failed" | "cancelled";
  readonly message?: string;
  readonly reason?: Message;
}

export interface JobFilter {
  readonly kinds?: readonly string[];
  readonly branch?: BranchId;
  readonly states?: readonly JobState[];
}

/** What a job is carried out from and what it comes to, by name. Names consist of letters, digits, dots and hyphens. */
export interface JobFiles {
  /** On disk when it resolves; replaced whole. Errors: DW_UNAVAILABLE, and what stood there stays. */
  put(job: string, name: string, bytes: Uint8Array): Promise<void>;
  /**
   * The same for what comes in pieces, a few of them in memory. It may be called before the job is enqueued; where the job never is, the file is gone once
   * the queue opens again. What `pieces` throws is thrown, and nothing of it stays. Returns the count of bytes.
   */
  receive(job: string, name: string, pieces: AsyncIterable<Uint8Array>): Promise<number>;
  get(job: string, name: string): Promise<Uint8Array | undefined>;
  has(job: string, name: string): Promise<boolean>;
  /** The same piece by piece. Rejects with DW_NOT_FOUND where there is none. */
  pieces(job: string, name: string): AsyncIterable<Uint8Array>;
  /** A line more. What a crash takes of the last lines is computed again. */
  append(job: string, name: string, line: string): Promise<void>;
  /** Whole lines only. */
  lines(job: string, name: string): Promise<readonly string[]>;
  drop(job: string, name: string): Promise<void>;
}

/**
 * Jobs of a world. What is acknowledged is on disk, except progress without detail, of which a crash may take the last. Where the store takes nothing every
 * call that changes something is refused with DW_UNAVAILABLE and changes nothing; an unknown id is DW_NOT_FOUND.
 */
export interface JobQueue {
  /** Errors: DW_QUEUE_FULL where `maxQueued` jobs of its kind wait, DW_CONFLICT where the id is taken. `files` are there before the job is. */
  enqueue(job: NewJob, options: { readonly maxQueued: number; readonly files?: Readonly<Record<string, Uint8Array>> }): Promise<Job>;
  /** The first one of these kinds that waits, or whose lease has passed; undefined where there is none. */
  claim(kinds: readonly string[], owner: string, leaseUs: number): Promise<Job | undefined>;
  /** Renews the lease; the answer says whether it is to be cancelled. Errors: DW_CONFLICT where the owner has no lease of it. */
  heartbeat(id: string, owner: string, leaseUs: number, progress?: JobProgress): Promise<Job>;
  /** Errors: DW_CONFLICT. */
  finish(id: string, owner: string, end: JobEnd): Promise<Job>;
  /** What computed it crashed: it waits again, or is poisoned. Errors: DW_CONFLICT. */
  crash(id: string, owner: string, why: { readonly message: string; readonly reason?: Message }): Promise<Job>;
  /** The owner ends: the job waits again. Errors: DW_CONFLICT. */
  release(id: string, owner: string): Promise<Job>;
  /** One that waits is cancelled at once, one that runs when its owner notices; one that ended stays as it is. */
  cancel(id: string): Promise<Job>;
  /** One that ended waits again, with what it has reached. One that did not end stays as it is. */
  requeue(id: string, detail?: unknown): Promise<Job>;
  /** Jobs that ended are forgotten with their files; unknown ones, and those that did not end, are left alone. */
  forget(ids: readonly string[]): Promise<void>;
  /** Jobs of an earlier store, as they stand; ids that are known are left alone. */
  adopt(jobs: readonly Job[]): Promise<void>;
  get(id: string): Promise<Job | undefined>;
  /** In order of arrival. */
  list(filter?: JobFilter): Promise<readonly Job[]>;
  /** Calls back after every change; returns how to stop. */
  watch(listener: (job: Job) => void): () => void;
  readonly files: JobFiles;
  close(): Promise<void>;
}
