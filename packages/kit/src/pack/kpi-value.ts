import type { PackKpiDeclaration } from "./kpi-shape.ts";

/** A conclusion of a fold, as it is kept: `value` is NaN where it is text. */
export interface KpiRow {
  readonly value: number;
  readonly text: string;
}

/** What conclusions in order of time make. Without one that counts there is no value, and `n` is 0. */
export function kpiValueOf(
  { make, field, per, factor }: Extract<PackKpiDeclaration["of"], { readonly fold: string }>,
  concluded: readonly KpiRow[],
): { readonly value?: number; readonly n: number } {
  if (make === "count") {
    const n = concluded.filter((row) => field === undefined || Number.isFinite(numberIn(row, field))).length;
    return { value: n * factor, n };
  }
  const rows = concluded
    .map((row) => ({ value: numberIn(row, field), per: per === undefined ? 1 : numberIn(row, per) }))
    .filter((row) => Number.isFinite(row.value) && row.per > 0);
  const n = rows.length;
  if (n === 0) return { n };
  const sum = rows.reduce((total, row) => total + row.value, 0);
  const value = {
    sum: () => sum,
    mean: () => sum / n,
    last: () => rows.at(-1)!.value,
    ratio: () => sum / rows.reduce((total, row) => total + row.per, 0),
  }[make]();
  return { value: value * factor, n };
}

/** NaN where there is no such number. */
function numberIn({ value, text }: KpiRow, field: string | undefined): number {
  if (field === undefined) return value;
  try {
    const item = (JSON.parse(text) as Readonly<Record<string, unknown>> | null)?.[field];
    return typeof item === "number" ? item : Number.NaN;
  } catch {
    return Number.NaN;
  }
}
