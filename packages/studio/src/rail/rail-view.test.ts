import { DAY, HOUR, MINUTE, SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import {
  heldView,
  advanced,
  DEFAULT_SPAN,
  instantAt,
  isResting,
  MAX_SPAN,
  panned,
  restingView,
  revealing,
  SHORTEST_SPAN,
  spanOf,
  visibleRange,
  xOf,
  zoomed,
} from "./rail-view.ts";

const NOW = 1_795_500_000_000_000;
const rest = (span = DEFAULT_SPAN, horizon = 16 * HOUR, width = 1200) => restingView({ width, now: NOW, span, horizon });

test("[U1] pixel and instant are inverse on both sides of now, whatever the scales", () => {
  for (const span of [10 * SECOND, 3 * MINUTE, 7 * HOUR, 8 * DAY, 300 * DAY]) {
    const view = rest(span);
    for (let x = 0; x <= view.width; x += 37)
      expect(Math.abs(xOf(view, instantAt(view, x)) - x), `span ${span}, x ${x}`).toBeLessThan(0.51);
  }
});

test("[U2] zooming keeps the instant under the cursor where it is, between seconds and months", () => {
  const view = panned(rest(), 500, 0);
  const held = instantAt(view, 300);
  let zooming = view;
  for (let step = 0; step < 60; step += 1) {
    zooming = zoomed(zooming, 1.4, 300, 0);
    expect(Math.abs(xOf(zooming, held) - 300)).toBeLessThan(1);
  }
  expect(spanOf(zooming)).toBeGreaterThanOrEqual(SHORTEST_SPAN - 1);
  for (let step = 0; step < 120; step += 1) zooming = zoomed(zooming, 1 / 1.4, 300, 0);
  expect(spanOf(zooming)).toBeLessThanOrEqual(MAX_SPAN + 1);
});

test("[U2] now never leaves its home to the left, and coming back there is rest", () => {
  const view = panned(rest(), 400, 16 * HOUR);
  expect(isResting(view, 16 * HOUR)).toBe(false);
  const back = panned(view, -5000, 16 * HOUR);
  expect(isResting(back, 16 * HOUR)).toBe(true);
});

test("[U2] a span held at an instant of the past ends there and is that long, however often it is taken up again", () => {
  const held = NOW - 3 * DAY;
  let view = heldView({ width: 1200, now: NOW, span: 2 * HOUR, horizon: 0 }, held);
  for (let round = 0; round < 5; round += 1) {
    expect(Math.abs(spanOf(view) - 2 * HOUR)).toBeLessThan(10);
    expect(Math.abs(instantAt(view, 1200) - held)).toBeLessThan(10);
    view = heldView({ width: 1200, now: NOW, span: spanOf(view), horizon: 0 }, instantAt(view, 1200));
  }
});

test("[U3] at rest the record flows under now; held, what is shown stays", () => {
  const view = rest();
  const later = NOW + HOUR;
  expect(xOf(advanced(view, later, true), later)).toBe(view.nowX);
  const held = panned(view, 300, 16 * HOUR);
  const shown = NOW - 3 * DAY;
  expect(Math.abs(xOf(advanced(held, later, false), shown) - xOf(held, shown))).toBeLessThan(0.01);
});

test("[U1] the future fits into its room and is never coarser than the past", () => {
  const view = rest(8 * DAY, 16 * HOUR);
  expect(visibleRange(view).to).toBeGreaterThan(NOW + 16 * HOUR);
  expect(rest(10 * MINUTE, 16 * HOUR).futureScale).toBeLessThanOrEqual(rest(10 * MINUTE, 16 * HOUR).pastScale);
});

test("[U2] revealing brings an instant into the plot and leaves a view alone that shows it", () => {
  const view = rest(HOUR, 0);
  expect(revealing(view, NOW - 20 * MINUTE, 24, 0)).toBe(view);
  const moved = revealing(view, NOW - 5 * HOUR, 24, 0);
  const x = xOf(moved, NOW - 5 * HOUR);
  expect(x).toBeGreaterThanOrEqual(23);
  expect(x).toBeLessThanOrEqual(view.width);
});

test("[U147] as the Rail opens, five minutes two hours ago are pixels that a hand can tell apart, with and without a forecast", () => {
  // a window of 1440 px without the controls
  for (const horizon of [0, 8 * HOUR]) {
    const view = rest(DEFAULT_SPAN, horizon, 1276);
    expect(xOf(view, NOW - 2 * HOUR + 5 * MINUTE) - xOf(view, NOW - 2 * HOUR)).toBeGreaterThan(4);
    expect(xOf(view, NOW) - xOf(view, NOW - 2 * HOUR)).toBeGreaterThan(100);
    // the shift before is whole, however far the running one is
    expect(spanOf(view)).toBeGreaterThanOrEqual(16 * HOUR - 1);
  }
});
