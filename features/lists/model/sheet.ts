import type { Message } from "@doppelwerk/kit";

/** A cell as it stands in a file: empty ones are undefined. */
export type Cell = string | number | boolean | undefined;

/** The rows of a file as they stand there, the first with the names of columns. `line` counts from 1. */
export interface Sheet {
  readonly rows: readonly { readonly line: number; readonly cells: readonly Cell[] }[];
  /** Numbers in it have a comma where others have a point. */
  readonly hasDecimalComma: boolean;
  /** What a person should know of how it was read. */
  readonly notes: readonly Message[];
}

export const MAX_ROWS = 20_000;
export const MAX_COLUMNS = 200;
/** Characters of one cell. */
export const MAX_CELL = 10_000;
export const MAX_BYTES = 20 * 2 ** 20;
