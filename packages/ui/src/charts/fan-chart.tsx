import { useElementSize } from "@mantine/hooks";
import type { ReactNode } from "react";
import { DAY } from "@doppelwerk/world";
import type { FanPoint } from "@doppelwerk/client";
import { relativeFan } from "./relative-fan.ts";
import type { FanBand } from "./relative-fan.ts";
import "./charts.css";
import { useWords } from "../session/context.tsx";
import { clockText, dateText } from "../time/format.ts";
import { signedText } from "../values/number.ts";

const HEIGHT = 190;
const LEFT = 40;
const RIGHT = 48;
const BOTTOM = 22;
const DATE_WIDTH = 54;

/** Output ahead as on the Rail: more or less than the live median, with 50 % and 95 %, hatched because simulated; totals at the end. */
export function FanChart({ live, branch }: { readonly live: readonly FanPoint[]; readonly branch: readonly FanPoint[] }): ReactNode {
  const { t, zone, language } = useWords();
  const { ref, width: measured } = useElementSize();
  const width = Math.max(220, measured);
  if (live.length === 0 && branch.length === 0) return <p className="dw-quiet">{t("decide.noFan")}</p>;
  const fans = { live: relativeFan(live, live), branch: relativeFan(branch, live) };
  const bands = [...fans.live, ...fans.branch];
  const from = Math.min(...bands.map((band) => band.at));
  const to = Math.max(...bands.map((band) => band.at));
  const most = Math.max(1, ...bands.map((band) => Math.max(Math.abs(band.p975), Math.abs(band.p025)))) * 1.06;
  const x = (at: number): number => LEFT + ((at - from) / Math.max(1, to - from)) * (width - LEFT - RIGHT);
  const y = (value: number): number => (HEIGHT - BOTTOM) / 2 - (value / most) * ((HEIGHT - BOTTOM) / 2 - 6);
  const scale: Scale = { x, y };
  const step = niceStep(most);
  const grid = [-2, -1, 0, 1, 2].map((count) => count * step).filter((value) => Math.abs(value) <= most);
  // as many dates as have room
  const parts = Math.max(1, Math.min(4, Math.floor((width - LEFT - RIGHT) / DATE_WIDTH)));
  const shares = Array.from({ length: parts + 1 }, (_, index) => index / parts);
  const ends = { live: live.at(-1)?.p50, branch: branch.at(-1)?.p50 };
  const endY = y(fans.branch.at(-1)?.p50 ?? 0);
  const apart = Math.abs(endY - y(0)) < 14 ? (endY <= y(0) ? 14 - (y(0) - endY) : -14 + (endY - y(0))) : 0;
  return (
    <div ref={ref}>
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} height={HEIGHT} className="dw-chart" role="img" aria-label={t("decide.fanTitle")}>
        <Hatches />
        {grid.map((value) => (
          <g key={value}>
            <line x1={LEFT} x2={width - RIGHT} y1={y(value)} y2={y(value)} className="dw-grid-line" />
            <text x={LEFT - 6} y={y(value) + 4} textAnchor="end">
              {signedText(value, 0)}
            </text>
          </g>
        ))}
        {shares.map((share) => (
          <text key={share} x={x(from + share * (to - from))} y={HEIGHT - 5} textAnchor="middle">
            {to - from > DAY
              ? dateText(Math.round(from + share * (to - from)), zone, language)
              : clockText(Math.round(from + share * (to - from)), zone, false)}
          </text>
        ))}
        <Fan fan={fans.live} pattern="fan-live" hue="var(--dw-muted)" scale={scale} strong={false} />
        {fans.live.length > 0 && (
          <text x={width - RIGHT + 6} y={y(0) + 4 + apart}>
            {Math.round(ends.live!)}
          </text>
        )}
        <Fan fan={fans.branch} pattern="fan-branch" hue="var(--hue)" scale={scale} strong />
        {fans.branch.length > 0 && (
          <text x={width - RIGHT + 6} y={endY + 4} style={{ fill: "var(--hue)", fontWeight: 600 }}>
            {Math.round(ends.branch!)}
          </text>
        )}
      </svg>
    </div>
  );
}

/** Hatching always means simulated; each fan has its own direction. */
function Hatches(): ReactNode {
  return (
    <defs>
      <pattern id="fan-branch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <line x1="0" y1="0" x2="0" y2="6" stroke="var(--hue)" strokeWidth="1.4" />
      </pattern>
      <pattern id="fan-live" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
        <line x1="0" y1="0" x2="0" y2="6" stroke="var(--dw-muted)" strokeWidth="1.1" />
      </pattern>
    </defs>
  );
}

interface Scale {
  readonly x: (at: number) => number;
  readonly y: (value: number) => number;
}

/** 95 % hatched, 50 % filled, the median as a line. */
function Fan({
  fan,
  pattern,
  hue,
  scale: { x, y },
  strong,
}: {
  readonly fan: readonly FanBand[];
  readonly pattern: string;
  readonly hue: string;
  readonly scale: Scale;
  readonly strong: boolean;
}): ReactNode {
  if (fan.length === 0) return null;
  const points = (bands: readonly FanBand[], edge: keyof FanBand): string =>
    bands.map((band) => `${x(band.at).toFixed(1)} ${y(band[edge]).toFixed(1)}`).join("L");
  const area = (low: keyof FanBand, high: keyof FanBand): string => `M${points(fan, high)}L${points(fan.toReversed(), low)}Z`;
  return (
    <>
      <path d={area("p025", "p975")} fill={`url(#${pattern})`} opacity={strong ? 0.45 : 0.4} />
      <path d={area("p25", "p75")} fill={hue} opacity={strong ? 0.22 : 0.2} />
      <path d={`M${points(fan, "p50")}`} fill="none" stroke={hue} strokeWidth={strong ? 2 : 1.6} />
    </>
  );
}

/** A round step of which about two fit below a maximum. */
export function niceStep(most: number): number {
  const raw = most / 2;
  const size = 10 ** Math.floor(Math.log10(raw));
  return [5, 2.5, 2, 1].map((factor) => factor * size).find((candidate) => candidate <= raw) ?? raw;
}
