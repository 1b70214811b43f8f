import { DAY, HOUR, MINUTE, SECOND } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";

/**
 * The window of the Rail. Time runs left to right; past and future have scales of their own that meet at `now`, because a forecast
 * reaches hours where the record reaches weeks.
 */
export interface RailView {
  /** Pixels of the plot. */
  readonly width: number;
  readonly now: Instant;
  /** Pixel at which now stands; may lie right of the plot. */
  readonly nowX: number;
  /** Microseconds a pixel left and right of now. */
  readonly pastScale: number;
  readonly futureScale: number;
}

export const SHORTEST_SPAN: Instant = 10 * SECOND;
export const MAX_SPAN: Instant = 400 * DAY;
/** The running shift and the one before: minutes of them can be pointed at. */
export const DEFAULT_SPAN: Instant = 16 * HOUR;
/** Spans to choose from. */
export const SPANS: readonly Instant[] = [8 * HOUR, DEFAULT_SPAN, DAY, 7 * DAY, 30 * DAY];

/** What a resting view is made of: `span` = past shown left of now, `horizon` = future known, 0 = none. */
export interface RailRest {
  readonly width: number;
  readonly now: Instant;
  readonly span: Instant;
  readonly horizon: Instant;
}

/** The view in which now stands at its home and the record flows under it. */
export function restingView(rest: RailRest): RailView {
  const width = Math.max(1, rest.width);
  const nowX = Math.round(width * homeOfNow(width, rest.horizon));
  const pastScale = clampSpan(rest.span) / nowX;
  return { width, now: rest.now, nowX, pastScale, futureScale: futureScaleOf(pastScale, width - nowX, rest.horizon) };
}

/** Where now rests, as a fraction of the width: further left when there are futures to show. */
export function homeOfNow(width: number, horizon: Instant): number {
  if (horizon <= 0) return width < 600 ? 0.9 : 0.94;
  return width < 600 ? 0.72 : 0.66;
}

/** The view that shows `span` ending at an instant of the past; at rest when that would be the present. */
export function heldView(rest: RailRest, held: Instant): RailView {
  const pastScale = clampSpan(rest.span) / Math.max(1, rest.width);
  const nowX = rest.width + (rest.now - held) / pastScale;
  return settled({ width: Math.max(1, rest.width), now: rest.now, nowX, pastScale, futureScale: pastScale }, rest.horizon);
}

export function xOf(view: RailView, instant: Instant): number {
  const distance = instant - view.now;
  return view.nowX + distance / (distance <= 0 ? view.pastScale : view.futureScale);
}

export function instantAt(view: RailView, x: number): Instant {
  const distance = x - view.nowX;
  return Math.round(view.now + distance * (distance <= 0 ? view.pastScale : view.futureScale));
}

export function visibleRange(view: RailView): { readonly from: Instant; readonly to: Instant } {
  return { from: instantAt(view, 0), to: instantAt(view, view.width) };
}

/** The past the view shows left of now or of its right edge, µs. */
export function spanOf(view: RailView): Instant {
  return Math.round(Math.min(view.nowX, view.width) * view.pastScale);
}

/** Zooms by `factor` (> 1 = closer) keeping the instant under pixel `x` where it is. */
export function zoomed(view: RailView, factor: number, x: number, horizon: Instant): RailView {
  const reach = Math.min(view.nowX, view.width);
  const pastScale = clampSpan((view.pastScale / factor) * reach) / reach;
  // Right of now the cursor holds nothing of the past: zoom about now itself.
  const anchor = Math.min(x, view.nowX);
  const instant = instantAt(view, anchor);
  const nowX = anchor + (view.now - instant) / pastScale;
  return settled({ ...view, nowX, pastScale }, horizon);
}

/** Moves the record by `dx` pixels to the right; now never leaves its home to the left. */
export function panned(view: RailView, dx: number, horizon: Instant): RailView {
  return settled({ ...view, nowX: view.nowX + dx }, horizon);
}

/** The same view a moment later: at rest the record flows under now, held it stays and now moves on. */
export function advanced(view: RailView, now: Instant, resting: boolean): RailView {
  if (resting) return { ...view, now };
  return { ...view, now, nowX: view.nowX + (now - view.now) / view.pastScale };
}

/** Moves a view so that the instant lies inside its plot, `margin` pixels from the edge. */
export function revealing(view: RailView, instant: Instant, margin: number, horizon: Instant): RailView {
  const x = xOf(view, instant);
  if (x < margin) return panned(view, margin - x, horizon);
  if (x > view.width - margin && view.nowX > view.width - margin) return panned(view, view.width - margin - x, horizon);
  return view;
}

export function isResting(view: RailView, horizon: Instant): boolean {
  return Math.abs(view.nowX - Math.round(view.width * homeOfNow(view.width, horizon))) < 1;
}

/** `8 d`, `6 h`, `10 min`: the words beside the Rail for how much it shows. */
export function spanWords(span: Instant): { readonly value: number; readonly unit: "s" | "min" | "h" | "d" } {
  if (span >= 2 * DAY) return { value: Math.round(span / DAY), unit: "d" };
  if (span >= 2 * HOUR) return { value: Math.round(span / HOUR), unit: "h" };
  if (span >= 2 * MINUTE) return { value: Math.round(span / MINUTE), unit: "min" };
  return { value: Math.round(span / SECOND), unit: "s" };
}

function settled(view: RailView, horizon: Instant): RailView {
  const home = Math.round(view.width * homeOfNow(view.width, horizon));
  const nowX = Math.max(home, view.nowX);
  return { ...view, nowX, futureScale: futureScaleOf(view.pastScale, Math.max(1, view.width - home), horizon) };
}

// The future is never drawn coarser than the past, and fills its room with what is known of it.
function futureScaleOf(pastScale: number, room: number, horizon: Instant): number {
  if (horizon <= 0) return pastScale;
  return Math.min(pastScale, (horizon * 1.12) / Math.max(1, room));
}

function clampSpan(span: Instant): Instant {
  return Math.min(MAX_SPAN, Math.max(SHORTEST_SPAN, span));
}
