import type { FlowKind } from "../stage/stage.ts";
import type { Pose } from "../pose.ts";

/** How a station looks; the layout picks and sizes the parts. */
export type StationForm =
  | "machine" // enclosed beside the line, fed by a transfer
  | "tunnel" // enclosed, the line runs through
  | "press"
  | "robot-cell"
  | "workplace"
  | "leak-test"
  | "test-cells"
  | "rework"
  | "packing"
  | "palletiser";

/** One station of an ordered line. */
export interface StationSketch {
  readonly id: string;
  readonly label: string;
  readonly form: StationForm;
  readonly places: number;
  /** Slots before the station. */
  readonly buffer: number;
  readonly operators?: number;
  readonly subject?: string;
}

export interface FlowSketch {
  readonly from: string;
  readonly to: string;
  readonly kind: FlowKind;
}

/** What the layout is given: stations in the order of the flow, and the flows between them. */
export interface LineSketch {
  readonly id: string;
  readonly stations: readonly StationSketch[];
  readonly flows: readonly FlowSketch[];
  /** Automated vehicles that bring kits along the aisle. */
  readonly vehicles?: number;
  /** Storage racks along the aisle. */
  readonly racks?: number;
  /** Rows the line is folded into; 2 is a U. Default 2. */
  readonly rows?: number;
}

/** Positions from documents: a station moved by hand keeps its place whatever the layout would do. */
export type PlacementOverrides = ReadonlyMap<string, Pose>;
