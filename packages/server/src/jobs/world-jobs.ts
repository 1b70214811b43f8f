import type { JobDeclaration, TopicOptions } from "@doppelwerk/kit";
import type { JobHandler, Jobs, Metric, PerformJobWork } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, hasEnded, type Clock, type Job, type JobQueue } from "@doppelwerk/world";
import type { Logger } from "pino";
import { JobRunner } from "./job-runner.ts";
import { jobsProgress, type ShownJob, type ShownProgress } from "./jobs-api.ts";
import type { ReportedWork } from "./reported-work.ts";
import { WorkerPool } from "./worker-pool.ts";

export interface WorldJobsOptions {
  readonly queue: JobQueue;
  readonly clock: Clock;
  readonly logger: Pick<Logger, "error">;
  /** Of this process. */
  readonly owner: string;
  /** Threads of each module. */
  readonly workers: number;
  readonly metrics?: { add(metric: Metric, until: AbortSignal): void };
  publish(topic: TopicOptions, payload: ShownProgress): void;
  /** What the server does of its own accord. */
  readonly reported?: ReportedWork;
  /** A job is asked for: before it waits or runs. */
  readonly onEnqueued?: (id: string) => void;
  readonly onEnded?: (job: Job) => void;
}

/** A feature as jobs know it. */
export interface JobFeature {
  readonly id: string;
  readonly jobs: readonly JobDeclaration[];
  /** What the paths of its manifest are seen from. */
  readonly folder: URL;
}

type Ended = "done" | "failed" | "cancelled" | "poisoned";

/** Progress of one job is published so often at most; every change of its state is. */
const PUBLISH_US = 200_000;

/** Jobs of one world: a store, a runner, worker threads for each module, and one topic. */
export class WorldJobs {
  readonly #options: WorldJobsOptions;
  readonly #runner: JobRunner;
  readonly #pools = new Map<string, WorkerPool>();
  readonly #published = new Map<string, { readonly state: string; readonly at: number }>();
  /** Jobs that ended since start, by kind and state. */
  readonly #ended = new Map<string, { readonly kind: string; readonly state: Ended; count: number }>();
  /** Jobs that did not end, for metrics. */
  readonly #open = new Map<string, Job>();
  /** Codes of what jobs are called, by kind. */
  readonly #titles = new Map<string, JobDeclaration["title"]>();
  readonly #unwatch: () => void;

  private constructor(options: WorldJobsOptions, open: readonly Job[]) {
    this.#options = options;
    for (const job of open) this.#open.set(job.id, job);
    this.#runner = new JobRunner(options);
    this.#unwatch = options.queue.watch((job) => this.#changed(job));
    this.#measure();
  }

  static async open(options: WorldJobsOptions): Promise<WorldJobs> {
    return new WorldJobs(options, await options.queue.list({ states: ["queued", "running"] }));
  }

  /** What a feature may do with jobs, until the signal ends. */
  of({ id, jobs, folder }: JobFeature, signal: AbortSignal): Jobs {
    const { queue } = this.#options;
    const kinds = jobs.map(({ kind }) => kind);
    for (const { kind, title } of jobs) this.#titles.set(kind, title);
    const declared = (kind: string): JobDeclaration => {
      const found = jobs.find((one) => one.kind === kind);
      if (found === undefined) throw new Error(`${id} has no jobs of the kind ${kind}: its manifest does not list it`);
      return found;
    };
    const own = async (job: string): Promise<Job> => {
      const found = await queue.get(job);
      if (found === undefined || !kinds.includes(found.kind))
        throw new DoppelwerkError("DW_NOT_FOUND", message("world.noJob", { id: job }));
      return found;
    };
    return {
      enqueue: async (job, files) => {
        this.#options.onEnqueued?.(job.id);
        const queued = await queue.enqueue(job, { maxQueued: declared(job.kind).maxQueued, ...(files && { files }) });
        await this.#runner.feed();
        return (await queue.get(job.id)) ?? queued;
      },
      get: async (job) => {
        const found = await queue.get(job);
        return found !== undefined && kinds.includes(found.kind) ? found : undefined;
      },
      list: ({ kind, ...filter } = {}) => queue.list({ ...filter, kinds: kind === undefined ? kinds : [declared(kind).kind] }),
      cancel: async (job) => queue.cancel((await own(job)).id),
      requeue: async (job, detail) => {
        const { kind } = await own(job);
        const waiting = await queue.list({ kinds: [kind], states: ["queued"] });
        if (waiting.length >= declared(kind).maxQueued)
          throw new DoppelwerkError("DW_QUEUE_FULL", message("world.jobQueueFull", { count: waiting.length }));
        const queued = await queue.requeue(job, detail);
        await this.#runner.feed();
        return (await queue.get(job)) ?? queued;
      },
      async forget(ids) {
        const known = new Set((await queue.list({ kinds })).map(({ id }) => id));
        await queue.forget(ids.filter((id) => known.has(id)));
      },
      adopt: (given) => queue.adopt(given.filter(({ kind }) => declared(kind))),
      watch(listener) {
        const stop = queue.watch((job) => void (kinds.includes(job.kind) && listener(job)));
        signal.addEventListener("abort", stop, { once: true });
      },
      files: queue.files,
      perform: this.#performOf(jobs, folder),
    };
  }

  /** Its jobs are carried out from now on. */
  opened({ jobs, folder }: JobFeature, handlers: Readonly<Record<string, JobHandler>>): void {
    const perform = this.#performOf(jobs, folder);
    this.#runner.open(
      jobs.flatMap(({ kind, maxRunning }) => {
        const handler = handlers[kind];
        const most = maxRunning === "threads" ? this.#options.workers : maxRunning;
        return handler === undefined ? [] : [{ kind, maxRunning: most, handler, perform }];
      }),
    );
  }

  /** Resolves when none of its jobs is carried out any more. */
  async closing({ jobs, folder }: JobFeature, why: "off" | "closing"): Promise<void> {
    await this.#runner.stop(
      jobs.map(({ kind }) => kind),
      why === "off" ? "cancel" : "wait",
    );
    const modules = new Set(jobs.flatMap(({ module }) => (module === undefined ? [] : [new URL(module, folder).href])));
    for (const module of modules) {
      await this.#pools.get(module)?.close();
      this.#pools.delete(module);
    }
  }

  get reported(): ReportedWork | undefined {
    return this.#options.reported;
  }

  /** Every job, in order of arrival; then what the server does of its own accord. */
  async list(): Promise<readonly ShownJob[]> {
    return [...(await this.#options.queue.list()).map((job) => this.#shown(job)), ...(this.#options.reported?.list() ?? [])];
  }

  /** Errors: DW_NOT_FOUND. */
  async get(id: string): Promise<ShownJob> {
    const reported = this.#options.reported?.get(id);
    if (reported !== undefined) return reported;
    const job = await this.#options.queue.get(id);
    if (job === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("world.noJob", { id }));
    return this.#shown(job);
  }

  /** Errors: DW_NOT_FOUND, DW_CONFLICT where it cannot be cancelled. */
  async cancel(id: string): Promise<void> {
    if (this.#options.reported?.get(id) !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("server.jobIsFixed", { id }));
    await this.#options.queue.cancel(id);
  }

  async close(): Promise<void> {
    await this.#runner.close();
    this.#unwatch();
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
    await this.#options.queue.close();
  }

  #performOf(jobs: readonly JobDeclaration[], folder: URL): PerformJobWork {
    const perform = ({ kind, ...work }: Parameters<PerformJobWork>[0], signal?: AbortSignal) => {
      const declaration = jobs.find((one) => one.kind === kind);
      if (declaration?.module === undefined) throw new Error(`no module computes jobs of the kind ${kind}`);
      return this.#poolOf(new URL(declaration.module, folder), declaration).run(work as never, signal);
    };
    return perform as PerformJobWork;
  }

  #poolOf(module: URL, { memoryMb = 512 }: JobDeclaration): WorkerPool {
    let pool = this.#pools.get(module.href);
    if (pool === undefined) this.#pools.set(module.href, (pool = new WorkerPool({ module, size: this.#options.workers, memoryMb })));
    return pool;
  }

  #changed(job: Job): void {
    if (hasEnded(job)) this.#countEnd(job);
    else this.#open.set(job.id, job);
    const now = this.#options.clock.now();
    const last = this.#published.get(job.id);
    if (last?.state === job.state && now - last.at < PUBLISH_US) return;
    if (hasEnded(job)) this.#published.delete(job.id);
    else this.#published.set(job.id, { state: job.state, at: now });
    this.#options.publish(jobsProgress, this.#shownProgress(job));
  }

  #countEnd(job: Job): void {
    const { id, kind, state } = job;
    // what was adopted from an earlier store, or ended before, is no end of today
    if (!this.#open.delete(id)) return;
    this.#options.onEnded?.(job);
    const key = `${kind} ${state}`;
    const counted = this.#ended.get(key) ?? { kind, state: state as Ended, count: 0 };
    counted.count++;
    this.#ended.set(key, counted);
  }

  #measure(): void {
    const forever = new AbortController().signal;
    const labels = ["feature", "kind", "state"];
    const of = (kind: string, state: string) => ({ feature: kind.split(".")[0]!, kind, state });
    this.#options.metrics?.add(
      {
        kind: "gauge",
        name: "jobs",
        help: "jobs that wait or run",
        labels,
        read: () => [...this.#open.values()].map(({ kind, state }) => ({ value: 1, labels: of(kind, state) })),
      },
      forever,
    );
    this.#options.metrics?.add(
      {
        kind: "counter",
        name: "jobs_ended_total",
        help: "jobs that ended since start",
        labels,
        read: () => [...this.#ended.values()].map(({ kind, state, count }) => ({ value: count, labels: of(kind, state) })),
      },
      forever,
    );
  }

  #shownProgress({ id, kind, branch, state, done, total, message: text, reason }: Job): ShownProgress {
    const title = this.#titles.get(kind);
    return {
      id,
      kind,
      branch,
      state,
      progress: state === "done" ? 1 : total > 0 ? Math.min(1, done / total) : 0,
      done,
      total,
      ...(title && { title: { code: title, params: {} } }),
      ...(text === undefined ? {} : { message: text }),
      ...(reason && { reason }),
    };
  }

  #shown(job: Job): ShownJob {
    const { by, enqueuedAt, startedAt, finishedAt, resumed } = job;
    return {
      ...this.#shownProgress(job),
      by,
      enqueuedAt,
      resumed,
      ...(startedAt === undefined ? {} : { startedAt }),
      ...(finishedAt === undefined ? {} : { finishedAt }),
    };
  }
}
