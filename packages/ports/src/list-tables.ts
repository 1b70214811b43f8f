import type { Message } from "@doppelwerk/messages";
import type { LocalText } from "@doppelwerk/operations";
import type { BranchId, Change, Principal } from "@doppelwerk/world";
import { slot } from "./token.ts";

/** A column of a list. Its key is the same in every language; a file may have the key or a title in its first row. */
export interface ListColumn {
  readonly key: string;
  readonly title: LocalText;
  readonly kind: "text" | "number" | "yesNo" | "choice";
  /** Of a choice: what may be written. */
  readonly choices?: readonly string[];
  readonly unit?: string;
  /** A new row has to have it. */
  readonly isRequired?: true;
}

export type ListValue = string | number | boolean;
export type ListRow = Readonly<Record<string, ListValue>>;

/** What is wrong with a row that is handed in, by its index. */
export interface ListFault {
  readonly row: number;
  readonly column?: string;
  readonly message: Message;
}

/** Documents of one kind as the rows of a table: out as CSV or Excel, and in again. */
export interface ListTable {
  readonly id: string;
  readonly title: LocalText;
  readonly columns: readonly ListColumn[];
  /** Key of the column that tells rows apart. */
  readonly key: string;
  /** Those that the principal may read, in a lasting order. */
  rows(principal: Principal, branch: BranchId): Promise<readonly ListRow[]>;
  /** What storing these rows, whole, would change: nothing is stored. Rows with a fault change nothing. */
  changes(
    principal: Principal,
    branch: BranchId,
    rows: readonly ListRow[],
  ): Promise<{ readonly changes: readonly Change[]; readonly faults: readonly ListFault[] }>;
}

export const listTables = slot<ListTable>("lists.tables", 1);
