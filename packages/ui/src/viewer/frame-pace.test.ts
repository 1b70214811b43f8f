import { expect, test } from "vitest";
import { FramePace } from "./frame-pace.ts";

/** Draws frames of a cost in ms as soon as the pace lets it; the instant after the last. */
function draw(pace: FramePace, start: number, costs: readonly number[]): number {
  let now = start;
  for (const cost of costs) {
    now += pace.wait(now);
    const [begun, done] = [now, { at: now + cost }];
    pace.submitted(begun, { done: () => now >= done.at });
    if (cost > 1) {
      now = begun + cost - 1;
      expect(pace.look(now)).toBe(true);
      expect(pace.wait(now)).toBeGreaterThan(0);
    }
    now = done.at;
    expect(pace.look(now)).toBe(false);
  }
  return now;
}

test("[U31] a frame waits for the last to be finished and leaves as much rest as that took, within bounds", () => {
  const pace = new FramePace();
  expect(pace.wait(0)).toBe(0);
  pace.acted(0);
  expect(pace.wait(draw(pace, 0, [60]))).toBe(60);
  expect(pace.wait(draw(pace, 200, [4]))).toBe(0);
  expect(pace.wait(draw(pace, 300, [3_000]))).toBe(1_000);
});

test("[U31] a slow frame leaves three times its cost to rest, but not while a person does something", () => {
  const pace = new FramePace();
  expect(pace.wait(draw(pace, 0, [20]))).toBe(60);
  const now = draw(pace, 1_000, [200]);
  expect(pace.wait(now)).toBe(600);
  pace.acted(now + 100);
  expect(pace.wait(now + 100)).toBe(100);
  expect(pace.wait(draw(pace, now + 200, [200]))).toBe(200);
  expect(pace.wait(draw(pace, now + 4_000, [200]))).toBe(600);
});

test("[U31] beside numbers a slow frame leaves twenty-four times its cost to rest, at most 5 s, but not while a person does something or the eye moves", () => {
  const pace = new FramePace();
  pace.standBeside();
  expect(pace.wait(draw(pace, 0, [100]))).toBe(2_400);
  expect(pace.wait(draw(pace, 5_000, [4]))).toBe(0);
  const now = draw(pace, 6_000, [900]);
  expect(pace.wait(now)).toBe(5_000);
  pace.acted(now);
  expect(pace.wait(now)).toBe(900);
  pace.submitted(20_000, { done: () => true }, "moving");
  pace.look(20_100);
  expect(pace.wait(20_100)).toBe(300);
});

test("[U31] a frame whose end is never told is not waited for, nor is one without a fence", () => {
  const pace = new FramePace();
  pace.submitted(0, { done: () => false });
  expect(pace.look(4_999)).toBe(true);
  expect(pace.look(5_000)).toBe(false);
  pace.submitted(9_000, undefined);
  expect(pace.wait(9_001)).toBe(0);
});

test("[U32] while the eye moves slow frames are drawn with fewer pixels, down to a bound, and fast ones finer again, slowly", () => {
  const pace = new FramePace();
  let now = 0;
  const turn = (cost: number, frames: number): number => {
    for (let n = 0; n < frames; n++) {
      pace.eyeMoved(now);
      pace.submitted(now, { done: () => true }, "moving");
      pace.look((now += cost));
    }
    return pace.resolution(now);
  };
  expect(turn(20, 6)).toBe(1);
  expect(turn(200, 8)).toBeLessThan(1);
  const least = turn(200, 40);
  expect(least).toBeGreaterThanOrEqual(0.35);
  expect(turn(40, 40)).toBe(least);
  expect(turn(5, 100)).toBe(least);
  expect(turn(5, 600)).toBe(1);
});

test("[U32] a picture at which the eye rests is full, however slow frames are; one that is left for less than 400 ms is not waited for", () => {
  const pace = new FramePace();
  const frame = (cost: number, kind: "moving" | "resting", at: number): void => {
    if (kind === "moving") pace.eyeMoved(at);
    pace.submitted(at, { done: () => true }, kind);
    pace.look(at + cost);
  };
  for (let n = 0; n < 40; n++) frame(900, "resting", n * 1_000);
  expect(pace.resolution(40_000)).toBe(1);
  for (let n = 0; n < 8; n++) frame(300, "moving", 40_000 + n * 1_000);
  expect(pace.resolution(47_399)).toBeLessThan(1);
  expect(pace.resolution(47_400)).toBe(1);
});
