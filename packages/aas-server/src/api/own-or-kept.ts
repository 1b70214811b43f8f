// Registry and discovery tell of two things in one list: what the world holds itself, and what others registered.

import {
  hashedId,
  lastRecord,
  type Change,
  type FieldChange,
  type Json,
  type RecordId,
  type RecordReader,
  type WorldRecord,
} from "@doppelwerk/world";
import type { Listed, Page } from "./aas-source.ts";

/** A record that stands for the id of a shell or submodel, ours or not. `withdrawn`: ours, but taken out of the list by its owner. */
export interface KeptRecord extends WorldRecord {
  readonly aasId: string;
  readonly withdrawn?: boolean;
}

export interface Kinds {
  readonly own: "shell" | "submodel";
  readonly kept: "shellDescriptor" | "submodelDescriptor" | "assetLinks";
}

/** An index that both kinds have, and whether one of our records stands in it. */
export interface SharedIndex {
  readonly name: string;
  readonly value: string;
  readonly has: (own: WorldRecord) => boolean;
}

export interface OnlyIds {
  readonly own: readonly RecordId[];
  readonly kept: readonly RecordId[];
}

/** One item of the list: our record, what was kept for its id, or both (then the kept one is told). */
export interface OwnOrKept {
  readonly own: WorldRecord | undefined;
  readonly kept: KeptRecord | undefined;
}

/** Records read at once: about a page, because most are kept; more where a filter leaves many out costs only another turn. */
const LEAST_STRETCH = 32;

export function keptId(kind: Kinds["kept"], aasId: string): string {
  return hashedId(kind, "aas-api", aasId);
}

export function ownOrKept(reader: RecordReader, { own, kept }: Kinds, aasId: string): OwnOrKept | undefined {
  const ours = reader.query({ kind: own, index: { name: "aasId", value: aasId }, limit: 1 })[0];
  const theirs = reader.get(keptId(kept, aasId)) as KeptRecord | undefined;
  if (theirs?.withdrawn === true || (ours === undefined && theirs === undefined)) return undefined;
  return { own: ours, kept: theirs };
}

/**
 * First ours, ascending by record id, each with what was kept for it; then what was kept for ids that are not ours. An item keeps its place
 * whatever is written about it, so pages stay right. `shared` narrows both lists to records that stand in an index, `only` to records of these
 * ids, ascending.
 */
export function listOwnOrKept<T>(
  reader: RecordReader,
  { own, kept }: Kinds,
  page: Page,
  keep: (item: OwnOrKept) => T | undefined,
  { shared, only }: { readonly shared?: SharedIndex; readonly only?: OnlyIds } = {},
): Listed<T> {
  const shown: T[] = [];
  let last: string | undefined;
  const index = shared && { name: shared.name, value: shared.value };
  const isOwn = (id: string) => id.startsWith(`${own}:`);
  const phases: readonly [kind: string, item: (record: WorldRecord) => OwnOrKept | undefined][] = [
    [own, (record) => ({ own: record, kept: reader.get(keptId(kept, record["aasId"] as string)) as KeptRecord | undefined })],
    [
      kept,
      (record) => {
        const ours = reader.query({ kind: own, index: { name: "aasId", value: record["aasId"] as string }, limit: 1 })[0];
        // Ours was told above, unless only what was kept for it stands in the index.
        const isTold = ours !== undefined && (shared === undefined || shared.has(ours));
        return isTold ? undefined : { own: ours, kept: record as KeptRecord };
      },
    ],
  ];
  const limit = Math.max(LEAST_STRETCH, page.limit + 1);
  for (const [kind, itemOf] of phases) {
    if (page.after !== undefined && kind === own && !isOwn(page.after)) continue;
    let after = page.after !== undefined && isOwn(page.after) === (kind === own) ? page.after : undefined;
    for (;;) {
      const records =
        only === undefined
          ? reader.query({ kind, ...(index && { index }), ...(after !== undefined && { after }), limit })
          : recordsOf(reader, only[kind === own ? "own" : "kept"], after, limit);
      for (const record of records) {
        const item = itemOf(record);
        if (item === undefined || item.kept?.withdrawn === true) continue;
        const form = keep(item);
        if (form === undefined) continue;
        if (shown.length === page.limit) return { items: shown, next: last! };
        shown.push(form);
        last = record.id;
      }
      if (records.length < limit) break;
      after = records.at(-1)!.id;
    }
  }
  return { items: shown };
}

/** What was written of the one or the other: what was kept for an id of ours is told in our place. */
export function onlyOf(reader: RecordReader, { own, kept }: Kinds, changed: (kind: string) => readonly RecordId[]): OnlyIds {
  const ofKept = changed(kept);
  const ours = new Set(changed(own));
  for (const id of ofKept) {
    const aasId = reader.get(id)?.["aasId"];
    if (typeof aasId !== "string") continue;
    for (const record of reader.query({ kind: own, index: { name: "aasId", value: aasId }, limit: 1 })) ours.add(record.id);
  }
  return { own: [...ours].sort(), kept: ofKept };
}

/** The next records of a list of ids that are still there; with `deleted` the others too, as they last stood. */
export function recordsOf(
  reader: RecordReader,
  ids: readonly RecordId[],
  after: RecordId | undefined,
  limit: number,
  deleted?: true,
): readonly WorldRecord[] {
  const found: WorldRecord[] = [];
  for (const id of ids) {
    if (found.length === limit) break;
    if (after !== undefined && id <= after) continue;
    const record = reader.get(id) ?? (deleted ? lastRecord(reader.versions(id)) : undefined);
    if (record !== undefined) found.push(record);
  }
  return found;
}

/** Keeps fields for an id, or changes what was kept. */
export function keepFor(
  reader: RecordReader,
  kind: Kinds["kept"],
  aasId: string,
  fields: Readonly<Record<string, Json | undefined>>,
): Change {
  const id = keptId(kind, aasId);
  const before = reader.get(id);
  if (before === undefined) return { op: "create", record: { id, kind, aasId, ...fields } };
  const changes: Record<string, FieldChange> = {};
  for (const [name, to] of Object.entries({ withdrawn: undefined, ...fields })) changes[name] = { from: before[name], to };
  return { op: "update", id, fields: changes };
}

/** Takes an id out of the list: what was kept goes; what is ours is marked as withdrawn. */
export function takeOut(reader: RecordReader, kinds: Kinds, { own, kept }: OwnOrKept): readonly Change[] {
  if (own !== undefined) return [keepFor(reader, kinds.kept, own["aasId"] as string, { withdrawn: true })];
  return kept === undefined ? [] : [{ op: "delete", record: kept }];
}
