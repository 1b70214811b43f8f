import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import type { Message } from "@doppelwerk/messages";
import {
  createFoldRun,
  reasonOf,
  type AnyFold,
  type Concluded,
  type FoldFault,
  type FoldInstance,
  type FoldRun,
  type FoldState,
  type Instant,
  type KeptSample,
  type RecordId,
  type RunMember,
  type SampleBatch,
} from "@doppelwerk/world";
import { FoldStore } from "./fold-store.ts";
import { loadFold } from "./load-fold.ts";

export interface WorkerMember extends FoldInstance {
  /** Of a module whose default export is the fold. */
  readonly url: string;
  readonly from?: FoldState;
}

export interface WorkerTask {
  readonly members: readonly WorkerMember[];
  /** Rows of pieces are positions here. */
  readonly signals: readonly RecordId[];
  readonly recorded: readonly Recorded[];
  /** Checkpoints are kept there, every so much folded time, of which members; absent: none. */
  readonly checkpoints?: { readonly directory: string; readonly every: Instant; readonly of: readonly boolean[] };
  /** Folds whose outputs are given back; of the others only what the historian keeps. */
  readonly outputsOf: readonly string[];
}

export interface Recorded {
  readonly type: string;
  readonly event: unknown;
  readonly at: Instant;
  readonly id: string;
}

export type ToWorker = { readonly piece: SampleBatch; readonly to: Instant } | { readonly end: true };

/** A conclusion that the historian keeps. */
export type DerivedSample = KeptSample & { readonly signal: RecordId };

export interface FoldedPiece {
  readonly to: Instant;
  /** Samples of the record that were folded for it. */
  readonly rows: number;
  readonly samples: readonly DerivedSample[];
  /** What is not over: kept when it is. */
  readonly open: readonly DerivedSample[];
  readonly outputs: readonly Concluded[];
  readonly faults: readonly PlainFault[];
}

/** A fault as it crosses threads. */
export interface PlainFault extends Omit<FoldFault, "error"> {
  readonly reason?: string;
}

export type FromWorker =
  | ({ readonly kind: "piece" } & FoldedPiece)
  | { readonly kind: "end"; readonly states: readonly (FoldState | undefined)[] }
  | { readonly kind: "failed"; readonly reason: Message };

export function plainFault({ error, ...fault }: FoldFault): PlainFault {
  return error === undefined ? fault : { ...fault, reason: error instanceof Error ? error.message : String(error) };
}

/** What the historian keeps of conclusions. */
export function keptOf(
  folds: ReadonlyMap<string, AnyFold>,
  concluded: readonly Pick<Concluded, "fold" | "output" | "origin">[],
): DerivedSample[] {
  return concluded.flatMap(({ fold, output, origin }) => {
    const sample = folds.get(fold)?.keeps?.sampleOf(output as never);
    return sample === undefined ? [] : [{ ...sample, origin }];
  });
}

/** What is not over of every instance. */
export function openOf(run: FoldRun, members: readonly Pick<RunMember, "fold" | "subject">[], at: Instant): DerivedSample[] {
  return members.flatMap(({ fold, subject }) => {
    const folding = run.folding(fold.id, subject) as { open?(instant: Instant): readonly { readonly output: unknown }[] } | undefined;
    return (folding?.open?.(at) ?? []).flatMap(({ output }) => fold.keeps?.sampleOf(output as never) ?? []);
  });
}

/** Of a thread that does what nobody waits for: 0 is usual, 19 the least. */
const NICE = 10;

/** Linux has priorities of threads; elsewhere this one would lower that of the whole process. */
function giveWay(): void {
  if (process.platform !== "linux") return;
  try {
    setPriority(0, NICE);
  } catch {
    // where the system forbids it the past is derived as before
  }
}

async function work(task: WorkerTask): Promise<void> {
  giveWay();
  const members: RunMember[] = [];
  for (const { url, ...instance } of task.members) {
    members.push({ ...instance, fold: await loadFold(url) });
  }
  const folds = new Map(members.map(({ fold }) => [fold.id, fold]));
  const run = createFoldRun(members);
  for (const { type, event, at, id } of task.recorded) run.record(type, event, at, id);
  const store = task.checkpoints && new FoldStore(task.checkpoints.directory, () => {});
  let saved = Number.NaN;
  const states = (): (FoldState | undefined)[] => members.map(({ fold, subject }) => run.snapshot(fold.id, subject));
  const checkpoint = (to: Instant): void => {
    if (Number.isNaN(saved)) saved = to;
    if (!store || to - saved < task.checkpoints!.every) return;
    saved = to;
    for (const [at, state] of states().entries()) if (state && task.checkpoints!.of[at]) store.save(members[at]!, state);
  };
  const say = (message: FromWorker): void => parentPort!.postMessage(message);
  parentPort!.on("message", (message: ToWorker) => {
    try {
      if ("end" in message) {
        say({ kind: "end", states: states() });
        parentPort!.close();
        return;
      }
      run.step(message.piece, task.signals);
      run.advance(message.to - 1);
      const outputs = run.drain();
      const faults = run.faults().map(plainFault);
      checkpoint(message.to);
      const samples = keptOf(folds, outputs);
      say({
        kind: "piece",
        to: message.to,
        rows: message.piece.count,
        samples,
        open: openOf(run, members, message.to - 1),
        outputs: outputs.filter(({ fold }) => task.outputsOf.includes(fold)),
        faults,
      });
    } catch (error) {
      say({ kind: "failed", reason: reasonOf(error) });
      parentPort!.close();
    }
  });
}

if (parentPort && workerData !== null) void work(workerData as WorkerTask);
