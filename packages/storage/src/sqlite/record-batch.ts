import type { SegmentRow } from "./record-tables.ts";

/** What was folded since the batch before, on its way to the file: columns, one item a version, a revision or an index entry. */
export interface RecordBatch {
  /** The lines of each pack. */
  readonly packs: readonly { readonly key: number; readonly lines: readonly string[] }[];
  readonly branches: readonly { readonly key: number; readonly branch: string }[];
  readonly forks: readonly { readonly revision: number; readonly entry: string }[];
  readonly revisions: {
    readonly revision: readonly number[];
    readonly branch: readonly number[];
    readonly time: readonly number[];
    readonly hash: readonly string[];
    /** Where its versions begin; they end where those of the next begin. */
    readonly start: readonly number[];
  };
  readonly ids: readonly string[];
  readonly branchOf: Float64Array<ArrayBuffer>;
  readonly revisionOf: Float64Array<ArrayBuffer>;
  /** Not a number = deleted. */
  readonly placeOf: Float64Array<ArrayBuffer>;
  readonly keys: Float64Array<ArrayBuffer>;
  /** By version, what was changed in records of searched kinds; the text of one that was made stands in its line. */
  readonly texts: ReadonlyMap<number, string>;
  /** The version an index key belongs to. */
  readonly refs: Uint32Array<ArrayBuffer>;
}

export type WriterRequest =
  | { readonly kind: "batch"; readonly batch: RecordBatch }
  | { readonly kind: "released"; readonly numbers: readonly number[] }
  | { readonly kind: "reset" }
  | { readonly kind: "close" };

export type WriterAnswer =
  /** The oldest batch that was waiting is in the file, as this segment. */
  | { readonly kind: "written"; readonly segment: SegmentRow }
  | { readonly kind: "refused"; readonly why: string }
  /** One segment in place of several; the file keeps those until they are released. */
  | { readonly kind: "merged"; readonly gone: readonly number[]; readonly segment: SegmentRow }
  | { readonly kind: "done" };
