import type { SubmodelElement } from "@doppelwerk/aas";
import { message } from "@doppelwerk/messages";
import {
  childrenOfRecord,
  conceptDescriptionOf,
  elementsOf,
  holdsElements,
  recordOfAasId,
  shellOf,
  type BranchId,
  type ConnectionRecord,
  type ElementRecord,
  type Instant,
  type RecordId,
  type RecordReader,
  type Sample,
  type SignalRecord,
  type SubmodelRecord,
  type WorldRecord,
  type WorldView,
} from "@doppelwerk/world";
import { AasLookups, type Identified } from "./aas-lookups.ts";
import { conceptDescriptionFilter, shellFilter, submodelFilter, type Filter } from "./list-filters.ts";
import { recordsOf } from "./own-or-kept.ts";
import type { AasSource, FoundElement, FrozenDocuments, Listed, Page, PastDocuments, RecentChange, Since, Times } from "./aas-source.ts";
import { badRequest } from "./answers.ts";
import { runQuery } from "./query-run.ts";
import { liveValueOf, shownElement, type ShownBy } from "./shown-element.ts";
import { wholeSubmodel, headOf } from "./whole-submodel.ts";

export interface Reading {
  readonly view: WorldView;
  readonly branch: BranchId;
  readonly sample: (signal: RecordId) => Sample | undefined;
  /** Samples as they were at an instant, by signal. */
  readonly samplesAt: (signals: readonly RecordId[], instant: Instant) => Promise<ReadonlyMap<RecordId, Sample>>;
  readonly lookups: AasLookups;
}

type ReadingPart = Pick<
  AasSource,
  | "shells"
  | "shell"
  | "submodelHeads"
  | "submodelHead"
  | "submodel"
  | "exportedSubmodel"
  | "conceptDescriptions"
  | "conceptDescription"
  | "elements"
  | "element"
  | "recentChanges"
  | "query"
  | "at"
>;

/** A filter that keeps few records reads on in stretches of this size. */
const STRETCH = 500;

/** The reading half of an AasSource over the records of a branch. */
export function aasReading(reading: Reading, reader = () => reading.view.reader(reading.branch)): ReadingPart {
  const { view, branch, sample, samplesAt, lookups } = reading;
  const scanned = <T>(now: RecordReader, kind: Identified, page: Page, filter: Filter, form: (record: WorldRecord) => T): Listed<T> => {
    const isSince = (record: WorldRecord) => madeAndWrittenSince(view, now, record, filter);
    const changed = changedSince(view, now, kind, filter);
    const keep = (record: WorldRecord) => filter.keep(record) && isSince(record);
    return scan(now, kind, page, { ...filter, keep, ...(changed && { changed, isFiltered: true }) }, form);
  };
  const recentChanges = (kind: Identified, page: Page, filter: Filter): Listed<RecentChange> => {
    const now = reader();
    const keep = (record: WorldRecord) => filter.keep(record) && (now.get(record.id) !== undefined || isGone(now, kind, record));
    const change = (record: WorldRecord) => ({ id: record["aasId"] as string, ...timesOf(view, now, record) });
    return scanned(now, kind, page, { ...filter, keep, deleted: true }, change);
  };
  return {
    shells: (page, filter) => {
      const now = reader();
      return scanned(now, "shell", page, shellFilter(filter), (record) => shellOf(now, record.id)!);
    },
    shell: (id) => {
      const now = reader();
      const record = lookups.record(now, "shell", id);
      return record && shellOf(now, record.id);
    },
    submodelHeads: (page, filter) =>
      scanned(reader(), "submodel", page, submodelFilter(filter), (record) => headOf(record as SubmodelRecord)),
    submodelHead: (id) => {
      const record = lookups.record(reader(), "submodel", id);
      return record && headOf(record as SubmodelRecord);
    },
    submodel: (id) => {
      const now = reader();
      const record = lookups.record(now, "submodel", id);
      return record && wholeSubmodel(now, record as SubmodelRecord, { sample });
    },
    exportedSubmodel: (id) => {
      const now = reader();
      const record = lookups.record(now, "submodel", id);
      const keepsDesign = (signal: RecordId) => !isConnected(now, signal);
      return record && wholeSubmodel(now, record as SubmodelRecord, { sample, keepsDesign });
    },
    conceptDescriptions: (page, filter) => {
      const now = reader();
      return scanned(now, "conceptDescription", page, conceptDescriptionFilter(filter), (record) => conceptDescriptionOf(now, record.id)!);
    },
    conceptDescription: (id) => {
      const now = reader();
      const record = lookups.record(now, "conceptDescription", id);
      return record && conceptDescriptionOf(now, record.id);
    },
    ...elementReading(reader, lookups, sample),
    recentChanges: {
      shell: (page, filter) => recentChanges("shell", page, shellFilter(filter)),
      submodel: (page, filter) => recentChanges("submodel", page, submodelFilter(filter)),
      conceptDescription: (page, filter) => recentChanges("conceptDescription", page, conceptDescriptionFilter(filter)),
    },
    async query(kind, query, page) {
      const now = reader();
      const { items, ...rest } = await runQuery(kind, query, page, { reader: now, sample });
      const document = (record: WorldRecord) =>
        record.kind === "shell"
          ? shellOf(now, record.id)!
          : record.kind === "submodel"
            ? wholeSubmodel(now, record as SubmodelRecord, { sample })
            : conceptDescriptionOf(now, record.id)!;
      return { ...rest, items: items.map(document) };
    },
    at: (instant) => pastDocuments(view.reader(branch, { time: instant }), instant, samplesAt),
  };
}

/** The branch as it stands now. */
export function frozenDocuments(reading: Reading): FrozenDocuments {
  const { view, branch } = reading;
  const then = view.reader(branch, { revision: view.revision() });
  return aasReading({ ...reading, lookups: new AasLookups() }, () => then);
}

function elementReading(
  reader: () => RecordReader,
  lookups: AasLookups,
  sample: Reading["sample"],
): Pick<AasSource, "elements" | "element"> {
  return {
    elements: (submodelId, page) => {
      const now = reader();
      const record = lookups.record(now, "submodel", submodelId);
      return record && childrenPage(now, record.id, page, { childrenOf: (parent) => childrenOfRecord(now, parent), sample });
    },
    element: (submodelId, path): FoundElement | undefined => {
      const now = reader();
      const submodel = lookups.record(now, "submodel", submodelId);
      const record = submodel && lookups.element(now, submodel.id, path);
      if (record === undefined) return undefined;
      const element = shownElement(record, { childrenOf: (parent) => childrenOfRecord(now, parent), sample });
      return record.signal === undefined ? { element } : { element, live: liveValueOf(record, sample(record.signal)) };
    },
  };
}

/** Reading at an instant is ordinary reading with another reader; what the plant measured then comes from the historian. */
function pastDocuments(then: RecordReader, instant: Instant, samplesAt: Reading["samplesAt"]): PastDocuments {
  // Names are looked up again: what is remembered is checked against today's records, and those may be others.
  const lookups = new AasLookups();
  const samplesOf = async (records: readonly ElementRecord[]) => {
    const signals = records.flatMap(({ signal }) => (signal === undefined ? [] : [signal]));
    return signals.length === 0 ? new Map<RecordId, Sample>() : await samplesAt(signals, instant);
  };
  return {
    shell: (id) => {
      const record = lookups.record(then, "shell", id);
      return record && shellOf(then, record.id);
    },
    conceptDescription: (id) => {
      const record = lookups.record(then, "conceptDescription", id);
      return record && conceptDescriptionOf(then, record.id);
    },
    async submodel(id) {
      const record = lookups.record(then, "submodel", id) as SubmodelRecord | undefined;
      if (record === undefined) return undefined;
      const samples = await samplesOf([...elementsOf(then, record.id).values()].flat());
      return wholeSubmodel(then, record, { sample: (signal) => samples.get(signal) });
    },
    async element(submodelId, path) {
      const submodel = lookups.record(then, "submodel", submodelId);
      const record = submodel && lookups.element(then, submodel.id, path);
      if (record === undefined) return undefined;
      const samples = await samplesOf(holdsElements(record.modelType) ? [...elementsOf(then, submodel!.id).values()].flat() : [record]);
      const sample = (signal: RecordId) => samples.get(signal);
      const element = shownElement(record, { childrenOf: (parent) => childrenOfRecord(then, parent), sample });
      return record.signal === undefined ? { element } : { element, live: liveValueOf(record, sample(record.signal)) };
    },
  };
}

function isConnected(reader: RecordReader, signal: RecordId): boolean {
  const { connection } = (reader.get(signal) ?? {}) as Partial<SignalRecord>;
  return connection !== undefined && (reader.get(connection) as ConnectionRecord | undefined)?.enabled === true;
}

/** Whether nothing has the id of a deleted record by now. */
function isGone(reader: RecordReader, kind: Identified, record: WorldRecord): boolean {
  return recordOfAasId(reader, kind, record["aasId"] as string) === undefined;
}

/** Records of a kind in the order of their ids: keyset pages, right under concurrent writes. `changed` = only these ids, ascending. */
function scan<T>(
  reader: RecordReader,
  kind: Identified,
  page: Page,
  filter: Filter & { readonly changed?: readonly RecordId[] },
  form: (record: WorldRecord) => T,
): Listed<T> {
  const { idShort, keep, isFiltered, changed, deleted } = filter;
  const index = filter.index ?? (idShort === undefined ? undefined : { name: "idShort", value: idShort });
  const shown: WorldRecord[] = [];
  const stretch = isFiltered || (filter.index !== undefined && idShort !== undefined) ? STRETCH : page.limit + 1;
  for (let after = page.after; ;) {
    const records =
      changed === undefined
        ? reader.query({
            kind,
            ...(index && { index }),
            ...(after !== undefined && { after }),
            ...(deleted && { deleted }),
            limit: stretch,
          })
        : recordsOf(reader, changed, after, stretch, deleted);
    for (const record of records) {
      if (!keep(record) || (idShort !== undefined && record["idShort"] !== idShort)) continue;
      if (shown.length === page.limit) return { items: shown.map(form), next: shown.at(-1)!.id };
      shown.push(record);
    }
    if (records.length < stretch) return { items: shown.map(form) };
    after = records.at(-1)!.id;
  }
}

/** Ids of a kind that were written since the later of the filter's instants, ascending; undefined = the filter names none. */
export function changedSince(view: WorldView, reader: RecordReader, kind: string, { createdFrom, updatedFrom }: Since) {
  if (createdFrom === undefined && updatedFrom === undefined) return undefined;
  const since = Math.max(createdFrom ?? 0, updatedFrom ?? 0);
  const roots = new Set<RecordId>();
  for (const id of reader.changedSince(view.revisionAt(since - 1))) {
    if (id.startsWith(`${kind}:`)) roots.add(id);
    else if (kind === "submodel" && id.startsWith("element:")) roots.add(submodelOfElement(reader, id));
  }
  return [...roots].sort();
}

/** Of an element that is gone by now too. */
function submodelOfElement(reader: RecordReader, id: RecordId): RecordId {
  const record = reader.get(id) ?? reader.versions(id).find((version) => version.record !== undefined)?.record;
  return (record as ElementRecord).submodel;
}

/** Whether a shell, submodel or concept description was made and last written since the filter's instants. */
export function madeAndWrittenSince(
  view: WorldView,
  reader: RecordReader,
  record: WorldRecord,
  { createdFrom, updatedFrom }: Since,
): boolean {
  if (createdFrom === undefined && updatedFrom === undefined) return true;
  const { created, updated } = revisionsOf(reader, record);
  return view.timeOf(created)! >= (createdFrom ?? 0) && view.timeOf(updated)! >= (updatedFrom ?? 0);
}

/** When the record was made and last written; of a submodel also when anything in it was. A deleted one was last written then. */
function revisionsOf(reader: RecordReader, { id, kind }: WorldRecord): Revisions {
  const written = reader.written(id);
  if (written === undefined) return revisionsOfDeleted(reader, id);
  const { created, updated } = written;
  if (kind !== "submodel") return { created, updated };
  return { created, updated: Math.max(updated, reader.lastWritten({ kind: "element", index: { name: "submodel", value: id } }) ?? 0) };
}

function revisionsOfDeleted(reader: RecordReader, id: RecordId): Revisions {
  const [deletion, ...before] = reader.versions(id);
  const end = before.findIndex(({ record }) => record === undefined);
  const made = before.at(end < 0 ? -1 : end - 1)!;
  return { created: made.revision, updated: deletion!.revision, deleted: deletion!.revision };
}

interface Revisions {
  readonly created: number;
  readonly updated: number;
  readonly deleted?: number;
}

export function timesOf(view: WorldView, reader: RecordReader, record: WorldRecord): Times {
  const { created, updated, deleted } = revisionsOf(reader, record);
  const text = (revision: number) => new Date(view.timeOf(revision)! / 1000).toISOString();
  return { createdAt: text(created), updatedAt: text(updated), ...(deleted !== undefined && { deletedAt: text(deleted) }) };
}

/** Elements below a parent after a key (order, id): a place in the list that survives what comes and goes around it. */
function childrenPage(reader: RecordReader, parent: RecordId, page: Page, by: ShownBy): Listed<SubmodelElement> {
  const children = childrenOfRecord(reader, parent);
  const start = page.after === undefined ? 0 : firstAfter(children, page.after);
  const shown = children.slice(start, start + page.limit);
  const items = shown.map((record) => shownElement(record, by));
  const last = shown.at(-1);
  return { items, ...(last !== undefined && start + page.limit < children.length && { next: `${last.order} ${last.id}` }) };
}

function firstAfter(children: readonly ElementRecord[], key: string): number {
  const [order, id] = key.split(" ");
  if (order === undefined || id === undefined) throw badRequest(message("aasServer.cursorNotServerGave"));
  const index = children.findIndex((record) => record.order > order || (record.order === order && record.id > id));
  return index < 0 ? children.length : index;
}
