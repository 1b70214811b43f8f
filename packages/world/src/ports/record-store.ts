import type { BranchId, LogEntry } from "../change.ts";
import type { Folded } from "../fold.ts";
import type { Instant } from "../instant.ts";
import type { RecordId, WorldRecord } from "../record.ts";

/** Nearest first: (branch, revision) then its parent at the base revision, and so on. Reading at a revision is an ordinary read. */
export type Lineage = readonly { readonly branch: BranchId; readonly revision: number }[];

export interface RecordVersion {
  readonly revision: number;
  readonly branch: BranchId;
  /** Undefined = deleted at this revision. */
  readonly record: WorldRecord | undefined;
  /** When it was written on its branch, as a reader of a world answers it. */
  readonly time?: Instant;
}

export interface LastWritten {
  readonly id: RecordId;
  readonly revision: number;
}

/** The record as it stands, or as it last stood; `versions` newest first. */
export function lastRecord(versions: readonly RecordVersion[]): WorldRecord | undefined {
  return versions.find(({ record }) => record !== undefined)?.record;
}

/** Indexed equality lookup; `after` and the order are (id) ascending, so pages stay right under concurrent writes. */
export interface RecordQuery {
  readonly kind: string;
  /** An index declared by the kind, for example `submodel` or `parent` of elements. */
  readonly index?: { readonly name: string; readonly value: string };
  readonly after?: RecordId;
  readonly limit?: number;
  /** Deleted records too, as they last stood. */
  readonly deleted?: true;
  /** Not to be read, whatever it is. */
  readonly skip?: (id: RecordId) => boolean;
}

/** Synchronous, local, a cache of the fold of the log: it knows its `appliedRevision` and may be dropped at any time. */
export interface RecordStore {
  appliedRevision(): number;
  /** Hash of the entry at `appliedRevision` (GENESIS_HASH at 0): tells a cache of another log from a cache that is only behind. */
  appliedHash(): string;
  /**
   * Folds entries in order; entries at or below `appliedRevision` are ignored. `folded` is what the changes of each entry leave, from who folded them already,
   * never altered afterwards: a store may keep those records in place of folding again.
   */
  apply(entries: readonly LogEntry[], folded?: readonly Folded[]): void;
  /** `apply` in steps that others may read between, at revisions before these entries; nothing else is folded until the last step is done. */
  applying?(entries: readonly LogEntry[], folded?: readonly Folded[]): Generator<void, void>;
  get(lineage: Lineage, id: RecordId): WorldRecord | undefined;
  query(lineage: Lineage, query: RecordQuery): readonly WorldRecord[];
  /** Versions seen along the lineage, newest first. */
  versions(lineage: Lineage, id: RecordId, limit?: number): readonly RecordVersion[];
  /** Revisions at which the record, as it stands, was made and last written; one that was deleted and made again began anew. Undefined = not there. */
  written(lineage: Lineage, id: RecordId): { readonly created: number; readonly updated: number } | undefined;
  /** Every id that ever stood in an index, with the revision it was last written or deleted at, newest first. */
  lastWritten(lineage: Lineage, query: Required<Pick<RecordQuery, "kind" | "index">>): readonly LastWritten[];
  /**
   * Ids of the records of a searched kind (`RecordKind.searched`) of which a version, as JSON, holds one of the texts, on whichever branch: a superset that
   * the reader checks, in steps that others may come between. Absent or undefined = this store cannot tell.
   */
  holding?(kind: string, texts: readonly string[]): Iterable<readonly RecordId[]> | undefined;
  /** Ids changed on `branch` with `after` < revision ≤ `upTo`. */
  changedIds(branch: BranchId, after: number, upTo: number): readonly RecordId[];
  /** Fork, merge and abandon entries, ascending. */
  forks(): readonly LogEntry[];
  /** The revision ↔ time table: the last revision whose commit time is at or before `time`, 0 before the first. */
  revisionAt(branch: BranchId, time: number): number;
  timeOf(revision: number): number | undefined;
  reset(): void;
  close(): void;
}
