import type { ReactNode } from "react";
import type { LineInfo } from "@doppelwerk/client";
import { HOUR } from "@doppelwerk/world";
import { useStudio, useWords } from "../session/context.tsx";
import { useLoad } from "../session/use-load.ts";
import { useStore } from "../store.ts";
import { Card } from "../values/card.tsx";
import { numberText, roleWords, unitText } from "../values/number.ts";

const VALUES = 6;
const KEPT = 50;

/** The constraint's process values: each by place where there are places, median and 90 % of the last hour, its samples as quantile dots. */
export function PlaceValuesCard({ line }: { readonly line: LineInfo }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const shown = useStore(studio.time.shown);
  const station = line.stations.find((candidate) => candidate.id === line.constraint);
  const ids = valuesOf(station?.processValues ?? [], (id) => studio.signals.entry(id)?.name ?? id, (id) => studio.signals.entry(id)?.unit).slice(0, VALUES);
  const loaded = useLoad(
    ids.length === 0
      ? undefined
      : async (signal) => {
          const to = studio.time.instant();
          return Promise.all(ids.map((id) => studio.client.trend(id, to - HOUR, to, 120, { signal })));
        },
    [ids.join(), shown === undefined ? "live" : Math.round(shown / 10e6)],
    shown === undefined ? 15_000 : undefined,
  );
  const first = ids[0] === undefined ? undefined : studio.signals.entry(ids[0]);
  const series = (loaded.value ?? []).map((trend, index) => ({ id: ids[index]!, values: trend.mean.filter((value): value is number => value !== null).slice(-KEPT) }));
  const all = series.flatMap((item) => item.values);
  const title = first === undefined ? t("board.placeValues", { station: line.constraint }) : t("board.placeValuesOf", { what: commonName(ids.map((id) => studio.signals.entry(id)?.name ?? id)), station: line.constraint });
  const note = first === undefined ? "" : `${unitText(first.unit)}${first.high === undefined ? "" : `, ${t("board.limit", { value: numberText(first.high, first.resolution) })}`} · ${t("board.placeNote")}`;
  if (all.length === 0) {
    return (
      <Card className="dw-board-places" title={title} note={note}>
        <p className="dw-quiet">{ids.length === 0 ? t("board.noPlaceValues") : loaded.kind === "loading" ? "" : t("trend.empty")}</p>
      </Card>
    );
  }
  const least = Math.min(...all, first?.low ?? Infinity);
  const most = Math.max(...all, first?.high ?? -Infinity);
  const pad = (most - least || 1) * 0.1;
  const y = (value: number): number => 92 - ((value - least + pad) / (most - least + 2 * pad)) * 86;
  const width = 640;
  const step = (width - 60) / series.length;
  return (
    <Card className="dw-board-places" title={title} note={note}>
      <svg viewBox={`0 0 ${width} 116`} className="dw-chart" role="img" aria-label={title}>
        {[first?.low, first?.high].map((limit) =>
          limit === undefined ? null : (
            <g key={limit}>
              <line x1="46" x2={width} y1={y(limit)} y2={y(limit)} className={limit === first?.high ? "dw-limit-line" : "dw-grid-line"} />
              <text x="40" y={y(limit) + 4} textAnchor="end">
                {numberText(limit, first?.resolution)}
              </text>
            </g>
          ),
        )}
        {series.map((item, index) => (
          <PlaceColumn key={item.id} values={item.values} x={60 + (index + 0.42) * step} y={y} high={studio.signals.entry(item.id)?.high} label={shortName(studio.signals.entry(item.id)?.name ?? item.id, index, t("board.place"))} />
        ))}
      </svg>
    </Card>
  );
}

function PlaceColumn({ values, x, y, high, label }: { readonly values: readonly number[]; readonly x: number; readonly y: (value: number) => number; readonly high: number | undefined; readonly label: string }): ReactNode {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) {
    return (
      <text x={x} y="112" textAnchor="middle">
        {label}
      </text>
    );
  }
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  const median = at(0.5);
  const outside = high !== undefined && at(0.95) > high;
  return (
    <g className={outside ? "dw-place is-outside" : "dw-place"}>
      <line x1={x} x2={x} y1={y(at(0.05))} y2={y(at(0.95))} />
      <circle cx={x} cy={y(median)} r="4.2" />
      {values.map((value, index) => (
        // Spread by golden steps: a strip of dots without chance, the same at every redraw.
        <circle key={index} className="dw-place-dot" cx={x + 12 + ((index * 0.618_034) % 1) * 22} cy={y(value)} r="1.5" />
      ))}
      <text x={x + 8} y="112" textAnchor="middle">
        {label}
      </text>
    </g>
  );
}

/** The first value and those that measure the same at other places: names that differ in a number only, or share the unit. */
function valuesOf(ids: readonly string[], nameOf: (id: string) => string, unitOf: (id: string) => string | undefined): readonly string[] {
  const stems = new Map<string, string[]>();
  for (const id of ids) {
    const key = `${nameOf(id).replace(/\d+/g, "#")} ${unitOf(id) ?? ""}`;
    stems.set(key, [...(stems.get(key) ?? []), id]);
  }
  const largest = [...stems.values()].sort((a, b) => b.length - a.length)[0] ?? [];
  if (largest.length > 1) return largest;
  const unit = ids[0] === undefined ? undefined : unitOf(ids[0]);
  return ids.filter((id) => unitOf(id) === unit);
}

function commonName(names: readonly string[]): string {
  const stem = names[0]?.split(/[./]/).at(-1)?.replace(/\d+$/, "").replace(/place$/i, "") ?? "";
  return roleWords(stem);
}

function shortName(name: string, index: number, place: string): string {
  const number = /(\d+)$/.exec(name)?.[1];
  return `${place} ${number ?? index + 1}`;
}
