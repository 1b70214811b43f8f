import { Matrix4 } from "three";
import type { Viewer } from "./viewer.ts";

/** What two frames compute and write: one after the eye turned, and one while it rests and nothing changes. */
export interface FrameWork {
  /** Matrices made from places, turns and sizes. */
  readonly turning: { readonly matrices: number };
  /** `writes`: changes of the DOM of the labels. */
  readonly resting: { readonly matrices: number; readonly writes: number };
}

/** Counts for the gallery; never used by the product. */
export async function workOfFrames(viewer: Viewer, labels: Element): Promise<FrameWork> {
  let [matrices, writes] = [0, 0];
  const { compose } = Matrix4.prototype;
  Matrix4.prototype.compose = function (...of) {
    matrices++;
    return compose.apply(this, of);
  };
  const observer = new MutationObserver((records) => (writes += records.length));
  observer.observe(labels, { subtree: true, childList: true, attributes: true, characterData: true });
  const frame = async (): Promise<void> => {
    const before = viewer.statistics().frames;
    viewer.invalidate();
    while (viewer.statistics().frames === before) await new Promise((done) => setTimeout(done, 5));
  };
  const { view } = viewer.rig;
  viewer.lookFrom({ ...view, yaw: view.yaw + 0.02 });
  await frame();
  const turning = { matrices };
  // what rests is taken once, and then shown
  for (let at = 0; at < 3; at++) await frame();
  [matrices, writes] = [0, 0];
  observer.takeRecords();
  await frame();
  writes += observer.takeRecords().length;
  observer.disconnect();
  Matrix4.prototype.compose = compose;
  return { turning, resting: { matrices, writes } };
}
