import type { ReactNode } from "react";
import { Chart, useWords, type ChartTone } from "@doppelwerk/kit/studio";

/** A period or a shift: what was forecast for it with 90 %, and what came; the latter is missing while it lies ahead. */
interface ForecastPoint {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
  readonly realised?: number;
  /** At the axis where there is room, and in full where it is read. */
  readonly label: string;
  readonly title: string;
}

/** Forecasts in order of time: the 90 % interval as a bar, dashed until its period is over, its middle, and what came; a miss has a colour of its own. */
export function ForecastChart({
  label,
  points,
  tone,
  height,
  hasZero = false,
}: {
  readonly label: string;
  readonly points: readonly ForecastPoint[];
  readonly tone: ChartTone;
  readonly height: number;
  readonly hasZero?: boolean;
}): ReactNode {
  const { t } = useWords();
  const came = points.flatMap(({ realised, low, high }, x) => {
    if (realised === undefined) return [];
    return [{ x, y: realised, isMiss: realised < low || realised > high }];
  });
  const misses = came.filter(({ isMiss }) => isMiss);
  return (
    <Chart
      label={label}
      height={height}
      x={{ kind: "category", labels: points.map((point) => point.label), titles: points.map(({ title }) => title) }}
      y={{ kind: "number", digits: 0, include: hasZero ? [0] : [] }}
      marks={[
        {
          kind: "span",
          width: "bar",
          name: t("simulate.forecast.interval"),
          tone,
          points: points.map(({ low, high, realised }, x) => ({ x, low, high, isOpen: realised === undefined })),
        },
        { kind: "level", name: t("simulate.forecast.middle"), tone, points: points.map(({ mid }, x) => ({ x, y: mid })) },
        { kind: "point", name: t("simulate.forecast.came"), tone: "text", points: came.filter(({ isMiss }) => !isMiss) },
        ...(misses.length === 0
          ? []
          : [{ kind: "point" as const, name: t("simulate.forecast.missed"), tone: "worse" as const, points: misses }]),
      ]}
    />
  );
}
