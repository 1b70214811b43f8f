import { useElementSize } from "@mantine/hooks";
import { useMemo } from "react";
import type { KeyboardEvent, PointerEvent, ReactNode } from "react";
import { SECOND } from "@doppelwerk/world";
import { durationText, momentText, railTicks, useStore, useWords } from "@doppelwerk/kit/studio";
import type { WatchClock } from "./watch-clock.ts";
import type { Watched } from "./watched.ts";

const HEIGHT = 64;
const AXIS = 18;
const STEP_S = 60;
const LEAP_S = 600;

/** The one time of both sides: shifts, how much more or less the branch has made by each moment, and the moment shown. */
export function WatchAxis({
  first,
  second,
  clock,
  reachedS,
  moreText,
  elapsed,
}: {
  readonly first: Watched;
  /** Absent: the curve is what the first has made. */
  readonly second: Watched | undefined;
  readonly clock: WatchClock;
  readonly reachedS: number;
  readonly moreText: string;
  readonly elapsed: boolean;
}): ReactNode {
  const { t, language, zone } = useWords();
  const { ref, width: measured } = useElementSize();
  const shownS = useStore(clock.shownS);
  const width = Math.max(200, measured);
  const endS = Math.max(first.to - first.from, (second?.to ?? 0) - (second?.from ?? 0)) / SECOND;
  const x = (seconds: number): number => (seconds / endS) * width;
  const difference = useMemo(() => {
    const points = Math.max(2, Math.min(400, Math.floor(width / 2)));
    return Array.from({ length: points }, (_, index) => (index / (points - 1)) * endS)
      .filter((seconds) => seconds <= reachedS)
      .map((seconds) => {
        const made = (side: Watched): number => side.goodUntil(Math.min(side.to, side.from + seconds * SECOND));
        return { seconds, more: second === undefined ? made(first) : made(second) - made(first) };
      });
  }, [first, second, reachedS, width, endS]);
  const reach = Math.max(3, ...difference.map(({ more }) => Math.abs(more)));
  // what one has made grows from the bottom, a difference goes both ways from the middle
  const zero = second === undefined ? HEIGHT - 3 : AXIS + (HEIGHT - AXIS) / 2;
  const y = (more: number): number => zero - (more / reach) * (second === undefined ? HEIGHT - AXIS - 8 : (HEIGHT - AXIS) / 2 - 3);
  const path = difference
    .map(({ seconds, more }, index) => `${index === 0 ? "M" : "L"}${x(seconds).toFixed(1)} ${y(more).toFixed(1)}`)
    .join("");
  const instant = first.from + shownS * SECOND;
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
      aria-label={t("simulate.watch.axis")}
      aria-valuemin={0}
      aria-valuemax={Math.round(endS)}
      aria-valuenow={Math.round(shownS)}
      aria-valuetext={elapsed ? durationText(shownS * SECOND, language) : momentText(instant, zone, language)}
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
        {first.shifts.map((shift) => (
          <rect
            key={shift.from}
            x={x((shift.from - first.from) / SECOND)}
            width={Math.max(1, x((Math.min(shift.to, first.to) - shift.from) / SECOND))}
            y={AXIS}
            height={HEIGHT - AXIS}
            className="dw-watch-shift"
          />
        ))}
        {elapsed ? <ElapsedTicks endS={endS} width={width} /> : <Ticks from={first.from} to={first.to} width={width} />}
        <line x1={0} x2={width} y1={zero} y2={zero} className="dw-grid-line" />
        <path d={path} className="dw-watch-more" />
        <rect x={x(reachedS)} width={Math.max(0, width - x(reachedS))} y={AXIS} height={HEIGHT - AXIS} className="dw-watch-ahead" />
        <text x={second === undefined ? width - 4 : 4} y={HEIGHT - 4} textAnchor={second === undefined ? "end" : "start"}>
          {second === undefined ? reach : t("simulate.watch.more", { count: reach })} · {moreText}
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

const TICK_S = [1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000, 31_536_000] as const;
const TICK_WIDTH = 84;

/** Ticks of a time that begins with the run. */
function ElapsedTicks({ endS, width }: { readonly endS: number; readonly width: number }): ReactNode {
  const { language } = useWords();
  const least = (endS / width) * TICK_WIDTH;
  const step = TICK_S.find((seconds) => seconds >= least) ?? Math.ceil(least / TICK_S.at(-1)!) * TICK_S.at(-1)!;
  return Array.from({ length: Math.floor(endS / step) + 1 }, (_, index) => index * step).map((seconds) => (
    <g key={seconds}>
      <line x1={(seconds / endS) * width} x2={(seconds / endS) * width} y1={AXIS} y2={HEIGHT} className="dw-grid-line" />
      <text x={(seconds / endS) * width + 3} y={12}>
        {durationText(seconds * SECOND, language)}
      </text>
    </g>
  ));
}
