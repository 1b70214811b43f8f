import { hashedId, type Json, type RecordId, type SignalRecord, type WorldRecord } from "@doppelwerk/world";

/** Kinds of records that a link brings, what others refer to first. */
export const LINKED_KINDS = ["conceptDescription", "submodel", "element", "shell", "signal", "file"] as const;

/** What a record of another world says of where it comes from (field `linked`). */
export interface Linked {
  /** The connection that brings its values. */
  readonly link: RecordId;
  /** Its id in that world. */
  readonly record: RecordId;
  /** Ids of the worlds that it came through, the one that owns it first. */
  readonly path: readonly string[];
}

export interface LinkOfRecords {
  readonly link: RecordId;
  /** The world at the other end, and the one that shows it. */
  readonly world: string;
  readonly own: string;
}

export interface LinkedRecords {
  readonly records: ReadonlyMap<RecordId, WorldRecord>;
  /** Records of this very world that would come back to it. */
  readonly returning: number;
}

export function linkedOf(record: WorldRecord): Linked | undefined {
  return record["linked"] as Linked | undefined;
}

/** What is the other world's alone: how it reads and keeps the value, who reads the record there, and from which file it is. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "readers",
  "imported",
  "linked",
  "scale",
  "deadband",
  "minIntervalS",
  "retention",
  "safety",
  "commandWhen",
]);

/** The records of another world as they stand here: under ids of their own, which refer to each other as those there do. */
export function linkedRecords(theirs: Iterable<WorldRecord>, link: LinkOfRecords): LinkedRecords {
  const all = [...theirs];
  const kept = all.filter((record) => !isReturning(record, link) && !isConcluded(record));
  const known = new Set(kept.map(({ id }) => id));
  const records = new Map<RecordId, WorldRecord>();
  for (const record of kept) {
    const here = recordHere(record, link, known);
    records.set(here.id, here);
  }
  return { records, returning: all.filter((record) => isReturning(record, link)).length };
}

function isReturning(record: WorldRecord, { own }: LinkOfRecords): boolean {
  return linkedOf(record)?.path.includes(own) === true;
}

/** States and alarms are concluded here too, from the same values. */
function isConcluded(record: WorldRecord): boolean {
  if (record.kind !== "signal") return false;
  const { connection, role } = record as SignalRecord;
  return connection === undefined && (role === "State" || role === "Alarm");
}

function recordHere(record: WorldRecord, link: LinkOfRecords, known: ReadonlySet<RecordId>): WorldRecord {
  const fields: Record<string, Json | undefined> = {};
  for (const [name, value] of Object.entries(record)) if (!LEFT_OUT.has(name)) fields[name] = value;
  for (const name of ["submodel", "parent", "element", "signal"]) {
    const other = record[name];
    if (typeof other === "string") fields[name] = known.has(other) ? idHere(link.link, other) : undefined;
  }
  if (record.kind === "signal") {
    fields["connection"] = link.link;
    fields["address"] = record.id;
  }
  const linked: Linked = { link: link.link, record: record.id, path: [...(linkedOf(record)?.path ?? []), link.world] };
  // a file is found by its owner and path, which are those of the other world
  const id = record.kind === "file" ? record.id : idHere(link.link, record.id);
  return { ...fields, id, kind: record.kind, linked: linked as unknown as Json };
}

function idHere(link: RecordId, theirs: RecordId): RecordId {
  return hashedId(theirs.slice(0, theirs.indexOf(":")), link, theirs);
}
