import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Whole or not at all. */
export function writeWhole(file: string, text: string, mode?: number): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, text, mode === undefined ? {} : { mode });
  renameSync(`${file}.part`, file);
}

/** What a JSON file says, or `otherwise` where it is not there. */
export function readJson<T>(file: string, otherwise: T): T {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch {
    // the first start under this folder; `writeWhole` leaves no torn file
    return otherwise;
  }
}

export type Cell = string | number | boolean | undefined;

/** RFC 4180 with the delimiter and line ends of the program that writes it. */
export function csvText(header: readonly string[], rows: readonly (readonly Cell[])[], delimiter = ","): string {
  const cell = (value: Cell): string => {
    const text = value === undefined ? "" : String(value);
    return text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [header, ...rows].map((row) => `${row.map(cell).join(delimiter)}\r\n`).join("");
}
