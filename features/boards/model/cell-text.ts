import type { LanguageTexts } from "@doppelwerk/kit";
import type { TileColumn, TileTable } from "@doppelwerk/ports";

export type Cell = TileTable["rows"][number][string] | undefined;

/** A cell as a file has it: times in UTC, nothing where it is not known. */
export function cellText(cell: Cell, column: TileColumn, language: keyof LanguageTexts): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "object") return cell[language] || cell.en;
  if (typeof cell === "string") return cell;
  if (column.kind === "instant") return new Date(cell / 1000).toISOString();
  if (column.kind === "ratio") return String(Number((cell * 100).toFixed(column.digits ?? 2)));
  return String(Number(cell.toFixed(column.digits ?? 6)));
}

/** With its unit. */
export function headText({ title, unit, kind }: TileColumn, language: keyof LanguageTexts): string {
  const shown = kind === "ratio" ? "%" : kind === "seconds" ? "s" : kind === "instant" ? "UTC" : unit;
  return shown === undefined || shown === "" ? title[language] : `${title[language]} (${shown})`;
}
