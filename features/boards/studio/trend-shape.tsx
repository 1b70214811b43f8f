import type { ReactNode } from "react";
import type { TileColumn, TileTable } from "@doppelwerk/ports";
import { clockText, durationText, inLanguage, numberText, roleWords, useWords, withUnit } from "@doppelwerk/kit/studio";

const WIDTH = 300;
const HEIGHT = 60;

/** Curves below each other, each with its own scale: lowest and highest value beside it, the newest in its head. Gaps stay gaps. */
export function TrendShape({ table }: { readonly table: TileTable }): ReactNode {
  const { language, zone } = useWords();
  const from = table.from ?? table.at;
  const series = table.columns.filter(({ key }) => key !== "at");
  return (
    <div className="dw-tile-trends">
      {series.map((column) => (
        <Curve key={column.key} column={column} table={table} from={from} />
      ))}
      <div className="dw-tile-axis" aria-hidden="true">
        <span>
          <small>{clockText(from, zone, false)}</small>
          <small>{durationText(table.at - from, language)}</small>
          <small>{clockText(table.at, zone, false)}</small>
        </span>
      </div>
    </div>
  );
}

function Curve({ column, table, from }: { readonly column: TileColumn; readonly table: TileTable; readonly from: number }): ReactNode {
  const { language } = useWords();
  const points = table.rows.map((row) => ({ at: Number(row["at"]), value: row[column.key] }));
  const values = points.flatMap(({ value }) => (typeof value === "number" ? [value] : []));
  const name = roleWords(inLanguage(column.title, language));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const last = values.at(-1);
  const step = high - low > 0 ? (high - low) / 100 : undefined;
  const text = (value: number): string => numberText(value, step === undefined ? undefined : 10 ** Math.floor(Math.log10(step)));
  return (
    <figure className="dw-tile-curve" aria-label={name}>
      <figcaption>
        <span>{name}</span>
        <b>{last === undefined ? "–" : withUnit(text(last), column.unit)}</b>
      </figcaption>
      <div>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <path d={pathOf(points, { from, to: table.at, low, high })} vectorEffect="non-scaling-stroke" />
        </svg>
        {last !== undefined && (
          <span>
            <small>{text(high)}</small>
            <small>{low === high ? "" : text(low)}</small>
          </span>
        )}
      </div>
    </figure>
  );
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
}

function pathOf(points: readonly { readonly at: number; readonly value: unknown }[], { from, to, low, high }: Range): string {
  let path = "";
  let isGap = true;
  for (const { at, value } of points) {
    if (typeof value !== "number") {
      isGap = true;
      continue;
    }
    const x = ((at - from) / Math.max(1, to - from)) * WIDTH;
    const y = high === low ? HEIGHT / 2 : HEIGHT - 3 - ((value - low) / (high - low)) * (HEIGHT - 6);
    path += `${isGap ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
    isGap = false;
  }
  return path;
}
