import { DAY, MINUTE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { arrowStep, railKey } from "./rail-keys.ts";
import { DEFAULT_SPAN, restingView } from "./rail-view.ts";

const view = (span: number) => restingView({ width: 1000, now: 1_795_500_000_000_000, span, horizon: 0 });

test("[U11] every action of the Rail has a key", () => {
  const kinds = new Set(["ArrowLeft", "[", "+", "Home", "Escape", " ", ".", "j"].map((key) => railKey(key, false, view(DAY))?.kind));
  expect(kinds).toEqual(new Set(["move", "event", "zoom", "start", "live", "toggle", "speed", "ask"]));
  expect(railKey("x", false, view(DAY))).toBeUndefined();
});

test("[U11] an arrow moves by what the eye can see on this scale, with shift ten times as far, whole seconds always", () => {
  expect(arrowStep(view(10_000_000), false)).toBe(1_000_000);
  const step = arrowStep(view(8 * DAY), false);
  expect(step).toBeGreaterThan(10 * MINUTE);
  expect(step % 1_000_000).toBe(0);
  // where a shift and the one before are shown, a round five minutes
  expect(arrowStep(view(DEFAULT_SPAN), false)).toBe(5 * MINUTE);
  expect(arrowStep(view(8 * DAY), true)).toBe(step * 10);
  expect(railKey("ArrowLeft", true, view(8 * DAY))).toEqual({ kind: "move", by: -step * 10 });
});
