import { setImmediate } from "node:timers/promises";
import { message, type Message } from "@doppelwerk/messages";
import type { PlantView } from "@doppelwerk/kit/server";
import {
  equalJson,
  LIVE,
  type Change,
  type FieldChange,
  type Json,
  type RecordId,
  type RecordReader,
  type WorldRecord,
} from "@doppelwerk/world";
import type { Link } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { LinkedFiles } from "./linked-files.ts";
import { linkedOf, linkedRecords, LINKED_KINDS, type LinkOfRecords } from "../model/linked-records.ts";

/** Changes of one transaction: nobody else waits long for his. */
const MAX_CHANGES = 2_000;

/** The records of another world as they stand in this one. */
export class Mirror {
  readonly #own: PlantView;
  readonly #link: LinkOfRecords & { readonly name: string };
  #known: Map<RecordId, WorldRecord> | undefined;
  #findings: readonly Message[] = [];

  constructor(own: PlantView, link: LinkOfRecords & { readonly name: string }) {
    this.#own = own;
    this.#link = link;
  }

  get findings(): readonly Message[] {
    return this.#findings;
  }

  get shows(): Link["shows"] {
    const records = [...this.#standing().values()];
    const count = (kind: string): number => records.filter((record) => record.kind === kind).length;
    return { shells: count("shell"), signals: count("signal") };
  }

  /** Makes the world show these records of the other one, and no others of it; a file once its bytes are here, and until then the one before it. */
  async show(theirs: readonly WorldRecord[], files: Pick<LinkedFiles, "take">, stop: AbortSignal): Promise<void> {
    const { records, returning } = linkedRecords(theirs, this.#link);
    const { wanted, taken } = withoutTaken(records, this.#own.documents.reader(LIVE));
    const wantedFiles = [...wanted.values()].filter(({ kind }) => kind === "file");
    const present = await files.take(wantedFiles);
    for (const { id } of wantedFiles) {
      if (present.has(id)) continue;
      const before = this.#standing().get(id);
      if (before === undefined) wanted.delete(id);
      else wanted.set(id, before);
    }
    this.#findings = [
      ...(returning > 0 ? [message("links.returning", { count: returning })] : []),
      ...(taken.length > 0 ? [message("links.existsHere", { count: taken.length, id: taken[0]! })] : []),
    ];
    await this.#write(wanted, stop);
  }

  /** Removes every record of the link. */
  async clear(): Promise<void> {
    await this.#write(new Map(), undefined);
  }

  async #write(wanted: ReadonlyMap<RecordId, WorldRecord>, stop: AbortSignal | undefined): Promise<void> {
    const standing = this.#standing();
    const changes = changesTo(standing, wanted);
    for (let at = 0; at < changes.length && stop?.aborted !== true; at += MAX_CHANGES) {
      const part = changes.slice(at, at + MAX_CHANGES);
      await this.#own.documents.apply({ branch: LIVE, reason: message("links.logFollowed", { name: this.#link.name }), changes: part });
      for (const change of part) {
        if (change.op === "delete") standing.delete(change.record.id);
        else if (change.op === "create") standing.set(change.record.id, change.record);
        else standing.set(change.id, wanted.get(change.id)!);
      }
      await setImmediate();
    }
  }

  /** Read once: nobody else writes them. */
  #standing(): Map<RecordId, WorldRecord> {
    if (this.#known === undefined) {
      const reader = this.#own.documents.reader(LIVE);
      const ofLink = (record: WorldRecord): boolean => linkedOf(record)?.link === this.#link.link;
      const submodels = reader.query({ kind: "submodel" }).filter(ofLink);
      const elements = submodels.flatMap(({ id }) => reader.query({ kind: "element", index: { name: "submodel", value: id } }));
      const signals = reader.query({ kind: "signal", index: { name: "connection", value: this.#link.link } });
      const others = ["conceptDescription", "shell", "file"].flatMap((kind) => reader.query({ kind }).filter(ofLink));
      this.#known = new Map([...others, ...submodels, ...elements, ...signals].map((record) => [record.id, record]));
    }
    return this.#known;
  }
}

/** Without documents whose AAS id another record here has, and what is below them. Dictionaries are often the same: of those nothing is told. */
function withoutTaken(records: ReadonlyMap<RecordId, WorldRecord>, reader: RecordReader) {
  const gone = new Set<RecordId>();
  const taken: string[] = [];
  const owners = new Set<unknown>();
  for (const record of records.values()) {
    const { aasId, kind } = record;
    if (typeof aasId !== "string") continue;
    const others = reader.query({ kind, index: { name: "aasId", value: aasId } });
    if (!others.some(({ id }) => id !== record.id)) {
      owners.add(aasId);
      continue;
    }
    gone.add(record.id);
    if (kind !== "conceptDescription") taken.push(aasId);
  }
  const isFree = (id: RecordId, link: RecordId): boolean => {
    const here = reader.get(id);
    return here === undefined || linkedOf(here)?.link === link;
  };
  const hasOwner = (record: WorldRecord): boolean =>
    record.kind !== "file" || (owners.has(record["owner"]) && isFree(record.id, linkedOf(record)!.link));
  const stays = (record: WorldRecord): boolean =>
    hasOwner(record) &&
    !gone.has(record.id) &&
    !gone.has(String(record["submodel"])) &&
    (record.kind !== "element" || records.has(String(record["parent"])));
  return { wanted: new Map([...records].filter(([, record]) => stays(record))), taken };
}

/** What stands above comes first, and goes last. */
function changesTo(standing: ReadonlyMap<RecordId, WorldRecord>, wanted: ReadonlyMap<RecordId, WorldRecord>): readonly Change[] {
  const changes: Change[] = [];
  const rank = new Map<string, number>(LINKED_KINDS.map((kind, at) => [kind, at]));
  const inOrder = (records: Iterable<WorldRecord>): readonly WorldRecord[] =>
    [...records].toSorted((a, b) => (rank.get(a.kind) ?? 0) - (rank.get(b.kind) ?? 0));
  for (const record of inOrder(standing.values()).toReversed()) if (!wanted.has(record.id)) changes.push({ op: "delete", record });
  for (const record of inOrder(wanted.values())) {
    const before = standing.get(record.id);
    if (before === undefined) changes.push({ op: "create", record: withoutUndefined(record) });
    else {
      const fields = differences(before, record);
      if (Object.keys(fields).length > 0) changes.push({ op: "update", id: record.id, fields });
    }
  }
  return changes;
}

function differences(before: WorldRecord, after: WorldRecord): Record<string, FieldChange> {
  const fields: Record<string, FieldChange> = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)]))
    if (!equalJson(before[name] as Json | undefined, after[name] as Json | undefined))
      fields[name] = { from: before[name], to: after[name] };
  return fields;
}

function withoutUndefined(record: WorldRecord): WorldRecord {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as WorldRecord;
}
