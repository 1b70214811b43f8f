import type { Instant } from "../instant.ts";
import type { RecordId } from "../record.ts";
import type { Origin } from "../signals/origin.ts";
import type { Quality } from "../signals/sample.ts";
import type { SignalRecord } from "../signals/signal.ts";
import type { KeptSample } from "./kept-sample.ts";

/** A conclusion; plain JSON. */
export interface FoldOutput {
  readonly type: string;
}

/**
 * What a twin concludes, as a pure module that is loaded by URL in the main thread, a worker or a browser. Definitions, states, acts and outputs are plain
 * JSON. Which instances there are, and what each of them is, is decided by who hosts it: a fold reads no documents.
 */
export interface Fold<Definition = never, State = never, Output extends FoldOutput = FoldOutput, Act = never> {
  readonly id: string;
  /** Of what it concludes: another one derives again. */
  readonly version: number;
  readonly state: {
    readonly version: number;
    /** Of its JSON text; an instance that holds more is stopped. */
    readonly maxBytes: number;
    /** `upcast[n]` makes a state of version n + 1 of one of version n. Pure. */
    readonly upcast?: Readonly<Record<number, (before: never) => unknown>>;
    readonly formerly?: FormerState;
  };
  /** Folds whose outputs it takes, with their version: `flow@3`. What feeds back belongs into one fold. */
  readonly needs: readonly string[];
  /** Whether what follows from the past is kept while an archive of it is half read. Default: it concludes. */
  readonly partial?: "conclude" | "wait";
  readonly keeps?: KeptOutputs<Definition, Output>;
  /** A state under an edited definition; undefined: derive again. `valueOf` tells the last value of a signal that was not taken before. */
  adopt?(
    state: State,
    before: Definition,
    after: Definition,
    valueOf: (signal: RecordId) => number | string | undefined,
  ): State | undefined;
  open(definition: Definition, emit: Emit<Output>, state?: State): Folding<State, Act, Output>;
}

/** Where the state of a fold was held before it became a fold of its own: in that of another one of its group, in one version of it. */
export interface FormerState {
  readonly fold: string;
  readonly version: number;
  /** Its part of that state, in its present version. Pure. */
  readonly part: (state: never) => unknown;
}

/** What of its outputs the historian keeps, as samples of derived signals. */
export interface KeptOutputs<Definition, Output> {
  signals(definition: Definition): readonly SignalRecord[];
  /** Undefined: it is not kept. */
  sampleOf(output: Output): (KeptSample & { readonly signal: RecordId }) | undefined;
  /** What a signal says where nothing was concluded. */
  nothing(signal: SignalRecord): Pick<KeptSample, "value" | "text">;
  /** What was concluded last holds until the next conclusion: it is the live value after a start and after the past was derived. */
  readonly holds?: boolean;
  /** Of signals whose earlier samples stand as they were seen, since when they may be derived again. */
  since?(definition: Definition): ReadonlyMap<RecordId, Instant>;
}

/** A fold whose parameters nobody needs to know. */
export interface AnyFold extends Pick<Fold, "id" | "version" | "state" | "needs"> {
  readonly partial?: "conclude" | "wait";
  readonly keeps?: KeptOutputs<never, never>;
  adopt?(state: never, before: never, after: never, valueOf: (signal: RecordId) => number | string | undefined): unknown;
  open(definition: never, emit: Emit<FoldOutput>, state?: never): Folding<unknown, never>;
}

export interface FoldInstance<Definition = unknown> {
  /** Place, asset or plant: the unit of checkpoints and of deriving again. */
  readonly subject: RecordId;
  readonly definition: Definition;
  /** Their order is the order within one instant: signals first, then outputs of other folds, then acts. */
  readonly inputs: readonly FoldInput[];
}

export type FoldInput =
  | { readonly signal: RecordId }
  | { readonly fold: string; readonly subject: RecordId; readonly type: string }
  /** Acts of people and facts, durable before they are folded. */
  | { readonly recorded: string };

export interface EmittedAt {
  /** When it began to hold; may lie before the instant at which it is known. */
  readonly from: Instant;
  /** Nothing that comes in order changes it any more. Default true. */
  readonly final?: boolean;
  /** Positions of the inputs that it follows from; absent: all of them. */
  readonly inputs?: readonly number[];
}
export type Emit<Output> = (output: Output, at: EmittedAt) => void;

/** When an output of another fold, or something recorded, came about. */
export interface TakenAt {
  readonly known: Instant;
  readonly from: Instant;
  readonly final: boolean;
}

/**
 * An instance at work. Per instant timers come first, then what was measured, in order of needs, input position and arrival, then `settle` of those that
 * took something or fired. `known` of an output is the instant at which the fold is, so it never decreases.
 */
export interface Folding<State = unknown, Act = never, Output extends FoldOutput = FoldOutput> {
  // oxlint-disable-next-line max-params -- once a sample, without an object
  take(input: number, value: number, text: string | undefined, quality: Quality, origin: Origin, at: Instant): void;
  takeEvent?(input: number, event: unknown, at: TakenAt): void;
  settle?(at: Instant): void;
  /** When `fire` is to be called next; Infinity: never. */
  due?(): Instant;
  fire?(at: Instant): void;
  /** What is not over at an instant, as if it ended then. */
  open?(at: Instant): readonly { readonly output: Output; readonly from: Instant }[];
  /** What an act would conclude now; throws what refuses it. Changes nothing. */
  judge?(act: Act, at: Instant): readonly Judged<Output>[];
  snapshot(): State;
}

/** What an act would conclude. */
export interface Judged<Output extends FoldOutput = FoldOutput> extends Pick<EmittedAt, "inputs"> {
  readonly output: Output;
}

/** What a fold concluded, as the run gives it on. */
export interface Concluded<Output extends FoldOutput = FoldOutput> {
  readonly fold: string;
  readonly subject: RecordId;
  readonly output: Output;
  readonly known: Instant;
  readonly from: Instant;
  readonly final: boolean;
  /** `simulated` or `replayed` where an input was, else `derived`. */
  readonly origin: Origin;
  /** It came of a timer: folds that need it take it before their own timers of that instant. */
  readonly timed: boolean;
}

export function foldKey({ id, version }: Pick<AnyFold, "id" | "version">): string {
  return `${id}@${version}`;
}
