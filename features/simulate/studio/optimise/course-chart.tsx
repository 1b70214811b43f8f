import { useElementSize } from "@mantine/hooks";
import type { ReactNode } from "react";
import { fixedText } from "@doppelwerk/kit/studio";

const HEIGHT = 120;
const LEFT = 52;
const RIGHT = 10;
const BOTTOM = 18;

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
  const { ref, width: measured } = useElementSize();
  const width = Math.max(220, measured);
  const values = [...trace.map(({ best }) => best), ...(present === undefined ? [] : [present])];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(high - low, Math.abs(high) * 1e-4, 1e-9) * 0.12;
  const x = (at: number): number => LEFT + (Math.min(at, Math.max(spent, budget)) / Math.max(1, spent, budget)) * (width - LEFT - RIGHT);
  const y = (value: number): number => 8 + (1 - (value - low + room) / (high - low + 2 * room)) * (HEIGHT - BOTTOM - 12);
  const path = trace
    .map(({ spent: at, best }, i) => (i === 0 ? `M${x(at)} ${y(best)}` : `H${x(at)}V${y(best)}`))
    .join("")
    .concat(`H${x(spent)}`);
  const digits = high - low < 1 ? 2 : high - low < 20 ? 1 : 0;
  return (
    <div ref={ref}>
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} height={HEIGHT} className="dw-chart" role="img" aria-label={label}>
        {[...new Set([low, high])].map((value) => (
          <g key={value}>
            <line x1={LEFT} x2={width - RIGHT} y1={y(value)} y2={y(value)} className="dw-grid-line" />
            <text x={LEFT - 6} y={y(value) + 4} textAnchor="end">
              {fixedText(value, digits)}
            </text>
          </g>
        ))}
        {present !== undefined && <line x1={LEFT} x2={width - RIGHT} y1={y(present)} y2={y(present)} className="dw-course-present" />}
        <path d={path} className="dw-course-line" />
        <circle cx={x(spent)} cy={y(trace.at(-1)!.best)} r={3.5} className="dw-course-end" />
        <text x={LEFT} y={HEIGHT - 4}>
          {label}, {unit}
        </text>
      </svg>
    </div>
  );
}
