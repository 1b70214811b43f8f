import type { JobHandler, JobRun, PerformJobWork } from "@doppelwerk/kit/server";
import { DoppelwerkError, failureOf, SECOND, type Clock, type Job, type JobEnd, type JobProgress, type JobQueue } from "@doppelwerk/world";
import type { Logger } from "pino";
import { onBehalfOf } from "../uploads/uploader.ts";
import { WorkerEnded } from "./worker-pool.ts";

/** How a kind of job is carried out while its feature is open. */
export interface OpenKind {
  readonly kind: string;
  /** Jobs at once. */
  readonly maxRunning: number;
  readonly handler: JobHandler;
  readonly perform: PerformJobWork;
}

export interface JobRunnerOptions {
  readonly queue: JobQueue;
  readonly clock: Clock;
  readonly logger: Pick<Logger, "error">;
  /** Of this process. */
  readonly owner: string;
}

interface Active {
  readonly job: Job;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

const LEASE_US = 30 * SECOND;
const HEARTBEAT_MS = 5_000;
/** So often at most progress without detail goes to the disk. */
const SAVE_US = SECOND;
/** After the store has refused. */
const RETRY_MS = 2_000;

/** Claims jobs of the kinds that are open, as many at once as each kind allows, and carries them out. */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #kinds = new Map<string, OpenKind>();
  readonly #active = new Map<string, Active>();
  readonly #unwatch: () => void;
  readonly #heartbeats: NodeJS.Timeout;
  #turn: Promise<void> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
    this.#unwatch = options.queue.watch((job) => {
      if (job.cancelRequested) this.#active.get(job.id)?.abort.abort();
    });
    this.#heartbeats = setInterval(() => void this.#beat(), HEARTBEAT_MS).unref();
  }

  open(kinds: readonly OpenKind[]): void {
    for (const kind of kinds) this.#kinds.set(kind.kind, kind);
    void this.feed();
  }

  /** Resolves when nothing of these kinds is carried out any more. What ran is cancelled with what waits, or waits again. */
  async stop(kinds: readonly string[], then: "cancel" | "wait"): Promise<void> {
    const { queue } = this.#options;
    for (const kind of kinds) this.#kinds.delete(kind);
    await this.#turn;
    if (then === "cancel") for (const { id } of await queue.list({ kinds, states: ["queued", "running"] })) await queue.cancel(id);
    const ending = [...this.#active.values()].filter(({ job }) => kinds.includes(job.kind));
    for (const { abort } of ending) abort.abort();
    await Promise.all(ending.map(({ ended }) => ended));
  }

  /** Resolves when everything that may run now runs. */
  feed(): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      for (const kind of this.#kinds.values())
        while (!this.#closed && this.#kinds.has(kind.kind) && this.#runningOf(kind) < kind.maxRunning && (await this.#claim(kind)));
    });
    return this.#turn;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#heartbeats);
    clearTimeout(this.#retry);
    await this.stop([...this.#kinds.keys()], "wait");
    this.#unwatch();
  }

  #runningOf({ kind }: OpenKind): number {
    return [...this.#active.values()].filter(({ job }) => job.kind === kind).length;
  }

  async #claim(kind: OpenKind): Promise<boolean> {
    const { queue, owner, logger } = this.#options;
    try {
      const job = await queue.claim([kind.kind], owner, LEASE_US);
      if (job === undefined) return false;
      const abort = new AbortController();
      const ended = this.#carryOut(job, kind, abort.signal).finally(() => {
        this.#active.delete(job.id);
        void this.feed();
      });
      this.#active.set(job.id, { job, abort, ended });
      // cancelled while it was being claimed
      if ((await queue.get(job.id))?.cancelRequested) abort.abort();
      return true;
    } catch (error) {
      logger.error({ err: error, kind: kind.kind }, "no job can be claimed; it is tried again");
      this.#retry = setTimeout(() => void this.feed(), RETRY_MS).unref();
      return false;
    }
  }

  async #carryOut(job: Job, { handler, perform }: OpenKind, signal: AbortSignal): Promise<void> {
    const { queue, owner, logger } = this.#options;
    try {
      const end = await this.#endOf(job, handler, this.#run(job, perform, signal));
      if (end === "crashed") return;
      if (end === "interrupted") await queue.release(job.id, owner);
      else await queue.finish(job.id, owner, end);
    } catch (error) {
      // its lease passes, and it is claimed again
      logger.error({ err: error, job: job.id }, "the end of a job could not be stored");
    }
  }

  async #endOf(job: Job, handler: JobHandler, run: JobRun): Promise<JobEnd | "interrupted" | "crashed"> {
    const { queue, owner, logger } = this.#options;
    try {
      return { state: "done", ...(await onBehalfOf(job.by, async () => handler(job as Job<never>, run))) };
    } catch (error) {
      const isCancelled = error instanceof DoppelwerkError && error.code === "DW_CANCELLED";
      if ((await queue.get(job.id))?.cancelRequested) return { state: "cancelled" };
      if (isCancelled) return run.signal.aborted ? "interrupted" : { state: "cancelled" };
      if (error instanceof WorkerEnded) {
        logger.error({ err: error, job: job.id }, "a job crashed");
        await queue.crash(job.id, owner, failureOf(error));
        return "crashed";
      }
      if (!(error instanceof DoppelwerkError)) logger.error({ err: error, job: job.id }, "a job failed");
      return { state: "failed", ...failureOf(error) };
    }
  }

  #run(job: Job, perform: PerformJobWork, signal: AbortSignal): JobRun {
    const { queue, owner, clock } = this.#options;
    let savedAt = clock.now();
    // a crash soon after the start is to be known as one behind progress
    let hasSavedProgress = false;
    return {
      signal,
      perform: (work, other) => perform(work, other ?? signal),
      async report(progress: JobProgress) {
        const now = clock.now();
        const isFirst = !hasSavedProgress && (progress.done ?? job.done) > job.done;
        const isDue = progress.detail === undefined && (isFirst || now - savedAt >= SAVE_US);
        if (isDue) savedAt = now;
        hasSavedProgress ||= isFirst;
        const detail = isDue ? (await queue.get(job.id))?.detail : progress.detail;
        await queue.heartbeat(job.id, owner, LEASE_US, { ...progress, ...(detail === undefined ? {} : { detail }) });
      },
    };
  }

  async #beat(): Promise<void> {
    const { queue, owner, logger } = this.#options;
    for (const { job, abort } of this.#active.values())
      try {
        if ((await queue.heartbeat(job.id, owner, LEASE_US)).cancelRequested) abort.abort();
      } catch (error) {
        logger.error({ err: error, job: job.id }, "the lease of a job could not be renewed");
      }
  }
}
