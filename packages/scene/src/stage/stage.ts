import type { PartSpec } from "../parts/part-kind.ts";
import type { FloorMap } from "./floor-map.ts";
import type { ProductLook } from "./product-look.ts";
import type { Vec3, Pose } from "../pose.ts";

/** One part of the library standing in the world. `id` is stable across branches: the diff goes by it. */
export type PlacedPart = PartSpec &
  Pose & {
    readonly id: string;
    readonly label?: string;
    /** The station it belongs to: state, selection and labels go by it. */
    readonly stationId?: string;
    /** Id of the shell it is the body of. */
    readonly subject?: string;
    /** Place of the station it embodies, from 0, for racks and cells whose places fail alone. */
    readonly place?: number;
    /** The line of a site that it is a part of: from afar all of that is drawn as blocks. */
    readonly cluster?: string;
  };

/** Where a part waits before a station: slot 0 is taken next. It lies on a path, at this fraction of it. */
export interface BufferSlot extends Pose {
  readonly path?: string;
  readonly fraction?: number;
}

/** What a station means in space; all in world coordinates. */
export interface StageStation {
  readonly id: string;
  readonly label: string;
  /** What its label says first; without it the id. */
  readonly name?: string;
  /** It has a label only while it is abnormal, chosen or pointed at. */
  readonly isQuiet?: boolean;
  readonly subject?: string;
  /** Foot of its label and its beacon's lamp. */
  readonly labelAt: Vec3;
  readonly beaconAt: Vec3;
  /** Where products stand while they are worked on, by place index. */
  readonly places: readonly Pose[];
  readonly buffer: readonly BufferSlot[];
  readonly footprint: Footprint;
}

/** Rectangle on the floor, turned about its middle. */
export interface Footprint {
  readonly centre: readonly [x: number, z: number];
  readonly lengthM: number;
  readonly depthM: number;
  readonly turn: number;
}

export type FlowKind = "main" | "assembly" | "rework" | "supply" | "scrap";

/** A way a part takes from one station to the next: a polyline on the transport surface. Id = `from>to`. */
export interface FlowPath {
  readonly id: string;
  readonly kind: FlowKind;
  readonly from: string;
  readonly to: string;
  readonly points: readonly Vec3[];
  readonly lengthM: number;
}

/** A station from afar: a box on the floor, turned about its middle. */
export interface StationBlock {
  readonly stationId: string;
  readonly footprint: Footprint;
  readonly heightM: number;
}

/** A line of a site: its machines when it is near, their blocks from afar. */
export interface StageCluster {
  readonly id: string;
  readonly min: Vec3;
  readonly max: Vec3;
  readonly blocks: readonly StationBlock[];
}

/** Everything that stands in one world (or one branch of it), without a renderer. */
export interface Stage {
  readonly parts: readonly PlacedPart[];
  readonly stations: readonly StageStation[];
  readonly paths: readonly FlowPath[];
  /** Closed or open tracks that vehicles drive; `agv` poses of a frame refer to one by id and metres along it. */
  readonly tracks: readonly FlowPath[];
  /** What its products look like; absent: plain blocks. A site shows none. */
  readonly product?: ProductLook;
  /** How positions that vehicles tell in the plant's own floor coordinates come onto the stage. */
  readonly floor?: FloorMap;
  /** Of a site, whose lines are many. */
  readonly clusters?: readonly StageCluster[];
  /** Floor rectangle in world metres. */
  readonly bounds: { readonly min: Vec3; readonly max: Vec3 };
}

export const EMPTY_STAGE: Stage = { parts: [], stations: [], paths: [], tracks: [], bounds: { min: [-5, 0, -5], max: [5, 3, 5] } };
