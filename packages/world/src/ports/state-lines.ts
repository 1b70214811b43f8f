import { canonicalJson } from "../canonical-json.ts";
import { LIVE } from "../change.ts";
import type { Json } from "../record.ts";
import type { RecordStore } from "./record-store.ts";

/**
 * The whole state of a store as canonical lines in a fixed order: every version of every record of every branch, and the revision ↔ time table.
 * Two stores that folded the same log give the same lines.
 */
export function* stateLines(store: RecordStore): Iterable<string> {
  const applied = store.appliedRevision();
  for (let revision = 1; revision <= applied; revision++) yield `${revision} at ${store.timeOf(revision)}`;
  const branches = [LIVE, ...store.forks().flatMap(({ branch, fork }) => (fork === undefined ? [] : [branch]))];
  for (const branch of branches) {
    for (const id of store.changedIds(branch, 0, applied)) {
      for (const { revision, record } of store.versions([{ branch, revision: applied }], id))
        yield `${branch} ${revision} ${id} ${canonicalJson((record ?? null) as Json)}`;
    }
  }
}
