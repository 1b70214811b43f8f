import type { ReactNode } from "react";
import { Chart, numberText, useWords, type ChartMark } from "@doppelwerk/kit/studio";
import { isNear } from "./place-scale.ts";

/** The values of one place, oldest first; `high` is the upper end of its display band. */
export interface PlaceSeries {
  readonly id: string;
  readonly values: readonly number[];
  readonly high: number | undefined;
  readonly label: string;
}

const MAX_DOTS = 50;
/** Of the single values right of the median, in pixels. */
const [NEAREST, SPREAD] = [11, 22];

/** Places side by side over one axis: median, the middle 90 % and each value as a dot. At least one series has a value. */
export function PlaceChart({
  series,
  bounds,
  resolution,
  unit,
  label,
}: {
  readonly series: readonly PlaceSeries[];
  readonly bounds: readonly (number | undefined)[];
  readonly resolution: number | undefined;
  readonly unit: string;
  readonly label: string;
}): ReactNode {
  const { t } = useWords();
  const values = series.flatMap((place) => place.values);
  const limits = bounds.filter((bound) => isNear(values, bound));
  return (
    <Chart
      label={label}
      height={116}
      x={{ kind: "category", labels: series.map((place) => place.label) }}
      y={{ kind: "number", unit, isTight: true, text: (value) => numberText(value, resolution) }}
      marks={[
        ...limits.map((y): ChartMark => ({
          kind: "rule",
          name: t("line.board.bound"),
          tone: "faint",
          y,
          isLabelled: true,
          isInLegend: false,
        })),
        ...placeMarks(series, { share: t("line.board.middle90"), median: t("line.board.median") }),
      ]}
    />
  );
}

/** A place whose middle 90 % reach beyond its upper bound has the colour of an alarm. */
function placeMarks(series: readonly PlaceSeries[], names: { readonly share: string; readonly median: string }): readonly ChartMark[] {
  const places = series.flatMap(({ values, high }, x) => {
    const sorted = values.toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
    if (sorted.length === 0) return [];
    const tone = high !== undefined && at(0.95) > high ? ("alarm" as const) : ("text" as const);
    return [{ x, values, tone, low: at(0.05), y: at(0.5), high: at(0.95) }];
  });
  const dots = places.flatMap(({ x, values }) =>
    // spread by golden steps: a strip of dots without chance, the same at every redraw
    quantilesOf(values).map((y, index) => ({ x, y, radius: 1.5, offset: NEAREST + ((index * 0.618_034) % 1) * SPREAD })),
  );
  return [
    { kind: "point", name: "", tone: "faint", points: dots, isSilent: true, isInLegend: false },
    { kind: "span", name: names.share, tone: "text", width: "line", isInLegend: false, points: places },
    { kind: "point", name: names.median, tone: "text", isInLegend: false, points: places.map(({ x, y, tone }) => ({ x, y, tone })) },
  ];
}

/** As many values as can be told apart, spread as all are. */
function quantilesOf(values: readonly number[]): readonly number[] {
  if (values.length <= MAX_DOTS) return values;
  const sorted = values.toSorted((a, b) => a - b);
  return Array.from({ length: MAX_DOTS }, (_, n) => sorted[Math.floor(((n + 0.5) / MAX_DOTS) * sorted.length)]!);
}
