import type { ReactNode } from "react";
import type { EventLogForecastPoint } from "@doppelwerk/client";
import { dateOfLog, niceStep, useWords } from "@doppelwerk/kit/studio";
import { Chart } from "../charts/chart.tsx";
import { linearScale } from "../charts/scale.ts";
import { ValueLines } from "../charts/value-lines.tsx";

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
  const all = ahead === undefined ? points : [...points, ahead];
  const most = Math.max(1, ...all.map(({ high, realised = 0 }) => Math.max(high, realised))) * 1.05;
  const y = linearScale([0, most], [HEIGHT - BOTTOM, TOP]);
  const step = niceStep(most);
  return (
    <Chart height={HEIGHT} minWidth={220} aria-label={t("simulate.eventLog.chart")}>
      {(width) => {
        const slot = (width - LEFT - RIGHT) / Math.max(1, all.length);
        const x = (index: number): number => LEFT + (index + 0.5) * slot;
        const labelled = Math.max(1, Math.ceil(DATE_WIDTH / slot));
        return (
          <>
            <ValueLines values={[0, step, 2 * step]} y={y} left={LEFT} right={width - RIGHT} text={String} />
            {all.map((point, index) => (
              <g key={point.origin}>
                <ForecastBar point={point} utcOffset={utcOffset} x={x(index)} y={y} width={Math.min(18, slot * 0.5)} />
                {index % labelled === 0 && (
                  <text x={x(index)} y={HEIGHT - 6} textAnchor="middle">
                    {dateOfLog(point.origin, utcOffset).slice(0, 10)}
                  </text>
                )}
              </g>
            ))}
          </>
        );
      }}
    </Chart>
  );
}

/** One period about its middle `x`; dashed until it has come, and its point in the colour of a miss where it lies outside. */
function ForecastBar({
  point: { origin, low, mid, high, realised },
  utcOffset,
  x,
  y,
  width,
}: {
  readonly point: EventLogForecastPoint;
  readonly utcOffset: number;
  readonly x: number;
  readonly y: (value: number) => number;
  readonly width: number;
}): ReactNode {
  const { t } = useWords();
  const isInside = realised === undefined || (realised >= low && realised <= high);
  return (
    <>
      <title>
        {dateOfLog(origin, utcOffset)}: {Math.round(low)}–{Math.round(high)}
        {realised !== undefined && `, ${t("simulate.eventLog.came")} ${realised}`}
      </title>
      <rect
        x={x - width / 2}
        y={y(high)}
        width={width}
        height={Math.max(1, y(low) - y(high))}
        fill="var(--dw-violet)"
        fillOpacity="0.22"
        strokeDasharray={realised === undefined ? "4 3" : undefined}
        stroke={realised === undefined ? "var(--dw-violet)" : undefined}
      />
      <line x1={x - width / 2} x2={x + width / 2} y1={y(mid)} y2={y(mid)} stroke="var(--dw-violet)" strokeWidth="2" />
      {realised !== undefined && <circle cx={x} cy={y(realised)} r="4" fill={isInside ? "var(--dw-text)" : "var(--dw-worse)"} />}
    </>
  );
}
