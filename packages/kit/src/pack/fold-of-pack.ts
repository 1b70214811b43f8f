import { hashedId } from "@doppelwerk/world";
import type {
  AnyFold,
  Emit,
  FoldInput,
  FoldInstance,
  FoldOutput,
  Folding,
  Instant,
  Origin,
  RecordId,
  SignalRecord,
  WorldRecord,
} from "@doppelwerk/world";
import type { PackFoldDeclaration } from "./manifest-shape.ts";
import type { PackFoldInstance } from "./pack-fold.ts";

/** The code of a fold of a pack, wherever it runs. */
export interface FoldCode {
  open(instance: PackFoldInstance, state: unknown): DrivenCode;
  upcast(version: number, state: unknown): unknown;
  adopt(state: unknown, before: PackFoldInstance, after: PackFoldInstance): unknown;
}

/** As `DrivenFold`, across a boundary. */
export interface DrivenCode {
  step(rows: Float64Array, texts: readonly (string | null)[] | undefined, at: number): number;
  fire(at: number): number;
  pull(): string;
  open(at: number): string;
  snapshot(): string;
}

/** What an instance of a fold of a pack is of. */
export interface PackFoldDefinition extends PackFoldInstance {
  /** Of the document, for people. */
  readonly title: string;
  /** Shell that the document is about. */
  readonly shell?: string;
  /** Signals of its inputs. */
  readonly signals: readonly RecordId[];
}

/** A conclusion of a fold of a pack. */
export interface PackFoldOutput extends FoldOutput {
  readonly subject: RecordId;
  readonly value: number | boolean | string;
  readonly from: Instant;
}

/** Position of the input, value, quality, position of the origin, time. */
const ROW_LENGTH = 5;
/** Outputs of one call. */
export const MAX_OUTPUTS = 1_000;
/** Outputs and calls of the timer beyond those that samples and time allow. */
const MAX_AHEAD = 1_000;
const MAX_PULLED = 1_000_000;
const MAX_TEXT = 500;
const ORIGIN_CODES: Readonly<Record<Origin, number>> = { measured: 0, entered: 1, derived: 2, simulated: 3, replayed: 4 };
const SECOND = 1_000_000;

/** The documents of a kind that a fold is opened for, as instances; an input without a signal is left out. */
export function instanceOfPackFold(
  { inputs, shell: of }: PackFoldDeclaration,
  { id, kind: _kind, version: _version, ...fields }: WorldRecord,
  isSignal: (id: RecordId) => boolean,
): FoldInstance<PackFoldDefinition> {
  const title = typeof fields["name"] === "string" ? fields["name"] : id;
  const shell = of === undefined ? undefined : fields[of];
  // a place in the list is the position of the input: one without a signal keeps its own, and nothing comes to it
  const taken = inputs.map((name): FoldInput => {
    const signal = fields[name];
    return typeof signal === "string" && isSignal(signal) ? { signal } : { recorded: "packs.nothing" };
  });
  const signals = taken.flatMap((input) => ("signal" in input ? [input.signal] : []));
  return {
    subject: id,
    definition: { subject: id, title, fields, signals, ...(typeof shell === "string" && { shell }) },
    inputs: taken,
  };
}

/** Id of the signal that keeps an output of an instance. */
export function signalOfOutput(fold: string, subject: RecordId, type: string): RecordId {
  return hashedId("signal", `fold ${fold}`, `${subject} ${type}`);
}

/** A fold of a pack as the engine of folds takes it: bounded, and held to its manifest. It throws for what goes beyond, and the engine stops it. */
export function foldOfPack(declared: PackFoldDeclaration, code: FoldCode): AnyFold {
  const { id, version, state, outputs } = declared;
  const byType = new Map(outputs.map((output) => [output.type, output]));
  const steps = Array.from({ length: state.version - 1 }, (_, at) => [at + 1, (before: unknown) => code.upcast(at + 1, before)] as const);
  return {
    id,
    version,
    needs: [],
    state: { ...state, upcast: Object.fromEntries(steps) },
    keeps: {
      signals: (definition: PackFoldDefinition) => outputs.map((output) => signalRecord(id, definition, output)),
      sampleOf({ subject, type, value, from }: PackFoldOutput) {
        const isText = typeof value === "string";
        return {
          signal: signalOfOutput(id, subject, type),
          time: from,
          value: isText ? Number.NaN : Number(value),
          text: isText ? value : "",
        };
      },
      nothing: () => ({ value: Number.NaN, text: "" }),
      holds: true,
    },
    adopt: (before: unknown, from: PackFoldDefinition, to: PackFoldDefinition) => code.adopt(before, instanceOf(from), instanceOf(to)),
    open: (definition: PackFoldDefinition, emit: Emit<PackFoldOutput>, from?: unknown) =>
      new PackFolding(declared, byType, definition.subject, code.open(instanceOf(definition), from), emit) as Folding<unknown, never>,
  } as AnyFold;
}

type DeclaredOutput = PackFoldDeclaration["outputs"][number];

function instanceOf({ subject, fields }: PackFoldDefinition): PackFoldInstance {
  return { subject, fields };
}

function signalRecord(fold: string, { subject, title, shell, signals }: PackFoldDefinition, output: DeclaredOutput): SignalRecord {
  const { type, valueType, unit, title: own } = output;
  return {
    id: signalOfOutput(fold, subject, type),
    kind: "signal",
    name: `${title} ${own.en}`,
    names: { en: `${title} ${own.en}`, zh: `${title} ${own.zh}` },
    valueType,
    ...(unit === undefined ? {} : { unit }),
    ...(shell === undefined ? {} : { shell }),
    role: type,
    concludedOf: [...signals],
  };
}

/** Collects the samples of an instant and gives them over in one call. */
class PackFolding {
  readonly #declared: PackFoldDeclaration;
  readonly #outputs: ReadonlyMap<string, DeclaredOutput>;
  readonly #subject: RecordId;
  readonly #code: DrivenCode;
  readonly #emit: Emit<PackFoldOutput>;
  #rows = new Float64Array(ROW_LENGTH * 8);
  #count = 0;
  #texts: (string | null)[] | undefined;
  #due: Instant = Number.POSITIVE_INFINITY;
  #allowed = MAX_AHEAD;
  #allowedAt: Instant = 0;

  constructor(
    declared: PackFoldDeclaration,
    outputs: ReadonlyMap<string, DeclaredOutput>,
    subject: RecordId,
    code: DrivenCode,
    emit: Emit<PackFoldOutput>,
  ) {
    this.#declared = declared;
    this.#outputs = outputs;
    this.#subject = subject;
    this.#code = code;
    this.#emit = emit;
    // what it emits while it opens is before any instant, and nobody's
    this.#read(code.pull(), 0, false);
  }

  // oxlint-disable-next-line max-params -- as the engine calls it
  take(input: number, value: number, text: string | undefined, quality: number, origin: Origin, at: Instant): void {
    const first = this.#count * ROW_LENGTH;
    if (first === this.#rows.length) {
      const rows = new Float64Array(this.#rows.length * 2);
      rows.set(this.#rows);
      this.#rows = rows;
    }
    this.#rows[first] = input;
    this.#rows[first + 1] = value;
    this.#rows[first + 2] = quality;
    this.#rows[first + 3] = ORIGIN_CODES[origin];
    this.#rows[first + 4] = at;
    if (text !== undefined) (this.#texts ??= [])[this.#count] = text;
    this.#count++;
  }

  settle(at: Instant): void {
    const rows = this.#rows.slice(0, this.#count * ROW_LENGTH);
    const texts = this.#texts && Array.from(rows.subarray(0, this.#count), (_, row) => this.#texts?.[row] ?? null);
    this.#allow(this.#count, at);
    this.#count = 0;
    this.#texts = undefined;
    this.#after(this.#code.step(rows, texts, at), at);
  }

  due(): Instant {
    return this.#due;
  }

  fire(at: Instant): void {
    this.#allow(0, at);
    this.#spend();
    this.#after(this.#code.fire(at), at);
  }

  open(at: Instant): readonly { readonly output: PackFoldOutput; readonly from: Instant }[] {
    const text = this.#code.open(at);
    if (text.length > MAX_PULLED) throw new Error(`more than ${MAX_PULLED} octets of it are not over`);
    const open: unknown = JSON.parse(text);
    if (!Array.isArray(open) || open.length > MAX_OUTPUTS) throw new Error(`more than ${MAX_OUTPUTS} of its conclusions are not over`);
    return open.map((given: unknown) => this.#held(given, at)).map((output) => ({ output, from: output.from }));
  }

  snapshot(): unknown {
    const text = this.#code.snapshot();
    // measured before it is parsed: it comes from a stranger
    if (text.length > this.#declared.state.maxBytes) throw new Error(`its state has more than ${this.#declared.state.maxBytes} octets`);
    return JSON.parse(text) as unknown;
  }

  #after(due: number, at: Instant): void {
    if (Number.isNaN(due)) this.#read(this.#code.pull(), at, true);
    else this.#due = due;
  }

  /** All outputs of a call are checked before one is given on. */
  #read(pulled: string, at: Instant, isGiven: boolean): void {
    if (pulled.length > MAX_PULLED) throw new Error(`it concludes more than ${MAX_PULLED} octets at once`);
    const { due, outputs } = JSON.parse(pulled) as { readonly due: unknown; readonly outputs: unknown };
    if (!Array.isArray(outputs) || outputs.length > MAX_OUTPUTS) throw new Error(`it concludes more than ${MAX_OUTPUTS} things at once`);
    const checked = isGiven ? outputs.map((output: unknown) => this.#checked(output, at)) : [];
    this.#due = typeof due === "number" ? due : Number.POSITIVE_INFINITY;
    for (const output of checked) this.#emit(output, { from: output.from });
  }

  #checked(given: unknown, at: Instant): PackFoldOutput {
    this.#spend();
    return this.#held(given, at);
  }

  #held(given: unknown, at: Instant): PackFoldOutput {
    const [type, value, from] = Array.isArray(given) ? (given as unknown[]) : [];
    const output = this.#outputs.get(String(type));
    if (output === undefined) throw new Error(`its manifest declares no output ${String(type).slice(0, 60)}`);
    if (!isOfType(output.valueType, value)) throw new Error(`its output ${output.type} is not a value of the type ${output.valueType}`);
    if (typeof from !== "number" || !Number.isInteger(from) || from < 0 || from > at)
      throw new Error(`its output ${output.type} holds from an instant that is not there yet`);
    return { type: output.type, subject: this.#subject, value, from };
  }

  /** Each sample and each second of folded time allow for four outputs or calls of the timer. */
  #allow(samples: number, at: Instant): void {
    const passed = this.#allowedAt === 0 ? 0 : Math.max(0, at - this.#allowedAt) / SECOND;
    this.#allowed = Math.min(10 * MAX_AHEAD, this.#allowed + 4 * (samples + passed));
    this.#allowedAt = Math.max(this.#allowedAt, at);
  }

  #spend(): void {
    if (--this.#allowed < 0) throw new Error("it concludes, or its timer is due, more often than samples and time allow");
  }
}

function isOfType(valueType: DeclaredOutput["valueType"], value: unknown): value is number | boolean | string {
  if (valueType === "string") return typeof value === "string" && value.length <= MAX_TEXT;
  if (valueType === "boolean") return typeof value === "boolean";
  return typeof value === "number" && Number.isFinite(value) && (valueType === "double" || Number.isInteger(value));
}
