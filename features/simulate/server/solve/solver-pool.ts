import { Worker } from "node:worker_threads";
import type { ProblemKind, Schedule } from "./problem.ts";
import type { FromSolver, SolverTask } from "./solver-worker.ts";

export interface SolveAnswer {
  readonly objective: number;
  /** The best that any worker has proven. */
  readonly lowerBound: number;
  readonly schedule: Schedule;
}

export interface SolveBudget {
  readonly seconds: number;
  readonly seed: number;
  /** When the time began; now unless told: a command counts from its own start. */
  readonly startMs?: number;
  /** For each worker. The answer then depends on problem, seed and number of workers alone, unless the time ends first. */
  readonly iterations?: number;
}

const WORKERS_MAX = 64;

/** One problem on several worker threads, each with its own stream of chance; all end when one has proven its answer optimal. */
export class SolverPool {
  readonly #size: number;
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));

  constructor(size: number) {
    this.#size = Math.min(WORKERS_MAX, Math.max(1, size));
  }

  /** Ends the search; `solve` still answers with the best so far. */
  stop(): void {
    Atomics.store(this.#stop, 0, 1);
  }

  async solve(
    kind: ProblemKind,
    text: string,
    { seconds, seed, startMs = Date.now(), iterations }: SolveBudget,
    onProgress: (objective: number, lowerBound: number, elapsedS: number) => void = () => {},
  ): Promise<SolveAnswer> {
    let objective = Infinity;
    let lowerBound = -Infinity;
    const hear = (message: FromSolver): void => {
      if (!(message.objective < objective) && !(message.lowerBound > lowerBound)) return;
      objective = Math.min(objective, message.objective);
      lowerBound = Math.max(lowerBound, message.lowerBound);
      onProgress(objective, lowerBound, (Date.now() - startMs) / 1_000);
      // with a budget of iterations every worker finishes its own, so that one seed means one answer
      if (objective <= lowerBound && iterations === undefined) this.stop();
    };
    const task = {
      kind,
      text,
      seed,
      untilMs: startMs + seconds * 1_000,
      leastMs: Math.min(500, seconds * 100),
      stop: this.#stop,
      ...(iterations === undefined ? {} : { iterations }),
    };
    const answers = await Promise.all(
      Array.from({ length: this.#size }, (_, stream) => this.#work({ ...task, stream, prove: stream === this.#size - 1 }, hear)),
    );
    const best = answers.reduce((least, answer) => (answer.objective < least.objective ? answer : least));
    return { objective: best.objective, lowerBound: Math.max(...answers.map((answer) => answer.lowerBound)), schedule: best.schedule };
  }

  #work(task: SolverTask, hear: (message: FromSolver) => void): Promise<SolveAnswer> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(new URL("./solver-worker.ts", import.meta.url), { workerData: task });
      worker.on("message", (message: FromSolver) => {
        hear(message);
        if (message.kind === "answer") resolve(message);
      });
      worker.once("error", reject);
      worker.once("exit", (code) => reject(new Error(`a solver ended with code ${code} and no answer`)));
    });
  }
}
