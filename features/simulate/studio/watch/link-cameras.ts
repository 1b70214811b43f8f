import type { CameraView, Viewer } from "@doppelwerk/kit/studio/viewer";

/** Two viewers look the same way: whichever is turned, the other follows. */
export function linkCameras(a: Viewer, b: Viewer): void {
  let held: CameraView | undefined;
  const lead = (from: Viewer, to: Viewer): void => {
    from.onView = (view) => {
      if (held !== undefined && sameView(view, held)) return;
      held = view;
      to.lookFrom(view);
    };
  };
  lead(a, b);
  lead(b, a);
}

function sameView(a: CameraView, b: CameraView): boolean {
  return a.yaw === b.yaw && a.pitch === b.pitch && a.distance === b.distance && a.target.every((value, axis) => value === b.target[axis]);
}
