import { Worker } from "node:worker_threads";
import { message as messageOf } from "@doppelwerk/messages";
import type { ExperimentModel, Outcome, ReplicationOptions } from "@doppelwerk/sim";
import { DoppelwerkError } from "@doppelwerk/world";
import type { ToWorker } from "./simulation-worker.ts";

export interface SimulationTask {
  /** Index into the models of the job. */
  readonly model: number;
  readonly options: ReplicationOptions;
}

export interface SimulationJob {
  readonly id: string;
  readonly models: readonly ExperimentModel[];
  readonly tasks: readonly SimulationTask[];
  /** A job of lower number goes first; a person waiting is 0, a backtest 1. */
  readonly priority: number;
}

interface Running {
  readonly job: SimulationJob;
  readonly outcomes: (Outcome | undefined)[];
  readonly onDone: (done: number, total: number, task: number, outcome: Outcome) => void;
  readonly resolve: (outcomes: Outcome[]) => void;
  readonly reject: (error: Error) => void;
  next: number;
  done: number;
  readonly knownBy: Set<Seat>;
}

interface Seat {
  readonly worker: Worker;
  busyWith: { readonly running: Running; readonly task: number } | undefined;
}

const IDLE_MS = 20_000;

/** Replications in worker threads: each task is one replication, so a job spreads over all workers and stops between two. */
export class SimulationPool {
  readonly #size: number;
  readonly #script: URL;
  readonly #seats: Seat[] = [];
  #queue: Running[] = [];
  #idleTimer: NodeJS.Timeout | undefined;

  /** `script` is another worker in tests. */
  constructor(size: number, script = new URL("./simulation-worker.ts", import.meta.url)) {
    this.#size = Math.max(1, size);
    this.#script = script;
  }

  /**
   * Outcomes in the order of the tasks, whatever the number of workers; `onDone` is told each as it comes. Rejects with DW_CANCELLED on
   * abort, DW_INVALID when the model fails.
   */
  run(
    job: SimulationJob,
    onDone: (done: number, total: number, task: number, outcome: Outcome) => void = () => {},
    signal?: AbortSignal,
  ): Promise<Outcome[]> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(cancelled(job));
      const running: Running = {
        job,
        outcomes: Array.from({ length: job.tasks.length }),
        onDone,
        resolve,
        reject,
        next: 0,
        done: 0,
        knownBy: new Set(),
      };
      if (job.tasks.length === 0) return resolve([]);
      signal?.addEventListener("abort", () => this.#end(running, cancelled(job)), { once: true });
      this.#queue.push(running);
      this.#queue.sort((a, b) => a.job.priority - b.job.priority);
      this.#feed();
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#idleTimer);
    for (const running of this.#queue.splice(0)) running.reject(cancelled(running.job));
    await Promise.all(this.#seats.splice(0).map((seat) => seat.worker.terminate()));
  }

  #feed(): void {
    clearTimeout(this.#idleTimer);
    for (;;) {
      const running = this.#queue.find((candidate) => candidate.next < candidate.job.tasks.length);
      if (!running) break;
      const seat = this.#seats.find((candidate) => !candidate.busyWith) ?? (this.#seats.length < this.#size ? this.#hire() : undefined);
      if (!seat) return;
      this.#assign(seat, running);
    }
    if (this.#queue.length === 0) {
      this.#idleTimer = setTimeout(() => void this.close(), IDLE_MS);
      this.#idleTimer.unref();
    }
  }

  #assign(seat: Seat, running: Running): void {
    const { job } = running;
    const post = (message: ToWorker) => seat.worker.postMessage(message);
    if (!running.knownBy.has(seat)) {
      post({ kind: "job", job: job.id, models: job.models });
      running.knownBy.add(seat);
    }
    const task = running.next++;
    seat.busyWith = { running, task };
    post({ kind: "task", job: job.id, task, ...job.tasks[task]! });
  }

  #hire(): Seat {
    const worker = new Worker(this.#script, { resourceLimits: { maxOldGenerationSizeMb: 256 } });
    const seat: Seat = { worker, busyWith: undefined };
    worker.on("message", (answer: { readonly job: string; readonly task: number; readonly outcome?: Outcome; readonly failure?: string }) =>
      this.#answer(seat, answer),
    );
    worker.on("error", (error) => this.#lose(seat, (error as Error).message));
    worker.on("exit", (code) => this.#lose(seat, `exit code ${code}`));
    worker.unref();
    this.#seats.push(seat);
    return seat;
  }

  #answer(seat: Seat, answer: { readonly task: number; readonly outcome?: Outcome; readonly failure?: string }): void {
    const running = seat.busyWith?.running;
    seat.busyWith = undefined;
    if (running && this.#queue.includes(running)) {
      if (answer.failure !== undefined)
        this.#end(running, new DoppelwerkError("DW_INVALID", messageOf("simulate.modelCannotSimulated", { failure: answer.failure })));
      else {
        running.outcomes[answer.task] = answer.outcome!;
        running.done++;
        running.onDone(running.done, running.job.tasks.length, answer.task, answer.outcome!);
        if (running.done === running.job.tasks.length) this.#end(running, undefined);
      }
    }
    this.#feed();
  }

  #end(running: Running, error: Error | undefined): void {
    if (!this.#queue.includes(running)) return;
    this.#queue = this.#queue.filter((candidate) => candidate !== running);
    for (const seat of running.knownBy) seat.worker.postMessage({ kind: "forget", job: running.job.id } satisfies ToWorker);
    if (error) running.reject(error);
    else running.resolve(running.outcomes as Outcome[]);
  }

  /** A worker died (out of memory, a bug): the job it worked on fails with the reason, the others go on with a new worker. */
  #lose(seat: Seat, why: string): void {
    const at = this.#seats.indexOf(seat);
    // told twice, or let go because there is nothing to do
    if (at < 0) return;
    this.#seats.splice(at, 1);
    if (seat.busyWith)
      this.#end(seat.busyWith.running, new DoppelwerkError("DW_UNAVAILABLE", messageOf("simulate.simulationWorkerEnded", { why })));
    this.#feed();
  }
}

function cancelled(job: SimulationJob): DoppelwerkError {
  return new DoppelwerkError("DW_CANCELLED", messageOf("simulate.runCancelled", { id: job.id }));
}
