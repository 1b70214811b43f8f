import type { Job, JobEnd, JobFiles, JobFilter, JobProgress, NewJob } from "@doppelwerk/world";

/** Tasks for worker threads, in the module of a kind of job. */
export interface JobWork<Shared, Task, Result> {
  /** Of the manifest. */
  readonly kind: string;
  /** Goes to each thread once. */
  readonly shared: Shared;
  readonly tasks: readonly Task[];
  /** Work of lower number goes first. */
  readonly priority: number;
  /** Each result as it comes. */
  onResult?(result: Result, task: number, done: number): void;
  /** What a task reports before its result. */
  onReport?(value: unknown, task: number): void;
}

/** Runs tasks on worker threads; results in the order of the tasks. Rejects with DW_CANCELLED on abort, DW_UNAVAILABLE when a thread ends in a task. */
export type PerformJobWork = <Shared, Task, Result>(
  work: JobWork<Shared, Task, Result>,
  signal?: AbortSignal,
) => Promise<readonly Result[]>;

/** One job while it is carried out. */
export interface JobRun {
  /** Ends when the job is cancelled, or the feature closes: then it waits again. What it did is to end with DW_CANCELLED. */
  readonly signal: AbortSignal;
  /** Shown at once; on disk when it resolves where it has detail. */
  report(progress: JobProgress): Promise<void>;
  readonly perform: PerformJobWork;
}

/** Carries a job out; returns what changed of it at its end. It may be called again for a job that was interrupted. What it throws fails the job. */
export type JobHandler = (job: Job<never>, run: JobRun) => Promise<Omit<JobProgress & Partial<JobEnd>, "message"> | void>;

/** Jobs of the kinds that a feature declares. */
export interface Jobs {
  /** On disk when it resolves, its files before it. Errors: DW_QUEUE_FULL where as many of its kind wait as may. */
  enqueue(job: NewJob, files?: Readonly<Record<string, Uint8Array>>): Promise<Job>;
  /** Undefined where there is none of this feature. */
  get(id: string): Promise<Job | undefined>;
  /** In order of arrival. */
  list(filter?: Pick<JobFilter, "branch" | "states"> & { readonly kind?: string }): Promise<readonly Job[]>;
  cancel(id: string): Promise<Job>;
  /** A job that ended waits again, with what it has reached. Errors: as `enqueue`. */
  requeue(id: string, detail?: unknown): Promise<Job>;
  /** Jobs that ended are forgotten, with their files; others are left alone. */
  forget(ids: readonly string[]): Promise<void>;
  /** Jobs that the feature kept in a store of its own before; those that are known are left alone. */
  adopt(jobs: readonly Job[]): Promise<void>;
  /** Calls back after every change of a job of this feature, until the feature closes. */
  watch(listener: (job: Job) => void): void;
  readonly files: JobFiles;
  /** Threads for work that is not kept: what a request waits for, or a calculation that is made again at every start. */
  readonly perform: PerformJobWork;
}
