import { Box3, Vector3 } from "three";
import { expect, test } from "vitest";
import { CameraRig } from "./camera-rig.ts";

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
