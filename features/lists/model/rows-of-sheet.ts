import { message, type Message } from "@doppelwerk/kit";
import type { ListColumn, ListRow, ListTable, ListValue } from "@doppelwerk/ports";
import type {} from "../message-codes.ts";
import { MAX_ROWS, type Cell, type Sheet } from "./sheet.ts";

/** A fault or a note of a file, where it is: lines count from 1. */
export interface FileFinding {
  readonly line?: number;
  readonly column?: string;
  readonly message: Message;
  /** The row, or the whole file, cannot be stored as it is. */
  readonly isFault: boolean;
}

export interface ReadRows {
  /** Those without a fault. Of a column that the file does not have a row has no value; an empty cell is `undefined`. */
  readonly rows: readonly { readonly line: number; readonly values: ReadonlyMap<string, ListValue | undefined> }[];
  readonly findings: readonly FileFinding[];
}

/** Reads a sheet as rows of a list. Its first row names the columns, by key or by title in any language; others are left out and named. */
export function rowsOfSheet({ columns, key }: Pick<ListTable, "columns" | "key">, sheet: Sheet): ReadRows {
  const [head, ...body] = sheet.rows;
  const findings: FileFinding[] = sheet.notes.map((note) => ({ message: note, isFault: false }));
  const fault = (finding: Omit<FileFinding, "isFault">): void => void findings.push({ ...finding, isFault: true });
  if (head === undefined) {
    fault({ message: message("lists.empty") });
    return { rows: [], findings };
  }
  const columnOf = named(columns, head.cells, head.line, findings);
  if (![...columnOf.values()].some((column) => column.key === key)) {
    fault({ line: head.line, message: message("lists.noKey", { column: columns.find((column) => column.key === key)!.title }) });
    return { rows: [], findings };
  }
  const rows: { readonly line: number; readonly values: Map<string, ListValue | undefined> }[] = [];
  const seen = new Map<ListValue, number>();
  for (const { line, cells } of body.slice(0, MAX_ROWS)) {
    const values = new Map<string, ListValue | undefined>();
    const faultsBefore = findings.length;
    for (const [at, column] of columnOf) {
      const value = valueOf(column, cells[at], { hasDecimalComma: sheet.hasDecimalComma, isKey: column.key === key });
      if (typeof value === "object") fault({ line, column: column.key, message: value.fault });
      else values.set(column.key, value);
    }
    const own = values.get(key);
    const before = own === undefined ? undefined : seen.get(own);
    if (own === undefined) fault({ line, column: key, message: message("lists.noKeyValue") });
    else if (before !== undefined) fault({ line, column: key, message: message("lists.twice", { line: before }) });
    else {
      seen.set(own, line);
      if (findings.length === faultsBefore) rows.push({ line, values });
    }
  }
  if (body.length > MAX_ROWS) fault({ message: message("lists.tooManyRows", { most: MAX_ROWS }) });
  return { rows, findings };
}

function named(
  columns: readonly ListColumn[],
  head: readonly Cell[],
  line: number,
  findings: FileFinding[],
): ReadonlyMap<number, ListColumn> {
  const found = new Map<number, ListColumn>();
  const taken = new Set<string>();
  for (const [at, cell] of head.entries()) {
    const name = String(cell ?? "").trim();
    if (name === "") continue;
    const column = columns.find((each) => namesOf(each).includes(name.toLowerCase()));
    if (column === undefined)
      findings.push({ line, message: message("lists.unknownColumn", { name: name.slice(0, 100) }), isFault: false });
    else if (taken.has(column.key))
      findings.push({ line, message: message("lists.columnTwice", { name: name.slice(0, 100) }), isFault: true });
    else {
      taken.add(column.key);
      found.set(at, column);
    }
  }
  return found;
}

/** As a file may have it: the key, a title, a title with its unit. */
function namesOf({ key, title, unit }: ListColumn): readonly string[] {
  const titles = [title.en, title.zh];
  return [key, ...titles, ...titles.map((text) => `${text} (${unit ?? ""})`)].map((text) => text.toLowerCase());
}

/** What a file is written with. */
export function headOf({ title, unit }: ListColumn, language: "en" | "zh"): string {
  return unit === undefined ? title[language] : `${title[language]} (${unit})`;
}

const YES = /^(?:true|yes|1|x|是)$/;
const NO = /^(?:false|no|0|否)$/;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

function valueOf(
  { kind, choices = [] }: ListColumn,
  cell: Cell,
  { hasDecimalComma, isKey }: { readonly hasDecimalComma: boolean; readonly isKey: boolean },
): ListValue | undefined | { readonly fault: Message } {
  const text = String(cell ?? "").trim();
  if (text === "") return undefined;
  switch (kind) {
    case "number": {
      if (typeof cell === "number") return cell;
      const plain = hasDecimalComma ? text.replace(",", ".") : text;
      const number = NUMBER.test(plain) ? Number(plain) : Number.NaN;
      return Number.isFinite(number) ? number : { fault: message("lists.notNumber", { text: text.slice(0, 60) }) };
    }
    case "yesNo": {
      if (typeof cell === "boolean") return cell;
      const word = text.toLowerCase();
      if (YES.test(word)) return true;
      return NO.test(word) ? false : { fault: message("lists.notYesNo", { text: text.slice(0, 60) }) };
    }
    case "choice":
      return choices.includes(text)
        ? text
        : { fault: message("lists.notChoice", { text: text.slice(0, 60), choices: choices.join(", ") }) };
    case "text":
      return isKey ? text : String(cell);
  }
}

/** A row as it would be stored: what the file has over what is there; an empty cell takes a value away. */
export function rowOver(before: ListRow | undefined, values: ReadonlyMap<string, ListValue | undefined>): ListRow {
  const row: Record<string, ListValue> = { ...before };
  for (const [column, value] of values)
    if (value === undefined) delete row[column];
    else row[column] = value;
  return row;
}
