import type { ReactNode } from "react";
import type { TileTable } from "@doppelwerk/ports";
import {
  AlarmShape,
  clockText,
  durationText,
  inLanguage,
  numberText,
  StateStrip,
  useStudio,
  useWords,
  withUnit,
  type StateSpan,
} from "@doppelwerk/kit/studio";
import { shownCell } from "./shown-cell.ts";
import type {} from "../message-codes.ts";

type Row = TileTable["rows"][number];
const numberOf = (cell: Row[string] | undefined): number | undefined => (typeof cell === "number" ? cell : undefined);

function useShown() {
  const { t, language, zone } = useWords();
  const now = useStudio().now();
  return { t, language, zone, now };
}

/** One number, as large as there is room, with its target or its interval below. */
export function ValueShape({ table }: { readonly table: TileTable }): ReactNode {
  const shown = useShown();
  const { t, language } = shown;
  return (
    <div className="dw-tile-values">
      {table.rows.map((row, index) => {
        const [value, target, low, high] = [row["value"], row["target"], row["low"], row["high"]].map(numberOf);
        const unit = typeof row["unit"] === "string" ? row["unit"] : undefined;
        const digits = unit === "%" ? 0.1 : undefined;
        const of = row["of"];
        return (
          <div key={index} className="dw-tile-value">
            {table.rows.length > 1 && <span className="dw-tile-name">{shownCell(row["name"], { kind: "text" }, shown)}</span>}
            <strong>{value === undefined ? "–" : withUnit(numberText(value, digits ?? (Number.isInteger(value) ? 1 : 0.1)), unit)}</strong>
            {target !== undefined && value !== undefined && <Gauge value={value} target={target} unit={unit} />}
            {low !== undefined && high !== undefined && (
              <small>{t("boards.interval", { low: numberText(low, digits), high: withUnit(numberText(high, digits), unit) })}</small>
            )}
            {of !== undefined && of !== null && typeof of !== "number" && (
              <small>{typeof of === "string" ? t.or(`shift.${of.toLowerCase()}`, of) : inLanguage(of, language)}</small>
            )}
          </div>
        );
      })}
    </div>
  );
}

/** How far it is from its target: a bar with a mark, and the distance in words. */
function Gauge({ value, target, unit }: { readonly value: number; readonly target: number; readonly unit: string | undefined }): ReactNode {
  const { t } = useWords();
  const most = Math.max(value, target) * 1.15 || 1;
  const share = (part: number): string => `${Math.min(100, Math.max(0, (part / most) * 100))}%`;
  const words = t("boards.target", { target: withUnit(numberText(target, unit === "%" ? 0.1 : undefined), unit) });
  return (
    <>
      <span className={`dw-tile-gauge ${value >= target ? "is-reached" : ""}`} role="img" aria-label={words}>
        <i style={{ width: share(value) }} />
        <b style={{ left: share(target) }} />
      </span>
      <small>{words} </small>
    </>
  );
}

export function TableShape({ table, title }: { readonly table: TileTable; readonly title: string }): ReactNode {
  const shown = useShown();
  const columns = table.columns.filter(({ key }) =>
    table.rows.some((row) => row[key] !== undefined && row[key] !== null && row[key] !== ""),
  );
  const isNumber = (kind: string): boolean => kind === "number" || kind === "seconds" || kind === "ratio";
  return (
    <table className="dw-tile-table" aria-label={title}>
      <thead>
        <tr>
          {columns.map(({ key, title: head, kind }) => (
            <th key={key} scope="col" className={isNumber(kind) ? "is-number" : undefined}>
              {inLanguage(head, shown.language)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((row, index) => (
          <tr key={index}>
            {columns.map((column) => (
              <td key={column.key} className={isNumber(column.kind) ? "is-number" : undefined}>
                {column.key === "priority" ? <Priority of={row[column.key]} /> : shownCell(row[column.key], digitsOf(column, row), shown)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A share in percent has one decimal. */
function digitsOf(column: TileTable["columns"][number], row: Row): TileTable["columns"][number] {
  return column.kind === "number" && row["unit"] === "%" ? { ...column, digits: 1 } : column;
}

function Priority({ of }: { readonly of: Row[string] | undefined }): ReactNode {
  const priority = Number(of) as 1 | 2 | 3 | 4;
  return (
    <span className={`dw-p${priority} dw-tile-priority`}>
      <AlarmShape priority={priority} blinking={false} size={12} /> {priority}
    </span>
  );
}

/** Pareto: the largest first, with its share of all. */
export function BarsShape({ table, title }: { readonly table: TileTable; readonly title: string }): ReactNode {
  const shown = useShown();
  const column = table.columns.find(({ key }) => key === "value");
  const values = table.rows.map((row) => numberOf(row["value"]) ?? 0);
  const [most, all] = [Math.max(...values, 1e-9), values.reduce((sum, value) => sum + value, 0) || 1];
  let sum = 0;
  return (
    <ul className="dw-tile-bars" aria-label={title}>
      {table.rows.map((row, index) => {
        sum += values[index]!;
        return (
          <li key={index}>
            <span>{shownCell(row["name"], { kind: "text" }, shown)}</span>
            <i aria-hidden="true">
              <i style={{ width: `${(values[index]! / most) * 100}%` }} />
            </i>
            <b>{column && shownCell(row["value"], column, shown)}</b>
            <small>{`${Math.round((sum / all) * 100)}\u202f%`}</small>
          </li>
        );
      })}
    </ul>
  );
}

/** States as bands, one a station. */
export function StatesShape({ table }: { readonly table: TileTable }): ReactNode {
  const shown = useShown();
  const from = table.from ?? table.at;
  const bands = new Map<string, StateSpan[]>();
  for (const row of table.rows) {
    const name = shownCell(row["name"], { kind: "text" }, shown);
    const span = { from: Number(row["from"]), to: Number(row["to"]), state: String(row["state"]) };
    bands.set(name, [...(bands.get(name) ?? []), span]);
  }
  return (
    <div className={`dw-tile-states ${table.isSimulated ? "is-simulated" : ""}`}>
      {[...bands].map(([name, spans]) => (
        <div key={name}>
          <span>{name}</span>
          <StateStrip spans={spans} from={from} to={table.at} height={14} />
        </div>
      ))}
      <div className="dw-tile-axis" aria-hidden="true">
        <span />
        <span>
          <small>{clockText(from, shown.zone, false)}</small>
          <small>{durationText(table.at - from, shown.language)}</small>
          <small>{clockText(table.at, shown.zone, false)}</small>
        </span>
      </div>
    </div>
  );
}
