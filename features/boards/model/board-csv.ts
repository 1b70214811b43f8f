import { message, textIn, type Language } from "@doppelwerk/kit";
import { csvFieldOfText, LIVE } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { cellText, headText } from "./cell-text.ts";
import type { ReadBoard, ReadTile } from "./read-tile.ts";

/** The data behind each tile, one table below the other, with a byte order mark: UTF-8 for spreadsheets. No text in it becomes a formula. */
export function boardCsv({ title, at, tiles }: ReadBoard, language: Language): Uint8Array {
  const lines = [[title, new Date(at / 1000).toISOString()], ...tiles.flatMap((tile) => [[], ...tableOf(tile, language)])];
  return new TextEncoder().encode(`\u{FEFF}${lines.map((line) => line.map(fieldOf).join(",")).join("\r\n")}\r\n`);
}

function tableOf({ title, branch, table, failure }: ReadTile, language: Language): readonly (readonly string[])[] {
  const head = [title[language]];
  if (branch !== LIVE) head.push(textIn(message("boards.onBranch", { branch }), language));
  if (table?.isSimulated === true) head.push(textIn(message("boards.simulated"), language));
  if (table === undefined) return [head, [failure?.[language] ?? ""]];
  head.push(new Date(table.at / 1000).toISOString());
  return [
    head,
    ...(table.note === undefined ? [] : [[table.note[language]]]),
    table.columns.map((column) => headText(column, language)),
    ...table.rows.map((row) => table.columns.map((column) => cellText(row[column.key], column, language))),
  ];
}

/** A number stays one, also below zero. */
function fieldOf(text: string): string {
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? text : csvFieldOfText(text);
}
