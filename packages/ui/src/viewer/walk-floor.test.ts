import { Box3, Vector3 } from "three";
import { expect, test } from "vitest";
import { layOutLine, SAMPLE_LINE, type Stage } from "@doppelwerk/scene";
import { MeshBasicMaterial, PerspectiveCamera } from "three";
import { sampleSite } from "./gallery-site.ts";
import { StageView } from "./stage-view.ts";
import { obstaclesOf, WalkFloor } from "./walk-floor.ts";

const box = (minX: number, minY: number, minZ: number, maxX: number, maxY: number, maxZ: number): Box3 =>
  new Box3(new Vector3(minX, minY, minZ), new Vector3(maxX, maxY, maxZ));

function floorOf(...boxes: readonly Box3[]): WalkFloor {
  const floor = new WalkFloor();
  floor.set(boxes);
  return floor;
}

test("[U34] a step ends at a machine and goes on along it, however long the step", () => {
  const floor = floorOf(box(0, 0, 0, 4, 2.2, 3));
  expect(floor.step(2, 10, 0, -20)).toEqual([2, expect.closeTo(3.4, 0)]);
  const [x, z] = floor.step(1, 4, 3, -3);
  expect(floor.isFree(x, z)).toBe(true);
  // it slid along the front: further to the right, not into it
  expect(x).toBeCloseTo(4, 6);
  expect(z).toBeGreaterThanOrEqual(3.4);
});

test("[U34] a walk of a thousand steps is never inside anything", () => {
  const floor = floorOf(box(0, 0, 0, 4, 2.2, 3), box(6, 0, 0, 9, 3, 3), box(0, 0, 5, 9, 1.8, 6));
  let [x, z] = [-2, 4];
  let seed = 7;
  const next = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  let moved = 0;
  for (let i = 0; i < 1_000; i++) {
    const [toX, toZ] = floor.step(x, z, (next() - 0.4) * 2, (next() - 0.5) * 2);
    moved += Math.hypot(toX - x, toZ - z);
    [x, z] = [toX, toZ];
    expect(floor.isFree(x, z)).toBe(true);
  }
  expect(moved).toBeGreaterThan(100);
});

test("[U34] who would begin inside a machine begins beside it, on the side that is asked for; who is inside can leave", () => {
  const floor = floorOf(box(0, 0, 0, 4, 2.2, 3));
  const [x, z] = floor.nearestFree(2, 1.5, 0);
  expect(floor.isFree(x, z)).toBe(true);
  expect(z).toBeGreaterThan(3);
  expect(floor.nearestFree(2, 1.5, Math.PI)[1]).toBeLessThan(0);
  expect(floor.nearestFree(10, 10, 0)).toEqual([10, 10]);
  const [, left] = floor.step(2, 1.5, 0, 6);
  expect(left).toBeCloseTo(7.5, 6);
});

test("[U34] conveyors are seen over and trays walked under", () => {
  const floor = floorOf(box(0, 0, 0, 4, 0.9, 1), box(0, 2.6, 0, 4, 2.8, 1));
  expect(floor.isFree(2, 0.5)).toBe(true);
});

test("[U34] a wall is drawn cut and is no less in the way: one goes through its door", () => {
  const part = (kind: "wall" | "machine") => ({ id: kind, kind, position: [0, 0, 0], turn: 0 }) as const;
  const floor = new WalkFloor();
  floor.set(
    obstaclesOf([
      { part: part("wall"), box: box(-10, 0, -0.1, -2, 1.1, 0.1) },
      { part: part("wall"), box: box(2, 0, -0.1, 10, 1.1, 0.1) },
      { part: part("machine"), box: box(-10, 0, 4, 10, 1.1, 5) },
    ]),
  );
  expect(floor.step(5, 3, 0, -6)[1]).toBeGreaterThan(0.4);
  expect(floor.step(0, 3, 0, -6)[1]).toBeCloseTo(-3, 6);
  // low machines are seen over, as before
  expect(floor.isFree(0, 4.5)).toBe(true);
});

const pointsOf = ({ min, max }: Box3): readonly Vector3[] =>
  [min.x, (min.x + max.x) / 2, max.x].flatMap((x) => [min.z, (min.z + max.z) / 2, max.z].map((z) => new Vector3(x, 1.2, z)));

const stages: readonly (readonly [name: string, stage: Stage])[] = [
  ["a line in one row", layOutLine({ ...SAMPLE_LINE, rows: 1 })],
  ["a line in two rows", layOutLine({ ...SAMPLE_LINE, rows: 2 })],
  ["a line in three rows", layOutLine({ ...SAMPLE_LINE, rows: 3 })],
  ["a site of two lines", sampleSite(2)],
  ["a site of six lines", sampleSite(6)],
];

test.each(stages)("[U34] in %s a walk begins outside of everything, with stations ahead and nothing near in the picture", (_, stage) => {
  const material = new MeshBasicMaterial();
  const view = new StageView({ solid: material, glass: material, edges: material });
  view.setStage(stage);
  const drawn = [...view.drawn.values()];
  const stations = drawn.filter(({ part }) => part.stationId !== undefined);
  const floor = new WalkFloor();
  floor.stand(drawn);
  // wherever one looked before: the middle, every corner, and the middle of machines
  const { min, max } = stage.bounds;
  const machines = stations.filter((__, at) => at % 17 === 0).map(({ box: own }) => own.getCenter(new Vector3()));
  const looked = [
    [(min[0] + max[0]) / 2, (min[2] + max[2]) / 2],
    [min[0], min[2]],
    [max[0], max[2]],
    ...machines.map(({ x, z }) => [x, z]),
  ] as const;
  for (const [lookedX, lookedZ] of looked)
    for (const yaw of [-0.34, 1.2, 3]) {
      const start = floor.start(lookedX!, lookedZ!, yaw);
      const standing = drawn.filter(({ box: own }) => own.max.y > 0.12 && own.min.y < 1.9);
      const apart = standing.map(({ box: own }) =>
        own.distanceToPoint(new Vector3(start.x, Math.min(Math.max(1, own.min.y), own.max.y), start.z)),
      );
      expect(Math.min(...apart)).toBeGreaterThan(0.89);
      const camera = new PerspectiveCamera(46, 1.6, 0.05, 200);
      camera.position.set(start.x, 1.65, start.z);
      camera.lookAt(start.x - Math.sin(start.yaw), 1.65, start.z - Math.cos(start.yaw));
      camera.updateMatrixWorld(true);
      const isInPicture = (at: Vector3): boolean =>
        at
          .project(camera)
          .toArray()
          .every((value) => Math.abs(value) <= 1);
      const ahead = stations.filter(({ box: own }) => own.distanceToPoint(camera.position) < 22 && pointsOf(own).some(isInPicture));
      expect(ahead.length).toBeGreaterThan(0);
    }
  view.dispose();
});
