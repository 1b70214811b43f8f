/** What is wrong with what a JSON text says, at the place where it says it. */
export interface JsonFault {
  /** `submodels[0].value` as findings have it, or the path of a fault of zod; empty for the whole. */
  readonly path: string | readonly PropertyKey[];
  /** In the reader's language. */
  readonly text: string;
}
