import { Worker } from "node:worker_threads";
import type { JobWork } from "@doppelwerk/kit/server";
import { message, verbatim } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FromJobWorker, JobWorkerData, ToJobWorker } from "./job-worker.ts";

export interface WorkerPoolOptions {
  /** Of the module that computes the tasks. */
  readonly module: URL;
  /** Threads at once. */
  readonly size: number;
  /** Heap of a thread; one that needs more ends. */
  readonly memoryMb: number;
}

export type PoolWork = Omit<JobWork<unknown, unknown, unknown>, "kind">;

/** A thread ended in a task: out of memory, or a bug that takes the whole thread. */
export class WorkerEnded extends DoppelwerkError {
  constructor(why: string) {
    super("DW_UNAVAILABLE", message("server.jobWorkerEnded", { why }));
  }
}

interface Running {
  readonly number: number;
  readonly work: PoolWork;
  readonly results: unknown[];
  readonly resolve: (results: readonly unknown[]) => void;
  readonly reject: (error: Error) => void;
  readonly knownBy: Set<Seat>;
  next: number;
  done: number;
}

interface Seat {
  readonly worker: Worker;
  readonly stop: Int32Array;
  busyWith: Running | undefined;
}

const IDLE_MS = 20_000;
/** A task that is no longer wanted and does not end by then loses its thread. */
const STOP_MS = 700;

/** Tasks of one module on worker threads: a piece of work spreads over all of them, and the most urgent goes first. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #seats: Seat[] = [];
  #queue: Running[] = [];
  #idleTimer: NodeJS.Timeout | undefined;
  #works = 0;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /**
   * Results in the order of the tasks, whatever the number of threads. Rejects with DW_CANCELLED once the tasks that run have noticed an abort (at
   * the latest after 700 ms), WorkerEnded when a thread ends, and what a task throws.
   */
  run(work: PoolWork, signal?: AbortSignal): Promise<readonly unknown[]> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(cancelled());
      if (work.tasks.length === 0) return resolve([]);
      const results = Array.from({ length: work.tasks.length });
      const running: Running = { number: this.#works++, work, results, resolve, reject, knownBy: new Set(), next: 0, done: 0 };
      signal?.addEventListener("abort", () => this.#stop(running), { once: true });
      this.#queue.push(running);
      this.#queue.sort((a, b) => a.work.priority - b.work.priority);
      this.#feed();
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#idleTimer);
    for (const running of this.#queue.splice(0)) running.reject(cancelled());
    await Promise.all(this.#seats.splice(0).map((seat) => seat.worker.terminate()));
  }

  #feed(): void {
    clearTimeout(this.#idleTimer);
    for (;;) {
      const running = this.#queue.find(({ next, work }) => next < work.tasks.length);
      if (!running) break;
      const seat = this.#seats.find(({ busyWith }) => !busyWith) ?? (this.#seats.length < this.#options.size ? this.#hire() : undefined);
      if (!seat) return;
      this.#assign(seat, running);
    }
    if (this.#queue.length > 0) return;
    this.#idleTimer = setTimeout(() => void this.close(), IDLE_MS);
    this.#idleTimer.unref();
  }

  #assign(seat: Seat, running: Running): void {
    const { number: work, work: given } = running;
    const post = (toWorker: ToJobWorker) => seat.worker.postMessage(toWorker);
    if (!running.knownBy.has(seat)) {
      post({ kind: "shared", work, shared: given.shared });
      running.knownBy.add(seat);
    }
    const index = running.next++;
    seat.busyWith = running;
    Atomics.store(seat.stop, 0, 0);
    post({ kind: "task", work, index, task: given.tasks[index] });
  }

  #hire(): Seat {
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(new URL("./job-worker.ts", import.meta.url), {
      workerData: { module: this.#options.module.href, stop } satisfies JobWorkerData,
      resourceLimits: { maxOldGenerationSizeMb: this.#options.memoryMb },
    });
    const seat: Seat = { worker, stop, busyWith: undefined };
    worker.on("message", (answer: FromJobWorker) => this.#answer(seat, answer));
    worker.on("error", (error) => this.#lose(seat, (error as Error).message));
    worker.on("exit", (code) => this.#lose(seat, `exit code ${code}`));
    worker.unref();
    this.#seats.push(seat);
    return seat;
  }

  #answer(seat: Seat, answer: FromJobWorker): void {
    const running = seat.busyWith;
    const isWanted = running !== undefined && this.#queue.includes(running);
    if (answer.kind === "report") {
      if (isWanted) running.work.onReport?.(answer.value, answer.index);
      return;
    }
    seat.busyWith = undefined;
    if (isWanted && isStopped(running)) {
      if (!this.#isBusyWith(running)) this.#end(running, cancelled());
    } else if (isWanted && answer.kind === "failure") this.#end(running, failureOf(answer));
    else if (isWanted && answer.kind === "result") {
      running.results[answer.index] = answer.result;
      running.done++;
      running.work.onResult?.(answer.result, answer.index, running.done);
      if (running.done === running.work.tasks.length) this.#end(running, undefined);
    }
    this.#feed();
  }

  /** No further task begins; those that run are given a moment, so that they can report what they have. */
  #stop(running: Running): void {
    if (!this.#queue.includes(running)) return;
    running.next = Infinity;
    const busy = this.#seats.filter(({ busyWith }) => busyWith === running);
    if (busy.length === 0) return this.#end(running, cancelled());
    for (const { stop } of busy) Atomics.store(stop, 0, 1);
    setTimeout(() => {
      this.#end(running, cancelled());
      for (const seat of busy) if (seat.busyWith === running) this.#dismiss(seat);
      this.#feed();
    }, STOP_MS).unref();
  }

  #isBusyWith(running: Running): boolean {
    return this.#seats.some(({ busyWith }) => busyWith === running);
  }

  #end(running: Running, error: Error | undefined): void {
    if (!this.#queue.includes(running)) return;
    this.#queue = this.#queue.filter((candidate) => candidate !== running);
    for (const { worker } of running.knownBy) worker.postMessage({ kind: "forget", work: running.number } satisfies ToJobWorker);
    if (error) running.reject(error);
    else running.resolve(running.results);
  }

  #dismiss(seat: Seat): void {
    this.#seats.splice(this.#seats.indexOf(seat), 1);
    void seat.worker.terminate();
  }

  /** Work whose task ran there fails with the reason, other work goes on with a new thread. */
  #lose(seat: Seat, why: string): void {
    const at = this.#seats.indexOf(seat);
    // reported twice, or dismissed
    if (at < 0) return;
    this.#seats.splice(at, 1);
    if (seat.busyWith) this.#end(seat.busyWith, new WorkerEnded(why));
    this.#feed();
  }
}

const isStopped = ({ next }: Running): boolean => next === Infinity;

function failureOf({ code = "DW_INVALID", reason, text }: Extract<FromJobWorker, { kind: "failure" }>): DoppelwerkError {
  return new DoppelwerkError(code, reason ?? verbatim(text));
}

function cancelled(): DoppelwerkError {
  return new DoppelwerkError("DW_CANCELLED", message("server.jobCancelled"));
}
