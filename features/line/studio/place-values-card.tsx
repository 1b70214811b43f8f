import { IconChevronDown } from "@tabler/icons-react";
import { useElementSize } from "@mantine/hooks";
import { useState } from "react";
import type { ReactNode } from "react";
import type { LineInfo } from "@doppelwerk/client";
import { HOUR } from "@doppelwerk/world";
import {
  Card,
  byRelevance,
  numberText,
  placeOf,
  quantityOf,
  roleWords,
  signalName,
  unitText,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
  withoutPlace,
} from "@doppelwerk/kit/studio";
import "./cards.css";

const VALUES = 6;
const KEPT = 50;

export default function PlaceValuesCard(): ReactNode {
  const line = useStore(useStudio().line);
  return line === undefined ? null : <PlaceValues line={line} />;
}

/** The constraint's process values: each by place where there are places, median and 90 % of the last hour, its samples as quantile dots. */
function PlaceValues({ line }: { readonly line: LineInfo }): ReactNode {
  const studio = useStudio();
  const { time } = useScope();
  const { t, language } = useWords();
  const shown = useStore(time.shown);
  const station = line.stations.find((candidate) => candidate.id === line.constraint);
  const ordered = byRelevance(station?.processValues ?? [], (id) => studio.signals.entry(id));
  const nameOf = (id: string): string => studio.signals.entry(id)?.name ?? id;
  const quantities = [...new Set(ordered.map((id) => quantityOf(nameOf(id))))].filter(
    (quantity) => ordered.filter((id) => quantityOf(nameOf(id)) === quantity).length > 1,
  );
  const { ref, width: measured } = useElementSize();
  const width = Math.max(240, measured);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const quantity = quantities.find((candidate) => candidate === chosen) ?? quantities.at(-1) ?? quantityOf(nameOf(ordered[0] ?? ""));
  const ids = ordered.filter((id) => quantityOf(nameOf(id)) === quantity).slice(0, VALUES);
  const loaded = useLoad(
    ids.length === 0
      ? undefined
      : async (signal) => {
          const to = time.instant();
          return Promise.all(ids.map((id) => studio.client.trend(id, to - HOUR, to, 120, { signal })));
        },
    [ids.join(), shown === undefined ? "live" : Math.round(shown / 10e6)],
    shown === undefined ? 15_000 : undefined,
  );
  const first = ids[0] === undefined ? undefined : studio.signals.entry(ids[0]);
  const series = (loaded.value ?? []).map((trend, index) => ({
    id: ids[index]!,
    values: trend.mean.filter((value): value is number => value !== null).slice(-KEPT),
  }));
  const all = series.flatMap((item) => item.values);
  const spread = all.length === 0 ? 1 : Math.max(...all) - Math.min(...all) || 1;
  // The far end of a display band would press the dots flat: it is drawn only where the values come near it.
  const near = (bound: number | undefined): boolean =>
    bound !== undefined && all.length > 0 && bound > Math.min(...all) - 1.5 * spread && bound < Math.max(...all) + 1.5 * spread;
  const bounds = [first?.low, first?.high].filter((bound): bound is number => near(bound));
  const words =
    first === undefined
      ? t("line.board.placeValues", { station: line.constraint })
      : t("line.board.placeValuesOf", { what: roleWords(withoutPlace(signalName(first, language))), station: line.constraint });
  const title =
    quantities.length < 2 ? (
      words
    ) : (
      <button
        type="button"
        className="dw-quantity"
        title={t("line.board.otherQuantity")}
        onClick={() => setChosen(quantities[(quantities.indexOf(quantity) + 1) % quantities.length])}
      >
        {words} <IconChevronDown size={14} />
      </button>
    );
  const note =
    first === undefined
      ? ""
      : `${unitText(first.unit)}${near(first.high) ? `, ${t("line.board.limit", { value: numberText(first.high!, first.resolution) })}` : ""} · ${t("line.board.placeNote")}`;
  const least = Math.min(...all, ...bounds);
  const most = Math.max(...all, ...bounds);
  const axis = bounds.length === 2 ? bounds : [Math.min(...all), Math.max(...all)];
  const pad = (most - least || 1) * 0.1;
  const y = (value: number): number => 92 - ((value - least + pad) / (most - least + 2 * pad)) * 86;
  const step = (width - 60) / series.length;
  return (
    <Card className="dw-board-places" title={title} note={note}>
      {/* Measured from the first moment: a chart that comes later must not be drawn at a width nobody measured. */}
      <div ref={ref}>
        {all.length === 0 && (
          <p className="dw-quiet">
            {ids.length === 0 ? t("line.board.noPlaceValues") : t(loaded.kind === "loading" ? "value.onTheWay" : "trend.empty")}
          </p>
        )}
        {all.length > 0 && (
          <svg viewBox={`0 0 ${width} 116`} height={116} className="dw-chart" role="img" aria-label={words}>
            {axis.map((value) => (
              <g key={value}>
                <line
                  x1="46"
                  x2={width}
                  y1={y(value)}
                  y2={y(value)}
                  className={bounds.includes(value) ? "dw-limit-line" : "dw-grid-line"}
                />
                <text x="40" y={y(value) + 4} textAnchor="end">
                  {numberText(value, first?.resolution)}
                </text>
              </g>
            ))}
            {series.map((item, index) => (
              <PlaceColumn
                key={item.id}
                room={step * 0.4}
                values={item.values}
                x={60 + (index + 0.42) * step}
                y={y}
                high={studio.signals.entry(item.id)?.high}
                label={`${t("line.board.place")} ${placeOf(nameOf(item.id)) ?? index + 1}`}
              />
            ))}
          </svg>
        )}
      </div>
    </Card>
  );
}

function PlaceColumn({
  values,
  room,
  x,
  y,
  high,
  label,
}: {
  readonly room: number;
  readonly values: readonly number[];
  readonly x: number;
  readonly y: (value: number) => number;
  readonly high: number | undefined;
  readonly label: string;
}): ReactNode {
  const sorted = values.toSorted((a, b) => a - b);
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
        <circle key={index} className="dw-place-dot" cx={x + 11 + ((index * 0.618_034) % 1) * Math.min(22, room)} cy={y(value)} r="1.5" />
      ))}
      <text x={x + 8} y="112" textAnchor="middle">
        {label}
      </text>
    </g>
  );
}
