import type { UnitId } from "../signals/unit.ts";

/** `kind` is a part kind of the 3D library; metres and degrees on the plant floor, y to the north, rotation against the clock. */
export interface LayoutEntry {
  readonly kind: string;
  readonly x: number;
  readonly y: number;
  readonly rotation: number;
  readonly length?: number;
  readonly width?: number;
}

/** A U: out along the north, back along the south; tubs come in from the south-west, the vehicles' aisle is south of everything. */
export const layout: Readonly<Record<UnitId, LayoutEntry>> = {
  T10: { kind: "press", x: 3, y: 6, rotation: 0, length: 1.8, width: 1.6 },
  T20: { kind: "machine", x: 7, y: 6, rotation: 0, length: 2.4, width: 2 },
  T30: { kind: "machine", x: 11, y: 6, rotation: 0, length: 2.2, width: 2 },
  S010: { kind: "robot", x: 5, y: 15, rotation: 0, length: 3, width: 3 },
  S030: { kind: "workplace", x: 11, y: 14, rotation: 0, length: 2.6, width: 2.6 },
  S040: { kind: "workplace", x: 15.5, y: 14, rotation: 0, length: 2.2, width: 2.6 },
  S050: { kind: "workplace", x: 20.5, y: 14, rotation: 0, length: 4.4, width: 2.6 },
  S060: { kind: "workplace", x: 26, y: 14, rotation: 0, length: 4.4, width: 2.6 },
  S070: { kind: "workplace", x: 31, y: 14, rotation: 0, length: 2.6, width: 2.6 },
  S080: { kind: "machine", x: 36.5, y: 14, rotation: 0, length: 3, width: 2.4 },
  S090: { kind: "leak-test-rack", x: 45.5, y: 15.2, rotation: 0, length: 6.6, width: 1.3 },
  S100: { kind: "test-cell", x: 44, y: 7, rotation: 180, length: 5.2, width: 1.6 },
  S110: { kind: "machine", x: 37.5, y: 7, rotation: 180, length: 1.8, width: 1.6 },
  R10: { kind: "rework-bench", x: 49.5, y: 10.8, rotation: 270, length: 4.2, width: 1 },
  S120: { kind: "machine", x: 30, y: 7, rotation: 180, length: 3.2, width: 2.4 },
  S130: { kind: "palletiser-cell", x: 20.5, y: 7, rotation: 180, length: 5.2, width: 4.4 },
};

/** The vehicles' home, at the store. */
export const fleetLayout: LayoutEntry = { kind: "agv", x: 4, y: 1, rotation: 0 };
