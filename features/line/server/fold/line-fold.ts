import { flowFold, flowInstance, SHIFT_CALENDAR_KIND, type LineReadings } from "@doppelwerk/operations";
import type { FoldedLine } from "@doppelwerk/ports";
import { changedKind, LIVE, oneAtATime } from "@doppelwerk/world";
import type { Clock, FoldState, LogEntry, RecordReader } from "@doppelwerk/world";
import type { FeatureLog, FoldGroup } from "@doppelwerk/kit/server";
import { readLine, type LineOfShells } from "../line-of-shells.ts";
import { readingsOf } from "./flow-runs.ts";

export interface LineFoldOptions {
  readonly group: FoldGroup;
  readonly clock: Clock;
  readonly logger: FeatureLog;
  /** The live documents, read by the system itself. */
  liveReader(): RecordReader;
}

const READ_BY: ReadonlySet<string> = new Set(["shell", "submodel", "element", "signal", SHIFT_CALENDAR_KIND]);

/** The fold of the one line of this world: set as its shells describe it, and asked as it stands live. */
export class LineFold {
  readonly #options: LineFoldOptions;
  readonly #follow: () => Promise<void>;
  /** Everything that was committed so far is read when it resolves. */
  #followed: Promise<void> = Promise.resolve();
  #line: LineOfShells | undefined;
  #set: string | undefined;

  constructor(options: LineFoldOptions) {
    this.#options = options;
    this.#follow = oneAtATime(() => this.#readLine());
  }

  open(): Promise<void> {
    this.#read();
    return this.#followed;
  }

  /** Its states are kept for when it is opened again. */
  async close(): Promise<void> {
    await this.#followed;
    await this.group.set([flowFold.id], async () => ({ instances: () => [] }));
  }

  onCommit(entry: LogEntry): void {
    if (entry.branch === LIVE && entry.changes.some((change) => READ_BY.has(changedKind(change)))) this.#read();
  }

  get group(): FoldGroup {
    return this.#options.group;
  }

  /** The line as its shells describe it now; undefined where there is none. */
  get line(): LineOfShells | undefined {
    return this.#line;
  }

  /** The line as it stands live; undefined where there is none, or its fold was stopped. */
  get readings(): LineReadings | undefined {
    return this.#line && readingsOf(this.group.run, this.#line.definition.id);
  }

  /** It threw, and is not folded until it is opened again. */
  get isStopped(): boolean {
    return this.group.run.faults().some(({ fold, subject }) => fold === flowFold.id && subject === this.#line?.definition.id);
  }

  /** A copy of the live state. */
  get state(): FoldState | undefined {
    return this.#line && this.group.run.snapshot(flowFold.id, this.#line.definition.id);
  }

  async folded(): Promise<FoldedLine | undefined> {
    await this.#followed;
    return this.#line && { definition: this.#line.definition, shippedRules: this.#line.shippedRules };
  }

  #read(): void {
    this.#followed = this.#follow().catch((error: unknown) =>
      this.#options.logger.error({ err: error }, "the line could not be read from its shells"),
    );
  }

  async #readLine(): Promise<void> {
    const { clock, liveReader } = this.#options;
    const line = readLine(liveReader(), clock.now());
    // what was folded of a line whose shells are gone stays
    if (line === undefined) return;
    this.#line = line;
    const set = JSON.stringify(line.definition);
    if (set === this.#set) return;
    const place = { fold: flowFold.id, ...flowInstance(line.definition) };
    await this.group.set([flowFold.id], async () => ({ instances: () => [place] }));
    this.#set = set;
  }
}
