import type { Vec3 } from "../pose.ts";

/** Material slots. A renderer maps each to a colour of its theme; the library knows no colours. */
export const SLOTS = ["body", "light", "dark", "steel", "accent", "product", "screen", "beacon", "floor", "mark", "glass"] as const;
export type Slot = (typeof SLOTS)[number];

/** Triangles of one slot: a range of `indices`. */
export interface MeshGroup {
  readonly slot: Slot;
  readonly start: number;
  readonly count: number;
}

export interface Box {
  readonly min: Vec3;
  readonly max: Vec3;
}

/** A triangle mesh in metres, Y up, counter-clockwise outside, with the lines a silhouette is drawn from. */
export interface PartMesh {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly indices: Uint32Array;
  readonly groups: readonly MeshGroup[];
  /** Pairs of points: x y z x y z. */
  readonly edges: Float32Array;
}

/** A moving link: its mesh in its own frame, hung at `pivot` of its parent's frame and turning about `axis`. */
export interface PartLink {
  readonly name: string;
  readonly mesh: PartMesh;
  /** Index of the parent link; −1 = the fixed mesh. */
  readonly parent: number;
  readonly pivot: Vec3;
  readonly axis: "x" | "y" | "z";
  /** Angle in radians of the asked parameters. */
  readonly angle: number;
}

/** What the library returns for a spec. */
export interface PartModel {
  readonly mesh: PartMesh;
  readonly links: readonly PartLink[];
  /** Named points in the part's frame: `in`, `out`, `label`, `beacon`, `place0`…, `hand`. */
  readonly anchors: Readonly<Record<string, Vec3>>;
  /** Of the fixed mesh and the links as posed. */
  readonly box: Box;
  readonly triangles: number;
}

/** Far leaves out what is under a few pixels from across the hall: chamfers, rollers by half, bolts, lines. */
export type Detail = "near" | "far";
