import { flowFold, flowInstance, SHIFT_CALENDAR_KIND, type LineReadings } from "@doppelwerk/operations";
import type { FoldedLine, LineSource } from "@doppelwerk/ports";
import { changedKind, LIVE, oneAtATime } from "@doppelwerk/world";
import type { Clock, FoldState, LogEntry, RecordId, RecordReader } from "@doppelwerk/world";
import type { FeatureLog, FoldGroup } from "@doppelwerk/kit/server";
import { readLines, type LineOfShells } from "../line-of-shells.ts";
import { readingsOf } from "./flow-runs.ts";

export interface LineFoldsOptions {
  readonly group: FoldGroup;
  readonly clock: Clock;
  readonly logger: FeatureLog;
  /** What reads lines from documents. */
  sources(): readonly LineSource[];
  /** The live documents, read by the system itself. */
  liveReader(): RecordReader;
}

const READ_BY: ReadonlySet<string> = new Set(["shell", "submodel", "element", "signal", SHIFT_CALENDAR_KIND]);

/** One line as it is folded. */
export interface LineFold {
  readonly group: FoldGroup;
  /** As its shells describe it now; undefined where there is none. */
  readonly line: LineOfShells | undefined;
  /** As it stands live; undefined where there is none, or its fold was stopped. */
  readonly readings: LineReadings | undefined;
  /** It threw, and is not folded until it is opened again. */
  readonly isStopped: boolean;
  /** A copy of the live state. */
  readonly state: FoldState | undefined;
}

/** The folds of the lines of this world, an instance each: set as their shells describe them, and asked as they stand live. */
export class LineFolds {
  readonly #options: LineFoldsOptions;
  readonly #follow: () => Promise<void>;
  /** Everything that was committed so far is read when it resolves. */
  #followed: Promise<void> = Promise.resolve();
  #lines: readonly LineOfShells[] = [];
  #set: string | undefined;

  constructor(options: LineFoldsOptions) {
    this.#options = options;
    this.#follow = oneAtATime(() => this.#readLines());
  }

  open(): Promise<void> {
    this.read();
    return this.#followed;
  }

  /** Its states are kept for when it is opened again. */
  async close(): Promise<void> {
    await this.#followed;
    await this.group.set([flowFold.id], async () => ({ instances: () => [] }));
  }

  onCommit(entry: LogEntry): void {
    if (entry.branch === LIVE && entry.changes.some((change) => READ_BY.has(changedKind(change)))) this.read();
  }

  get group(): FoldGroup {
    return this.#options.group;
  }

  /** In their order, as their shells describe them now. */
  get lines(): readonly LineOfShells[] {
    return this.#lines;
  }

  /** A line by its id; without one the first, whichever that is. */
  of(id?: RecordId): LineFold {
    const { group } = this;
    const line = () => (id === undefined ? this.#lines[0] : this.#lines.find((one) => one.id === id));
    return {
      group,
      get line() {
        return line();
      },
      get readings() {
        const own = line();
        return own && readingsOf(group.run, own.id);
      },
      get isStopped() {
        const own = line()?.id;
        return group.run.faults().some(({ fold, subject }) => fold === flowFold.id && subject === own);
      },
      get state() {
        const own = line();
        return own && group.run.snapshot(flowFold.id, own.id);
      },
    };
  }

  async folded(): Promise<readonly FoldedLine[]> {
    await this.#followed;
    return this.#lines.map(({ definition, shippedRules }) => ({ definition, shippedRules }));
  }

  /** Reads the lines again: documents, or what reads them, have changed. */
  read(): void {
    this.#followed = this.#follow().catch((error: unknown) =>
      this.#options.logger.error({ err: error }, "the lines could not be read from their shells"),
    );
  }

  async #readLines(): Promise<void> {
    const { clock, liveReader, sources } = this.#options;
    const known = sources();
    if (known.length === 0) return this.#letGo();
    const { lines } = readLines(known, { reader: liveReader(), at: clock.now() });
    // what was folded of lines whose shells are all gone stays
    if (lines.length === 0) return;
    // worked out now: later the documents say something else
    const read = lines.map(({ definition, shippedRules, agvs, path }) => ({ definition, shippedRules, agvs, path }));
    this.#lines = lines;
    const set = JSON.stringify(read.map(({ definition }) => definition));
    if (set === this.#set) return;
    const places = read.map(({ definition }) => ({ fold: flowFold.id, ...flowInstance(definition) }));
    await this.group.set([flowFold.id], async () => ({ instances: () => places }));
    this.#set = set;
  }

  /** What reads lines is switched off: their states are kept for when it is on again. */
  async #letGo(): Promise<void> {
    if (this.#lines.length === 0) return;
    this.#lines = [];
    this.#set = "";
    await this.group.set([flowFold.id], async () => ({ instances: () => [] }));
  }
}
