import type { ReactNode } from "react";
import type { Trend } from "@doppelwerk/client";
import type { SignalEntry } from "@doppelwerk/sync";
import { useWords } from "../session/context.tsx";
import { momentText } from "../time/format.ts";
import { namedText, numberText, withUnit } from "../values/number.ts";
import { ChartTable } from "./chart/chart-table.tsx";
import { trendRows } from "./trend-rows.ts";

/** The values of trends as a table for screen readers; of several, each column with its name. */
export function TrendRowsTable({
  label,
  trends,
}: {
  readonly label: string;
  readonly trends: readonly { readonly trend: Trend; readonly entry: SignalEntry | undefined; readonly title: string }[];
}): ReactNode {
  const { t, language, zone } = useWords();
  const stops = trends.map(({ trend, entry, title }) => {
    const named = (word: string): string => (trends.length === 1 ? word : `${title}: ${word}`);
    return trendRows(trend, {
      low: named(t("trend.lowest")),
      mean: named(t("trend.average")),
      high: named(t("trend.highest")),
      gap: t("trend.gap"),
      moment: (instant) => momentText(instant, zone, language),
      value: (value) => namedText(value, entry) ?? withUnit(numberText(value, entry?.resolution), entry?.unit ?? trend.unit),
    });
  });
  const rows = (stops[0] ?? []).map((stop, at) => ({ ...stop, rows: stops.flatMap((own) => own[at]?.rows ?? []) }));
  return <ChartTable label={label} first={t("chart.time")} stops={rows} />;
}
