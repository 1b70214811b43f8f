import { holds, QueryTooWide, type Query } from "@doppelwerk/aas/query";
import { shellOf, submodelOf, type BranchId, type LogEntry, type RecordReader, type WorldView } from "@doppelwerk/world";
import type { CloudEvent, EventKind, EventPlace, EventType, StopSignal } from "@doppelwerk/ports";
import { changesOf, cloudEvent, type AasChange } from "./aas-events.ts";

export interface EventStreamOptions {
  readonly view: WorldView;
  readonly branch: BranchId;
  /** Entries after a revision that the view may see, ascending, up to now. */
  readonly log: (after: number) => AsyncIterable<LogEntry>;
  readonly base: string;
  /** Where to go on: events after this revision and position. */
  readonly after: EventPlace;
  readonly types?: ReadonlySet<EventType>;
  readonly kinds?: ReadonlySet<EventKind>;
  /** A query for submodels: then only events of submodels for which it holds after the change (of what was deleted: before). */
  readonly query?: Query;
  readonly slim: boolean;
  readonly signal: StopSignal;
}

/**
 * The events of a branch since a place, and then as they happen, until aborted. Past and present are read from the log alike, so that nothing is missed
 * or told twice, and a reader that is slow costs no memory. Undefined = everything up to now was given.
 */
export async function* eventsOf(options: EventStreamOptions): AsyncGenerator<CloudEvent | undefined> {
  const { view, branch, signal } = options;
  let wake: () => void = () => {};
  let committed = true;
  const tell = () => {
    committed = true;
    wake();
  };
  const stop = view.onCommit(tell);
  signal.addEventListener("abort", () => wake(), { once: true });
  try {
    let { revision, position } = options.after;
    while (!signal.aborted) {
      committed = false;
      // The entry of the last event may have more events behind it.
      for await (const entry of options.log(Math.max(0, revision - 1))) {
        if (signal.aborted) return;
        if (entry.revision < revision) continue;
        const known = entry.revision === revision ? position : -1;
        if (entry.branch === branch) yield* eventsOfEntry(entry, known, options);
        [revision, position] = [entry.revision, Number.MAX_SAFE_INTEGER];
      }
      yield undefined;
      if (!committed && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    stop();
  }
}

function* eventsOfEntry(
  entry: LogEntry,
  known: number,
  { view, branch, base, slim, types, kinds, query }: EventStreamOptions,
): Iterable<CloudEvent> {
  const after = view.reader(branch, { revision: entry.revision });
  const before = view.reader(branch, { revision: entry.revision - 1 });
  for (const change of changesOf(entry, after, before)) {
    if (change.position <= known || types?.has(change.type) === false || kinds?.has(change.kind) === false) continue;
    if (query !== undefined && !isAsked(change, query, change.type === "deleted" ? before : after)) continue;
    yield cloudEvent(entry, change, { base, slim, after, before });
  }
}

function isAsked({ submodel: id }: AasChange, query: Query, reader: RecordReader): boolean {
  const submodel = id === undefined ? undefined : submodelOf(reader, id);
  if (submodel === undefined) return false;
  const shells = () =>
    reader.query({ kind: "shell", index: { name: "submodel", value: submodel.id } }).flatMap((shell) => shellOf(reader, shell.id) ?? []);
  try {
    return holds(query.condition, { kind: "submodel", submodel, elements: () => submodel.submodelElements ?? [], shells });
  } catch (error) {
    // A query too wide for this submodel tells nothing of it; the same query over HTTP says so.
    if (error instanceof QueryTooWide) return false;
    throw error;
  }
}
