import type { ReactNode } from "react";
import { fixedText } from "@doppelwerk/kit/studio";
import { Chart } from "../charts/chart.tsx";
import { linearScale, rangeOf, widened } from "../charts/scale.ts";
import { ValueLines } from "../charts/value-lines.tsx";

const HEIGHT = 120;
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 10, 8, 22];

/** The best so far as a staircase over the replications spent, above or below what the present state has. */
export function CourseChart({
  trace,
  spent,
  budget,
  present,
  label,
  unit,
}: {
  readonly trace: readonly { readonly spent: number; readonly best: number }[];
  readonly spent: number;
  readonly budget: number;
  readonly present: number | undefined;
  readonly label: string;
  readonly unit: string;
}): ReactNode {
  const range = rangeOf([...trace.map(({ best }) => best), ...(present === undefined ? [] : [present])]);
  const [low, high] = range;
  const y = linearScale(widened(range, Math.max(high - low, Math.abs(high) * 1e-4, 1e-9) * 0.12), [HEIGHT - BOTTOM, TOP]);
  const digits = high - low < 1 ? 2 : high - low < 20 ? 1 : 0;
  return (
    <Chart height={HEIGHT} minWidth={220} aria-label={label}>
      {(width) => {
        const right = width - RIGHT;
        const over = linearScale([0, Math.max(1, spent, budget)], [LEFT, right]);
        const x = (at: number): number => over(Math.min(at, Math.max(spent, budget)));
        const path = trace.map(({ spent: at, best }, i) => (i === 0 ? `M${x(at)} ${y(best)}` : `H${x(at)}V${y(best)}`)).join("");
        return (
          <>
            <ValueLines values={[...new Set(range)]} y={y} left={LEFT} right={right} text={(value) => fixedText(value, digits)} />
            {present !== undefined && <line x1={LEFT} x2={right} y1={y(present)} y2={y(present)} className="dw-course-present" />}
            <path d={`${path}H${x(spent)}`} className="dw-course-line" />
            <circle cx={x(spent)} cy={y(trace.at(-1)!.best)} r={3.5} className="dw-course-end" />
            <text x={LEFT} y={HEIGHT - 4}>
              {label}, {unit}
            </text>
          </>
        );
      }}
    </Chart>
  );
}
