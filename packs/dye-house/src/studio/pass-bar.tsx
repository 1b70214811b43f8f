import { durationText, fixedText, useText, useWords } from "@doppelwerk/kit/studio";
import type { ReactNode } from "react";
import { labelWidth } from "../model/label-width.ts";
import type { Pass } from "./calls.ts";

interface PassBarProps {
  readonly pass: Pass;
  readonly kind: "washer" | "stenter" | undefined;
  readonly x: (instant: number) => number;
  readonly y: number;
  readonly height: number;
}

/** A lot in the washing range or the stenter. */
export function PassBar({ pass: { range, lot, from, to, zone, worstDeviationK }, kind, x, y, height }: PassBarProps): ReactNode {
  const text = useText();
  const { language } = useWords();
  const title = [
    `${range} · ${lot}`,
    durationText(to - from, language),
    zone > 0 && text("dyeHouse.gantt.zone", { zone, deviation: fixedText(worstDeviationK, 1) }),
  ];
  const label = title.filter(Boolean).join(" · ");
  return (
    <g role="img" aria-label={label}>
      <title>{label}</title>
      <rect
        className={`dye-house-pass is-${kind ?? "washer"}`}
        x={x(from)}
        width={Math.max(1, x(to) - x(from))}
        y={y}
        height={height}
        rx={2}
      />
      {x(to) - x(from) > labelWidth(lot) && (
        <text className="dye-house-name" x={x(from) + 5} y={y + height * 0.7}>
          {lot}
        </text>
      )}
    </g>
  );
}
