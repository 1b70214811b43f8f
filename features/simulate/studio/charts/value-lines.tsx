import type { ReactNode } from "react";

/** Horizontal lines at values, from `left` to `right`, each with its text before it. */
export function ValueLines({
  values,
  y,
  left,
  right,
  text,
}: {
  readonly values: readonly number[];
  readonly y: (value: number) => number;
  readonly left: number;
  readonly right: number;
  readonly text: (value: number) => string;
}): ReactNode {
  return values.map((value) => (
    <g key={value}>
      <line x1={left} x2={right} y1={y(value)} y2={y(value)} className="dw-grid-line" />
      <text x={left - 6} y={y(value) + 4} textAnchor="end">
        {text(value)}
      </text>
    </g>
  ));
}
