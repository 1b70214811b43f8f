import type { ReactNode } from "react";
import { MINUTE } from "@doppelwerk/world";
import type { Trend } from "@doppelwerk/client";
import { useStudio, useWords } from "../session/context.tsx";
import { useScope } from "../session/scope.tsx";
import { useLoad } from "../session/use-load.ts";
import { useStore } from "../store/store.ts";
import { withGaps } from "./gaps.ts";
import { numberText, withUnit } from "./number.ts";

const POINTS = 120;

/** The last ten minutes of a signal, with its normal band and limits; gaps are gaps. */
export function Spark({
  id,
  low,
  high,
  height = 44,
  width = 300,
  minutes = 10,
}: {
  readonly id: string;
  readonly low?: number;
  readonly high?: number;
  readonly height?: number;
  readonly width?: number;
  readonly minutes?: number;
}): ReactNode {
  const { time } = useScope();
  const shown = useStore(time.shown);
  const trend = useLoad(
    {
      key: ["GET /trend", id, minutes, POINTS, shown === undefined ? "live" : Math.round(shown / 2_000_000)],
      run: ({ client }, signal) => {
        const to = time.instant();
        return client.trend(id, to - minutes * MINUTE, to, POINTS, { signal });
      },
    },
    { everyMs: shown === undefined ? 5000 : undefined },
  );
  const { signals } = useStudio();
  const { t } = useWords();
  const value = trend.value;
  if (value === undefined) return <div style={{ height }} />;
  const entry = signals.entry(id);
  const known = (edge: readonly (number | null)[]): readonly number[] => edge.filter((each) => each !== null);
  const text = (each: number): string => withUnit(numberText(each, entry?.resolution), entry?.unit ?? value.unit);
  const label =
    known(value.mean).length === 0
      ? undefined
      : t("spark.range", { minutes, low: text(Math.min(...known(value.min))), high: text(Math.max(...known(value.max))) });
  return <SparkPath trend={value} low={low} high={high} height={height} width={width} label={label} />;
}

export function SparkPath({
  trend,
  low,
  high,
  height,
  width,
  label,
}: {
  /** What it shows in words; without it a screen reader passes it over. */
  readonly label?: string | undefined;
  readonly trend: Pick<Trend, "mean">;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  readonly height: number;
  readonly width: number;
}): ReactNode {
  const numbers = trend.mean.filter((value): value is number => value !== null);
  if (numbers.length === 0) return <div style={{ height }} />;
  const [lowest, highest] = [Math.min(...numbers), Math.max(...numbers)];
  const spread = Math.max(highest - lowest, Math.abs(highest) * 0.02, 1e-9);
  // A bound far away would press the line flat: it is drawn only where the value comes near it.
  const near = (bound: number | undefined): bound is number =>
    bound !== undefined && bound > lowest - 2 * spread && bound < highest + 2 * spread;
  const least = near(low) ? Math.min(lowest, low) : lowest - spread * 0.15;
  const most = near(high) ? Math.max(highest, high) : highest + spread * 0.15;
  const reach = most - least || 1;
  const y = (value: number): number => height - 3 - ((value - least) / reach) * (height - 6);
  const step = width / Math.max(1, trend.mean.length - 1);
  let path = "";
  let pen = false;
  const dots: { x: number; y: number }[] = [];
  const marked = withGaps(trend.mean);
  marked.forEach((value, index) => {
    if (value === undefined) return;
    if (value === null) {
      pen = false;
      return;
    }
    if (!pen && (marked[index + 1] === null || index === marked.length - 1)) dots.push({ x: index * step, y: y(value) });
    path += `${pen ? "L" : "M"}${(index * step).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = true;
  });
  return (
    <svg
      className="dw-spark"
      viewBox={`0 0 ${width} ${height}`}
      width="100%"
      height={height}
      preserveAspectRatio="none"
      {...(label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label })}
    >
      {low !== undefined && high !== undefined && (
        <rect
          x={0}
          y={Math.max(0, y(high))}
          width={width}
          height={Math.max(1, Math.min(height, y(low)) - Math.max(0, y(high)))}
          className="dw-spark-band"
        />
      )}
      {[low, high].map(
        (bound) => near(bound) && <line key={bound} x1={0} x2={width} y1={y(bound)} y2={y(bound)} className="dw-spark-limit" />,
      )}
      <path d={path} className="dw-spark-line" vectorEffect="non-scaling-stroke" />
      {dots.map((dot) => (
        <circle key={dot.x} cx={dot.x} cy={dot.y} r="1.6" className="dw-spark-dot" />
      ))}
    </svg>
  );
}
