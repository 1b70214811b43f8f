/** JSON as the log stores it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** `kind:uuidv7`, or `kind:` + 32 hex digits hashed from (source, path) for imported and proposed records. */
export type RecordId = string;

/** The atom of document state: logged, versioned, forked, diffed, merged. Fields are replaced whole, never mutated. */
export interface WorldRecord {
  readonly id: RecordId;
  readonly kind: string;
  /** `undefined` and absent are the same; the log writes neither. */
  readonly [field: string]: Json | undefined;
}
