import { canonicalJson } from "../canonical-json.ts";
import { LIVE, type BranchId } from "../change.ts";
import type { Json, RecordId } from "../record.ts";
import type { RecordStore } from "./record-store.ts";

/** Ids held at once, and revisions looked through at once. */
const IDS = 200_000;
const REVISIONS = 64;

/**
 * The whole state of a store as canonical lines in a fixed order: every version of every record of every branch, and the revision ↔ time table.
 * Two stores that folded the same log give the same lines. However large the store is, some hundred thousand ids are held at once.
 */
export function* stateLines(store: RecordStore): Iterable<string> {
  const applied = store.appliedRevision();
  for (let revision = 1; revision <= applied; revision++) yield `${revision} at ${store.timeOf(revision)}`;
  const branches = [LIVE, ...store.forks().flatMap(({ branch, fork }) => (fork === undefined ? [] : [branch]))];
  for (const branch of branches) {
    let changes = 0;
    for (const _ of changedOn(store, branch)) changes++;
    const parts = Math.max(1, Math.ceil(changes / IDS));
    for (let part = 0; part < parts; part++) {
      const ids = new Set<RecordId>();
      for (const id of changedOn(store, branch)) if (partOf(id, parts) === part) ids.add(id);
      for (const id of [...ids].sort())
        for (const { revision, record } of store.versions([{ branch, revision: applied }], id))
          yield `${branch} ${revision} ${id} ${canonicalJson((record ?? null) as Json)}`;
    }
  }
}

function* changedOn(store: RecordStore, branch: BranchId): Iterable<RecordId> {
  const applied = store.appliedRevision();
  for (let after = 0; after < applied; after += REVISIONS) yield* store.changedIds(branch, after, Math.min(applied, after + REVISIONS));
}

function partOf(id: RecordId, parts: number): number {
  let sum = 0;
  for (let i = 0; i < id.length; i++) sum = (Math.imul(sum, 31) + id.charCodeAt(i)) >>> 0;
  return sum % parts;
}
