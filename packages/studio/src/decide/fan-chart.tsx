import type { ReactNode } from "react";
import type { FanPoint } from "@doppelwerk/client";
import { useWords } from "../session/context.tsx";
import { clockText } from "../time/format.ts";

const WIDTH = 520;
const HEIGHT = 190;
const LEFT = 40;
const BOTTOM = 22;

/** Cumulative output ahead, live and branch: median, 50 % and 95 %, hatched because simulated. */
export function FanChart({ live, branch }: { readonly live: readonly FanPoint[]; readonly branch: readonly FanPoint[] }): ReactNode {
  const { t, zone } = useWords();
  const points = [...live, ...branch];
  if (points.length === 0) return <p className="dw-quiet">{t("decide.noFan")}</p>;
  const from = Math.min(...points.map((point) => point.at));
  const to = Math.max(...points.map((point) => point.at));
  const most = Math.max(...points.map((point) => point.p975)) * 1.03 || 1;
  const x = (at: number): number => LEFT + ((at - from) / Math.max(1, to - from)) * (WIDTH - LEFT - 34);
  const y = (value: number): number => HEIGHT - BOTTOM - (value / most) * (HEIGHT - BOTTOM - 8);
  const area = (fan: readonly FanPoint[], low: keyof FanPoint, high: keyof FanPoint): string =>
    `M${fan.map((point) => `${x(point.at).toFixed(1)} ${y(point[high]).toFixed(1)}`).join("L")}L${fan.toReversed().map((point) => `${x(point.at).toFixed(1)} ${y(point[low]).toFixed(1)}`).join("L")}Z`;
  const line = (fan: readonly FanPoint[]): string => `M${fan.map((point) => `${x(point.at).toFixed(1)} ${y(point.p50).toFixed(1)}`).join("L")}`;
  const grid = niceSteps(most);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="dw-chart" role="img" aria-label={t("decide.fanTitle")}>
      <defs>
        <pattern id="fan-branch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line x1="0" y1="0" x2="0" y2="6" stroke="var(--hue)" strokeWidth="1.4" />
        </pattern>
        <pattern id="fan-live" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
          <line x1="0" y1="0" x2="0" y2="6" stroke="var(--dw-muted)" strokeWidth="1.1" />
        </pattern>
      </defs>
      {grid.map((value) => (
        <g key={value}>
          <line x1={LEFT} x2={WIDTH - 34} y1={y(value)} y2={y(value)} className="dw-grid-line" />
          <text x={LEFT - 6} y={y(value) + 4} textAnchor="end">
            {value}
          </text>
        </g>
      ))}
      {[0, 0.25, 0.5, 0.75, 1].map((share) => (
        <text key={share} x={x(from + share * (to - from))} y={HEIGHT - 6} textAnchor="middle">
          {clockText(Math.round(from + share * (to - from)), zone, false)}
        </text>
      ))}
      {live.length > 0 && (
        <>
          <path d={area(live, "p025", "p975")} fill="url(#fan-live)" opacity="0.35" />
          <path d={area(live, "p25", "p75")} fill="var(--dw-muted)" opacity="0.2" />
          <path d={line(live)} fill="none" stroke="var(--dw-muted)" strokeWidth="1.6" />
          <text x={x(to) + 5} y={y(live.at(-1)!.p50) + (branch.length > 0 && branch.at(-1)!.p50 >= live.at(-1)!.p50 ? 12 : -2)}>
            {Math.round(live.at(-1)!.p50)}
          </text>
        </>
      )}
      {branch.length > 0 && (
        <>
          <path d={area(branch, "p025", "p975")} fill="url(#fan-branch)" opacity="0.35" />
          <path d={area(branch, "p25", "p75")} fill="var(--hue)" opacity="0.22" />
          <path d={line(branch)} fill="none" stroke="var(--hue)" strokeWidth="2" />
          <text x={x(to) + 5} y={y(branch.at(-1)!.p50)} style={{ fill: "var(--hue)", fontWeight: 600 }}>
            {Math.round(branch.at(-1)!.p50)}
          </text>
        </>
      )}
    </svg>
  );
}

/** Three to five round values from above zero to a maximum. */
export function niceSteps(most: number): readonly number[] {
  const raw = most / 4;
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * size).find((candidate) => candidate >= raw) ?? raw;
  const steps: number[] = [];
  for (let value = 0; value <= most; value += step) steps.push(Math.round(value * 1000) / 1000);
  return steps;
}
