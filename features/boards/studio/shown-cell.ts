import type { TileColumn, TileTable } from "@doppelwerk/ports";
import {
  clockText,
  durationText,
  inLanguage,
  momentText,
  numberText,
  percentText,
  withUnit,
  type Language,
  type Translate,
  type Zone,
} from "@doppelwerk/kit/studio";

const DAY = 86_400_000_000;

/** A cell as people read it. */
export function shownCell(
  cell: TileTable["rows"][number][string] | undefined,
  column: Pick<TileColumn, "kind" | "unit" | "digits">,
  { language, zone, now, t }: { readonly language: Language; readonly zone: Zone; readonly now: number; readonly t: Translate },
): string {
  if (cell === null || cell === undefined) return "–";
  if (typeof cell === "object") return inLanguage(cell, language);
  if (typeof cell === "string") return t.or(`machineState.${cell}`, cell);
  if (column.kind === "instant") return now - cell < DAY ? clockText(cell, zone, false) : momentText(cell, zone, language, false);
  if (column.kind === "seconds") return durationText(cell * 1_000_000, language);
  if (column.kind === "ratio") return percentText(cell, column.digits ?? 1);
  return withUnit(numberText(cell, column.digits === undefined ? undefined : 10 ** -column.digits), column.unit);
}
