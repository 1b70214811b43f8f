import { DoppelwerkError, message } from "@doppelwerk/kit";
import { CsvError, parse } from "csv-parse/sync";
import type {} from "../message-codes.ts";
import { MAX_CELL, MAX_COLUMNS, MAX_ROWS, type Sheet } from "./sheet.ts";

const SEPARATORS = [",", ";", "\t"] as const;

/** CSV of RFC 4180, in UTF-8, as spreadsheets write it: with commas, semicolons or tabs. Throws DW_INVALID with the line. */
export function readCsv(bytes: Uint8Array): Sheet {
  const text = textOf(bytes);
  const first = text.slice(0, /\r|\n|$/.exec(text)!.index);
  const separator = SEPARATORS.toSorted((a, b) => first.split(b).length - first.split(a).length)[0]!;
  try {
    const found = parse(text, {
      delimiter: separator,
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      info: true,
      to: MAX_ROWS + 2,
      max_record_size: MAX_CELL * MAX_COLUMNS,
    }) as unknown as readonly { readonly record: readonly string[]; readonly info: { readonly lines: number } }[];
    const rows = found.map(({ record, info }) => ({
      line: info.lines,
      cells: record.map((field) => (field === "" ? undefined : plain(field))),
    }));
    return { rows, hasDecimalComma: separator === ";", notes: [] };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new DoppelwerkError(
      "DW_INVALID",
      message("lists.csvFault", { line: Number(error["lines"] ?? 0), reason: error.message.slice(0, 200) }),
    );
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new DoppelwerkError("DW_INVALID", message("lists.notUtf8"));
  }
}

/** Without the apostrophe that keeps a spreadsheet from running it. */
const plain = (field: string): string => (/^'+[=+\-@\t\r]/.test(field) ? field.slice(1) : field);
