import { QueryCache, QueryClient, notifyManager } from "@tanstack/react-query";
import type { Query } from "@tanstack/react-query";
import type { LiveEvent } from "@doppelwerk/client";
import type { LogEntry } from "@doppelwerk/world";
import type { ChangedBy } from "./load.ts";
import { isWorldAsRead } from "./studio.ts";
import type { Studio } from "./studio.ts";

/** How long an answer is kept that nothing on the screen shows, while the live session reports what would change it. */
const KEPT_MS = 5 * 60_000;
/** So long a first connection is waited for, until answers are asked for again without it. */
const CONNECTING_MS = 10_000;
/** Answers that are kept although nothing shows them; the oldest goes first. */
const MAX_KEPT = 200;

type AnyQuery = Pick<Query, "isActive"> & { fetch(): Promise<unknown> };

const caches = new WeakMap<Studio, LoadCache>();

/** The answers of one window. */
export function loadCacheOf(studio: Studio): LoadCache {
  const known = caches.get(studio);
  if (known !== undefined) return known;
  const made = new LoadCache(studio);
  caches.set(studio, made);
  return made;
}

/** Answers of the server by key: one request at a time for each, again where something changed it. */
export class LoadCache {
  readonly client: QueryClient;
  readonly #studio: Studio;
  /** What `again` was when the query was last asked for. */
  readonly #again = new WeakMap<object, unknown>();
  /** Asked for again while a request was under way. */
  readonly #due = new WeakSet<object>();
  readonly #failures = new WeakMap<object, unknown>();

  constructor(studio: Studio) {
    this.#studio = studio;
    const queryCache = new QueryCache({
      onSuccess: (_, query) => void this.#failures.delete(query),
      onError: (error, query) => void this.#failures.set(query, error),
      onSettled: (_data, _error, query) => {
        if (this.#due.delete(query)) this.#fetchShown(query);
      },
    });
    this.client = new QueryClient({
      queryCache,
      defaultOptions: {
        queries: { retry: false, networkMode: "always", structuralSharing: false, refetchOnReconnect: false, gcTime: KEPT_MS },
      },
    });
    queryCache.subscribe(({ type, query }) => {
      if (type !== "observerRemoved" || query.getObserversCount() > 0) return;
      this.#failures.delete(query);
      this.#again.delete(query);
      // a view that takes the place of another in the same turn has its answer; after that only what commits keep current is of use
      if ((query.meta as ChangedBy | undefined)?.kinds === undefined) queueMicrotask(() => this.#forget(query));
      else this.#bound();
    });
    // views have an answer as soon as it is there, not a turn of the timers later
    notifyManager.setScheduler(queueMicrotask);
    this.client.mount();
    studio.live.on((event) => this.#onEvent(event));
  }

  /** For how long, in ms, an answer of documents is known to be as it is at the server. While a window connects first its welcome will tell what was missed. */
  currentForMs(): number {
    const { kind } = this.#studio.state.get();
    if (kind === "online") return Infinity;
    return kind === "connecting" ? CONNECTING_MS : 0;
  }

  /** Why the last request failed, also while the next one is under way; null where it did not. */
  failureOf(hash: string): unknown {
    const query = this.#query(hash);
    return (query && this.#failures.get(query)) ?? null;
  }

  /** Asks again where `again` is another than at the last request; views that share an answer ask once. */
  changed(hash: string, again: unknown): void {
    const query = this.#query(hash);
    if (query === undefined) return;
    const isAnother = this.#again.has(query) && !Object.is(this.#again.get(query), again);
    this.#again.set(query, again);
    if (isAnother) this.#refresh(query);
  }

  /** Asks again; what is under way is given up. */
  async reload(hash: string): Promise<void> {
    const query = this.#query(hash);
    if (query === undefined) return;
    void query.cancel({ silent: true });
    // why it fails stands in the query
    await Promise.allSettled([query.fetch()]);
  }

  #query(hash: string): Query | undefined {
    return this.client.getQueryCache().get(hash) as Query | undefined;
  }

  #onEvent(event: LiveEvent): void {
    // what changed while there was no connection is not known, but of documents by their revision
    if (event.kind === "welcome") {
      this.#expire(({ topics }) => topics !== undefined);
      this.#expireDocuments();
    }
    if (event.kind === "commit") {
      const written = kindsOf(event.entry);
      this.#expire(({ kinds }) => kinds?.some((kind) => written.has(kind)) === true);
    }
    if (event.kind === "topic") this.#expire(({ topics }) => topics?.[event.topic]?.(event.payload) === true);
  }

  /** Unless they are of the revision that the welcome says. Where the world is still being read, that is known with its answer. */
  #expireDocuments(): void {
    const { world, commits } = this.#studio;
    if (world.get() === undefined && commits.get() === 1) {
      const off = world.subscribe(() => {
        off();
        this.#expireDocuments();
      });
    } else if (!isWorldAsRead(this.#studio)) this.#expire(({ kinds, topics }) => kinds !== undefined && topics === undefined);
  }

  /** What is shown is asked for again, the rest is forgotten. */
  #expire(isChanged: (by: ChangedBy) => boolean): void {
    for (const query of this.client.getQueryCache().getAll()) {
      const by = query.meta as ChangedBy | undefined;
      if (by === undefined || !isChanged(by)) continue;
      if (query.isActive()) this.#refresh(query);
      else this.client.getQueryCache().remove(query);
    }
  }

  // One at a time: where others write faster than this is read, it is still read, and once more after the last of them.
  #refresh(query: Query): void {
    if (query.state.fetchStatus === "idle") this.#fetchShown(query);
    else this.#due.add(query);
  }

  #fetchShown(query: AnyQuery): void {
    if (query.isActive()) void Promise.allSettled([query.fetch()]);
  }

  #forget(query: Pick<Query, "queryHash" | "getObserversCount">): void {
    const known = this.#query(query.queryHash);
    if (known !== undefined && known.getObserversCount() === 0) this.client.getQueryCache().remove(known);
  }

  #bound(): void {
    const kept = this.client
      .getQueryCache()
      .getAll()
      .filter((query) => query.getObserversCount() === 0 && (query.meta as ChangedBy | undefined)?.kinds !== undefined);
    for (const query of kept
      .toSorted((a, b) => a.state.dataUpdatedAt - b.state.dataUpdatedAt)
      .slice(0, Math.max(0, kept.length - MAX_KEPT)))
      this.client.getQueryCache().remove(query);
  }
}

/** Kinds of the records that an entry of the log wrote. */
function kindsOf({ changes }: LogEntry): ReadonlySet<string> {
  return new Set(changes.map((change) => (change.op === "update" ? change.id : change.record.id).split(":", 1)[0]!));
}
