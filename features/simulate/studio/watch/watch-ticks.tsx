import type { ReactNode } from "react";
import { SECOND } from "@doppelwerk/world";
import { durationText, railTicks, useWords } from "@doppelwerk/kit/studio";

interface TickPlace {
  readonly width: number;
  /** Upper and lower end of the lines. */
  readonly top: number;
  readonly bottom: number;
}

/** Ticks of a time of the plant. */
export function MomentTicks({ from, to, width, top, bottom }: TickPlace & { readonly from: number; readonly to: number }): ReactNode {
  const { zone, language } = useWords();
  const scale = (to - from) / width;
  return railTicks({ from, to, scale, zone, language, spacing: TICK_WIDTH }).map((tick) => (
    <Tick key={tick.at} x={(tick.at - from) / scale} text={tick.label} top={top} bottom={bottom} />
  ));
}

const TICK_S = [1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000, 31_536_000] as const;
const TICK_WIDTH = 84;

/** Ticks of a time that begins with the run. */
export function ElapsedTicks({ endS, width, top, bottom }: TickPlace & { readonly endS: number }): ReactNode {
  const { language } = useWords();
  const least = (endS / width) * TICK_WIDTH;
  const step = TICK_S.find((seconds) => seconds >= least) ?? Math.ceil(least / TICK_S.at(-1)!) * TICK_S.at(-1)!;
  return Array.from({ length: Math.floor(endS / step) + 1 }, (_, index) => index * step).map((seconds) => (
    <Tick key={seconds} x={(seconds / endS) * width} text={durationText(seconds * SECOND, language)} top={top} bottom={bottom} />
  ));
}

function Tick({ x, text, top, bottom }: Omit<TickPlace, "width"> & { readonly x: number; readonly text: string }): ReactNode {
  return (
    <g>
      <line x1={x} x2={x} y1={top} y2={bottom} className="dw-grid-line" />
      <text x={x + 3} y={12}>
        {text}
      </text>
    </g>
  );
}
