/** Times of a source that tests shorten. */
export interface SourceTiming {
  /** After a loss values are uncertain; after this they are bad. */
  readonly graceMs?: number;
  readonly retryMs?: { readonly first: number; readonly most: number };
  readonly silenceMs?: number;
}
