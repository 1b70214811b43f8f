import type { FoldTrial, FoldTrialResult } from "@doppelwerk/kit/server";
import { createFoldRun, type Concluded, type FoldRun, type FoldState, type Instant, type SampleBatch } from "@doppelwerk/world";
import { derivePast } from "./derive-past.ts";
import { FoldGroupHost, type FoldServices } from "./fold-group-host.ts";
import type { HostedInstance } from "./hosted-instance.ts";

const ADVANCE_EVERY_MS = 250;
/** After a restart most worlds have caught up by then. */
const SOON_MS = 1_000;
/** A trial begins so long before its span. */
const WARM_UP: Instant = 2 * 3_600 * 1_000_000;

/** Instances over the record, compared with what was and stored nowhere. */
export interface Trial extends Omit<FoldTrial, "known" | "tried"> {
  readonly known: readonly HostedInstance[];
  readonly tried: readonly HostedInstance[];
}

/** Outputs of a trial that are held. */
const OUTPUTS_MAX = 100_000;

/** All folds of a world, in groups of instances that need each other. */
export class FoldHost {
  readonly #services: FoldServices;
  readonly #groups = new Map<string, FoldGroupHost>();
  /** How far the past of each group is derived, while it is. */
  readonly #progress = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(services: FoldServices) {
    this.#services = services;
  }

  /** A group that does not exist yet is made. */
  group(name: string): FoldGroupHost {
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = new FoldGroupHost({ ...this.#services, onProgress: (progress) => this.#progressed(name, progress) });
      this.#groups.set(name, group);
      if (this.#timer !== undefined) void group.open();
    }
    return group;
  }

  /** One number of all groups: the least of those that are derived. */
  #progressed(group: string, progress: number): void {
    if (progress < 1) this.#progress.set(group, progress);
    else this.#progress.delete(group);
    this.#services.onDerivation?.(group, progress);
    this.#services.onProgress(Math.min(1, ...this.#progress.values()));
  }

  /** Begins to fold what was set until now. Resolves when what came since the last checkpoint is derived, or soon: live folding goes on without it. */
  async open(): Promise<void> {
    this.#timer = setInterval(() => {
      for (const group of this.#groups.values()) group.advance();
    }, ADVANCE_EVERY_MS);
    const derived = Promise.all(Array.from(this.#groups.values(), (group) => group.open()));
    let timer: NodeJS.Timeout | undefined;
    const soon = new Promise<void>((resolve) => (timer = setTimeout(resolve, SOON_MS)));
    await Promise.race([derived, soon]);
    clearTimeout(timer);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    // nothing is set or done any more
    for (const group of this.#groups.values()) await group.close();
  }

  onTick(batch: SampleBatch): void {
    for (const group of this.#groups.values()) group.onTick(batch);
  }

  onPast(batch: SampleBatch): void {
    for (const group of this.#groups.values()) group.onPast(batch);
  }

  onArchive(connection: string, read: { readonly urgent: boolean; readonly finished: boolean }): void {
    for (const group of this.#groups.values()) group.onArchive(connection, read);
  }

  onArchiveGone(connection: string): void {
    for (const group of this.#groups.values()) group.onArchiveGone(connection);
  }

  /** What if: folds a span of the record in a worker. Nothing is written. Rejects where an act or a sample cannot be read. */
  async try({ known, tried, recorded = [], from, to, signal, onProgress }: Trial): Promise<FoldTrialResult> {
    const { history } = this.#services;
    // all from one instant: what is tried takes everything that the known ones conclude from then on
    const begin = from - WARM_UP;
    const members = [...known, ...tried];
    const folds = new Set(tried.map(({ fold }) => fold.id));
    const concluded: Concluded[] = [];
    let faults: FoldTrialResult["faults"] = [];
    let isWhole = true;
    const states = await derivePast({
      history,
      wanted: (ids) => this.#services.wanted(ids),
      members: members.map(({ url, subject, definition, inputs }) => ({ url, subject, definition, inputs })),
      from: begin,
      to,
      recorded,
      outputsOf: [...folds],
      signal,
      onPiece(piece) {
        faults = piece.faults;
        for (const output of piece.outputs)
          if (output.from >= from && concluded.length < OUTPUTS_MAX) concluded.push(output);
          else if (output.from >= from) isWhole = false;
        onProgress?.((piece.to - begin) / (to - begin));
      },
    });
    return { concluded, faults, isWhole, states: tried.map((_, at) => states?.[known.length + at]) };
  }

  keep(instance: HostedInstance, state: FoldState): void {
    this.#services.store.save(instance, state);
  }

  /** A run of instances as the record knows them shortly before an instant, to be asked or moved on; without a state they begin again. */
  runBefore(instances: readonly HostedInstance[], before: Instant): FoldRun {
    const base = this.#services.store.nearest(instances, before);
    return createFoldRun(instances.map((instance, at) => (base ? { ...instance, from: base[at]! } : instance)));
  }
}
