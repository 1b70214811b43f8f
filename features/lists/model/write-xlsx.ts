import writeExcelFile from "write-excel-file/node";
import type { Cell } from "./sheet.ts";

/** A workbook of one sheet whose first row stays and is bold. Texts are texts: none becomes a formula. */
export async function writeXlsx(name: string, rows: readonly (readonly Cell[])[]): Promise<Uint8Array> {
  const data = rows.map((row, line) => row.map((cell) => (cell === undefined ? null : cellOf(cell, line === 0))));
  const columns = (rows[0] ?? []).map((_, column) => ({ width: widthOf(rows.map((row) => row[column])) }));
  return writeExcelFile(data, { sheet: name.replaceAll(/[\\/?*[\]:]/g, " ").slice(0, 31), columns, stickyRowsCount: 1 }).toBuffer();
}

function cellOf(value: Exclude<Cell, undefined>, isHead: boolean) {
  const style = isHead ? ({ fontWeight: "bold" } as const) : {};
  if (typeof value === "number") return { value, type: Number, ...style };
  return typeof value === "boolean" ? { value, type: Boolean, ...style } : { value, type: String, ...style };
}

const widthOf = (cells: readonly Cell[]): number =>
  Math.min(60, Math.max(8, ...cells.slice(0, 200).map((cell) => String(cell ?? "").length + 2)));
