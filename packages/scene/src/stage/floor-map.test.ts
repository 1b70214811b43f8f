import { expect, test } from "vitest";
import { fitFloor, onStage } from "./floor-map.ts";

test("[D6] a floor is fitted by where known things stand, north to the back; one thing alone keeps the scale", () => {
  const map = fitFloor([
    { x: 0, y: 0, toX: 5, toZ: 20 },
    { x: 10, y: 0, toX: 25, toZ: 20 },
    { x: 10, y: 10, toX: 25, toZ: 5 },
  ]);
  const [x, z] = onStage(map, 5, 4);
  expect(x).toBeCloseTo(15, 9);
  expect(z).toBeCloseTo(14, 9);
  const one = fitFloor([{ x: 2, y: 3, toX: 1, toZ: 1 }]);
  expect(onStage(one, 4, 4)).toEqual([3, 0]);
  expect(onStage(fitFloor([]), 4, 4)).toEqual([4, -4]);
});
