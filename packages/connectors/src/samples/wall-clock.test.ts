import { expect, test } from "vitest";
import { createWallClock } from "./wall-clock.ts";

const T0 = 1_795_000_000_000;

test("[C148] the clock is never behind what the machine shows, follows a step forward at once, and after a step back goes on slower", () => {
  let wallMs = T0;
  let steadyMs = 500.123;
  const clock = createWallClock({ wallMs: () => Math.floor(wallMs), steadyMs: () => steadyMs });
  const pass = (ms: number): number => {
    wallMs += ms;
    steadyMs += ms;
    return clock.now();
  };
  expect(clock.now()).toBe(T0 * 1_000);
  expect(pass(0.4)).toBe(T0 * 1_000 + 400);
  expect(pass(10)).toBeGreaterThanOrEqual((T0 + 10) * 1_000);
  // set forward by less than a second: what a device on this machine says now is not in the future
  wallMs += 400;
  expect(pass(1)).toBeGreaterThanOrEqual(Math.floor(wallMs) * 1_000);
  // interrupted for 30 ms between two reads of the clocks
  const slow = createWallClock({
    wallMs: () => Math.floor((wallMs += 30)),
    steadyMs: () => steadyMs,
  });
  expect(slow.now()).toBe(Math.floor(wallMs) * 1_000);
  // set back by an hour: distinct and in order, and right again after two
  const before = pass(1);
  wallMs -= 3_600_000;
  const after = [pass(1), pass(1), pass(1_000)];
  expect(after).toEqual(after.toSorted((a, b) => a - b));
  expect(new Set([before, ...after]).size).toBe(4);
  expect(after[2]! - before).toBeGreaterThan(400_000);
  for (let second = 0; second < 7_200; second++) pass(1_000);
  expect(Math.abs(clock.now() - wallMs * 1_000)).toBeLessThan(1_100_000);
});
