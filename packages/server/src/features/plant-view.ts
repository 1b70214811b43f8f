import type { PlantView } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { rawHeld } from "./raw-held.ts";
import type {
  AccessGate,
  BranchId,
  History,
  LogEntry,
  Origin,
  Principal,
  RecordId,
  Sample,
  SeriesKey,
  SignalRecord,
  WantedSignal,
  WorldRecord,
  WorldView,
} from "@doppelwerk/world";

/** What a plant view is made of: the kernel's own stores, which nothing above it holds. */
export interface PlantStores {
  readonly history: History;
  readonly gate: AccessGate;
  documents(principal: Principal): WorldView;
  signals(): readonly SignalRecord[];
  signal(id: RecordId): SignalRecord | undefined;
  live(id: RecordId): Sample | undefined;
  /** Rows of samples frames, unknown ids left out; all without a list. */
  rows(ids?: readonly RecordId[]): readonly WantedSignal[];
  originOf(signal: SignalRecord): Origin;
  record(branch: BranchId, id: RecordId): WorldRecord | undefined;
  logBefore(view: WorldView, before: number, limit: number): Promise<readonly LogEntry[]>;
}

/** The plant as one principal may see it. A signal that he may not read is answered like one that is not there. */
export function createPlantView(stores: PlantStores, principal: Principal): PlantView {
  const mayRead = (id: RecordId): boolean => {
    const record = stores.signal(id);
    // what is not declared any more has no readers of its own
    return record === undefined || stores.gate.mayRead(principal, record);
  };
  const documents = stores.documents(principal);
  return {
    principal,
    documents,
    events: documents.events,
    signals: () => stores.signals().filter((record) => stores.gate.mayRead(principal, record)),
    mayReadSignal: mayRead,
    signal: (id) => (mayRead(id) ? stores.signal(id) : undefined),
    rows: (ids) => stores.rows(ids).filter(({ id }) => mayRead(id)),
    originOf: stores.originOf,
    live: (id) => (mayRead(id) ? stores.live(id) : undefined),
    hides(branch, id) {
      const record = stores.record(branch, id);
      return record !== undefined && !stores.gate.mayRead(principal, record);
    },
    history: readableHistory(stores.history, mayRead, (id) => stores.signal(id)?.concludedOf !== undefined),
    logBefore: (before, limit) => stores.logBefore(documents, before, limit),
  };
}

function readableHistory(history: History, mayRead: (signal: RecordId) => boolean, isConcluded: (signal: RecordId) => boolean): History {
  const check = (key: SeriesKey): SeriesKey => {
    if (mayRead(key.signal)) return key;
    throw new DoppelwerkError("DW_NOT_FOUND", message("server.noSignal", { signal: key.signal }));
  };
  return {
    append: async () => {
      throw new DoppelwerkError("DW_FORBIDDEN", message("server.samplesWrittenIngest"));
    },
    raw: async (key, from, to, limit) =>
      isConcluded(check(key).signal) ? rawHeld(history, key, from, to, limit) : history.raw(key, from, to, limit),
    at: async (keys, instant) => history.at(keys.map(check), instant),
    buckets: async (key, from, to, count, percentiles) => history.buckets(check(key), from, to, count, percentiles),
    durations: async (key, from, to, count) => history.durations(check(key), from, to, count),
    extent: async (key) => history.extent(check(key)),
    ...(history.damages && {
      damages: () => history.damages!().map((damage) => ({ ...damage, missing: damage.missing.filter(({ signal }) => mayRead(signal)) })),
    }),
    ...(history.thinnedBefore && { thinnedBefore: async (keys: readonly SeriesKey[]) => history.thinnedBefore!(keys.map(check)) }),
    close: async () => {},
  };
}
