import { Object3D, MeshBasicMaterial, Vector3, type Box3, type InstancedMesh } from "three";
import { expect, test } from "vitest";
import type { StationFrame } from "./viewer-frame.ts";
import { themes } from "../theme/tokens.ts";
import { sampleSite } from "./gallery-site.ts";
import { Outlines } from "./outlines.ts";
import { outlinesOf } from "./stage-marks.ts";
import { StageView } from "./stage-view.ts";
import { viewerTheme } from "./viewer-theme.ts";

const material = new MeshBasicMaterial();
const OUTSIDE = new Vector3(-600, 500, 600);

function siteOf(lines: number): StageView {
  const view = new StageView({ solid: material, glass: material, edges: material });
  view.setStage(sampleSite(lines));
  return view;
}

/** What a renderer walks through, and how many instances of parts and blocks it draws. */
function walked(view: StageView): { readonly objects: number; readonly instances: number } {
  let [objects, instances] = [0, 0];
  for (const root of [view.standing, view.over])
    root.traverse((object) => {
      objects++;
      if ("instanceMatrix" in object && isVisible(object)) instances += (object as InstancedMesh).count;
    });
  return { objects, instances };
}

function isVisible(object: Object3D): boolean {
  return object.visible && (object.parent === null || isVisible(object.parent));
}

function middleOf(box: Box3): Vector3 {
  return box.getCenter(new Vector3()).setY(12);
}

const at = (view: StageView, id: string): Vector3 => middleOf(view.drawn.get(`${id}/frame`)!.box);

test("[U120] a site of 480 stations is walked through as one of 160 is, from afar and within a line", () => {
  const [small, large] = [siteOf(10), siteOf(30)];
  for (const eye of [() => OUTSIDE, (view: StageView) => at(view, "line-1"), (view: StageView) => at(view, "line-9")]) {
    for (const view of [small, large]) view.updateDetail(eye(view));
    expect(walked(large).objects).toBe(walked(small).objects);
  }
  expect(walked(small).objects).toBeGreaterThan(300);
  small.updateDetail(OUTSIDE);
  expect(walked(small).objects).toBeLessThan(150);
  expect(walked(small).instances).toBeGreaterThanOrEqual(160);
});

test("[U120] nothing of a line is built before it is near, is chosen or is pointed at, and then it shows what its stations are", () => {
  const view = siteOf(10);
  view.updateDetail(OUTSIDE);
  const before = walked(view).objects;
  const stations = new Map<string, StationFrame>([["line-9/S010", { state: "failed", beacon: 1 }]]);
  const changed = view.setStations(stations);
  expect(changed.length).toBeGreaterThan(0);
  expect(view.setStations(stations)).toEqual([]);
  expect(walked(view).objects).toBe(before);
  expect(view.updateDetail(at(view, "line-9"))).toBe(true);
  const marks = (id: string): readonly number[][] =>
    view.byStation
      .get(id)!
      .filter(({ part }) => part.kind !== "person")
      .flatMap(({ slots }) => slots)
      .flatMap(({ group, index }) => {
        const attribute = group.geometry.solid?.getAttribute("marks");
        return attribute === undefined ? [] : [[attribute.getX(index), attribute.getZ(index)]];
      });
  expect(marks("line-9/S010").length).toBeGreaterThan(0);
  for (const mark of marks("line-9/S010")) expect(mark).toEqual([5, 1]);
  for (const mark of marks("line-9/S030")) expect(mark).toEqual([0, 0]);
  view.setStations(new Map([["line-9/S030", { state: "idle" } as const]]));
  for (const mark of marks("line-9/S010")) expect(mark).toEqual([0, 0]);
  for (const mark of marks("line-9/S030")) expect(mark).toEqual([1, 0]);
});

/** What outlines cost when every station of a line is in this state and one is chosen: parts that get bodies by it, and meshes of the mask. */
function outlined(lines: number, state: StationFrame["state"], eye: (view: StageView) => Vector3) {
  const [view, outlines] = [siteOf(lines), new Outlines()];
  view.updateDetail(eye(view));
  const before = view.built;
  const ofLines = [...view.byStation].filter(([, parts]) => parts.every(({ part }) => part.cluster !== undefined));
  const stations = new Map(ofLines.map(([id]): [string, StationFrame] => [id, { state }]));
  view.setStations(stations);
  const frame = { instant: 0, stations, parts: [] };
  const shown = outlinesOf(frame, view, { hovered: undefined, selected: "line-5/S010" }, viewerTheme(themes.light, "light"));
  outlines.set(shown, 1);
  return { built: view.built - before, meshes: outlines.meshes, blocks: shown.filter((outline) => "block" in outline).length };
}

test("[U120] stations that are all unknown or failed are outlined as blocks where they are blocks: no line is built, and one mesh masks them", () => {
  const within = (view: StageView): Vector3 => at(view, "line-1");
  expect(outlined(10, "running", () => OUTSIDE)).toEqual({ built: 0, meshes: 1, blocks: 1 });
  for (const state of ["unknown", "failed"] as const) {
    // the chosen one once more
    expect(outlined(10, state, () => OUTSIDE)).toEqual({ built: 0, meshes: 1, blocks: 161 });
    expect(outlined(30, state, () => OUTSIDE)).toEqual({ built: 0, meshes: 1, blocks: 481 });
    const [small, large] = [outlined(10, state, within), outlined(30, state, within)];
    expect(small).toEqual({ built: 0, meshes: expect.any(Number), blocks: 129 });
    expect(small.meshes).toBeGreaterThan(32);
    expect(large).toEqual({ ...small, blocks: 449 });
  }
});
