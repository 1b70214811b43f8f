import { message, textOf } from "@doppelwerk/messages";
import { canonicalJson } from "../canonical-json.ts";
import type { Change, LogEntry, Reason } from "../change.ts";
import { entryLine, rememberLine } from "../entry-line.ts";
import { DoppelwerkError } from "../error.ts";
import type { Folded } from "../fold.ts";
import { finishedInTurns } from "../in-turns.ts";
import type { Json } from "../record.ts";
import type { Commit, WorldOptions } from "../world.ts";
import { catchUp, type LogTail } from "./catch-up.ts";
import { Overlay } from "../branches/overlay.ts";

/** What a caller wants logged; the writer adds revision, time and hash. */
export interface Draft extends Pick<LogEntry, "branch" | "actor" | "changes" | "clientId" | "fork" | "merge" | "abandon" | "undo"> {
  readonly reason: Reason;
}

interface Pending {
  readonly entry: LogEntry;
  readonly folded: Folded;
  readonly resolve: (commit: Commit) => void;
  readonly reject: (error: DoppelwerkError) => void;
}

/** While one append is in flight the next group collects; one append carries at most so many entries, and no more once it has so many characters. */
const GROUP_MAX = 1024;
const GROUP_CHARACTERS = 1 << 25;
/** Transactions that may wait for the disk; the next one is refused (DW_UNAVAILABLE), never dropped. */
export const PENDING_MAX = 16_384;
/** A transaction of more changes is checked and folded in turns. */
export const LONG = 2_000;

/** The one way into the log: assigns revision and time, seals, appends in groups, folds, answers, broadcasts. */
export class Writer {
  readonly overlay = new Overlay();
  readonly #options: WorldOptions;
  readonly #onEntry: (entry: LogEntry) => void;
  /** The last entry validated, on disk or on its way. */
  #tail: LogTail;
  #committed: number;
  #queue: Pending[] = [];
  #flushing: Promise<void> | undefined;
  #recovering: Promise<void> | undefined;
  #failed = false;
  /** How often the log refused: what was checked against pending entries before is to be checked again. */
  failures = 0;
  readonly #watchers = new Set<(entry: LogEntry) => void>();
  #closed = false;

  constructor(options: WorldOptions, tail: LogTail, onEntry: (entry: LogEntry) => void) {
    this.#options = options;
    this.#onEntry = onEntry;
    this.#tail = tail;
    this.#committed = tail.revision;
  }

  get committed(): number {
    return this.#committed;
  }

  get tailRevision(): number {
    return this.#tail.revision;
  }

  /** Resolves at once while the log works; after a failure it looks what the log holds and folds that first. */
  async ready(): Promise<void> {
    if (this.#closed) throw new DoppelwerkError("DW_UNAVAILABLE", message("world.worldClosed"));
    if (!this.#failed) return;
    this.#recovering ??= this.#recover().finally(() => (this.#recovering = undefined));
    await this.#recovering;
  }

  get healthy(): boolean {
    return !this.#failed && !this.#closed;
  }

  /** Receives every entry from the moment it is on its way, until the returned function is called. */
  watch(watcher: (entry: LogEntry) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /**
   * The draft must be validated against the overlay in the same turn, or what was submitted since must not touch it. `folded` is what its changes leave,
   * `changesText` their canonical text where the caller has it. Resolves when it is on disk and in the store.
   */
  submit(draft: Draft, folded: Folded, changesText?: string): Promise<Commit> {
    if (!this.healthy) throw new DoppelwerkError("DW_UNAVAILABLE", message("world.worldCannotWriteNow"));
    if (this.#tail.revision - this.#committed >= PENDING_MAX)
      throw new DoppelwerkError("DW_UNAVAILABLE", message("world.transactionsWaitDisk", { max: PENDING_MAX }));
    const entry = this.#sealed(draft, changesText);
    this.overlay.add(entry, folded);
    for (const watcher of this.#watchers) watcher(entry);
    this.#tail = { revision: entry.revision, time: entry.time, hash: entry.hash };
    return new Promise((resolve, reject) => {
      this.#queue.push({ entry, folded, resolve, reject });
      this.#flushing ??= this.#flush().finally(() => (this.#flushing = undefined));
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    while (this.#flushing !== undefined) await this.#flushing;
  }

  #sealed(draft: Draft, changesText: string | undefined): LogEntry {
    const { clock, seal } = this.#options;
    const now = clock.now();
    // Strictly rising, so that every revision has its own instant even when the machine's clock jumps back.
    const time = Math.max(Number.isSafeInteger(now) ? now : 0, this.#tail.time + 1);
    const { reason, ...rest } = draft;
    const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as typeof rest;
    const entry: Omit<LogEntry, "hash"> = {
      v: 1,
      revision: this.#tail.revision + 1,
      time,
      ...given,
      ...(typeof reason === "string" ? { reason } : { reason: textOf(reason), message: reason }),
      changes: draft.changes as readonly Change[],
    };
    const text =
      changesText === undefined
        ? canonicalJson(entry as unknown as Json)
        : // Only the names of actor and branch stand before it, and a quote in those is escaped.
          canonicalJson({ ...entry, changes: [] } as unknown as Json).replace('"changes":[]', () => `"changes":[${changesText}]`);
    const sealed: LogEntry = { ...entry, hash: seal.seal(entry, this.#tail.hash, text) };
    rememberLine(sealed, text);
    return sealed;
  }

  async #flush(): Promise<void> {
    // One turn later, so that everything submitted in this turn shares the first append.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const group = this.#nextGroup();
      const entries = group.map(({ entry }) => entry);
      try {
        await this.#options.log.append(entries, { expectedRevision: this.#committed, leaseEpoch: this.#options.leaseEpoch });
        await this.#fold(
          entries,
          group.map(({ folded }) => folded),
        );
      } catch (error) {
        this.#fail(error, group);
        return;
      }
      for (const { entry, resolve } of group) {
        this.#commit(entry);
        resolve({ entry });
      }
    }
  }

  async #fold(entries: readonly LogEntry[], folded: readonly Folded[]): Promise<void> {
    const { store, turn } = this.#options;
    if (turn !== undefined && store.applying !== undefined && folded.some(({ length }) => length > LONG))
      await finishedInTurns(store.applying(entries, folded), turn);
    else store.apply(entries, folded);
  }

  #nextGroup(): readonly Pending[] {
    let [count, characters] = [0, 0];
    while (count < Math.min(this.#queue.length, GROUP_MAX) && characters < GROUP_CHARACTERS)
      characters += entryLine(this.#queue[count++]!.entry).length;
    return this.#queue.splice(0, count);
  }

  #commit(entry: LogEntry): void {
    this.#committed = entry.revision;
    this.overlay.release(entry);
    this.#onEntry(entry);
  }

  #fail(error: unknown, group: readonly Pending[]): void {
    this.#failed = true;
    this.failures++;
    const rejected = [...group, ...this.#queue];
    this.#queue = [];
    this.overlay.clear();
    const fenced = error instanceof DoppelwerkError && error.code === "DW_FENCED";
    const why = error instanceof Error ? error.message : String(error);
    for (const { reject } of rejected)
      reject(new DoppelwerkError(fenced ? "DW_FENCED" : "DW_UNAVAILABLE", message("world.notAcknowledged", { why }), { cause: why }));
  }

  async #recover(): Promise<void> {
    try {
      const known = this.#committed;
      const onEntry = (entry: LogEntry): void => {
        if (entry.revision > known) this.#commit(entry);
      };
      this.#tail = await catchUp(this.#options.store, this.#options.log, { onEntry });
      this.#committed = this.#tail.revision;
      this.#failed = false;
    } catch (error) {
      if (error instanceof DoppelwerkError && error.code !== "DW_UNAVAILABLE") throw error;
      throw new DoppelwerkError(
        "DW_UNAVAILABLE",
        message("world.changeLogDoesNotAnswer", { reason: error instanceof Error ? error.message : String(error) }),
      );
    }
  }
}
