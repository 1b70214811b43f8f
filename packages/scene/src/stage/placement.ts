import type { Footprint } from "./stage.ts";
import type { Pose, Vec3 } from "../pose.ts";

/** A point of a frame, in the world. */
export function placed(frame: Pose, point: Vec3): Vec3 {
  const [c, s] = [Math.cos(frame.turn), Math.sin(frame.turn)];
  return [frame.position[0] + c * point[0] + s * point[2], frame.position[1] + point[1], frame.position[2] - s * point[0] + c * point[2]];
}

/** A pose of a frame, in the world. */
export function placedPose(frame: Pose, pose: Pose): Pose {
  return { position: placed(frame, pose.position), turn: frame.turn + pose.turn };
}

/** A world point in a frame. */
export function unplaced(frame: Pose, point: Vec3): Vec3 {
  const [c, s] = [Math.cos(frame.turn), Math.sin(frame.turn)];
  const [x, z] = [point[0] - frame.position[0], point[2] - frame.position[2]];
  return [c * x - s * z, point[1] - frame.position[1], s * x + c * z];
}

/** Corners of a footprint on the floor, in turn. */
export function cornersOf(footprint: Footprint): readonly Vec3[] {
  const frame: Pose = { position: [footprint.centre[0], 0, footprint.centre[1]], turn: footprint.turn };
  const [l, d] = [footprint.lengthM / 2, footprint.depthM / 2];
  return [placed(frame, [-l, 0, -d]), placed(frame, [l, 0, -d]), placed(frame, [l, 0, d]), placed(frame, [-l, 0, d])];
}

/** Whether two footprints overlap by more than `slackM` (separating axes). */
export function footprintsOverlap(a: Footprint, b: Footprint, slackM = 0.01): boolean {
  const [ca, cb] = [cornersOf(a), cornersOf(b)];
  return [a.turn, a.turn + Math.PI / 2, b.turn, b.turn + Math.PI / 2].every((turn) => {
    const axis = [Math.cos(turn), -Math.sin(turn)] as const;
    const range = (corners: readonly Vec3[]): readonly [number, number] => {
      const along = corners.map((corner) => corner[0] * axis[0] + corner[2] * axis[1]);
      return [Math.min(...along), Math.max(...along)];
    };
    const [ra, rb] = [range(ca), range(cb)];
    return Math.min(ra[1], rb[1]) - Math.max(ra[0], rb[0]) > slackM;
  });
}
