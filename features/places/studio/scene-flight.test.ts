import { expect, test } from "vitest";
import { CameraRig, type CameraView } from "@doppelwerk/kit/studio/viewer";
import { flyInto, flyOut, type FlyingScene } from "./scene-flight.ts";

const WHOLE: CameraView = { target: [60, 0, 45], yaw: -0.3, pitch: 0.6, distance: 200 };
const LINE: CameraView = { target: [50, 0, 45], yaw: -0.3, pitch: 0.6, distance: 40 };

/** A scene with one line, looked at as a whole. */
function sceneOf(reducedMotion: boolean): { readonly scene: FlyingScene; readonly rig: CameraRig } {
  const rig = new CameraRig();
  rig.reducedMotion = reducedMotion;
  rig.set(WHOLE);
  const eye: FlyingScene["eye"] = {
    rig,
    frame: () => rig.go(LINE, 0),
    home: () => rig.go(WHOLE, 0),
    lookFrom: (view) => rig.set(view),
  };
  return { scene: { eye, shows: (place) => place === "line" }, rig };
}

/** The distance that is seen so many milliseconds after the flight began. */
function distanceAt(rig: CameraRig, ms: number): number {
  rig.update(ms);
  return rig.shown.distance;
}

test("[PT29] opening a place flies into it first, and coming back flies out of it to all", () => {
  const { scene, rig } = sceneOf(false);
  const waitMs = flyInto(scene, "line");
  expect(distanceAt(rig, 0)).toBeCloseTo(WHOLE.distance, 3);
  expect(distanceAt(rig, waitMs)).toBeCloseTo(LINE.distance, 3);

  const back = sceneOf(false);
  flyOut(back.scene, "line");
  expect(distanceAt(back.rig, 0)).toBeCloseTo(LINE.distance, 3);
  expect(distanceAt(back.rig, waitMs)).toBeCloseTo(WHOLE.distance, 3);
});

test("[PT29] there is no flight where motion is reduced, without a scene, or to what it does not show", () => {
  const { scene, rig } = sceneOf(true);
  expect([flyInto(scene, "line"), flyInto(undefined, "line"), flyInto(sceneOf(false).scene, "elsewhere")]).toEqual([0, 0, 0]);
  flyOut(scene, "line");
  expect(distanceAt(rig, 0)).toBe(WHOLE.distance);
});
