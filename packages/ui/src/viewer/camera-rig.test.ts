import { Box3, Vector3 } from "three";
import { expect, test } from "vitest";
import { CameraRig } from "./camera-rig.ts";
import { WalkFloor } from "./walk-floor.ts";

const box = new Box3(new Vector3(0, 0, 0), new Vector3(45, 3, 17));

test("a framing shows the whole box, fills the screen in one direction, and keeps the horizon", () => {
  for (const aspect of [1.6, 1, 0.46])
    for (const [yaw, pitch] of [
      [-0.34, 0.6],
      [-1.2, 0.9],
      [0, Math.PI / 2 - 0.002],
      [2.5, 0.2],
    ] as const) {
      const rig = new CameraRig();
      rig.setAspect(aspect);
      rig.set(rig.framing(box, yaw, pitch, 0.9));
      rig.update(0);
      const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => new Vector3(i & 1 ? 45 : 0, i & 2 ? 3 : 0, i & 4 ? 17 : 0).project(rig.camera));
      const [xs, ys] = [corners.map((c) => c.x), corners.map((c) => c.y)];
      const [width, height] = [Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)];
      expect(Math.max(width, height)).toBeGreaterThan(1.7);
      expect(Math.max(...xs.map(Math.abs), ...ys.map(Math.abs))).toBeLessThan(1.001);
      const right = new Vector3(1, 0, 0).transformDirection(rig.camera.matrixWorld);
      expect(Math.abs(right.y)).toBeLessThan(1e-6);
    }
});

test("a jump eases within 250 ms by the short way round, and at once with reduced motion", () => {
  const rig = new CameraRig();
  rig.set({ target: [0, 0, 0], yaw: 3, pitch: 0.5, distance: 10 });
  rig.go({ target: [10, 0, 0], yaw: -3, pitch: 0.5, distance: 20 }, 1000);
  expect(rig.update(1100)).toBe(true);
  expect(Math.abs(rig.view.yaw - 3)).toBeLessThan(0.4);
  expect(rig.update(1250)).toBe(false);
  expect(rig.camera.position.x).toBeGreaterThan(5);
  rig.reducedMotion = true;
  rig.go({ target: [0, 0, 0], yaw: 0, pitch: 0.5, distance: 10 }, 2000);
  expect(rig.update(2000)).toBe(false);
});

test("turning never passes the ground or the pole, zooming stays within reach, walking stays at eye height", () => {
  const rig = new CameraRig();
  rig.setLimits(box);
  rig.orbit(1, 10);
  rig.update(0);
  expect(rig.view.pitch).toBeLessThan(Math.PI / 2);
  rig.orbit(1, -10);
  rig.update(0);
  expect(rig.camera.position.y).toBeGreaterThan(0);
  for (let i = 0; i < 60; i++) rig.zoom(1.5);
  expect(rig.view.distance).toBeLessThanOrEqual(260);
  rig.reducedMotion = true;
  rig.startWalk(0);
  rig.walk(3, 1);
  rig.update(1);
  expect(rig.camera.position.y).toBeGreaterThan(1.4);
  expect(rig.camera.position.y).toBeLessThan(1.9);
});

const machine = new Box3(new Vector3(10, 0, 5), new Vector3(14, 2.2, 9));

function walker(): { rig: CameraRig; floor: WalkFloor; said: boolean[] } {
  const rig = new CameraRig();
  const floor = new WalkFloor();
  floor.set([machine]);
  rig.setLimits(box);
  rig.setFloor(floor);
  rig.reducedMotion = true;
  const said: boolean[] = [];
  rig.onWalking = (isWalking) => said.push(isWalking);
  return { rig, floor, said };
}

test("[U34] a walk begins beside the machine it would begin in, and ends before the one in its way", () => {
  const { rig, floor } = walker();
  // the eye would be at (12, 7), in the middle of the machine
  rig.set({ target: [12, 0, 2], yaw: 0, pitch: 0.6, distance: 30 });
  rig.startWalk(0);
  rig.update(0);
  const { position } = rig.camera;
  expect(floor.isFree(position.x, position.z)).toBe(true);
  expect(position.y).toBeCloseTo(1.65, 2);
  // towards the machine from the side, by keys, wheel and two fingers
  for (const act of [() => rig.walk(20, 0), () => rig.zoom(0.01), () => rig.pan(0, 2_000, 800)]) {
    act();
    rig.update(1);
    expect(floor.isFree(position.x, position.z)).toBe(true);
    expect(position.y).toBeCloseTo(1.65, 2);
  }
  expect(position.z).toBeGreaterThanOrEqual(9.4 - 1e-9);
});

test("[U34] a walk says that it began and ended; its end is the view it began from, another view ends it too", () => {
  const { rig, said } = walker();
  const before = { target: [20, 0, 5], yaw: 0.3, pitch: 0.7, distance: 40 } as const;
  rig.set(before);
  rig.startWalk(0);
  rig.startWalk(1);
  rig.walk(4, 0);
  expect(rig.endWalk(2)).toBe(true);
  expect(rig.endWalk(3)).toBe(false);
  rig.update(3);
  expect(rig.view).toEqual(before);
  rig.startWalk(4);
  rig.go({ ...before, yaw: 1 }, 5);
  expect(said).toEqual([true, false, true, false]);
});

test("[U34] a step while the walk is still being entered is at eye height", () => {
  const { rig } = walker();
  rig.reducedMotion = false;
  rig.set({ target: [20, 0, 12], yaw: 0, pitch: 0.6, distance: 30 });
  rig.update(0);
  rig.startWalk(0);
  rig.update(100);
  rig.walk(0.5, 0);
  rig.update(110);
  expect(rig.camera.position.y).toBeCloseTo(1.65, 2);
});

test("[U35] zooming out ends with all that stands in the middle of the picture, from wherever it began", () => {
  for (const aspect of [1.6, 0.46])
    for (const towards of [new Vector3(-10, 0, -10), new Vector3(45, 0, 17), new Vector3(300, 0, 0)]) {
      const rig = new CameraRig();
      rig.setAspect(aspect);
      rig.setLimits(box);
      rig.set({ target: [45, 0, 0], yaw: -0.34, pitch: 0.6, distance: 6 });
      for (let i = 0; i < 80; i++) rig.zoom(1.2, towards);
      rig.update(0);
      const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => new Vector3(i & 1 ? 45 : 0, i & 2 ? 3 : 0, i & 4 ? 17 : 0).project(rig.camera));
      const [xs, ys] = [corners.map((c) => c.x), corners.map((c) => c.y)];
      expect(Math.max(...xs.map(Math.abs), ...ys.map(Math.abs))).toBeLessThan(1);
      expect(Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys))).toBeGreaterThan(0.9);
      // and it still zooms in
      const { distance } = rig.view;
      rig.zoom(0.5);
      expect(rig.view.distance).toBeCloseTo(distance / 2, 6);
    }
});
