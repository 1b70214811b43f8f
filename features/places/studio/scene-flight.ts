import { useCallback, useEffect, useRef } from "react";
import type { RefObject } from "react";
import type { Viewer } from "@doppelwerk/kit/studio/viewer";

/** Long enough to see where it goes. */
const FLIGHT_MS = 320;

/** The eye of a scene. */
export type FlyingEye = Pick<Viewer, "frame" | "lookFrom" | "home"> & {
  readonly rig: Pick<Viewer["rig"], "view" | "reducedMotion">;
};

/** The scene on a board; it shows these places. */
export interface FlyingScene {
  readonly eye: FlyingEye;
  readonly shows: (place: string) => boolean;
}

/** Of each board with a scene the place that was opened from it last: who comes back comes from there. */
const left = new Map<string, string>();

/** Flies to a place; milliseconds until it may be opened. No flight without a scene that shows it, or where motion is reduced. */
export function flyInto(scene: FlyingScene | undefined, place: string): number {
  if (scene === undefined || scene.eye.rig.reducedMotion || !scene.shows(place)) return 0;
  scene.eye.frame(place);
  return FLIGHT_MS;
}

/** From a place out to the view of everything. */
export function flyOut({ eye, shows }: FlyingScene, place: string): void {
  if (eye.rig.reducedMotion || !shows(place)) return;
  eye.frame(place);
  eye.lookFrom(eye.rig.view);
  eye.home();
}

export interface BoardFlight {
  /** Set by the scene while the board shows one. */
  readonly scene: RefObject<FlyingScene | undefined>;
  /** Opens a place, after the flight into it. */
  open(place: string): void;
}

/** How a board opens another: by `go`, after the eye is there. */
export function useBoardFlight(board: string, go: (place: string) => void): BoardFlight {
  const scene = useRef<FlyingScene>(undefined);
  const flight = useRef<ReturnType<typeof setTimeout>>(undefined);
  const act = useRef(go);
  act.current = go;
  useEffect(() => () => clearTimeout(flight.current), [board]);
  const open = useCallback(
    (place: string): void => {
      left.set(board, place);
      clearTimeout(flight.current);
      const waitMs = flyInto(scene.current, place);
      if (waitMs === 0) act.current(place);
      else flight.current = setTimeout(() => act.current(place), waitMs);
    },
    [board],
  );
  return { scene, open };
}

/** Makes a scene that is drawn the one of its board, and flies out of the place that was opened from it last. */
export function useFlyingScene(board: string, ref: RefObject<FlyingScene | undefined>, scene: FlyingScene | undefined): void {
  useEffect(() => {
    ref.current = scene;
    const from = left.get(board);
    if (scene !== undefined && from !== undefined) {
      left.delete(board);
      flyOut(scene, from);
    }
    return () => {
      ref.current = undefined;
    };
  }, [board, ref, scene]);
}
