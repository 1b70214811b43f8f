import { useElementSize } from "@mantine/hooks";
import { useMemo } from "react";
import type { KeyboardEvent, PointerEvent, ReactNode } from "react";
import { SECOND } from "@doppelwerk/world";
import { durationText, momentText, signedText, useStore, useWords } from "@doppelwerk/kit/studio";
import { madeCurve, type MadePoint } from "./made-curve.ts";
import type { WatchClock } from "./watch-clock.ts";
import { ElapsedTicks, MomentTicks } from "./watch-ticks.tsx";
import type { Watched } from "./watched.ts";

const HEIGHT = 64;
const AXIS = 18;
const STEP_S = 60;
const LEAP_S = 600;
/** Less is too narrow for what the curve says; a screen reader has it of each moment. */
const WIDE_PX = 260;

interface WatchAxisProps {
  readonly first: Watched;
  /** Absent: the curve is what the first has made. */
  readonly second: Watched | undefined;
  readonly clock: WatchClock;
  readonly reachedS: number;
  readonly moreText: string;
  readonly elapsed: boolean;
}

/** The one time of both sides: shifts, how much more or less the branch has made by each moment, and the moment shown. */
export function WatchAxis(props: WatchAxisProps): ReactNode {
  const { first, second, clock, elapsed } = props;
  const { t, language, zone } = useWords();
  const { ref, width: measured } = useElementSize();
  const shownS = useStore(clock.shownS);
  const width = Math.max(200, measured);
  const endS = Math.max(first.to - first.from, (second?.to ?? 0) - (second?.from ?? 0)) / SECOND;
  const secondsAt = (event: PointerEvent): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.min(endS, Math.max(0, ((event.clientX - box.left) / box.width) * endS));
  };
  const moment = elapsed ? durationText(shownS * SECOND, language) : momentText(first.from + shownS * SECOND, zone, language);
  const made = (side: Watched): number => side.goodUntil(Math.min(side.to, side.from + shownS * SECOND));
  const valueText =
    shownS > props.reachedS
      ? moment
      : second === undefined
        ? t("simulate.watch.madeBy", { moment, count: made(first) })
        : t("simulate.watch.moreBy", { moment, count: signedText(made(second) - made(first), 0) });
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = secondsAfterKey(event, shownS, endS);
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
      aria-valuetext={valueText}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        clock.goTo(secondsAt(event));
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) clock.goTo(secondsAt(event));
      }}
    >
      <AxisDrawing {...props} shownS={shownS} width={width} endS={endS} />
    </div>
  );
}

/** Where a key leads; a minute at a time, with Shift ten. */
function secondsAfterKey({ key, shiftKey }: KeyboardEvent, shownS: number, endS: number): number | undefined {
  const step = shiftKey ? LEAP_S : STEP_S;
  switch (key) {
    case "ArrowRight":
      return shownS + step;
    case "ArrowLeft":
      return shownS - step;
    case "Home":
      return 0;
    case "End":
      return endS;
    default:
      return undefined;
  }
}

function AxisDrawing({
  first,
  second,
  reachedS,
  moreText,
  elapsed,
  shownS,
  width,
  endS,
}: WatchAxisProps & { readonly shownS: number; readonly width: number; readonly endS: number }): ReactNode {
  const { t } = useWords();
  const x = (seconds: number): number => (seconds / endS) * width;
  const made = useMemo(() => madeCurve(first, second, { endS, reachedS, width }), [first, second, reachedS, width, endS]);
  const reach = Math.max(3, ...made.map(({ more }) => Math.abs(more)));
  const lines = { width, top: AXIS, bottom: HEIGHT };
  return (
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
      {elapsed ? <ElapsedTicks endS={endS} {...lines} /> : <MomentTicks from={first.from} to={first.to} {...lines} />}
      <MadeCurve made={made} reach={reach} isDifference={second !== undefined} x={x} width={width} />
      <rect x={x(reachedS)} width={Math.max(0, width - x(reachedS))} y={AXIS} height={HEIGHT - AXIS} className="dw-watch-ahead" />
      <text x={second === undefined ? width - 4 : 4} y={HEIGHT - 4} textAnchor={second === undefined ? "end" : "start"}>
        {second === undefined ? reach : t("simulate.watch.more", { count: reach })}
        {width >= WIDE_PX && ` · ${moreText}`}
      </text>
      <line x1={x(shownS)} x2={x(shownS)} y1={0} y2={HEIGHT} className="dw-watch-now" />
    </svg>
  );
}

/** What one side has made grows from the bottom, a difference goes both ways from the middle. */
function MadeCurve({
  made,
  reach,
  isDifference,
  x,
  width,
}: {
  readonly made: readonly MadePoint[];
  readonly reach: number;
  readonly isDifference: boolean;
  readonly x: (seconds: number) => number;
  readonly width: number;
}): ReactNode {
  const zero = isDifference ? AXIS + (HEIGHT - AXIS) / 2 : HEIGHT - 3;
  const room = isDifference ? (HEIGHT - AXIS) / 2 - 3 : HEIGHT - AXIS - 8;
  const path = made
    .map(({ seconds, more }, index) => `${index === 0 ? "M" : "L"}${x(seconds).toFixed(1)} ${(zero - (more / reach) * room).toFixed(1)}`)
    .join("");
  return (
    <>
      <line x1={0} x2={width} y1={zero} y2={zero} className="dw-grid-line" />
      <path d={path} className="dw-watch-more" />
    </>
  );
}
