import type { ReactNode } from "react";
import type { FanPoint } from "@doppelwerk/client";
import { useWords } from "../session/context.tsx";
import { signedText } from "../values/number.ts";
import { Chart } from "./chart/chart.tsx";
import type { ChartMark, ChartTone } from "./chart/marks.ts";
import { relativeFan, type FanBand } from "./relative-fan.ts";

/** Output ahead as on the Rail: more or less than the live median, with 50 % and 95 %, hatched because simulated; totals at the end. */
export function FanChart({ live, branch }: { readonly live: readonly FanPoint[]; readonly branch: readonly FanPoint[] }): ReactNode {
  const { t } = useWords();
  if (live.length === 0 && branch.length === 0) return <p className="dw-quiet">{t("decide.noFan")}</p>;
  const fans = { live: relativeFan(live, live), branch: relativeFan(branch, live) };
  const instants = [...fans.live, ...fans.branch].map(({ at }) => at);
  const marks = (fan: readonly FanBand[], side: "live" | "branch", tone: ChartTone): readonly ChartMark[] =>
    fan.length === 0
      ? []
      : fanMarks(fan, { tone, name: t(`decide.${side}`), end: String(Math.round((side === "live" ? live : branch).at(-1)!.p50)) });
  return (
    <Chart
      label={t("decide.fanTitle")}
      height={190}
      x={{ kind: "time", from: Math.min(...instants), to: Math.max(...instants) }}
      y={{ kind: "number", name: t("decide.fanAxis"), digits: 0, include: [0], text: signedText }}
      marks={[...marks(fans.live, "live", "muted"), ...marks(fans.branch, "branch", "hue")]}
    />
  );
}

/** 95 % hatched, 50 % filled, the median as a line. */
function fanMarks(
  fan: readonly FanBand[],
  { tone, name, end }: { readonly tone: ChartTone; readonly name: string; readonly end: string },
): readonly ChartMark[] {
  const between = (low: keyof FanBand, high: keyof FanBand) => fan.map((band) => ({ x: band.at, low: band[low], high: band[high] }));
  const fill = tone === "hue" ? "hatched" : "hatched back";
  return [
    { kind: "band", name: `${name} 95\u202f%`, tone, fill, isInLegend: false, points: between("p025", "p975") },
    { kind: "band", name: `${name} 50\u202f%`, tone, fill: "solid", isInLegend: false, points: between("p25", "p75") },
    { kind: "line", name, tone, end, points: fan.map(({ at, p50 }) => ({ x: at, y: p50 })) },
  ];
}
