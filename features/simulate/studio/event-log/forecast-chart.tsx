import { useElementSize } from "@mantine/hooks";
import type { ReactNode } from "react";
import type { EventLogForecastPoint } from "@doppelwerk/client";
import { dateOfLog, niceStep, useWords } from "@doppelwerk/kit/studio";

const HEIGHT = 200;
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 12, 10, 24];
/** Room that a date needs. */
const DATE_WIDTH = 84;

/** One bar a period: the 90 % interval of the forecast, its middle, and as a point what came; the last one has not come yet. */
export function ForecastChart({
  points,
  ahead,
  utcOffset,
}: {
  readonly points: readonly EventLogForecastPoint[];
  readonly ahead: EventLogForecastPoint | undefined;
  readonly utcOffset: number;
}): ReactNode {
  const { t } = useWords();
  const { ref, width: measured } = useElementSize();
  const width = Math.max(220, measured);
  const all = ahead === undefined ? points : [...points, ahead];
  const most = Math.max(1, ...all.map(({ high, realised = 0 }) => Math.max(high, realised))) * 1.05;
  const slot = (width - LEFT - RIGHT) / Math.max(1, all.length);
  const x = (index: number): number => LEFT + (index + 0.5) * slot;
  const y = (value: number): number => TOP + (1 - value / most) * (HEIGHT - TOP - BOTTOM);
  const bar = Math.min(18, slot * 0.5);
  const step = niceStep(most);
  const labelled = Math.max(1, Math.ceil(DATE_WIDTH / slot));
  return (
    <div ref={ref}>
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} height={HEIGHT} className="dw-chart" role="img" aria-label={t("simulate.eventLog.chart")}>
        {[0, 1, 2].map((count) => (
          <g key={count}>
            <line x1={LEFT} x2={width - RIGHT} y1={y(count * step)} y2={y(count * step)} className="dw-grid-line" />
            <text x={LEFT - 6} y={y(count * step) + 4} textAnchor="end">
              {count * step}
            </text>
          </g>
        ))}
        {all.map((point, index) => {
          const held = point.realised === undefined || (point.realised >= point.low && point.realised <= point.high);
          return (
            <g key={point.origin}>
              <title>
                {dateOfLog(point.origin, utcOffset)}: {Math.round(point.low)}–{Math.round(point.high)}
                {point.realised !== undefined && `, ${t("simulate.eventLog.came")} ${point.realised}`}
              </title>
              <rect
                x={x(index) - bar / 2}
                y={y(point.high)}
                width={bar}
                height={Math.max(1, y(point.low) - y(point.high))}
                fill="var(--dw-violet)"
                fillOpacity="0.22"
                strokeDasharray={point.realised === undefined ? "4 3" : undefined}
                stroke={point.realised === undefined ? "var(--dw-violet)" : undefined}
              />
              <line
                x1={x(index) - bar / 2}
                x2={x(index) + bar / 2}
                y1={y(point.mid)}
                y2={y(point.mid)}
                stroke="var(--dw-violet)"
                strokeWidth="2"
              />
              {point.realised !== undefined && (
                <circle cx={x(index)} cy={y(point.realised)} r="4" fill={held ? "var(--dw-text)" : "var(--dw-worse)"} />
              )}
              {index % labelled === 0 && (
                <text x={x(index)} y={HEIGHT - 6} textAnchor="middle">
                  {dateOfLog(point.origin, utcOffset).slice(0, 10)}
                </text>
              )}
            </g>
          );
        })}
      </svg>
    </div>
  );
}
