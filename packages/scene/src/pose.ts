/** Metres, right-handed, Y up (as glTF): x to the right, z towards the viewer of a plan. */
export type Vec3 = readonly [x: number, y: number, z: number];

/** Where something stands and which way it looks: `turn` in radians about +Y, 0 = its +x along the world's +x. */
export interface Pose {
  readonly position: Vec3;
  readonly turn: number;
}
