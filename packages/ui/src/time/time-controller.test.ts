import { expect, test } from "vitest";
import { createTimeController, speeds } from "./time-controller.ts";

class Wall {
  now = 1_000_000_000_000;
  readonly frames: (() => void)[] = [];
  pass(microseconds: number, steps = 10): void {
    for (let step = 0; step < steps; step += 1) {
      this.now += microseconds / steps;
      for (const run of this.frames.splice(0)) run();
    }
  }
}

function controllerOf(wall: Wall, earliest?: number) {
  return createTimeController({
    now: () => wall.now,
    nextFrame: (run) => {
      wall.frames.push(run);
      return () => wall.frames.splice(wall.frames.indexOf(run), 1);
    },
    earliest: () => earliest,
  });
}

test("[U12] live is now; the past is held; the future is live (P13)", () => {
  const wall = new Wall();
  const time = controllerOf(wall, 500_000_000_000);
  expect(time.instant()).toBe(wall.now);
  time.goTo(wall.now - 60e6);
  wall.pass(5e6);
  expect(time.instant()).toBe(1_000_000_000_000 - 60e6);
  expect(time.state.get().kind).toBe("at");
  time.goTo(wall.now + 1);
  expect(time.state.get().kind).toBe("live");
  time.goTo(1);
  expect(time.instant()).toBe(500_000_000_000);
});

test("[U13] playing runs at its speed from where it was and becomes live when it catches up", () => {
  const wall = new Wall();
  const time = controllerOf(wall);
  const start = wall.now - 100e6;
  time.goTo(start);
  time.play(10);
  wall.pass(2e6);
  expect(Math.abs(time.instant() - (start + 20e6))).toBeLessThan(10);
  time.pause();
  wall.pass(3e6);
  expect(Math.abs(time.instant() - (start + 20e6))).toBeLessThan(10);
  time.play(1000);
  wall.pass(1e6);
  expect(time.state.get().kind).toBe("live");
  expect(wall.frames).toHaveLength(0);
});

test("[U13] what plays in a tab that slept for an hour, or beside a clock that was set back, goes on where it was", () => {
  const wall = new Wall();
  const time = controllerOf(wall);
  const start = wall.now - 86_400e6;
  time.goTo(start);
  time.play(1000);
  wall.pass(1e6);
  wall.pass(3600e6, 1);
  expect(Math.abs(time.instant() - (start + 1000e6))).toBeLessThan(10);
  wall.pass(-7200e6, 1);
  wall.pass(1e6);
  expect(Math.abs(time.instant() - (start + 2000e6))).toBeLessThan(10);
});

test("[U13] data that follows a playing instant is told at most ten times a second", () => {
  const wall = new Wall();
  const time = controllerOf(wall);
  time.goTo(wall.now - 3600e6);
  time.play(60);
  let told = 0;
  time.shown.subscribe(() => (told += 1));
  wall.pass(2e6, 120);
  expect(told).toBeGreaterThan(10);
  expect(told).toBeLessThanOrEqual(20);
});

test("[U13] speeds step through their list and stop at its ends", () => {
  const wall = new Wall();
  const time = controllerOf(wall);
  for (let step = 0; step < 30; step += 1) time.changeSpeed(1);
  expect(time.speed()).toBe(speeds.at(-1));
  for (let step = 0; step < 30; step += 1) time.changeSpeed(-1);
  expect(time.speed()).toBe(speeds[0]);
});

test("[U122] a drag is at its newest instant at once, shows the first and the newest at most ten times a second, and ends where it was let go", () => {
  const wall = new Wall();
  const time = controllerOf(wall);
  const start = wall.now - 3600e6;
  const shown: (number | undefined)[] = [];
  time.shown.subscribe(() => shown.push(time.shown.get()));
  for (let move = 0; move < 120; move += 1) {
    time.scrub(start + move);
    expect(time.instant()).toBe(start + move);
    wall.pass(1e6 / 60, 1);
  }
  expect(shown[0]).toBe(start);
  expect(shown.length).toBeGreaterThan(10);
  expect(shown.length).toBeLessThanOrEqual(20);
  expect(shown).toEqual(shown.toSorted((a, b) => a! - b!));
  wall.pass(1e6);
  expect(shown.at(-1)).toBe(start + 119);
  time.scrub(start);
  time.scrub(start + 1);
  time.goTo(start + 2);
  wall.pass(1e6);
  expect(time.shown.get()).toBe(start + 2);
  expect(wall.frames).toHaveLength(0);
});

test("[U122] where a picture of the past takes 200 ms a drag leaves twice that to the pointer", () => {
  const wall = new Wall();
  const time = controllerOf(wall);
  let shown = 0;
  time.shown.subscribe(() => {
    shown += 1;
    wall.now += 200_000;
  });
  for (let move = 0; wall.now < 1_000_000_000_000 + 6e6; move += 1) {
    time.scrub(wall.now - 3600e6 - move);
    wall.pass(1e6 / 60, 1);
  }
  expect(shown).toBeGreaterThanOrEqual(8);
  expect(shown).toBeLessThanOrEqual(10);
});

test("[U122] live, playing and paused take the place of what a drag has not shown yet", () => {
  const wall = new Wall();
  const time = controllerOf(wall);
  const start = wall.now - 3600e6;
  const drag = (): void => {
    time.scrub(start);
    time.scrub(start + 10e6);
  };
  drag();
  time.goLive();
  wall.pass(1e6);
  expect(time.state.get().kind).toBe("live");
  drag();
  time.pause();
  expect(time.shown.get()).toBe(start + 10e6);
  drag();
  time.play(1);
  wall.pass(1e6);
  expect(Math.abs(time.instant() - (start + 11e6))).toBeLessThan(10);
});
