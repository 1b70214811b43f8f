import { createMemoryJobQueue, DoppelwerkError, failureOf, type JobEnd } from "@doppelwerk/world";
import { message } from "@doppelwerk/messages";
import type { JobModule } from "../feature/job-module.ts";
import type { JobHandler, Jobs, PerformJobWork } from "./jobs.ts";

/** Jobs without a server: kept in memory, computed one after another on the thread of the test. */
export interface TestJobs {
  /** As a feature has it in its context. */
  readonly jobs: Jobs;
  /** Carries out whatever waits, one job after another, and resolves when nothing does. */
  carryOut(handlers: Readonly<Record<string, JobHandler>>): Promise<void>;
}

/** `modules`: what computes the tasks of each kind. */
export function testJobs(modules: Readonly<Record<string, JobModule<never, never, unknown>>> = {}): TestJobs {
  let now = 0;
  const queue = createMemoryJobQueue({ now: () => ++now });
  const aborts = new Map<string, AbortController>();
  const perform = performOf(modules);
  const jobs: Jobs = {
    enqueue: (job, files) => queue.enqueue(job, { maxQueued: 100, ...(files && { files }) }),
    get: (id) => queue.get(id),
    list: ({ kind, ...filter } = {}) => queue.list({ ...filter, ...(kind === undefined ? {} : { kinds: [kind] }) }),
    async cancel(id) {
      const job = await queue.cancel(id);
      aborts.get(id)?.abort();
      return job;
    },
    requeue: (id, detail) => queue.requeue(id, detail),
    forget: (ids) => queue.forget(ids),
    adopt: (given) => queue.adopt(given),
    watch: (listener) => void queue.watch(listener),
    files: queue.files,
    perform,
  };
  const owner = "test";
  return {
    jobs,
    async carryOut(handlers) {
      for (;;) {
        const job = await queue.claim(Object.keys(handlers), owner, 1e12);
        if (job === undefined) return;
        const abort = new AbortController();
        aborts.set(job.id, abort);
        const run = {
          signal: abort.signal,
          report: async (progress: object) => void (await queue.heartbeat(job.id, owner, 1e12, progress)),
          perform: ((work, signal = abort.signal) => perform(work, signal)) as PerformJobWork,
        };
        const end = await handlers[job.kind]!(job as never, run).then(
          (given): JobEnd => ({ state: "done", ...given }),
          (error: unknown): JobEnd => (abort.signal.aborted ? { state: "cancelled" } : { state: "failed", ...failureOf(error) }),
        );
        await queue.finish(job.id, owner, end);
      }
    },
  };
}

function performOf(modules: Readonly<Record<string, JobModule<never, never, unknown>>>): PerformJobWork {
  return (async ({ kind, shared, tasks, onResult, onReport }, signal) => {
    const results: unknown[] = [];
    for (const [index, task] of tasks.entries()) {
      if (signal?.aborted) throw new DoppelwerkError("DW_CANCELLED", message("server.jobCancelled"));
      const result = await modules[kind]!.perform(shared as never, task as never, {
        isStopped: () => signal?.aborted === true,
        openComponents: () => Promise.reject(new Error("a sandbox for components is there only in the server")),
        report: (value) => onReport?.(value, index),
      });
      results.push(result);
      onResult?.(result as never, index, results.length);
    }
    return results as never;
  }) as PerformJobWork;
}
