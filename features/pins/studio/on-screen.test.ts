import { PerspectiveCamera, Vector3 } from "three";
import { expect, test } from "vitest";
import { onScreen } from "./on-screen.ts";

test("[SR43] a pin is where the camera sees its point, and is not shown behind it", () => {
  const camera = new PerspectiveCamera(50, 16 / 9, 0.1, 600);
  camera.position.set(4, 3, 9);
  camera.lookAt(1, 0.5, -2);
  camera.updateMatrixWorld();
  for (const point of [
    [1, 0.5, -2],
    [3, 2, 0],
    [-2, 0, -8],
  ] as const) {
    const [x, y, isBefore] = onScreen(camera.matrixWorldInverse.elements, camera.projectionMatrix.elements, point);
    const seen = new Vector3(...point).project(camera);
    expect([x, y]).toEqual([expect.closeTo(seen.x, 9), expect.closeTo(seen.y, 9)]);
    expect(isBefore).toBe(true);
  }
  const [, , isBefore] = onScreen(camera.matrixWorldInverse.elements, camera.projectionMatrix.elements, [8, 6, 30]);
  expect(isBefore).toBe(false);
});
