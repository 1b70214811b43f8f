import { layOutLine, poseAt, SAMPLE_LINE, type ProductLook } from "@doppelwerk/scene";
import { MeshBasicMaterial } from "three";
import { expect, test } from "vitest";
import { MoverView } from "./mover-view.ts";
import type { PartFrame, ViewerFrame } from "./viewer-frame.ts";

const stage = layOutLine(SAMPLE_LINE);
const material = new MeshBasicMaterial();
const frame = (second: number, at: PartFrame["at"]): ViewerFrame => ({
  instant: second * 1e6,
  stations: new Map(),
  parts: [{ serial: "1", product: "P1", at, progress: 0.5, inferred: false }],
});

function moverAt(): { readonly view: MoverView; readonly where: (progress: number) => readonly [number, number] } {
  const view = new MoverView({ solid: material, glass: material, edges: material });
  view.setStage(stage);
  const where = (progress: number): readonly [number, number] => {
    const box = view.boxes(progress)[0]!.box;
    return [(box.min.x + box.max.x) / 2, (box.min.z + box.max.z) / 2];
  };
  return { view, where };
}

test("a product goes from its place round the corner into the queue along the conveyor, not across the floor", () => {
  const { view, where } = moverAt();
  const place = stage.stations.find((station) => station.id === "S080")!.places[0]!;
  const slot = stage.stations.find((station) => station.id === "S090")!.buffer[0]!;
  view.setFrame(frame(1, { station: "S080", place: 0 }), 1);
  view.setFrame(frame(3, { bufferOf: "S090", slot: 0 }), 1);
  expect(where(0)[0]).toBeCloseTo(place.position[0], 1);
  expect(where(1)[1]).toBeCloseTo(slot.position[2], 1);
  const path = stage.paths.find((candidate) => candidate.id === "S080>S090")!;
  for (const progress of [0.2, 0.4, 0.6, 0.8]) {
    const [x, z] = where(progress);
    const nearest = Math.min(
      ...Array.from({ length: 400 }, (_, i) => poseAt(path, i / 399).position).map(([px, , pz]) => Math.hypot(px - x, pz - z)),
    );
    expect(nearest).toBeLessThan(0.1);
  }
});

test("a product that leaves a rack's place has no jump at either end", () => {
  const { view, where } = moverAt();
  const place = stage.stations.find((station) => station.id === "S090")!.places[2]!;
  view.setFrame(frame(1, { station: "S090", place: 2 }), 1);
  view.setFrame(frame(3, { path: "S090>S100", fraction: 0.5 }), 1);
  expect(Math.hypot(where(0)[0] - place.position[0], where(0)[1] - place.position[2])).toBeLessThan(0.1);
  const steps = Array.from({ length: 50 }, (_, i) =>
    Math.hypot(where((i + 1) / 50)[0] - where(i / 50)[0], where((i + 1) / 50)[1] - where(i / 50)[1]),
  );
  expect(Math.max(...steps)).toBeLessThan(0.5);
});

test("a seek back in time jumps, and what is gone from the frame is gone from the world", () => {
  const { view, where } = moverAt();
  view.setFrame(frame(10, { station: "S030", place: 0 }), 1);
  view.setFrame(frame(5, { station: "S120", place: 0 }), 1);
  expect(where(0)).toEqual(where(1));
  expect(view.moving).toBe(false);
  view.setFrame({ instant: 6e6, stations: new Map(), parts: [] }, 1);
  expect(view.size).toBe(0);
});

test("a vehicle told in floor coordinates stays on the aisle and does not leap across the plant", () => {
  const view = new MoverView({ solid: material, glass: material, edges: material });
  const floor = { xScale: 1, xShift: 0, zScale: -1, zShift: 16 };
  view.setStage({ ...stage, floor });
  const tell = (second: number, floorX: number, floorY: number): readonly [number, number] => {
    view.setFrame(
      {
        instant: second * 1e6,
        stations: new Map(),
        parts: [],
        vehicles: [{ id: "A", at: { floorX, floorY, headingDeg: 0 }, loaded: true }],
      },
      1,
    );
    const box = view.boxes(1)[0]!.box;
    return [(box.min.x + box.max.x) / 2, (box.min.z + box.max.z) / 2];
  };
  const front = tell(1, 20, 1);
  expect(front[0]).toBeCloseTo(20, 0);
  for (let step = 1; step <= 14; step++) expect(tell(1 + step, 20, 1 + step)[1]).toBeCloseTo(front[1], 1);
});

test("[U36] products look as their stage says where they are on their way; plain blocks where it says nothing, also after it did", () => {
  const view = new MoverView({ solid: material, glass: material, edges: material });
  const of = (heightM: number): ProductLook["open"] => ({ kind: "workpiece", parameters: { heightM } });
  const product: ProductLook = { begun: of(1), open: of(2), closed: of(3), joining: of(4), packed: of(5) };
  // before the sub-assembly is joined, where it is, at the end, on the branch, at the palletiser
  const heights = (look: ProductLook | undefined): readonly number[] => {
    view.setStage(look === undefined ? stage : { ...stage, product: look });
    return ["S010", "S030", "S110", "T20", "S130"].map((station, at) => {
      view.setFrame(frame(at, { station, place: 0 }), 1);
      view.draw(1, 100);
      const { box } = view.boxes(1)[0]!;
      return Math.round((box.max.y - box.min.y) * 100) / 100;
    });
  };
  expect(heights(product)).toEqual([1, 2, 3, 4, 5]);
  expect(heights(undefined)).toEqual([0.5, 0.5, 0.5, 0.5, 0.5]);
  expect(heights(product)).toEqual([1, 2, 3, 4, 5]);
});
