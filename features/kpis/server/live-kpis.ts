import type { FeatureLog, FoldGroup } from "@doppelwerk/kit/server";
import { kpiFold, kpiInstance, SHIFT_CALENDAR_KIND } from "@doppelwerk/operations";
import type { LineFlow } from "@doppelwerk/ports";
import { changedKind, LIVE, oneAtATime, type LogEntry } from "@doppelwerk/world";

export interface LiveKpisOptions {
  readonly group: FoldGroup;
  readonly line: Pick<LineFlow, "folded">;
  readonly logger: FeatureLog;
}

/** What a line is made of, its shifts among it. */
const READ_BY: ReadonlySet<string> = new Set(["shell", "submodel", "element", "signal", SHIFT_CALENDAR_KIND]);

/** The folds of the key figures of this world, one a line, set as the lines are; they are asked in the group `line`, beside the flows that they follow. */
export class LiveKpis {
  readonly #options: LiveKpisOptions;
  readonly #follow: () => Promise<void>;
  #followed: Promise<void> = Promise.resolve();
  #set: string | undefined;

  constructor(options: LiveKpisOptions) {
    this.#options = options;
    this.#follow = oneAtATime(() => this.#readLines());
  }

  open(): Promise<void> {
    this.#read();
    return this.#followed;
  }

  /** The states are kept for when it is opened again. */
  async close(): Promise<void> {
    await this.#followed;
    await this.#options.group.set([kpiFold.id], async () => ({ instances: () => [] }));
  }

  onCommit(entry: LogEntry): void {
    if (entry.branch === LIVE && entry.changes.some((change) => READ_BY.has(changedKind(change)))) this.#read();
  }

  #read(): void {
    this.#followed = this.#follow().catch((error: unknown) =>
      this.#options.logger.error({ err: error }, "the lines whose key figures are folded could not be read"),
    );
  }

  async #readLines(): Promise<void> {
    const { group, line } = this.#options;
    const folded = await line.folded();
    if (folded.length === 0) return;
    const instances = folded.map(({ definition }) => kpiInstance(definition));
    const set = JSON.stringify(instances);
    if (set === this.#set) return;
    await group.set([kpiFold.id], async () => ({ instances: () => instances.map((instance) => ({ fold: kpiFold.id, ...instance })) }));
    this.#set = set;
  }
}
