import { createHash } from "node:crypto";
import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { ListRow, ListTable } from "@doppelwerk/ports";
import type { BranchId, Change, Principal } from "@doppelwerk/world";
import type { Preview } from "../contract.ts";
import type {} from "../message-codes.ts";
import { readCsv } from "../model/read-csv.ts";
import { rowOver, rowsOfSheet, type FileFinding } from "../model/rows-of-sheet.ts";
import { MAX_BYTES, type Sheet } from "../model/sheet.ts";

interface GivenFile {
  readonly principal: Principal;
  readonly branch: BranchId;
  readonly name: string;
  readonly body: { bytes(): Promise<Uint8Array> };
}

/** What storing a file would do. */
interface Plan {
  readonly created: readonly string[];
  readonly changed: Preview["changed"];
  readonly unchanged: number;
  readonly left: number;
  readonly findings: readonly FileFinding[];
  readonly changes: readonly Change[];
  readonly state: string;
}

/** Rows and findings that a preview names one by one. */
const MAX_SHOWN = 500;

/** Reads a file against a list; nothing is stored. Throws DW_INVALID where it is no file of rows. */
export async function planOf(table: ListTable, { principal, branch, name, body }: GivenFile): Promise<Plan> {
  const sheet = await sheetOf(name, await body.bytes());
  const { rows, findings } = rowsOfSheet(table, sheet);
  const present = await table.rows(principal, branch);
  const byKey = new Map(present.map((row) => [String(row[table.key]), row]));
  const required = table.columns.filter(({ isRequired }) => isRequired === true);
  const [created, changed, own]: [string[], Preview["changed"], { line: number; row: ListRow }[]] = [[], [], []];
  const faults: FileFinding[] = [];
  let unchanged = 0;
  for (const { line, values } of rows) {
    const key = String(values.get(table.key));
    const before = byKey.get(key);
    byKey.delete(key);
    const row = rowOver(before, values);
    const lacking = required.find((column) => row[column.key] === undefined);
    if (lacking) {
      faults.push({ line, column: lacking.key, message: message("lists.lacks", { column: lacking.title }), isFault: true });
      continue;
    }
    const fields = before === undefined ? [] : differences(before, row);
    if (before === undefined) created.push(key);
    else if (fields.length > 0) changed.push({ key, fields });
    else unchanged++;
    if (before === undefined || fields.length > 0) own.push({ line, row });
  }
  const { changes, faults: refused } = await table.changes(
    principal,
    branch,
    own.map(({ row }) => row),
  );
  const ofRows = refused.map(({ row, ...fault }): FileFinding => ({ ...fault, line: own[row]!.line, isFault: true }));
  const state = createHash("sha256").update(JSON.stringify(present)).digest("base64url");
  return { created, changed, unchanged, left: byKey.size, findings: [...findings, ...faults, ...ofRows], changes, state };
}

/** As it is answered: the first of many. */
export function previewOf({ created, changed, unchanged, left, findings, state }: Plan): Preview {
  const ordered = findings.toSorted((a, b) => Number(b.isFault) - Number(a.isFault) || (a.line ?? 0) - (b.line ?? 0));
  return {
    created: created.slice(0, MAX_SHOWN),
    changed: changed.slice(0, MAX_SHOWN),
    unchanged,
    left,
    findings: ordered.slice(0, MAX_SHOWN).map((finding) => ({ ...finding })),
    state,
  };
}

async function sheetOf(name: string, bytes: Uint8Array): Promise<Sheet> {
  if (bytes.length > MAX_BYTES) throw new DoppelwerkError("DW_INVALID", message("lists.tooLarge", { megabytes: MAX_BYTES / 2 ** 20 }));
  // a zip archive, whatever it is named; an old workbook is neither
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    const { readXlsx } = await import("../model/read-xlsx.ts");
    return readXlsx(bytes);
  }
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf) throw new DoppelwerkError("DW_INVALID", message("lists.oldExcel", { name }));
  return readCsv(bytes);
}

function differences(before: ListRow, row: ListRow): Preview["changed"][number]["fields"] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(row)])];
  return keys
    .filter((column) => before[column] !== row[column])
    .map((column) => ({
      column,
      ...(before[column] !== undefined && { from: before[column] }),
      ...(row[column] !== undefined && { to: row[column] }),
    }));
}
