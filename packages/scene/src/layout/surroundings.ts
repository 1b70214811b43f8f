import { partModel } from "../parts/part-model.ts";
import { flowPath } from "../stage/flow-path.ts";
import { cornersOf, placed } from "../stage/placement.ts";
import type { FlowPath, PlacedPart, Stage, StageStation } from "../stage/stage.ts";
import type { Vec3 } from "../pose.ts";
import type { LineSketch } from "./line-sketch.ts";
import { loop } from "./spine.ts";

const FRONT_AISLE_M = 2.8;
const SIDE_AISLE_M = 1.9;
const RACK_LENGTH_M = 2.7;
const RACK_GAP_M = 0.5;

interface Surroundings {
  readonly parts: readonly PlacedPart[];
  readonly tracks: readonly FlowPath[];
  readonly bounds: Stage["bounds"];
}

/** What a line stands in: an aisle round it for vehicles, racks along the front, a cable tray above the back. */
export function surround(line: LineSketch, stations: readonly StageStation[], parts: readonly PlacedPart[]): Surroundings {
  const extent = extentOf(stations, parts);
  if (extent === undefined) return { parts: [], tracks: [], bounds: { min: [-5, 0, -5], max: [5, 3, 5] } };
  const out: PlacedPart[] = [];
  const tracks: FlowPath[] = [];
  let bounds = extent;
  const vehicles = line.vehicles ?? 0;
  const racks = line.racks ?? 0;
  if (vehicles > 0) {
    const lane = {
      minX: extent.minX - 0.6 - SIDE_AISLE_M / 2,
      maxX: extent.maxX + 0.6 + SIDE_AISLE_M / 2,
      minZ: extent.minZ - 0.4 - SIDE_AISLE_M / 2,
      maxZ: extent.maxZ + 0.5 + FRONT_AISLE_M / 2,
    };
    out.push(...aisles(lane));
    tracks.push(flowPath("aisle", "aisle", "supply", loop(lane.minX, lane.minZ, lane.maxX, lane.maxZ, 1.1)));
    bounds = {
      minX: lane.minX - SIDE_AISLE_M / 2,
      maxX: lane.maxX + SIDE_AISLE_M / 2,
      minZ: lane.minZ - SIDE_AISLE_M / 2,
      maxZ: lane.maxZ + FRONT_AISLE_M / 2,
    };
  }
  if (racks > 0) {
    const z = bounds.maxZ + 0.75;
    const middle = (extent.minX + extent.maxX) / 2;
    for (let i = 0; i < racks; i++) {
      const x = middle + (i - (racks - 1) / 2) * (RACK_LENGTH_M + RACK_GAP_M);
      out.push({
        id: `rack-${i + 1}`,
        kind: "storage-rack",
        parameters: { fill: 0.66 + ((i * 5) % 4) * 0.08 },
        position: [x, 0, z],
        turn: 0,
      });
    }
    bounds = { ...bounds, maxZ: z + 0.5 };
  }
  return { parts: out, tracks, bounds: { min: [bounds.minX, 0, bounds.minZ], max: [bounds.maxX, 3, bounds.maxZ] } };
}

interface Extent {
  readonly minX: number;
  readonly maxX: number;
  readonly minZ: number;
  readonly maxZ: number;
}

function extentOf(stations: readonly StageStation[], parts: readonly PlacedPart[]): Extent | undefined {
  const points: Vec3[] = stations.flatMap((station) => [...cornersOf(station.footprint)]);
  for (const part of parts) {
    const { min, max } = partModel(part, "far").box;
    if (part.kind === "robot") continue;
    for (const x of [min[0], max[0]]) for (const z of [min[2], max[2]]) points.push(placed(part, [x, 0, z]));
  }
  if (points.length === 0) return undefined;
  const [xs, zs] = [points.map((p) => p[0]), points.map((p) => p[2])];
  return { minX: Math.min(...xs), maxX: Math.max(...xs), minZ: Math.min(...zs), maxZ: Math.max(...zs) };
}

function aisles(lane: Extent): readonly PlacedPart[] {
  const width = lane.maxX - lane.minX + SIDE_AISLE_M;
  const [z0, z1] = [lane.minZ + SIDE_AISLE_M / 2, lane.maxZ - FRONT_AISLE_M / 2];
  const middleX = (lane.minX + lane.maxX) / 2;
  const side = (id: string, x: number): PlacedPart => ({
    id,
    kind: "aisle",
    parameters: { lengthM: z1 - z0, widthM: SIDE_AISLE_M },
    position: [x, 0, (z0 + z1) / 2],
    turn: Math.PI / 2,
  });
  return [
    { id: "aisle-front", kind: "aisle", parameters: { lengthM: width, widthM: FRONT_AISLE_M }, position: [middleX, 0, lane.maxZ], turn: 0 },
    { id: "aisle-back", kind: "aisle", parameters: { lengthM: width, widthM: SIDE_AISLE_M }, position: [middleX, 0, lane.minZ], turn: 0 },
    side("aisle-left", lane.minX),
    side("aisle-right", lane.maxX),
  ];
}
