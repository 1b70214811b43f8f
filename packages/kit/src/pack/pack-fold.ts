// What the module of a fold of a pack exports. It runs in a sandbox that knows no clock, chance, file or network, once for each document of its kind.

/** A sample of an input. `value` is NaN where it is no number; a truth is 0 or 1. */
export interface PackFoldSample {
  /** The field of the document that names the signal. */
  readonly input: string;
  readonly value: number;
  readonly text?: string;
  /** 0 good, 1 uncertain, 2 bad. */
  readonly quality: number;
  readonly origin: "measured" | "entered" | "derived" | "simulated" | "replayed";
  /** Microseconds since 1970. */
  readonly at: number;
}

/** What it concludes: an output of the manifest, with a value of its type, since `from` (at most now; default now). */
export type PackFoldEmit = (type: string, value: number | boolean | string, from?: number) => void;

export interface PackFoldInstance<Fields = Readonly<Record<string, unknown>>> {
  /** Id of the document. */
  readonly subject: string;
  readonly fields: Fields;
}

/** An instance at work: of each instant all samples, then `settle`; `fire` when its timer is due. */
export interface PackFolding<State = unknown> {
  take(sample: PackFoldSample): void;
  settle?(at: number): void;
  /** When `fire` is to be called next, in microseconds since 1970; undefined: never. */
  due?(): number | undefined;
  fire?(at: number): void;
  /** What began before now and is not over, as it would be concluded if it ended now: type, value, from. Needed of outputs whose `from` lies in the past. */
  open?(at: number): readonly (readonly [type: string, value: number | boolean | string, from: number])[];
  /** All that it needs to go on from here, as JSON within `maxBytes` of the manifest. */
  snapshot(): State;
}

/** The default export of the `module` of a fold. The same samples give the same conclusions, live, over the past, on a branch and on simulated values. */
export interface PackFold<Fields = never, State = never> {
  open(instance: PackFoldInstance<Fields>, emit: PackFoldEmit, state?: State): PackFolding<State>;
  /** `upcast[n]` makes a state of version n + 1 of one of version n. */
  readonly upcast?: Readonly<Record<number, (state: never) => unknown>>;
  /** The state under an edited document; without it, or where it returns undefined, the past is derived again. */
  adopt?(state: State, before: PackFoldInstance<Fields>, after: PackFoldInstance<Fields>): State | undefined;
}
