import { useElementSize } from "@mantine/hooks";
import { useMemo } from "react";
import type { KeyboardEvent, PointerEvent, ReactNode } from "react";
import { SECOND } from "@doppelwerk/world";
import { useWords } from "../session/context.tsx";
import { railTicks } from "../rail/rail-ticks.ts";
import { useStore } from "../store.ts";
import { momentText } from "../time/format.ts";
import type { WatchClock } from "./watch-clock.ts";
import type { WatchedLine } from "./watched-line.ts";

const HEIGHT = 64;
const AXIS = 18;
const STEP_S = 60;
const LEAP_S = 600;

/** The one time of both sides: shifts, how much more or less the branch has made by each moment, and the moment shown. */
export function WatchAxis({
  live,
  branch,
  clock,
  reachedS,
}: {
  readonly live: WatchedLine;
  readonly branch: WatchedLine;
  readonly clock: WatchClock;
  readonly reachedS: number;
}): ReactNode {
  const { t, language, zone } = useWords();
  const { ref, width: measured } = useElementSize();
  const shownS = useStore(clock.shownS);
  const width = Math.max(200, measured);
  const endS = (live.to - live.from) / SECOND;
  const x = (seconds: number): number => (seconds / endS) * width;
  const difference = useMemo(() => {
    const points = Math.max(2, Math.min(400, Math.floor(width / 2)));
    return Array.from({ length: points }, (_, index) => (index / (points - 1)) * endS)
      .filter((seconds) => seconds <= reachedS)
      .map((seconds) => {
        const instant = live.from + seconds * SECOND;
        return { seconds, more: branch.goodUntil(instant) - live.goodUntil(instant) };
      });
  }, [live, branch, reachedS, width, endS]);
  const reach = Math.max(3, ...difference.map(({ more }) => Math.abs(more)));
  const middle = AXIS + (HEIGHT - AXIS) / 2;
  const y = (more: number): number => middle - (more / reach) * ((HEIGHT - AXIS) / 2 - 3);
  const path = difference
    .map(({ seconds, more }, index) => `${index === 0 ? "M" : "L"}${x(seconds).toFixed(1)} ${y(more).toFixed(1)}`)
    .join("");
  const instant = live.from + shownS * SECOND;
  const secondsAt = (event: PointerEvent): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.min(endS, Math.max(0, ((event.clientX - box.left) / box.width) * endS));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.shiftKey ? LEAP_S : STEP_S;
    const to =
      event.key === "ArrowRight"
        ? shownS + step
        : event.key === "ArrowLeft"
          ? shownS - step
          : event.key === "Home"
            ? 0
            : event.key === "End"
              ? endS
              : undefined;
    if (event.key === " ") clock.toggle();
    else if (to === undefined) return;
    else clock.goTo(Math.min(endS, to));
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={ref}
      role="slider"
      tabIndex={0}
      className="dw-watch-axis dw-sim"
      aria-label={t("watch.axis")}
      aria-valuemin={0}
      aria-valuemax={Math.round(endS)}
      aria-valuenow={Math.round(shownS)}
      aria-valuetext={momentText(instant, zone, language)}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        clock.goTo(secondsAt(event));
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) clock.goTo(secondsAt(event));
      }}
    >
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} height={HEIGHT} className="dw-chart" aria-hidden>
        {live.shifts.map((shift) => (
          <rect
            key={shift.from}
            x={x((shift.from - live.from) / SECOND)}
            width={Math.max(1, x((Math.min(shift.to, live.to) - shift.from) / SECOND))}
            y={AXIS}
            height={HEIGHT - AXIS}
            className="dw-watch-shift"
          />
        ))}
        <Ticks from={live.from} to={live.to} width={width} />
        <line x1={0} x2={width} y1={middle} y2={middle} className="dw-grid-line" />
        <path d={path} className="dw-watch-more" />
        <rect x={x(reachedS)} width={Math.max(0, width - x(reachedS))} y={AXIS} height={HEIGHT - AXIS} className="dw-watch-ahead" />
        <text x={4} y={HEIGHT - 4}>
          {t("watch.more", { count: reach })} · {t("watch.moreText")}
        </text>
        <line x1={x(shownS)} x2={x(shownS)} y1={0} y2={HEIGHT} className="dw-watch-now" />
      </svg>
    </div>
  );
}

function Ticks({ from, to, width }: { readonly from: number; readonly to: number; readonly width: number }): ReactNode {
  const { zone, language } = useWords();
  const scale = (to - from) / width;
  return railTicks({ from, to, scale, zone, language, spacing: 84 }).map((tick) => (
    <g key={tick.at}>
      <line x1={(tick.at - from) / scale} x2={(tick.at - from) / scale} y1={AXIS} y2={HEIGHT} className="dw-grid-line" />
      <text x={(tick.at - from) / scale + 3} y={12}>
        {tick.label}
      </text>
    </g>
  ));
}
