import { Worker } from "node:worker_threads";
import { message, type Message } from "@doppelwerk/messages";
import {
  createFoldRun,
  DoppelwerkError,
  reasonOf,
  MINUTE,
  type BranchId,
  type FoldState,
  type History,
  type Instant,
  type RecordId,
  type RunMember,
  type WantedSignal,
} from "@doppelwerk/world";
import { keptOf, openOf, plainFault } from "./fold-worker.ts";
import type { FoldedPiece, FromWorker, Recorded, ToWorker, WorkerMember, WorkerTask } from "./fold-worker.ts";
import { readPast, transferable } from "./past-reader.ts";

export interface PastOptions {
  readonly history: History;
  wanted(ids: readonly RecordId[]): readonly WantedSignal[];
  readonly members: readonly WorkerMember[];
  readonly from: Instant;
  readonly to: Instant;
  readonly branch?: BranchId;
  readonly recorded?: readonly Recorded[];
  readonly checkpoints?: WorkerTask["checkpoints"];
  /** Folds whose outputs are given with the pieces; default none: only what the historian keeps. */
  readonly outputsOf?: readonly string[];
  /** Gets each piece in order of time; the next is folded meanwhile. */
  onPiece(piece: FoldedPiece): Promise<void> | void;
  readonly signal: { readonly aborted: boolean };
}

/** Pieces that are under way in the worker: it folds one while the next is read. */
const AHEAD = 2;
const MEMORY_MAX_MB = 1_024;

/**
 * Folds [from, to) of the record in a worker thread. Resolves to the states at the end, or to undefined when it was aborted. Rejects where the worker fails;
 * an instance that throws is named in the pieces, and has no state.
 */
export async function derivePast(options: PastOptions): Promise<readonly (FoldState | undefined)[] | undefined> {
  const signals = [
    ...new Set(options.members.flatMap(({ inputs }) => inputs.flatMap((input) => ("signal" in input ? [input.signal] : [])))),
  ];
  const wanted = options.wanted(signals);
  const { members, recorded = [], checkpoints, outputsOf = [] } = options;
  const task: WorkerTask = { members, signals: wanted.map(({ id }) => id), recorded, outputsOf, ...(checkpoints && { checkpoints }) };
  const folding = new Folding(task, options.onPiece);
  try {
    for await (const { batch, to } of readPast(options.history, wanted, options.from, options.to, options.branch)) {
      if (options.signal.aborted) return undefined;
      await folding.fold(batch, to);
    }
    return options.signal.aborted ? undefined : await folding.end();
  } finally {
    await folding.close();
  }
}

/** A span so short that a thread of its own takes longer to start: what came while the server was down, or a little late. */
const SHORT: Instant = 60 * MINUTE;

export function isShort(from: Instant, to: Instant): boolean {
  return to - from <= SHORT;
}

/** The same in this thread, for short spans. */
export async function derivePastHere(
  options: Omit<PastOptions, "members" | "checkpoints" | "outputsOf"> & { readonly members: readonly RunMember[] },
): Promise<readonly (FoldState | undefined)[] | undefined> {
  const { history, members, recorded = [], from, to, branch, onPiece, signal } = options;
  const run = createFoldRun(members);
  const folds = new Map(members.map(({ fold }) => [fold.id, fold]));
  for (const { type, event, at, id } of recorded) run.record(type, event, at, id);
  const wanted = options.wanted(run.signals);
  const signals = wanted.map(({ id }) => id);
  for await (const piece of readPast(history, wanted, from, to, branch)) {
    if (signal.aborted) return undefined;
    run.step(piece.batch, signals);
    run.advance(piece.to - 1);
    const samples = keptOf(folds, run.drain());
    const { to: end, batch } = piece;
    const faults = run.faults().map(plainFault);
    await onPiece({ to: end, rows: batch.count, samples, open: openOf(run, members, end - 1), outputs: [], faults });
  }
  return signal.aborted ? undefined : members.map(({ fold, subject }) => run.snapshot(fold.id, subject));
}

/** A worker at work on one task. */
class Folding {
  readonly #worker: Worker;
  readonly #onPiece: PastOptions["onPiece"];
  #under = 0;
  #given: Promise<void> = Promise.resolve();
  #failure: DoppelwerkError | undefined;
  #states: readonly (FoldState | undefined)[] | undefined;
  #wake: () => void = () => {};

  constructor(task: WorkerTask, onPiece: PastOptions["onPiece"]) {
    this.#onPiece = onPiece;
    this.#worker = new Worker(new URL("./fold-worker.ts", import.meta.url), {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MAX_MB },
    });
    this.#worker.on("message", (answer: FromWorker) => this.#receive(answer));
    this.#worker.on("error", (error) => this.#fail(reasonOf(error)));
    this.#worker.on("exit", () => {
      if (this.#states === undefined) this.#fail(message("server.workerEnded"));
    });
  }

  async fold(piece: Parameters<typeof transferable>[0], to: Instant): Promise<void> {
    this.#under++;
    const { serverTimes: _same, ...columns } = piece;
    const given: ToWorker = { piece: { ...columns, serverTimes: columns.sourceTimes }, to };
    this.#worker.postMessage(given, transferable(piece));
    await this.#until(() => this.#under < AHEAD);
  }

  async end(): Promise<readonly (FoldState | undefined)[]> {
    await this.#until(() => this.#under === 0);
    this.#worker.postMessage({ end: true } satisfies ToWorker);
    await this.#until(() => this.#states !== undefined);
    return this.#states!;
  }

  async close(): Promise<void> {
    this.#states ??= [];
    await this.#worker.terminate();
  }

  async #until(done: () => boolean): Promise<void> {
    while (!done() && this.#failure === undefined) await new Promise<void>((resolve) => (this.#wake = resolve));
    await this.#given;
    if (this.#failure !== undefined) throw this.#failure;
  }

  #receive(answer: FromWorker): void {
    if (answer.kind === "failed") return this.#fail(answer.reason);
    if (answer.kind === "end") this.#states = answer.states;
    else {
      this.#under--;
      this.#given = this.#given.then(() => this.#onPiece(answer));
      this.#given.catch((error: unknown) => this.#fail(reasonOf(error)));
    }
    this.#wake();
  }

  #fail(reason: Message): void {
    this.#failure ??= new DoppelwerkError("DW_UNAVAILABLE", message("server.foldWorkerFailed", { reason }));
    this.#wake();
  }
}
