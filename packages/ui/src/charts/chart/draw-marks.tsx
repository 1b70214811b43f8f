import { area, curveLinear, curveStepAfter, line, symbol, symbolCircle, symbolCross } from "d3-shape";
import type { ReactNode } from "react";
import type { ChartFrame } from "./frame.ts";
import type { BandMark, ChartMark, ChartPoint, LevelMark, LineMark, PointMark, SpanMark } from "./marks.ts";

const [RADIUS, LINE_WIDTH, MAX_BAR] = [4, 2, 18];
const toneOf = (tone: string): string => `is-tone-${tone}`;

interface DrawingProps<Mark> {
  readonly mark: Mark;
  readonly frame: ChartFrame;
}

/** `hatch` = prefix of the ids of the two hatches of this drawing. */
export function MarkDrawing({
  mark,
  frame,
  hatch,
  chosen,
}: DrawingProps<ChartMark> & { readonly hatch: string; readonly chosen: number | undefined }): ReactNode {
  switch (mark.kind) {
    case "line":
      return <LineDrawing mark={mark} frame={frame} />;
    case "band":
      return <BandDrawing mark={mark} frame={frame} hatch={hatch} />;
    case "span":
      return <SpanDrawing mark={mark} frame={frame} />;
    case "level":
      return <LevelDrawing mark={mark} frame={frame} />;
    case "point":
      return <PointDrawing mark={mark} frame={frame} chosen={chosen} />;
    case "rule": {
      const y = frame.y.at(mark.y);
      return <line x1={frame.left} x2={frame.right} y1={y} y2={y} className={`dw-chart-rule ${toneOf(mark.tone)}`} />;
    }
  }
}

function LineDrawing({ mark: { points, isStepped, isDashed, tone }, frame: { x, y } }: DrawingProps<LineMark>): ReactNode {
  type Point = (typeof points)[number];
  const path = line<Point>()
    .defined((point) => point.y !== undefined)
    .x((point) => x.at(point.x))
    .y((point) => y.at(point.y!))
    .curve(isStepped === true ? curveStepAfter : curveLinear)
    .digits(1);
  const lone = points.filter(
    (point, index) => point.y !== undefined && points[index - 1]?.y === undefined && points[index + 1]?.y === undefined,
  );
  return (
    <g className={toneOf(tone)}>
      <path d={path(points) ?? ""} className={`dw-chart-line ${isDashed === true ? "is-dashed" : ""}`} />
      {lone.map((point) => (
        <circle key={point.x} cx={x.at(point.x)} cy={y.at(point.y!)} r={LINE_WIDTH} className="dw-chart-dot" />
      ))}
    </g>
  );
}

function BandDrawing({
  mark: { points, fill, tone },
  frame: { x, y },
  hatch,
}: DrawingProps<BandMark> & { readonly hatch: string }): ReactNode {
  type Point = (typeof points)[number];
  const path = area<Point>()
    .defined(({ low, high }) => low !== undefined && high !== undefined)
    .x((point) => x.at(point.x))
    .y0(({ low }) => y.at(low!))
    .y1(({ high }) => y.at(high!))
    .digits(1);
  const paint = fill === "solid" ? undefined : `url(#${hatch}-${fill === "hatched" ? "rising" : "falling"}-${tone})`;
  return <path d={path(points) ?? ""} className={`dw-chart-band ${toneOf(tone)}`} fill={paint} data-fill={fill} />;
}

function SpanDrawing({ mark: { points, width, tone }, frame: { x, y } }: DrawingProps<SpanMark>): ReactNode {
  return points.map((point) => {
    const [top, bottom] = [y.at(Math.max(point.low, point.high)), y.at(Math.min(point.low, point.high))];
    const own = `${toneOf(point.tone ?? tone)} ${point.isOpen === true ? "is-open" : ""}`;
    if (width === "line") {
      return <line key={point.x} x1={x.at(point.x)} x2={x.at(point.x)} y1={top} y2={bottom} className={`dw-chart-span ${own}`} />;
    }
    const room = barWidth(x.slot);
    return (
      <rect
        key={point.x}
        x={x.at(point.x) - room / 2}
        y={top}
        width={room}
        height={Math.max(1, bottom - top)}
        className={`dw-chart-bar ${own}`}
      />
    );
  });
}

function LevelDrawing({ mark: { points, tone }, frame: { x, y } }: DrawingProps<LevelMark>): ReactNode {
  const half = barWidth(x.slot) / 2;
  return points.map((point) => (
    <line
      key={point.x}
      x1={x.at(point.x) - half}
      x2={x.at(point.x) + half}
      y1={y.at(point.y)}
      y2={y.at(point.y)}
      className={`dw-chart-level ${toneOf(tone)}`}
    />
  ));
}

function PointDrawing({
  mark: { points, shape = "dot", tone, isSilent },
  frame: { x, y },
  chosen,
}: DrawingProps<PointMark> & { readonly chosen: number | undefined }): ReactNode {
  return points.map((point: ChartPoint, index) => {
    const [left, top] = [x.at(point.x) + (point.offset ?? 0), y.at(point.y)];
    const isChosen = point.choice !== undefined && point.choice === chosen;
    return (
      <g key={index} className={`dw-chart-point is-${shape} ${toneOf(point.tone ?? tone)} ${isChosen ? "is-chosen" : ""}`}>
        {point.xReach !== undefined && <line x1={x.at(point.x - point.xReach)} x2={x.at(point.x + point.xReach)} y1={top} y2={top} />}
        {point.yReach !== undefined && <line x1={left} x2={left} y1={y.at(point.y - point.yReach)} y2={y.at(point.y + point.yReach)} />}
        <path
          d={symbolPath(shape, (point.radius ?? RADIUS) + (isChosen ? 2 : 0)) ?? ""}
          transform={`translate(${left.toFixed(1)} ${top.toFixed(1)})`}
          opacity={isSilent === true ? 0.6 : undefined}
        />
      </g>
    );
  });
}

/** d3 sizes a symbol by its area. */
function symbolPath(shape: PointMark["shape"], radius: number): string | null {
  return symbol(shape === "cross" ? symbolCross : symbolCircle, Math.PI * radius ** 2)();
}

function barWidth(slot: number): number {
  return slot === 0 ? MAX_BAR / 2 : Math.min(MAX_BAR, slot * 0.5);
}
