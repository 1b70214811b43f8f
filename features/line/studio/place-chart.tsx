import type { ReactNode } from "react";
import { numberText } from "@doppelwerk/kit/studio";
import { placeScale } from "./place-scale.ts";
import "./cards.css";

/** The latest values of one place, oldest first; `high` is the upper end of its display band. */
export interface PlaceSeries {
  readonly id: string;
  readonly values: readonly number[];
  readonly high: number | undefined;
  readonly label: string;
}

const LEFT = 60;

/** Places side by side over one axis: median, the middle 90 % and each value as a dot. At least one series has a value. */
export function PlaceChart({
  series,
  bounds,
  resolution,
  width,
  label,
}: {
  readonly series: readonly PlaceSeries[];
  readonly bounds: readonly (number | undefined)[];
  readonly resolution: number | undefined;
  readonly width: number;
  readonly label: string;
}): ReactNode {
  const { limits, axis, y } = placeScale(
    series.flatMap(({ values }) => values),
    bounds,
  );
  const step = (width - LEFT) / series.length;
  return (
    <svg viewBox={`0 0 ${width} 116`} height={116} className="dw-chart" role="img" aria-label={label}>
      {axis.map((value) => (
        <g key={value}>
          <line x1="46" x2={width} y1={y(value)} y2={y(value)} className={limits.includes(value) ? "dw-limit-line" : "dw-grid-line"} />
          <text x="40" y={y(value) + 4} textAnchor="end">
            {numberText(value, resolution)}
          </text>
        </g>
      ))}
      {series.map((place, index) => (
        <PlaceColumn key={place.id} place={place} room={step * 0.4} x={LEFT + (index + 0.42) * step} y={y} />
      ))}
    </svg>
  );
}

function PlaceColumn({
  place: { values, high, label },
  room,
  x,
  y,
}: {
  readonly place: PlaceSeries;
  readonly room: number;
  readonly x: number;
  readonly y: (value: number) => number;
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
