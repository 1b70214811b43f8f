import type { Rail, RailLane } from "@doppelwerk/client";
import type { BranchId, Instant } from "@doppelwerk/world";
import { clockText, fittingCut, hatch, paintShape, relativeFan, roundedRect, stateLook, zoneText } from "@doppelwerk/ui";
import type { RailTick, Tokens, Zone } from "@doppelwerk/ui";
import { paintFan } from "./rail-paint-fan.ts";
import { COLUMN_PIXELS, bandColumns, grownBand, isDense } from "./rail-band.ts";
import type { BandColumn } from "./rail-band.ts";
import { placeLabels } from "./rail-labels.ts";
import { tickLabels } from "./rail-tick-labels.ts";
import { beginningOf, fanFrom, fanReach, liveFan } from "./rail-lanes.ts";
import type { LaneRow } from "./rail-lanes.ts";
import type { RailScene } from "./rail-hit.ts";
import { visibleRange, xOf } from "./rail-view.ts";

export interface RailWords {
  readonly live: string;
  readonly now: string;
  readonly simulated: string;
  readonly moreLanes: (count: number) => string;
  readonly verdict: (lane: RailLane) => string;
  /** What a forecast expects from its beginning to its end. */
  readonly total: (count: number, from: Instant) => string;
  readonly ago: (distance: Instant) => string;
  readonly inLanguage: (text: { readonly en: string; readonly zh: string }) => string;
}

export interface PaintInput {
  readonly context: CanvasRenderingContext2D;
  readonly pixelRatio: number;
  readonly scene: RailScene;
  readonly ticks: readonly RailTick[];
  readonly hiddenLanes: number;
  readonly colours: Tokens;
  readonly font: string;
  readonly words: RailWords;
  readonly zone: Zone;
  /** The instant shown; undefined while live. */
  readonly shown: Instant | undefined;
  readonly entered: BranchId;
  readonly hoverX: number | undefined;
  readonly hoverLane: BranchId | undefined;
}

interface Box {
  readonly left: number;
  readonly right: number;
}

/** Draws the whole Rail. One pass, no state of its own beside the cache of hatch patterns. */
export function paintRail(input: PaintInput): void {
  const { context, scene, colours, pixelRatio } = input;
  const { width, height } = scene.geometry;
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.fillStyle = colours.panel;
  context.fillRect(0, 0, width, height);
  context.textBaseline = "middle";
  paintFuture(input);
  paintGrid(input);
  paintBands(input);
  paintLanes(input);
  paintFans(input);
  paintMarks(input);
  paintBandNames(input);
  paintHover(input);
  const pills = paintMarkers(input);
  paintLabels(input, pills);
}

function paintFuture({ context, scene, colours }: PaintInput): void {
  const { view, geometry } = scene;
  if (view.nowX >= view.width) return;
  context.fillStyle = colours.sunken;
  context.globalAlpha = 0.45;
  context.fillRect(view.nowX, geometry.labelY + 8, view.width - view.nowX, geometry.height);
  context.globalAlpha = 1;
}

function paintGrid({ context, scene, ticks, colours }: PaintInput): void {
  const { view, geometry } = scene;
  context.fillStyle = colours.line;
  for (const tick of ticks) {
    const x = Math.round(xOf(view, tick.at));
    context.globalAlpha = tick.major ? 1 : 0.55;
    context.fillRect(x, geometry.labelY + 9, 1, geometry.height);
  }
  context.globalAlpha = 1;
}

function paintBands(input: PaintInput): void {
  const { rail, geometry } = input.scene;
  if (rail?.bands === undefined) return paintBand(input, rail && grownBand(rail, input.scene.view.now), geometry.bandTop);
  for (const [at, { band }] of rail.bands.slice(0, geometry.bands).entries())
    paintBand(input, grownBand(rail, input.scene.view.now, band), geometry.bandY(at));
}

/** A name covers the beginning of its band: at most so many pixels, and at most this share of what is past. */
const MAX_BAND_NAME = 180;
const BAND_NAME_SHARE = 0.35;

/** Whose band each is, where there are several, at its beginning. */
function paintBandNames({ context, scene: { rail, geometry, view }, colours, font, words }: PaintInput): void {
  context.font = `500 11px ${font}`;
  context.textAlign = "left";
  for (const [at, { title }] of (rail?.bands ?? []).slice(0, geometry.bands).entries()) {
    const y = geometry.bandY(at);
    const room = Math.min(MAX_BAND_NAME, view.nowX * BAND_NAME_SHARE);
    const name = fittingCut(words.inLanguage(title), room, (text) => context.measureText(text).width);
    context.fillStyle = colours.panel;
    context.fillRect(4, y, context.measureText(name).width + 8, geometry.bandHeight);
    context.fillStyle = colours.text;
    context.fillText(name, 8, y + geometry.bandHeight / 2);
  }
}

function paintBand({ context, scene, colours, pixelRatio }: PaintInput, band: Rail["band"] | undefined, top: number): void {
  const { view, geometry } = scene;
  const height = geometry.bandHeight;
  const end = Math.min(view.width, view.nowX);
  context.fillStyle = colours.line;
  context.fillRect(0, top + height / 2 - 0.5, Math.max(0, end), 1);
  if (band === undefined) return;
  if (isDense(band, view.pastScale)) {
    paintDenseBand(context, bandColumns(band, view, end), { top, height }, colours);
    return;
  }
  for (const segment of band) {
    const left = Math.max(-2, xOf(view, segment.from));
    const right = Math.min(end, xOf(view, Math.min(segment.to, view.now)));
    if (right <= 0 || left >= end) continue;
    const look = stateLook(segment.state);
    if (look === "off") continue;
    // What stopped the line stays visible however short it is on this scale.
    const least = look === "failed" || look === "stopped" ? 1.5 : 0.5;
    const width = Math.max(least, right - left - (right - left > 3 ? 0.75 : 0));
    if (look === "setup" || look === "unknown") {
      context.strokeStyle = colours[look];
      context.setLineDash(look === "unknown" ? [1.5, 2.5] : []);
      context.lineWidth = 1;
      context.fillStyle = colours.panel;
      context.fillRect(left, top, width, height);
      if (width > 2) context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
      else context.fillRect(left, top, width, height);
      context.setLineDash([]);
      continue;
    }
    context.fillStyle = colours[look];
    context.fillRect(left, top, width, height);
    if ((look === "blocked" || look === "starved") && width > 3) {
      context.fillStyle = hatch(context, colours.stateHatch, pixelRatio, 5, 1, look === "starved");
      context.fillRect(left, top, width, height);
    }
  }
}

/** Far out, two pixels hold many states: a column is as dark as the share it ran, and red where a stop took most of it. */
function paintDenseBand(
  context: CanvasRenderingContext2D,
  columns: readonly BandColumn[],
  at: { readonly top: number; readonly height: number },
  colours: Tokens,
): void {
  for (const column of columns) {
    context.fillStyle = colours.panel;
    context.fillRect(column.x, at.top, COLUMN_PIXELS, at.height);
    context.globalAlpha = column.failed > 0.34 || column.stopped > 0.5 ? 1 : 0.42 + 0.58 * column.running;
    context.fillStyle = column.failed > 0.34 ? colours.failed : column.stopped > 0.5 ? colours.stopped : colours.running;
    context.fillRect(column.x, at.top, COLUMN_PIXELS, at.height);
  }
  context.globalAlpha = 1;
}

function paintMarks({ context, scene, colours }: PaintInput): void {
  const { view, geometry } = scene;
  for (const { row, marks } of scene.marks) {
    const y = row === "above" ? geometry.alarmY : geometry.changeY;
    for (const { at, shape } of marks) {
      const x = xOf(view, at);
      if (x < -6 || x > view.width + 6) continue;
      if (typeof shape === "string") paintDot(context, shape, x, y, colours);
      else {
        context.fillStyle = colours[`alarm${shape}`];
        paintShape(context, shape, x, y, shape === 1 ? 4.2 : 3.4);
      }
    }
  }
}

function paintDot(
  context: CanvasRenderingContext2D,
  shape: "dot" | "ring" | "wideRing" | "square",
  x: number,
  y: number,
  colours: Tokens,
): void {
  if (shape === "square") {
    context.fillStyle = colours.accent;
    context.fillRect(x - 3, y - 3, 6, 6);
    return;
  }
  context.beginPath();
  context.arc(x, y, shape === "wideRing" ? 4 : 2.5, 0, 2 * Math.PI);
  context.fillStyle = shape === "dot" ? colours.faint : colours.panel;
  context.fill();
  if (shape === "dot") return;
  context.lineWidth = 1.75;
  context.strokeStyle = shape === "wideRing" ? colours.text : colours.muted;
  context.stroke();
}

function paintLanes(input: PaintInput): void {
  // The lane one is in is drawn last, over the others.
  const order = input.scene.lanes.toSorted(
    (a, b) => Number(a.lane.branch.id === input.entered) - Number(b.lane.branch.id === input.entered),
  );
  for (const lane of order) paintLane(input, lane);
  paintLaneNames(input, input.scene.lanes);
  if (input.hiddenLanes === 0 || input.scene.geometry.height < 90) return;
  const { context, scene, colours } = input;
  context.font = `12px ${input.font}`;
  context.textAlign = "left";
  context.fillStyle = colours.muted;
  context.fillText(input.words.moreLanes(input.hiddenLanes), 6, scene.geometry.height - 9);
}

function paintLane(input: PaintInput, lane: LaneRow): void {
  const { context, scene, colours } = input;
  const { view, geometry } = scene;
  const y = geometry.laneY(lane.row);
  const bottom = geometry.bandY(geometry.bands - 1) + geometry.bandHeight;
  const { start, end, bend } = laneSpan(view, lane);
  const entered = lane.lane.branch.id === input.entered;
  const lit = entered || lane.lane.branch.id === input.hoverLane;
  context.strokeStyle = colours[lane.hue];
  context.lineWidth = lit ? 2.75 : 1.75;
  context.globalAlpha = lane.end === "open" || lit ? 1 : 0.75;
  context.lineJoin = "round";
  context.beginPath();
  context.moveTo(start, bottom);
  context.bezierCurveTo(start, bottom + (y - bottom) * 0.75, start + bend * 0.35, y, start + bend, y);
  if (lane.end === "merged") {
    context.lineTo(end - bend, y);
    context.bezierCurveTo(end - bend * 0.35, y, end, bottom + (y - bottom) * 0.75, end, bottom);
  } else context.lineTo(end, y);
  context.stroke();
  if (lane.end === "abandoned") {
    context.beginPath();
    context.moveTo(end, y - 4);
    context.lineTo(end, y + 4);
    context.stroke();
  }
  ring(context, start, bottom, colours[lane.hue], colours.panel);
  if (lane.end === "merged") ring(context, end, bottom, colours[lane.hue], colours.panel);
  context.globalAlpha = 1;
  if (lane.end === "open" && lane.lane.fan.length === 0 && view.nowX < view.width) {
    context.setLineDash([2, 4]);
    context.lineWidth = 1.25;
    context.globalAlpha = 0.6;
    context.beginPath();
    context.moveTo(view.nowX, y);
    context.lineTo(view.width, y);
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
  }
}

/** @param lanes those whose names find their place first before the others */
function paintLaneNames(input: PaintInput, lanes: readonly LaneRow[]): void {
  const { context, scene, colours, words } = input;
  const { geometry, view } = scene;
  if (geometry.height < 100) return;
  const limit = Math.min(view.nowX, view.width) - 8;
  const most = Math.max(60, Math.min(view.nowX, view.width) * 0.45);
  // none is wider than the name of the branch entered is drawn
  const bold = `600 12px ${input.font}`;
  const widthIn = (font: string, text: string): number => {
    context.font = font;
    return context.measureText(text).width;
  };
  const nameWidth = (name: string): number => widthIn(bold, name);
  const cut = (name: string, room: number): string => fittingCut(name, room, nameWidth);
  const placed = placeLabels(
    lanes.map((lane) => {
      const { start, end, bend } = laneSpan(view, lane);
      return {
        row: lane.row,
        name: cut(lane.lane.branch.name, most),
        verdict: lane.lane.verdict === undefined ? "" : `  ${words.verdict(lane.lane)}`,
        lefts: (width: number): readonly number[] => {
          const under = Math.max(8, start + bend + 6);
          const before = Math.max(8, Math.min(limit - width, start + bend - 44 - width));
          // A fork too near to now, or a short one, has no room under its own line: its name stands before it.
          const isShort = under + width > (lane.to === undefined ? limit : Math.min(limit, Math.max(end + 40, under + width)));
          return isShort ? [before] : [under, before];
        },
      };
    }),
    { from: 8, to: limit, nameWidth, verdictWidth: (verdict) => widthIn(`12px ${input.font}`, verdict), cut },
  );
  context.textAlign = "left";
  context.lineWidth = 4;
  context.strokeStyle = colours.panel;
  for (const [at, lane] of lanes.entries()) {
    const label = placed[at];
    if (label === undefined) continue;
    const { left, name, verdict } = label;
    const y = geometry.laneY(lane.row) + 11;
    context.font = lane.lane.branch.id === input.entered ? bold : `500 12px ${input.font}`;
    const right = left + context.measureText(name).width;
    context.strokeText(name, left, y);
    context.fillStyle = colours[lane.hue];
    context.fillText(name, left, y);
    if (verdict === "") continue;
    context.font = `12px ${input.font}`;
    context.strokeText(verdict, right, y);
    context.fillStyle = colours.muted;
    context.fillText(verdict, right, y);
  }
}

function laneSpan(view: RailScene["view"], lane: LaneRow): { readonly start: number; readonly end: number; readonly bend: number } {
  const start = xOf(view, lane.from);
  const end = lane.to === undefined ? Math.min(view.nowX, view.width) : xOf(view, lane.to);
  return { start, end, bend: Math.max(4, Math.min(30, (end - start) / 2)) };
}

function ring(context: CanvasRenderingContext2D, x: number, y: number, stroke: string, fill: string): void {
  context.beginPath();
  context.arc(x, y, 4, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = stroke;
  context.stroke();
}

function paintFans(input: PaintInput): void {
  const { scene, colours, words } = input;
  const { view, geometry, rail } = scene;
  if (rail === undefined || view.nowX >= view.width) return;
  const reference = liveFan(rail, input.entered);
  const live = fanFrom(relativeFan(reference, reference), view.now);
  const open = scene.lanes.filter((lane) => lane.end === "open" && lane.lane.fan.length > 0);
  const fans = open.map((lane) => fanFrom(relativeFan(lane.lane.fan, lane.lane.reference ?? reference), view.now));
  const reach = fanReach([live, ...fans]);
  if (reach === 0) return;
  const room = Math.max(5, Math.min(17, geometry.laneHeight / 2 - 1));
  const middle = geometry.bandTop + geometry.bandHeight / 2;
  const base = { input, unit: room / reach };
  // the mark stands with each number, so that it lies on none
  const simulated = (total: string): string => `${words.simulated} ${total}`;
  if (live.length > 0)
    paintFan({
      ...base,
      fan: live,
      y: middle,
      colour: colours.muted,
      label: simulated(words.total(reference.at(-1)!.p50, beginningOf(rail, reference))),
      short: simulated(String(Math.round(reference.at(-1)!.p50))),
      strong: input.entered === "live",
    });
  for (const [index, lane] of open.entries()) {
    const fan = lane.lane.fan;
    paintFan({
      ...base,
      fan: fans[index]!,
      y: geometry.laneY(lane.row),
      colour: colours[lane.hue],
      label: simulated(words.total(fan.at(-1)!.p50, lane.lane.branch.instant)),
      short: simulated(String(Math.round(fan.at(-1)!.p50))),
      strong: lane.lane.branch.id === input.entered || lane.lane.branch.id === input.hoverLane,
    });
  }
}

function paintHover({ context, scene, colours, hoverX }: PaintInput): void {
  if (hoverX === undefined) return;
  context.fillStyle = colours.lineStrong;
  context.fillRect(Math.round(hoverX), scene.geometry.labelY + 8, 1, scene.geometry.height);
}

function paintMarkers(input: PaintInput): readonly Box[] {
  const { context, scene, colours, shown, words, zone } = input;
  const { view, geometry } = scene;
  const pills: Box[] = [];
  if (view.nowX <= view.width) {
    context.fillStyle = colours.text;
    context.fillRect(Math.round(view.nowX) - 0.75, geometry.labelY + 6, shown === undefined ? 1.75 : 1, geometry.height);
    if (shown === undefined)
      pills.push(
        pill(
          input,
          view.nowX,
          `${clockText(view.now, zone)} ${zoneText(view.now, zone)} ${words.live}`,
          colours.inverse,
          colours.onInverse,
        ),
      );
  }
  if (shown !== undefined) {
    const x = xOf(view, shown);
    if (x >= -1 && x <= view.width + 1) {
      context.fillStyle = colours.accent;
      context.fillRect(Math.round(x) - 1, geometry.labelY + 6, 2, geometry.height);
      pills.push(
        pill(
          input,
          x,
          `${clockText(shown, zone)} ${zoneText(shown, zone)}  ${words.ago(view.now - shown)}`,
          colours.accent,
          colours.onAccent,
        ),
      );
    }
    if (view.nowX <= view.width && pills.every((box) => view.nowX + 20 < box.left || view.nowX - 20 > box.right)) {
      pills.push(pill(input, view.nowX, words.now, colours.sunken, colours.text));
    }
  }
  return pills;
}

function pill(input: PaintInput, x: number, text: string, background: string, foreground: string): Box {
  const { context, scene, font } = input;
  context.font = `600 12px ${font}`;
  const width = Math.ceil(context.measureText(text).width) + 18;
  const left = Math.min(Math.max(2, x - width / 2), scene.view.width - width - 2);
  context.fillStyle = background;
  roundedRect(context, left, scene.geometry.labelY - 11, width, 21, 4);
  context.fill();
  context.fillStyle = foreground;
  context.textAlign = "center";
  context.fillText(text, left + width / 2, scene.geometry.labelY);
  return { left: left - 6, right: left + width + 6 };
}

function paintLabels(input: PaintInput, pills: readonly Box[]): void {
  const { context, scene, ticks, colours, font } = input;
  const { view, geometry } = scene;
  context.textAlign = "left";
  const fontOf = (tick: RailTick): string => `${tick.major ? 500 : 400} 12px ${font}`;
  const measured = ticks.map((tick) => {
    context.font = fontOf(tick);
    return { x: Math.round(xOf(view, tick.at)), width: context.measureText(tick.label).width };
  });
  for (const [at, left] of tickLabels(measured, pills, view.width).entries()) {
    const tick = ticks[at]!;
    if (left === undefined) continue;
    context.font = fontOf(tick);
    context.fillStyle = tick.major ? colours.text : colours.muted;
    context.fillText(tick.label, left, geometry.labelY);
  }
}

export function ticksRange(scene: RailScene): { readonly from: Instant; readonly to: Instant } {
  return visibleRange(scene.view);
}
