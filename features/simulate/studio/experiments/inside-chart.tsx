import type { ReactNode } from "react";
import { HOUR } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import { clockText, useWords } from "@doppelwerk/kit/studio";
import { Chart } from "../charts/chart.tsx";
import { linearScale } from "../charts/scale.ts";
import { ValueLines } from "../charts/value-lines.tsx";
import { hoursBetween } from "./hours.ts";
import type { RunCourse } from "./run-course.ts";

const HEIGHT = 120;
const [LEFT, TOP, BOTTOM] = [46, 10, 18];
/** Room that a clock time needs. */
const HOUR_WIDTH = 44;

/** Parts inside over time, as steps. */
export function InsideChart({ course, from, to }: { readonly course: RunCourse; readonly from: Instant; readonly to: Instant }): ReactNode {
  const { t, zone } = useWords();
  const before = course.inside.findLast(({ at }) => at <= from)?.count ?? course.inside[0]?.count ?? 0;
  const steps = [{ at: from, count: before }, ...course.inside.filter(({ at }) => at > from && at < to)];
  const most = Math.max(1, ...steps.map(({ count }) => count));
  const y = linearScale([0, most], [HEIGHT - BOTTOM, TOP]);
  return (
    <Chart
      height={HEIGHT}
      minWidth={240}
      aria-label={t("simulate.experiments.inside")}
      note={<p className="dw-fine">{t("simulate.experiments.insideNote")}</p>}
    >
      {(width) => {
        const x = linearScale([from, Math.max(from + 1, to)], [LEFT, width]);
        const every = Math.max(1, Math.ceil((HOUR_WIDTH * (to - from)) / HOUR / (width - LEFT)));
        const path = steps
          .map(({ at, count }, index) => (index === 0 ? `M${x(at)} ${y(count)}` : `H${x(at).toFixed(1)}V${y(count).toFixed(1)}`))
          .join("");
        return (
          <>
            <ValueLines values={[0, most]} y={y} left={LEFT} right={width} text={String} />
            {hoursBetween(from + HOUR / 4, to - HOUR / 8)
              .filter((_, index) => index % every === 0)
              .map((at) => (
                <text key={at} x={x(at)} y={HEIGHT - 4} textAnchor="middle">
                  {clockText(at, zone, false)}
                </text>
              ))}
            <path d={`${path}H${width}`} fill="none" stroke="var(--hue, var(--dw-accent))" strokeWidth="1.5" />
          </>
        );
      }}
    </Chart>
  );
}
