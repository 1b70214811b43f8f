import type { PlantView } from "@doppelwerk/kit/server";
import type { ChangeDot } from "@doppelwerk/ports";
import type { ChangeLog, Instant, LogEntry } from "@doppelwerk/world";

const DOTS_MAX = 500;
/** Read at once: an entry may be an import of megabytes. */
const PAGE_ENTRIES = 20;

/**
 * The newest changes that people look for on the Rail, without what they changed: an import of a plant is one entry of megabytes in the log,
 * which no hand on the Rail may wait for. Read from the log once, when first asked.
 */
export class NewestChanges {
  readonly #log: Pick<ChangeLog, "read">;
  readonly #revision: () => number;
  #newest: ChangeDot[] = [];
  #upTo = 0;
  #reading: Promise<void> | undefined;
  #read = false;

  constructor(log: Pick<ChangeLog, "read">, revision: () => number) {
    this.#log = log;
    this.#revision = revision;
  }

  /** Dots with from ≤ at < to, oldest first. */
  async between(from: Instant, to: Instant): Promise<readonly ChangeDot[]> {
    this.#reading ??= this.#readAll();
    await this.#reading;
    return this.#newest.filter(({ at }) => at >= from && at < to);
  }

  /** Takes a commit; without effect before the log was read, which will hold it. */
  follow(entry: LogEntry): void {
    if (this.#read) this.#take(entry);
  }

  async #readAll(): Promise<void> {
    this.#upTo = Math.max(0, this.#revision() - DOTS_MAX);
    // what is committed meanwhile is in the log too
    while (this.#upTo < this.#revision()) for await (const entry of this.#log.read(this.#upTo)) this.#take(entry);
    this.#read = true;
  }

  #take(entry: LogEntry): void {
    // a group is in the log before each of its entries is told
    if (entry.revision <= this.#upTo) return;
    this.#upTo = entry.revision;
    const dot = dotOf(entry);
    if (dot) this.#newest = [...this.#newest, dot].slice(-DOTS_MAX);
  }
}

/** Undefined for bookkeeping of the system and for talk: no change that people look for on the Rail. */
function dotOf(entry: LogEntry): ChangeDot | undefined {
  if (entry.actor === "system" || entry.abandon) return undefined;
  const isTalk = entry.changes.every(
    (change) => change.op === "create" && (change.record.kind === "comment" || change.record.kind === "mergeRequest"),
  );
  if (entry.changes.length > 0 && isTalk) return undefined;
  const kind = entry.fork ? "fork" : entry.merge ? "merge" : "edit";
  return { at: entry.time, kind, revision: entry.revision, title: entry.reason, branch: entry.branch };
}

/** The change log as a view sees it, oldest first and a few entries at a time. */
export function logOfView(view: Pick<PlantView, "documents" | "logBefore">): Pick<ChangeLog, "read"> {
  return {
    async *read(after) {
      for (let from = after; from < view.documents.revision(); from += PAGE_ENTRIES)
        yield* (await view.logBefore(from + PAGE_ENTRIES + 1, PAGE_ENTRIES)).toReversed();
    },
  };
}
