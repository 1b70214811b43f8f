import type { Cell } from "./sheet.ts";

/** CSV of RFC 4180 with a byte order mark, so that spreadsheets read it as UTF-8. A text that one would run as a formula begins with an apostrophe. */
export function writeCsv(rows: readonly (readonly Cell[])[]): Uint8Array {
  return new TextEncoder().encode(`\u{FEFF}${rows.map((row) => row.map(field).join(",")).join("\r\n")}\r\n`);
}

function field(cell: Cell): string {
  if (cell === undefined) return "";
  if (typeof cell !== "string") return String(cell);
  const safe = /^'*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
