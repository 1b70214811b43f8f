import { expect, test } from "vitest";
import { layOutLine } from "../layout/plant-layout.ts";
import { SAMPLE_LINE } from "../layout/sample-line.ts";
import { partModel } from "../parts/part-model.ts";
import { flowPath, poseAlong, poseAt } from "./flow-path.ts";
import { placed, unplaced } from "./placement.ts";
import type { PlacedPart, Stage } from "./stage.ts";
import { diffStages } from "./stage-diff.ts";

const part = (id: string, more: Partial<PlacedPart> = {}): PlacedPart =>
  ({ id, kind: "workpiece", position: [0, 0, 0], turn: 0, ...more }) as PlacedPart;
const stageOf = (parts: readonly PlacedPart[]): Stage => ({
  parts,
  stations: [],
  paths: [],
  tracks: [],
  bounds: { min: [0, 0, 0], max: [1, 1, 1] },
});

test("[D1] a diff names what is added, removed, moved and changed, and nothing else", () => {
  const base = stageOf([part("same"), part("gone"), part("moved"), part("turned"), part("grown")]);
  const branch = stageOf([
    part("same", { parameters: { lengthM: 0.6 } }),
    part("moved", { position: [1, 0, 0] }),
    part("turned", { turn: Math.PI }),
    part("grown", { parameters: { lengthM: 2 } }),
    part("new"),
  ]);
  expect(diffStages(base, branch).map((change) => [change.kind, change.part.id])).toEqual([
    ["moved", "moved"],
    ["moved", "turned"],
    ["changed", "grown"],
    ["added", "new"],
    ["removed", "gone"],
  ]);
  expect(diffStages(base, base)).toEqual([]);
});

test("[D2] a whole turn is no move, a hair's breadth neither", () => {
  expect(diffStages(stageOf([part("a")]), stageOf([part("a", { turn: 2 * Math.PI, position: [0.001, 0, 0] })]))).toEqual([]);
});

test("[D3] one more leak-test place shows as one added part and moves nothing else", () => {
  const seven = layOutLine({
    ...SAMPLE_LINE,
    stations: SAMPLE_LINE.stations.map((station) => (station.id === "S090" ? { ...station, places: 7 } : station)),
  });
  const changes = diffStages(layOutLine(SAMPLE_LINE), seven);
  expect(changes.map((change) => [change.kind, change.part.id])).toEqual([["added", "S090/place-7"]]);
});

test("[D4] poses along a path: ends, clamping, direction, and an eased corner", () => {
  const path = flowPath("a", "b", "main", [
    [0, 0.6, 0],
    [2, 0.6, 0],
    [2, 0.6, 0],
    [2, 0.6, 2],
  ]);
  expect(path.lengthM).toBeCloseTo(4, 9);
  expect(poseAt(path, 0)).toEqual({ position: [0, 0.6, 0], turn: -0 });
  expect(poseAt(path, 2).position).toEqual([2, 0.6, 2]);
  expect(poseAt(path, 0.25).position).toEqual([1, 0.6, 0]);
  expect(poseAt(path, 0.9).turn).toBeCloseTo(-Math.PI / 2, 9);
  expect(poseAlong(path.points, 2).turn).toBeCloseTo(-Math.PI / 4, 9);
  expect(() =>
    flowPath("a", "b", "main", [
      [0, 0, 0],
      [0, 0, 0],
    ]),
  ).toThrow(/two distinct points/);
});

test("[D5] a point put into a frame and taken out again is where it was; anchors lie within reach of their part", () => {
  const frame = { position: [3, 0, -2], turn: 0.7 } as const;
  const back = unplaced(frame, placed(frame, [1, 2, 3]));
  [1, 2, 3].forEach((value, i) => expect(back[i]).toBeCloseTo(value, 9));
  const { anchors, box } = partModel({ kind: "leak-test-rack" });
  for (let i = 0; i < 6; i++) expect(anchors[`place${i}`]![0]).toBeGreaterThan(box.min[0]);
});
