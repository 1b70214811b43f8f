import type { ReactNode } from "react";
import { MINUTE } from "@doppelwerk/world";
import type { Trend } from "@doppelwerk/client";
import { useStudio } from "../session/context.tsx";
import { useLoad } from "../session/use-load.ts";
import { useStore } from "../store.ts";

const POINTS = 120;

/** The last ten minutes of a signal, with its normal band and limits; gaps are gaps. */
export function Spark({ id, low, high, height = 44, width = 300, minutes = 10 }: { readonly id: string; readonly low?: number; readonly high?: number; readonly height?: number; readonly width?: number; readonly minutes?: number }): ReactNode {
  const studio = useStudio();
  const shown = useStore(studio.time.shown);
  const trend = useLoad(
    (signal) => {
      const to = studio.time.instant();
      return studio.client.trend(id, to - minutes * MINUTE, to, POINTS, { signal });
    },
    [id, minutes, shown === undefined ? "live" : Math.round(shown / 2_000_000)],
    shown === undefined ? 5000 : undefined,
  );
  const value = trend.value;
  if (value === undefined) return <div style={{ height }} />;
  return <SparkPath trend={value} low={low} high={high} height={height} width={width} />;
}

export function SparkPath({ trend, low, high, height, width }: { readonly trend: Pick<Trend, "mean">; readonly low?: number | undefined; readonly high?: number | undefined; readonly height: number; readonly width: number }): ReactNode {
  const numbers = trend.mean.filter((value): value is number => value !== null);
  if (numbers.length === 0) return <div style={{ height }} />;
  const bounds = [...(low === undefined ? [] : [low]), ...(high === undefined ? [] : [high])];
  const least = Math.min(...numbers, ...bounds);
  const most = Math.max(...numbers, ...bounds);
  const reach = most - least || 1;
  const y = (value: number): number => height - 3 - ((value - least) / reach) * (height - 6);
  const step = width / Math.max(1, trend.mean.length - 1);
  let path = "";
  let pen = false;
  trend.mean.forEach((value, index) => {
    if (value === null) {
      pen = false;
      return;
    }
    path += `${pen ? "L" : "M"}${(index * step).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = true;
  });
  return (
    <svg className="dw-spark" viewBox={`0 0 ${width} ${height}`} width="100%" height={height} preserveAspectRatio="none" aria-hidden>
      {low !== undefined && high !== undefined && <rect x={0} y={y(high)} width={width} height={Math.max(1, y(low) - y(high))} className="dw-spark-band" />}
      {high !== undefined && <line x1={0} x2={width} y1={y(high)} y2={y(high)} className="dw-spark-limit" />}
      <path d={path} className="dw-spark-line" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
