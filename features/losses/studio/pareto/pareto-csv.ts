import { csvField } from "@doppelwerk/kit/studio";
import type { LossPareto } from "../../contract.ts";
import type { ParetoBy } from "../../model/pareto.ts";
import type {} from "../../message-codes.ts";
import { rowText, type ParetoWords } from "./pareto-text.ts";

const COLUMNS = ["loss", "isConstraint", "minutes", "units", "count", "minutesBefore", "unitsBefore", "countBefore", "from", "to"] as const;
const utc = (instant: number): string => new Date(Math.round(instant / 1_000)).toISOString();
const minutes = (seconds: number): number => Math.round(seconds / 0.6) / 100;
const units = (value: number | undefined): number | string => (value === undefined ? "" : Math.round(value * 100) / 100);

/** The rows as a file for a spreadsheet; nothing of it becomes a formula. */
export function paretoCsv({ rows, from, to, station }: LossPareto, by: ParetoBy, words: ParetoWords): string {
  const { t } = words;
  const lines = rows.map((row) => [
    rowText(row, by, words),
    row.isConstraint ? station : t("losses.pareto.other"),
    minutes(row.seconds),
    units(row.units),
    row.count,
    minutes(row.before.seconds),
    units(row.before.units),
    row.before.count,
    utc(from),
    utc(to),
  ]);
  const head = COLUMNS.map((column) => t(`losses.csv.${column}`));
  // the mark lets spreadsheets read Chinese
  return `\uFEFF${[head, ...lines].map((line) => line.map(csvField).join(",")).join("\r\n")}\r\n`;
}
