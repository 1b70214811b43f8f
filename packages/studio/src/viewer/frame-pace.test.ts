import { expect, test } from "vitest";
import { FramePace } from "./frame-pace.ts";

const fence = (finishedAt: number, clock: { now: number }) => ({ done: () => clock.now >= finishedAt });

test("[U27] a frame waits for the last to be finished and leaves as much rest as that took", () => {
  const [pace, clock] = [new FramePace(), { now: 0 }];
  const wait = (now: number) => pace.wait((clock.now = now));
  expect(wait(0)).toBe(0);
  pace.submitted(0, fence(80, clock));
  expect(wait(16)).toBeGreaterThan(0);
  expect(wait(79)).toBeGreaterThan(0);
  expect(wait(80)).toBe(80);
  expect(wait(100)).toBe(60);
  expect(wait(160)).toBe(0);
});

test("[U27] a frame that was done before anyone asked is followed at once, a very slow one after a bounded rest, a lost one is not waited for", () => {
  const [pace, clock] = [new FramePace(), { now: 0 }];
  const wait = (now: number) => pace.wait((clock.now = now));
  pace.submitted(0, fence(3, clock));
  expect(wait(8)).toBe(0);
  pace.submitted(10, fence(910, clock));
  expect(wait(900)).toBeGreaterThan(0);
  expect(wait(910)).toBe(250);
  pace.submitted(2_000, fence(Infinity, clock));
  expect(wait(3_999)).toBeGreaterThan(0);
  expect(wait(4_000)).toBeLessThanOrEqual(250);
  pace.submitted(5_000, undefined);
  expect(wait(5_001)).toBe(0);
});
