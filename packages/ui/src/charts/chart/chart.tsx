import { useElementSize } from "@mantine/hooks";
import { useId, useRef } from "react";
import type { ReactNode } from "react";
import { useWords } from "../../session/context.tsx";
import type { NumberAxis, XAxis } from "./axis.ts";
import { ChartReader } from "./chart-reader.tsx";
import { ChartTable } from "./chart-table.tsx";
import { MarkDrawing } from "./draw-marks.tsx";
import { chartFrame, type ChartFrame } from "./frame.ts";
import { yValues, type ChartMark, type ChartTone } from "./marks.ts";
import { stopsAcross, stopsOfPoints } from "./readings.ts";
import "../charts.css";
import "./chart.css";

/** Until the place is measured, and where nothing can be. */
const [UNMEASURED, MIN_WIDTH] = [320, 160];

export interface ChartProps {
  /** What it shows: its accessible name and the caption of its table. */
  readonly label: string;
  readonly x: XAxis;
  readonly y: NumberAxis;
  /** Later ones are drawn over earlier ones. */
  readonly marks: readonly ChartMark[];
  /** Of the drawing, in pixels; names of axes and the legend come on top. */
  readonly height: number;
  /** Read each point for itself instead of everything at one x. */
  readonly readsPoints?: boolean;
  readonly chosen?: number;
  readonly onChoose?: (choice: number) => void;
}

/**
 * One chart for all that is not a trend of samples: axes with units and round ticks, bands, bars, lines, steps, points and limits, a legend,
 * reading by pointer and keys, and the same values as a table for screen readers. Marks keep to the tokens of the theme.
 */
export function Chart({ label, x, y, marks, height, readsPoints = false, chosen, onChoose }: ChartProps): ReactNode {
  const { t, zone, language } = useWords();
  const { ref, width: measured } = useElementSize();
  // what is hidden for a moment has no width, and comes back as it was
  const lastMeasured = useRef(0);
  if (measured > 0) lastMeasured.current = measured;
  const hatch = useId();
  if (marks.every((mark) => mark.kind === "rule" || yValues(mark).length === 0)) return <p className="dw-quiet">{t("chart.empty")}</p>;
  const width = lastMeasured.current === 0 ? UNMEASURED : Math.max(MIN_WIDTH, lastMeasured.current);
  const frame = chartFrame({ x, y, marks, width, height, zone, language });
  const words = { x: x.name ?? (x.kind === "time" ? t("chart.time") : ""), y: y.name ?? label, gap: t("trend.gap") };
  const stops = readsPoints ? stopsOfPoints(marks, frame, words) : stopsAcross(marks, frame, words);
  return (
    <div className="dw-chart-block" ref={ref}>
      <AxisName axis={y} arrows={["↑", "↓"]} />
      <ChartReader label={label} frame={frame} stops={stops} chosen={chosen} onChoose={onChoose}>
        <Drawing frame={frame} marks={marks} hatch={hatch} chosen={chosen} isMeasured={lastMeasured.current > 0} />
      </ChartReader>
      <AxisName axis={x} arrows={["→", "←"]} className="is-across" />
      <Legend marks={marks} />
      <ChartTable label={label} first={readsPoints ? "" : words.x} stops={stops} />
    </div>
  );
}

function Drawing({
  frame,
  marks,
  hatch,
  chosen,
  isMeasured,
}: {
  readonly isMeasured: boolean;
  readonly frame: ChartFrame;
  readonly marks: readonly ChartMark[];
  readonly hatch: string;
  readonly chosen: number | undefined;
}): ReactNode {
  const { width, height, left, right, bottom, yLabels, xLabels, ends } = frame;
  return (
    <svg viewBox={`0 0 ${width} ${height}`} height={height} className={isMeasured ? "dw-chart" : "dw-chart is-unmeasured"} aria-hidden>
      <Hatches id={hatch} marks={marks} />
      {yLabels.map(({ y, text, isRule }) => (
        <g key={`${y} ${text}`}>
          {!isRule && <line x1={left} x2={right} y1={y} y2={y} className="dw-grid-line" />}
          <text x={left - 6} y={y + 4} textAnchor="end">
            {text}
          </text>
        </g>
      ))}
      {xLabels.map(({ x, text }) => (
        <text key={x} x={x} y={bottom + 17} textAnchor="middle">
          {text}
        </text>
      ))}
      {marks.map((mark, index) => (
        <MarkDrawing key={index} mark={mark} frame={frame} hatch={hatch} chosen={chosen} />
      ))}
      {ends.map(({ y, text, tone }, index) => (
        <text key={index} x={right + 6} y={y + 4} className={`dw-chart-end is-tone-${tone}`}>
          {text}
        </text>
      ))}
    </svg>
  );
}

/** Hatching always means simulated; two directions tell two sides apart. */
function Hatches({ id, marks }: { readonly id: string; readonly marks: readonly ChartMark[] }): ReactNode {
  const tones = [...new Set(marks.flatMap((mark) => (mark.kind === "band" && mark.fill !== "solid" ? [mark.tone] : [])))];
  const directions = [
    ["rising", 45],
    ["falling", -45],
  ] as const;
  return (
    <defs>
      {tones.flatMap((tone: ChartTone) =>
        directions.map(([name, angle]) => (
          <pattern
            key={`${name} ${tone}`}
            id={`${id}-${name}-${tone}`}
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform={`rotate(${angle})`}
            className={`is-tone-${tone}`}
          >
            <line x1="0" y1="0" x2="0" y2="6" className="dw-chart-hatch" />
          </pattern>
        )),
      )}
    </defs>
  );
}

/** Above or below the drawing, where long names may wrap. */
function AxisName({
  axis,
  arrows,
  className = "",
}: {
  readonly axis: XAxis;
  /** To the higher and the lower end. */
  readonly arrows: readonly [higher: string, lower: string];
  readonly className?: string;
}): ReactNode {
  const { t } = useWords();
  const { unit = "", better } = axis.kind === "number" ? axis : {};
  const name = [axis.name ?? "", unit].filter((part) => part !== "").join(", ");
  if (name === "") return null;
  return (
    <div className={`dw-chart-axis ${className}`}>
      {better === undefined ? name : `${arrows[better === "higher" ? 0 : 1]} ${name} (${t(`chart.better.${better}`)})`}
    </div>
  );
}

/** Each mark by what it looks like; one alone is named by the title. */
function Legend({ marks }: { readonly marks: readonly ChartMark[] }): ReactNode {
  const shown = marks.filter(({ isInLegend }) => isInLegend !== false);
  if (shown.length < 2) return null;
  return (
    <div className="dw-legend">
      {shown.map((mark, index) => (
        <span key={index}>
          <i className={`dw-chart-swatch is-${lookOf(mark)} is-tone-${mark.tone}`} /> {mark.name}
        </span>
      ))}
    </div>
  );
}

function lookOf(mark: ChartMark): string {
  switch (mark.kind) {
    case "line":
      return mark.isDashed === true ? "dashed" : "line";
    case "point":
      return mark.shape ?? "dot";
    case "span":
      return mark.width;
    case "band":
      return "bar";
    case "rule":
      return "dashed";
    case "level":
      return "line";
  }
}
