import type { ComponentCode, RunningComponents } from "@doppelwerk/sim";

/** What a module that computes a kind of job exports; it is loaded by its URL in worker threads and is pure but for what it loads. */
export interface JobModule<Shared = never, Task = never, Result = unknown> {
  /** Computes one task. The same shared part and task give the same result on any thread. What it throws ends the work. */
  perform(shared: Shared, task: Task, tools: JobTools): Result | Promise<Result>;
}

export interface JobTools {
  /** Whether the result is no longer wanted: a long task looks here at least twice a second. */
  isStopped(): boolean;
  /** Components of packs in a sandbox of this thread; dispose of them at the end of the task. */
  openComponents(codes: readonly ComponentCode[]): Promise<RunningComponents>;
  /** Sent to whoever requested the work while the task goes on. Plain data. */
  report(value: unknown): void;
}
