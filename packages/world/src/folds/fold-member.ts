import type { Instant } from "../instant.ts";
import type { RecordId } from "../record.ts";
import { codeOfOrigin, originOfCode, type Origin } from "../signals/origin.ts";
import type { Quality } from "../signals/sample.ts";
import type { AnyFold, Concluded, EmittedAt, FoldInput, FoldInstance, FoldOutput, Folding, TakenAt } from "./fold.ts";
import { upcastState, type FoldState } from "./fold-state.ts";
import { createSampleIntake, type SampleIntake } from "./sample-intake.ts";

/** An instance to run; with a state it goes on from there. */
export interface RunMember extends FoldInstance {
  readonly fold: AnyFold;
  readonly from?: FoldState;
}

/** An instance that was stopped. */
export interface FoldFault {
  readonly fold: string;
  readonly subject: RecordId;
  /** What it was at. */
  readonly at: Instant;
  /** Samples and events that it had taken. */
  readonly taken: number;
  /** What it threw. */
  readonly error?: unknown;
  /** The fold that it needs was stopped. */
  readonly needs?: string;
}

export interface Feed {
  readonly type: string;
  readonly member: FoldMember;
  readonly slot: number;
}

export interface Emitted {
  readonly output: FoldOutput;
  readonly at: EmittedAt;
}

interface Waiting {
  readonly slot: number;
  readonly event: unknown;
  readonly at: TakenAt;
  readonly origin: number;
}

const SIMULATED = codeOfOrigin("simulated");
const REPLAYED = codeOfOrigin("replayed");

/** One instance in a run: its folding, what waits for it, where its conclusions go. */
export class FoldMember {
  readonly fold: RunMember["fold"];
  readonly subject: RecordId;
  readonly key: string;
  readonly inputs: readonly FoldInput[];
  readonly depth: number;
  readonly intake: SampleIntake;
  readonly folding: Folding<unknown, unknown>;
  readonly feeds: Feed[] = [];
  /** Where it went on from. */
  readonly at: Instant;
  fault: FoldFault | undefined;
  /** It took something or fired since it settled. */
  touched = false;
  taken = 0;
  readonly emitted: Emitted[] = [];
  /** Code of the origin of the last sample or event of each input. */
  readonly #origins: Uint8Array;
  readonly #waiting: Waiting[] = [];

  constructor({ fold, subject, definition, inputs, from }: RunMember, depth: number) {
    this.fold = fold;
    this.subject = subject;
    this.key = `${fold.id}\n${subject}`;
    this.inputs = inputs;
    this.depth = depth;
    // only signals are samples; the others keep their slots
    this.intake = createSampleIntake(inputs.map((input, slot) => ("signal" in input ? input.signal : `\n${slot}`)));
    this.#origins = new Uint8Array(inputs.length);
    this.at = from?.at ?? 0;
    const open = fold.open as unknown as (definition: unknown, emit: unknown, state?: unknown) => Folding<unknown, unknown>;
    const emit = (output: FoldOutput, at: EmittedAt): void => void this.emitted.push({ output, at });
    if (from === undefined) {
      this.folding = open(definition, emit);
      return;
    }
    const upcast = upcastState(fold, from);
    if ("refused" in upcast)
      throw new Error(`a state of ${fold.id} of version ${from.version} cannot be taken: ${upcast.refused}`, { cause: upcast.error });
    this.folding = open(definition, emit, upcast.state);
    this.intake.restore(from.intake);
    this.#origins.set(from.origins.slice(0, inputs.length));
  }

  due(): Instant {
    return this.folding.due?.() ?? Number.POSITIVE_INFINITY;
  }

  readonly takeSample = (slot: number, value: number, text: string | undefined, quality: number, time: Instant, origin: number): void => {
    this.taken++;
    this.touched = true;
    this.#origins[slot] = origin;
    this.folding.take(slot, value, text, quality as Quality, originOfCode(origin) ?? "measured", time);
  };

  /** Of what was recorded; outputs of other folds of that instant come before it. */
  readonly takeRecorded = (slot: number, event: unknown, time: Instant): void => {
    this.takeWaiting();
    this.#takeEvent(slot, event, { known: time, from: time, final: true });
  };

  /** An output of another fold, taken at once, or when the samples of the instant were taken. */
  receive(slot: number, event: unknown, at: TakenAt, origin: number, isNow: boolean): void {
    if (this.fault !== undefined) return;
    if (!isNow) return void this.#waiting.push({ slot, event, at, origin });
    this.#origins[slot] = origin;
    this.#takeEvent(slot, event, at);
  }

  /** An output of another fold is still to be taken. */
  get waits(): boolean {
    return this.#waiting.length > 0;
  }

  takeWaiting(): void {
    if (this.#waiting.length === 0) return;
    for (const { slot, event, at, origin } of this.#waiting.splice(0).toSorted((a, b) => a.slot - b.slot)) {
      this.#origins[slot] = origin;
      this.#takeEvent(slot, event, at);
    }
  }

  #takeEvent(slot: number, event: unknown, at: TakenAt): void {
    this.taken++;
    this.touched = true;
    this.folding.takeEvent?.(slot, event, at);
  }

  act(type: string, event: unknown, at: Instant): void {
    const slot = this.inputs.findIndex((input) => "recorded" in input && input.recorded === type);
    if (slot < 0) throw new Error(`${this.fold.id} takes no ${type}`);
    this.#takeEvent(slot, event, { known: at, from: at, final: true });
  }

  judge(act: unknown, at: Instant): readonly Pick<Concluded, "fold" | "output" | "origin">[] {
    const judged = this.folding.judge?.(act, at) ?? [];
    return judged.map(({ output, inputs }) => ({ fold: this.fold.id, output, origin: this.originOf(inputs) }));
  }

  /** What follows from simulated values is simulated, from replayed ones replayed; all else that is concluded is derived. */
  originOf(inputs: readonly number[] | undefined): Origin {
    let replayed = false;
    for (let at = 0; at < (inputs?.length ?? this.#origins.length); at++) {
      const code = this.#origins[inputs?.[at] ?? at];
      if (code === SIMULATED) return "simulated";
      replayed ||= code === REPLAYED;
    }
    return replayed ? "replayed" : "derived";
  }

  snapshot(at: Instant): FoldState {
    return {
      version: this.fold.state.version,
      at,
      state: this.folding.snapshot(),
      intake: this.intake.snapshot(),
      origins: [...this.#origins],
    };
  }
}
