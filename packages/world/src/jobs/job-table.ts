import { message } from "@doppelwerk/messages";
import { DoppelwerkError, failureOf } from "../error.ts";
import type { Clock } from "../ports/clock.ts";
import type { Job, JobEnd, JobFilter, JobFiles, JobProgress, JobQueue, NewJob } from "../ports/job-queue.ts";
import { cancelled, claimed, crashed, ended, firstOf, hasEnded, isSelected, newJob, progressed, released, requeued } from "./job.ts";

export interface JobTableOptions {
  readonly clock: Clock;
  /** In order of arrival. */
  readonly jobs: Iterable<Job>;
  readonly files: JobFiles;
  /** Durable when it returns. Throws DW_UNAVAILABLE: then nothing has changed. */
  save(jobs: readonly Job[]): void;
  /** Takes ended jobs and their files out of the store; durable when it resolves. Throws DW_UNAVAILABLE. */
  forget(ids: ReadonlySet<string>): Promise<void>;
  close(): void;
}

/** The queue of one process: all jobs in memory, each change saved before it counts. */
export class JobTable implements JobQueue {
  readonly #options: JobTableOptions;
  readonly #jobs = new Map<string, Job>();
  readonly #listeners = new Set<(job: Job) => void>();
  /** Kinds of jobs whose files are on their way to the disk: they count as waiting. */
  readonly #arriving: string[] = [];

  constructor(options: JobTableOptions) {
    this.#options = options;
    for (const job of options.jobs) this.#jobs.set(job.id, job);
  }

  get files(): JobFiles {
    return this.#options.files;
  }

  async enqueue(job: NewJob, { maxQueued, files = {} }: Parameters<JobQueue["enqueue"]>[1]): Promise<Job> {
    if (this.#jobs.has(job.id)) throw new DoppelwerkError("DW_CONFLICT", message("world.jobIdTaken", { id: job.id }));
    const queued = [...this.#jobs.values()].filter(({ kind, state }) => kind === job.kind && state === "queued").length;
    const waiting = queued + this.#arriving.filter((kind) => kind === job.kind).length;
    if (waiting >= maxQueued) throw new DoppelwerkError("DW_QUEUE_FULL", message("world.jobQueueFull", { count: waiting }));
    this.#arriving.push(job.kind);
    try {
      for (const [name, bytes] of Object.entries(files)) await this.files.put(job.id, name, bytes);
      return this.#put(newJob(job, this.#now()));
    } finally {
      this.#arriving.splice(this.#arriving.indexOf(job.kind), 1);
    }
  }

  async claim(kinds: readonly string[], owner: string, leaseUs: number): Promise<Job | undefined> {
    const now = this.#now();
    for (const job of this.#jobs.values()) if (job.lease !== undefined && job.lease.until < now) this.#put(expired(job, now));
    const job = firstOf(this.#jobs.values(), kinds);
    return job && this.#put(claimed(job, { owner, until: now + leaseUs }, now));
  }

  async heartbeat(id: string, owner: string, leaseUs: number, progress: JobProgress = {}): Promise<Job> {
    const job = { ...progressed(this.#owned(id, owner), progress), lease: { owner, until: this.#now() + leaseUs } };
    return progress.detail === undefined ? this.#show(job) : this.#put(job);
  }

  async finish(id: string, owner: string, end: JobEnd): Promise<Job> {
    return this.#put(ended(this.#owned(id, owner), end, this.#now()));
  }

  async crash(id: string, owner: string, why: Pick<JobEnd, "message" | "reason">): Promise<Job> {
    return this.#put(crashed(this.#owned(id, owner), why, this.#now()));
  }

  async release(id: string, owner: string): Promise<Job> {
    return this.#put(released(this.#owned(id, owner), this.#now()));
  }

  async cancel(id: string): Promise<Job> {
    return this.#put(cancelled(this.#known(id), this.#now()));
  }

  async requeue(id: string, detail?: unknown): Promise<Job> {
    return this.#put(requeued(this.#known(id), detail));
  }

  async forget(ids: readonly string[]): Promise<void> {
    const ended = new Set(ids.filter((id) => this.#jobs.has(id) && hasEnded(this.#jobs.get(id)!)));
    if (ended.size === 0) return;
    await this.#options.forget(ended);
    for (const id of ended) this.#jobs.delete(id);
  }

  async adopt(jobs: readonly Job[]): Promise<void> {
    const fresh = jobs.filter(({ id }) => !this.#jobs.has(id));
    if (fresh.length === 0) return;
    this.#options.save(fresh);
    for (const job of fresh) this.#show(job);
  }

  async get(id: string): Promise<Job | undefined> {
    return this.#jobs.get(id);
  }

  async list(filter: JobFilter = {}): Promise<readonly Job[]> {
    return [...this.#jobs.values()].filter((job) => isSelected(job, filter));
  }

  watch(listener: (job: Job) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    this.#options.close();
  }

  #now(): number {
    return this.#options.clock.now();
  }

  #known(id: string): Job {
    const job = this.#jobs.get(id);
    if (job === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("world.noJob", { id }));
    return job;
  }

  #owned(id: string, owner: string): Job {
    const job = this.#known(id);
    if (job.lease?.owner !== owner) throw new DoppelwerkError("DW_CONFLICT", message("world.jobLeaseNotYours", { id }));
    return job;
  }

  #put(job: Job): Job {
    if (job === this.#jobs.get(job.id)) return job;
    this.#options.save([job]);
    return this.#show(job);
  }

  #show(job: Job): Job {
    this.#jobs.set(job.id, job);
    for (const listener of this.#listeners) listener(job);
    return job;
  }
}

function expired(job: Job, now: number): Job {
  return crashed(job, failureOf(new DoppelwerkError("DW_UNAVAILABLE", message("world.jobLeasePassed"))), now);
}
