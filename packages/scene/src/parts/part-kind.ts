import type { Vec3 } from "../pose.ts";
import type { Slot } from "./part-mesh.ts";

/** A block, or a round body along an axis (`y` without one), of a part that is given as data. Metres. */
export interface Solid {
  readonly shape: "block" | "cylinder";
  readonly slot: Slot;
  /** Middle of its underside. */
  readonly at: Vec3;
  /** Along x, y and z; a cylinder is as thick as the smaller of the two across its axis. */
  readonly size: Vec3;
  readonly axis?: "x" | "y" | "z";
  /**
   * Of a cylinder that is not equally thick: points of its outline along the axis as shares (0 to 1) of its radius and length, closed by
   * beginning and ending on the axis, or where it began for a ring; the body lies towards the axis of an outline that runs along it.
   */
  readonly profile?: readonly (readonly [radius: number, along: number])[];
  /** Sides of a round body, 3 to 64; more for a thick one without it. */
  readonly segments?: number;
  /** Bevel of the edges, m; without it by size. */
  readonly chamfer?: number;
  /** Whether its edges are drawn, always or only near by; without it those of a large one are. */
  readonly lines?: boolean | "near";
  /** Too small to be seen from afar. */
  readonly isDetail?: boolean;
}

/**
 * The catalogue: every kind of part the library can build, with its parameters in metres and radians.
 *
 * Frame of a part: right-handed, **Y up** (as glTF), origin on the floor in the middle of its footprint,
 * +x along the flow, +z towards the operator. Unset parameters take the value of `PART_DEFAULTS`.
 */
export interface PartParameters {
  /** Straight roller or belt conveyor; `heightM` is the transport surface. */
  readonly conveyor: {
    readonly lengthM: number;
    readonly widthM: number;
    readonly heightM: number;
    readonly surface: "roller" | "belt";
    readonly guides: boolean;
    readonly drive: boolean;
  };
  /** Curved roller conveyor; enters at the origin along +x and turns left (towards -z) when `angleRad` is positive. `radiusM` is at the centre line. */
  readonly "conveyor-curve": { readonly radiusM: number; readonly angleRad: number; readonly widthM: number; readonly heightM: number };
  /** Corner transfer (rollers with a chain lift across). */
  readonly transfer: { readonly lengthM: number; readonly widthM: number; readonly heightM: number };
  /** Enclosed machine; with `tunnel` the line runs through it at `conveyorHeightM`, `conveyorWidthM` wide. */
  readonly machine: {
    readonly lengthM: number;
    readonly depthM: number;
    readonly heightM: number;
    readonly tunnel: boolean;
    readonly conveyorHeightM: number;
    readonly conveyorWidthM: number;
    readonly cabinet: boolean;
    readonly panel: boolean;
    readonly beacon: boolean;
  };
  /** Hydraulic press with four columns. */
  readonly press: { readonly lengthM: number; readonly depthM: number; readonly heightM: number };
  /** Six-axis robot on a pedestal; `joints` are the six axis angles in radians (all zero = arm straight up, forearm forward). */
  readonly robot: {
    readonly reachM: number;
    readonly pedestalM: number;
    readonly joints: readonly [number, number, number, number, number, number];
    readonly gripper: "vacuum" | "clamp";
  };
  /** Manual workplace at the line: portal with light, shelf, andon, balancer, operator mats. Stands around a conveyor `conveyorWidthM` wide. */
  readonly workplace: {
    readonly lengthM: number;
    readonly depthM: number;
    readonly heightM: number;
    readonly conveyorHeightM: number;
    readonly conveyorWidthM: number;
    readonly shelf: boolean;
    readonly balancers: number;
  };
  /** A calm mannequin. */
  readonly person: { readonly heightM: number; readonly pose: "standing" | "working" | "walking" };
  /** Leak-test rack with places side by side along x, open towards +z. */
  readonly "leak-test-rack": {
    readonly places: number;
    readonly pitchM: number;
    readonly depthM: number;
    readonly heightM: number;
    readonly floorM: number;
  };
  /** Electrical test cell, open towards +z. */
  readonly "test-cell": { readonly lengthM: number; readonly depthM: number; readonly heightM: number; readonly floorM: number };
  /** Rework bench with lift table, tool board and lamp. */
  readonly "rework-bench": { readonly lengthM: number; readonly depthM: number; readonly heightM: number };
  /** Palletiser cell: fence on three sides, pallet places, light curtain on the side `front` (±z); its robot is a part of its own. */
  readonly "palletiser-cell": {
    readonly lengthM: number;
    readonly depthM: number;
    readonly heightM: number;
    readonly pallets: number;
    readonly front: 1 | -1;
  };
  /** Pallet (EUR 1200 × 800 by default) with boxes on it. */
  readonly pallet: { readonly lengthM: number; readonly widthM: number; readonly boxes: number };
  /** Automated guided vehicle, with or without its kit trolley. */
  readonly agv: { readonly lengthM: number; readonly widthM: number; readonly heightM: number; readonly trolley: boolean };
  /** Safety fence along x, with a gate in the middle when `gate`. */
  readonly fence: { readonly lengthM: number; readonly heightM: number; readonly gate: boolean };
  /** What the catalogue does not have, as data: at most `MAX_SOLIDS` solids. */
  readonly solids: { readonly solids: readonly Solid[] };
  /** A product that nothing else is known of: a plain block of its size. */
  readonly workpiece: { readonly lengthM: number; readonly widthM: number; readonly heightM: number };
  /** Carrier tray that rides on the conveyor. */
  readonly carrier: { readonly lengthM: number; readonly widthM: number; readonly heightM: number };
  /** Pallet or flow rack with goods on `levels` levels; `fill` from 0 to 1. */
  readonly "storage-rack": {
    readonly lengthM: number;
    readonly depthM: number;
    readonly heightM: number;
    readonly bays: number;
    readonly levels: number;
    readonly fill: number;
  };
  /** Standing electrical cabinet. */
  readonly cabinet: { readonly lengthM: number; readonly depthM: number; readonly heightM: number; readonly doors: number };
  /** Cable tray on posts along x. */
  readonly "cable-tray": { readonly lengthM: number; readonly heightM: number; readonly widthM: number };
  /** Building column with guard. */
  readonly column: { readonly widthM: number; readonly heightM: number };
  /** Wall hint along x. */
  readonly wall: { readonly lengthM: number; readonly heightM: number };
  /** Driving aisle: a slightly darker floor strip between two lines. */
  readonly aisle: { readonly lengthM: number; readonly widthM: number };
  /** Painted rectangle around a place on the floor. */
  readonly marking: { readonly lengthM: number; readonly widthM: number; readonly lineM: number };
}

export type PartKind = keyof PartParameters;

/** What is asked of the library: a kind and the parameters that differ from its defaults. */
export type PartSpec = { readonly [K in PartKind]: { readonly kind: K; readonly parameters?: Partial<PartParameters[K]> } }[PartKind];

/** Catalogue proportions. */
export const PART_DEFAULTS: { readonly [K in PartKind]: PartParameters[K] } = {
  conveyor: { lengthM: 3, widthM: 0.8, heightM: 0.6, surface: "roller", guides: true, drive: true },
  "conveyor-curve": { radiusM: 0.9, angleRad: Math.PI / 2, widthM: 0.8, heightM: 0.6 },
  transfer: { lengthM: 0.9, widthM: 0.9, heightM: 0.6 },
  machine: {
    lengthM: 2.2,
    depthM: 2,
    heightM: 2.4,
    tunnel: false,
    conveyorHeightM: 0.6,
    conveyorWidthM: 0.8,
    cabinet: true,
    panel: true,
    beacon: true,
  },
  press: { lengthM: 1.8, depthM: 1.6, heightM: 2.9 },
  robot: { reachM: 2.5, pedestalM: 0.5, joints: [0, 0.2, 0.35, 0, 0.9, 0], gripper: "vacuum" },
  workplace: { lengthM: 2.2, depthM: 2.6, heightM: 2.4, conveyorHeightM: 0.6, conveyorWidthM: 0.8, shelf: true, balancers: 1 },
  person: { heightM: 1.74, pose: "standing" },
  "leak-test-rack": { places: 6, pitchM: 1.1, depthM: 1.3, heightM: 2.3, floorM: 0.6 },
  "test-cell": { lengthM: 1.3, depthM: 1.4, heightM: 2.3, floorM: 0.6 },
  "rework-bench": { lengthM: 2, depthM: 1, heightM: 1.9 },
  "palletiser-cell": { lengthM: 5.2, depthM: 4.4, heightM: 2, pallets: 2, front: 1 },
  pallet: { lengthM: 1.2, widthM: 0.8, boxes: 2 },
  agv: { lengthM: 1.5, widthM: 0.8, heightM: 0.32, trolley: true },
  fence: { lengthM: 2, heightM: 2, gate: false },
  solids: { solids: [{ shape: "block", slot: "body", at: [0, 0, 0], size: [1, 1, 1] }] },
  workpiece: { lengthM: 0.6, widthM: 0.6, heightM: 0.5 },
  carrier: { lengthM: 0.7, widthM: 0.7, heightM: 0.07 },
  "storage-rack": { lengthM: 2.7, depthM: 0.9, heightM: 2.4, bays: 2, levels: 3, fill: 0.8 },
  cabinet: { lengthM: 1.2, depthM: 0.5, heightM: 2, doors: 2 },
  "cable-tray": { lengthM: 6, heightM: 2.9, widthM: 0.3 },
  column: { widthM: 0.4, heightM: 6 },
  wall: { lengthM: 10, heightM: 3 },
  aisle: { lengthM: 20, widthM: 3 },
  marking: { lengthM: 2, widthM: 1.4, lineM: 0.08 },
};

export const PART_KINDS = Object.keys(PART_DEFAULTS) as readonly PartKind[];

/** The full parameters of a spec: its own over the defaults; undefined fields do not override. */
export function parametersOf<K extends PartKind>(kind: K, parameters: Partial<PartParameters[K]> | undefined): PartParameters[K] {
  const full: Record<string, unknown> = { ...PART_DEFAULTS[kind] };
  for (const [name, value] of Object.entries(parameters ?? {})) if (value !== undefined) full[name] = value;
  return full as PartParameters[K];
}
