import { Box3, PerspectiveCamera, Sphere, Vector3 } from "three";
import { expect, test } from "vitest";
import { apart, frustumOf, screenRect } from "./screen-rect.ts";

const SIZE = { x: 800, y: 600 };

function eye(): PerspectiveCamera {
  const camera = new PerspectiveCamera(30, SIZE.x / SIZE.y, 0.1, 100);
  camera.position.set(0, 0, 10);
  camera.lookAt(0, 0, 0);
  camera.updateMatrixWorld(true);
  return camera;
}

function box(x: number, y: number, half: number, z = 0): Box3 {
  return new Box3(new Vector3(x - half, y - half, z - half), new Vector3(x + half, y + half, z + half));
}

test("[U33] a box covers the pixels its corners fall on, with a margin, and no more than the screen", () => {
  const rect = screenRect([box(0, 0, 0.5)], eye(), SIZE, 3)!;
  expect(rect.x + rect.width / 2).toBeCloseTo(400, 0);
  expect(rect.y + rect.height / 2).toBeCloseTo(300, 0);
  expect(rect.width).toBeGreaterThan(110);
  expect(rect.width).toBeLessThan(135);
  expect(screenRect([box(40, 0, 0.5)], eye(), SIZE, 3)).toBeUndefined();
  expect(screenRect([], eye(), SIZE, 3)).toBeUndefined();
  expect(screenRect([box(0, 0, 30)], eye(), SIZE, 3)).toEqual({ x: 0, y: 0, width: 800, height: 600 });
});

test("[U33] through a part of the screen one sees what lies behind it", () => {
  const camera = eye();
  const left = frustumOf({ x: 0, y: 0, width: 400, height: 600 }, camera, SIZE);
  expect(left.intersectsSphere(new Sphere(new Vector3(-2, 0, 0), 0.5))).toBe(true);
  expect(left.intersectsSphere(new Sphere(new Vector3(2, 0, 0), 0.5))).toBe(false);
  const upper = frustumOf({ x: 0, y: 300, width: 800, height: 300 }, camera, SIZE);
  expect(upper.intersectsSphere(new Sphere(new Vector3(0, 2, 0), 0.5))).toBe(true);
  expect(upper.intersectsSphere(new Sphere(new Vector3(0, -2, 0), 0.5))).toBe(false);
});

test("[U33] rectangles that overlap become one, also those that touch only through a third", () => {
  const at = (x: number, width: number) => ({ x, y: 0, width, height: 10 });
  expect(apart([at(0, 10), at(20, 10)])).toEqual([at(0, 10), at(20, 10)]);
  expect(apart([at(0, 10), at(20, 10), at(5, 20)])).toEqual([at(0, 30)]);
});
