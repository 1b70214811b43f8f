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

test("[U31] a frame whose end is never told is not waited for, nor is one without a fence", () => {
  const pace = new FramePace();
  pace.submitted(0, { done: () => false });
  expect(pace.look(4_999)).toBe(true);
  expect(pace.look(5_000)).toBe(false);
  pace.submitted(9_000, undefined);
  expect(pace.wait(9_001)).toBe(0);
});

test("[U32] slow frames are drawn with fewer pixels, down to a bound, and fast ones finer again, slowly", () => {
  const pace = new FramePace();
  let now = draw(pace, 0, [20, 20, 20, 20, 20, 20]);
  expect(pace.resolution(false)).toBe(1);
  now = draw(pace, now, Array<number>(8).fill(200));
  expect(pace.resolution(false)).toBeLessThan(1);
  now = draw(pace, now, Array<number>(40).fill(200));
  const least = pace.resolution(false);
  expect(least).toBeGreaterThanOrEqual(0.35);
  now = draw(pace, now, Array<number>(40).fill(40));
  expect(pace.resolution(false)).toBe(least);
  now = draw(pace, now, Array<number>(100).fill(5));
  expect(pace.resolution(false)).toBe(least);
  draw(pace, now, Array<number>(600).fill(5));
  expect(pace.resolution(false)).toBe(1);
});

test("[U32] while the eye moves pictures may be coarser than while it rests, and the one taken for a resting eye is not judged", () => {
  const pace = new FramePace();
  const frame = (cost: number, kind: "moving" | "resting" | "taking", at: number): void => {
    pace.submitted(at, { done: () => true }, kind);
    pace.look(at + cost);
  };
  for (let n = 0; n < 8; n++) frame(300, "taking", n * 1_000);
  expect([pace.resolution(true), pace.resolution(false)]).toEqual([1, 1]);
  for (let n = 0; n < 8; n++) frame(300, "moving", 10_000 + n * 1_000);
  for (let n = 0; n < 8; n++) frame(30, "resting", 20_000 + n * 1_000);
  expect(pace.resolution(true)).toBeLessThan(1);
  expect(pace.resolution(false)).toBe(1);
});
