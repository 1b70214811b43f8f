import type { Tokens } from "@doppelwerk/kit/studio";
import { logTicks, roundTicks, type BarsPart, type DotsPart, type Figure, type LinePart } from "./figure.ts";
import { LANE, type Frame } from "./frame.ts";

export interface XTick {
  readonly at: number;
  readonly label: string;
}

type Context = CanvasRenderingContext2D;
const FONT = '12px "Inter Variable", "Noto Sans SC", sans-serif';

/** Draws a figure in pixels of the screen; the context is scaled to those of the device. */
export function drawFigure(
  ctx: Context,
  figure: Figure,
  frame: Frame,
  { colours, ticks }: { readonly colours: Tokens; readonly ticks: readonly XTick[] },
): void {
  ctx.clearRect(0, 0, frame.width, frame.height);
  ctx.font = FONT;
  drawAxes(ctx, figure, frame, colours, ticks);
  ctx.save();
  ctx.beginPath();
  ctx.rect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
  ctx.clip();
  for (const part of figure.parts) {
    if (part.kind === "line") drawLine(ctx, part, frame);
    else if (part.kind === "dots") drawDots(ctx, part, frame);
    else drawBars(ctx, part, frame);
  }
  ctx.restore();
  drawLevels(ctx, figure, frame, colours);
  drawMarks(ctx, figure, frame);
  drawLanes(ctx, figure, frame, colours);
}

function drawAxes(ctx: Context, figure: Figure, frame: Frame, colours: Tokens, ticks: readonly XTick[]): void {
  ctx.lineWidth = 1;
  ctx.textBaseline = "middle";
  for (const { unit, range, at, isLeft } of frame.axes) {
    const values = figure.isLogY === true ? logTicks(range) : roundTicks(range, Math.max(2, (frame.bottom - frame.top) / 48)).values;
    const { digits } = roundTicks(range, Math.max(2, (frame.bottom - frame.top) / 48));
    ctx.textAlign = isLeft ? "right" : "left";
    for (const value of values) {
      const y = frame.yOf(unit, value);
      if (y < frame.top - 1 || y > frame.bottom + 1) continue;
      if (isLeft) line(ctx, colours.line, frame.left, y, frame.right, y);
      ctx.fillStyle = axisColour(figure, unit, colours);
      ctx.fillText(figure.isLogY === true ? logText(value) : axisText(value, digits), isLeft ? at - 6 : at + 6, y);
    }
    ctx.fillStyle = axisColour(figure, unit, colours);
    ctx.fillText(unit, isLeft ? at - 6 : at + 6, frame.top - 12);
  }
  ctx.fillStyle = colours.muted;
  ctx.textAlign = "center";
  for (const { at, label } of ticks) {
    const x = frame.xOf(at);
    if (x < frame.left - 1 || x > frame.right + 1) continue;
    line(ctx, colours.line, x, frame.bottom, x, frame.bottom + 4);
    ctx.fillText(label, Math.min(frame.width - 24, x), frame.bottom + 14);
  }
  line(ctx, colours.lineStrong, frame.left, frame.bottom, frame.right, frame.bottom);
}

/** Long numbers are written short: 12k, 3.4M. */
function axisText(value: number, digits: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(4))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(4))}k`;
  return value.toFixed(digits).replace("-", "−");
}

export function logText(value: number): string {
  const power = Math.round(Math.log10(value));
  return power >= -3 && power <= 4 ? String(Number(value.toPrecision(1))) : `1e${power}`.replace("-", "−");
}

/** Of one part alone its colour. */
function axisColour({ parts }: Figure, unit: string, colours: Tokens): string {
  const own = parts.filter((part) => part.unit === unit && !(part.kind === "line" && part.isSilent === true));
  return own.length === 1 && own[0]!.kind === "line" ? own[0]!.colour : colours.muted;
}

function line(ctx: Context, colour: string, x1: number, y1: number, x2: number, y2: number): void {
  ctx.strokeStyle = colour;
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}

function drawLine(ctx: Context, part: LinePart, frame: Frame): void {
  if (part.low !== undefined) drawRange(ctx, part, frame);
  ctx.strokeStyle = part.colour;
  ctx.globalAlpha = part.isThin === true ? 0.55 : 1;
  ctx.lineWidth = part.isThin === true ? 1 : 1.6;
  ctx.setLineDash(part.isDashed === true ? [6, 4] : []);
  ctx.beginPath();
  let isDown = false;
  let before = Number.NaN;
  for (let at = 0; at < part.x.length; at++) {
    const value = part.y[at]!;
    if (Number.isNaN(value)) {
      isDown = false;
      continue;
    }
    const [x, y] = [frame.xOf(part.x[at]!), frame.yOf(part.unit, value)];
    if (!isDown) {
      ctx.moveTo(x, y);
      // a value alone between two gaps is a dot
      if (at + 1 >= part.y.length || Number.isNaN(part.y[at + 1]!)) ctx.lineTo(x + 1.5, y);
    } else {
      if (part.isStepped === true) ctx.lineTo(x, before);
      ctx.lineTo(x, y);
    }
    [isDown, before] = [true, y];
  }
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/** From lowest to highest, piece by piece between gaps. */
function drawRange(ctx: Context, part: LinePart, frame: Frame): void {
  const { x, low, high, unit, colour } = part;
  ctx.fillStyle = part.isSimulated === true ? hatchOf(ctx, colour) : colour;
  ctx.globalAlpha = part.isSimulated === true ? 0.7 : 0.16;
  let start = -1;
  for (let at = 0; at <= x.length; at++) {
    const isKnown = at < x.length && !Number.isNaN(low![at]!) && !Number.isNaN(high![at]!);
    if (isKnown && start < 0) start = at;
    if (isKnown || start < 0) continue;
    ctx.beginPath();
    for (let up = start; up < at; up++) ctx.lineTo(frame.xOf(x[up]!), frame.yOf(unit, high![up]!));
    for (let down = at - 1; down >= start; down--) ctx.lineTo(frame.xOf(x[down]!), frame.yOf(unit, low![down]!));
    ctx.fill();
    start = -1;
  }
  ctx.globalAlpha = 1;
}

function hatchOf(ctx: Context, colour: string): CanvasPattern | string {
  const tile = document.createElement("canvas");
  [tile.width, tile.height] = [6, 6];
  const drawn = tile.getContext("2d");
  if (drawn === null) return colour;
  drawn.strokeStyle = colour;
  drawn.beginPath();
  drawn.moveTo(0, 6);
  drawn.lineTo(6, 0);
  drawn.stroke();
  return ctx.createPattern(tile, "repeat") ?? colour;
}

function drawDots(ctx: Context, part: DotsPart, frame: Frame): void {
  const size = part.x.length > 800 ? 3 : 5;
  const other = part.otherColour ?? part.colour;
  for (let at = 0; at < part.x.length; at++) {
    const [a, b] = [part.x[at]!, part.y[at]!];
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    const [x, y] = [frame.xOf(a) - size / 2, frame.yOf(part.unit, b) - size / 2];
    const shade = part.shade?.[at] ?? 0;
    // two layers: the colour of the beginning fades into the one of the end
    ctx.globalAlpha = 0.75 * (1 - shade);
    ctx.fillStyle = part.colour;
    ctx.fillRect(x, y, size, size);
    if (shade > 0) {
      ctx.globalAlpha = 0.75 * shade;
      ctx.fillStyle = other;
      ctx.fillRect(x, y, size, size);
    }
  }
  ctx.globalAlpha = 1;
}

function drawBars(ctx: Context, part: BarsPart, frame: Frame): void {
  ctx.fillStyle = part.colour;
  ctx.globalAlpha = 0.5;
  const zero = frame.yOf(part.unit, 0);
  for (let at = 0; at < part.heights.length; at++) {
    const left = frame.xOf(part.from + at * part.width);
    const width = Math.max(1, frame.xOf(part.from + (at + 1) * part.width) - left - 1);
    const top = frame.yOf(part.unit, part.heights[at]!);
    ctx.fillRect(left, top, width, zero - top);
  }
  ctx.globalAlpha = 1;
}

function drawLevels(ctx: Context, figure: Figure, frame: Frame, colours: Tokens): void {
  for (const { at, unit, label, colour, isUpright, isHeld } of figure.levels ?? []) {
    ctx.lineWidth = isHeld === true ? 2 : 1.4;
    ctx.setLineDash([7, 4]);
    ctx.textAlign = "left";
    if (isUpright === true) {
      const x = frame.xOf(at);
      if (x < frame.left || x > frame.right) continue;
      line(ctx, colour, x, frame.top, x, frame.bottom);
      plate(ctx, label, Math.min(x + 4, frame.right - 60), frame.top + 10, colour, colours);
    } else {
      const y = frame.yOf(unit, at);
      if (y < frame.top || y > frame.bottom) continue;
      line(ctx, colour, frame.left, y, frame.right, y);
      plate(ctx, label, frame.left + 6, y - 10 < frame.top + 8 ? y + 11 : y - 10, colour, colours);
    }
  }
  ctx.setLineDash([]);
  ctx.lineWidth = 1;
}

/** A text that stays readable on what it lies on. */
function plate(ctx: Context, text: string, x: number, y: number, colour: string, colours: Tokens): void {
  const width = ctx.measureText(text).width;
  ctx.fillStyle = colours.panel;
  ctx.globalAlpha = 0.85;
  ctx.fillRect(x - 3, y - 8, width + 6, 16);
  ctx.globalAlpha = 1;
  ctx.fillStyle = colour;
  ctx.textBaseline = "middle";
  ctx.fillText(text, x, y);
}

function drawMarks(ctx: Context, figure: Figure, frame: Frame): void {
  const y = frame.top - 8;
  for (const { at, colour, shape } of figure.marks ?? []) {
    const x = frame.xOf(at);
    if (x < frame.left || x > frame.right) continue;
    ctx.fillStyle = colour;
    ctx.beginPath();
    if (shape === "alarm") {
      ctx.moveTo(x, y + 5);
      ctx.lineTo(x - 5, y - 4);
      ctx.lineTo(x + 5, y - 4);
    } else if (shape === "note") ctx.rect(x - 4, y - 4, 8, 8);
    else ctx.rect(x - 0.5, y - 4, 1, 10);
    ctx.fill();
    ctx.globalAlpha = 0.35;
    line(ctx, colour, x, frame.top, x, frame.bottom);
    ctx.globalAlpha = 1;
  }
}

function drawLanes(ctx: Context, figure: Figure, frame: Frame, colours: Tokens): void {
  for (const [row, lane] of (figure.lanes ?? []).entries()) {
    const top = frame.lanes + row * LANE;
    for (const { from, to, colour, label } of lane.pieces) {
      const left = Math.max(frame.left, frame.xOf(from));
      const right = Math.min(frame.right, frame.xOf(to));
      if (right <= left) continue;
      ctx.fillStyle = colour;
      ctx.globalAlpha = 0.8;
      ctx.fillRect(left, top, Math.max(1, right - left), LANE - 4);
      ctx.globalAlpha = 1;
      if (ctx.measureText(label).width + 8 < right - left) {
        ctx.fillStyle = colours.panel;
        ctx.textAlign = "left";
        ctx.textBaseline = "middle";
        ctx.fillText(label, left + 4, top + (LANE - 4) / 2 + 0.5);
      }
    }
  }
}
