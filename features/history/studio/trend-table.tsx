import type { ReactNode } from "react";
import type { Trend } from "@doppelwerk/client";
import type { SignalEntry } from "@doppelwerk/sync";
import { ScrollRegion, momentText, numberText, unitText, useWords } from "@doppelwerk/kit/studio";
import type { Series } from "./use-series.ts";

/** Rows a person or a screen reader goes through. */
const ROWS = 24;

interface Row {
  readonly from: number;
  readonly low: number | undefined;
  readonly mean: number | undefined;
  readonly high: number | undefined;
  readonly before: number | undefined;
}

/** What the charts show as a table: the period in two dozen stretches, each with its lowest, mean and highest value. */
export function TrendTable({
  series,
  nameOf,
  entryOf,
}: {
  readonly series: readonly Series[];
  readonly nameOf: (id: string) => string;
  readonly entryOf: (id: string) => SignalEntry | undefined;
}): ReactNode {
  const { t, language, zone } = useWords();
  const shown = series.flatMap(({ id, trend, before }) => (trend === undefined ? [] : [{ id, name: nameOf(id), trend, before }]));
  if (shown.length === 0) return null;
  const compares = shown.some(({ before }) => before !== undefined);
  const rows = shown.map(({ trend, before }) => rowsOf(trend, before));
  return (
    <ScrollRegion className="dw-trend-table" label={t("history.trend.table")}>
      <table aria-label={t("history.trend.table")}>
        <thead>
          <tr>
            <th scope="col" rowSpan={2}>
              {t("history.trend.from")}
            </th>
            {shown.map(({ id, name }) => (
              <th key={id} scope="colgroup" colSpan={compares ? 4 : 3}>
                {name} <small>{unitText(entryOf(id)?.unit)}</small>
              </th>
            ))}
          </tr>
          <tr>
            {shown.map(({ id }) => (
              <Heads key={id} compares={compares} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows[0]!.map(({ from }, index) => (
            <tr key={from}>
              <th scope="row">{momentText(from, zone, language, false)}</th>
              {shown.map(({ id }, column) => {
                const row = rows[column]![index];
                const text = (value: number | undefined): string =>
                  value === undefined ? "–" : numberText(value, entryOf(id)?.resolution);
                return [row?.low, row?.mean, row?.high, ...(compares ? [row?.before] : [])].map((value, cell) => (
                  <td key={`${id} ${cell}`}>{text(value)}</td>
                ));
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function Heads({ compares }: { readonly compares: boolean }): ReactNode {
  const { t } = useWords();
  return ["low", "mean", "high", ...(compares ? ["before"] : [])].map((word) => (
    <th key={word} scope="col">
      {t.or(`history.trend.column.${word}`, word)}
    </th>
  ));
}

function rowsOf(trend: Trend, before: Trend | undefined): readonly Row[] {
  const count = trend.mean.length;
  const each = Math.max(1, Math.ceil(count / ROWS));
  return Array.from({ length: Math.ceil(count / each) }, (_, row) => {
    const [start, end] = [row * each, Math.min(count, (row + 1) * each)];
    return {
      from: trend.from + start * trend.width,
      low: least(known(trend.min, start, end)),
      mean: mean(known(trend.mean, start, end)),
      high: most(known(trend.max, start, end)),
      before: before === undefined ? undefined : mean(known(before.mean, start, end)),
    };
  });
}

function known(values: readonly (number | null)[], start: number, end: number): readonly number[] {
  return values.slice(start, end).filter((value) => value !== null);
}

const least = (values: readonly number[]): number | undefined => (values.length === 0 ? undefined : Math.min(...values));
const most = (values: readonly number[]): number | undefined => (values.length === 0 ? undefined : Math.max(...values));
/** Buckets are of one width: the mean of their time-weighted means. */
const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
