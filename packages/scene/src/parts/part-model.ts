import type { Vec3 } from "../pose.ts";
import { buildAisle, buildCableTray, buildColumn, buildMarking, buildWall } from "./building.ts";
import { buildConveyor, buildConveyorCurve, buildTransfer } from "./conveyor.ts";
import { buildCabinet, buildMachine, buildPress } from "./enclosure.ts";
import { buildFence } from "./fence.ts";
import { boxOf, MeshBuilder } from "./mesh-builder.ts";
import { buildPallet, buildPalletiserCell } from "./palletiser.ts";
import { parametersOf, type PartKind, type PartParameters, type PartSpec } from "./part-kind.ts";
import type { Box, Detail, PartLink, PartModel } from "./part-mesh.ts";
import { buildPerson } from "./person.ts";
import { buildCarrier, buildWorkpiece } from "./product.ts";
import { buildRobot } from "./robot.ts";
import { buildSolids } from "./solids.ts";
import { buildStorageRack } from "./storage-rack.ts";
import { buildLeakTestRack, buildTestCell } from "./test-rack.ts";
import { buildVehicle } from "./vehicle.ts";
import { buildReworkBench, buildWorkplace } from "./workplace.ts";

type Anchors = Record<string, Vec3>;
type Built = { readonly anchors: Anchors; readonly links: readonly PartLink[] };
type Build<K extends PartKind> = (b: MeshBuilder, p: PartParameters[K], detail: Detail) => Anchors | Built;

const BUILDERS: { readonly [K in PartKind]: Build<K> } = {
  conveyor: buildConveyor,
  "conveyor-curve": buildConveyorCurve,
  transfer: buildTransfer,
  machine: buildMachine,
  press: buildPress,
  robot: buildRobot,
  workplace: buildWorkplace,
  person: buildPerson,
  "leak-test-rack": buildLeakTestRack,
  "test-cell": buildTestCell,
  "rework-bench": buildReworkBench,
  "palletiser-cell": buildPalletiserCell,
  pallet: buildPallet,
  agv: buildVehicle,
  fence: buildFence,
  solids: buildSolids,
  workpiece: buildWorkpiece,
  carrier: buildCarrier,
  "storage-rack": buildStorageRack,
  cabinet: buildCabinet,
  "cable-tray": buildCableTray,
  column: buildColumn,
  wall: buildWall,
  aisle: buildAisle,
  marking: buildMarking,
};

const CACHE_LIMIT = 512;
const cache = new Map<string, PartModel>();

/** Same key, same model: kind, full parameters in catalogue order, detail. Robots of different pose share their links' meshes only through the renderer. */
export function partKey(spec: PartSpec, detail: Detail): string {
  return `${spec.kind}|${detail}|${JSON.stringify(parametersOf(spec.kind, spec.parameters))}`;
}

/** Builds (or recalls) the model of a spec. Pure: same spec, same bytes. */
export function partModel(spec: PartSpec, detail: Detail = "near"): PartModel {
  const key = partKey(spec, detail);
  const known = cache.get(key);
  if (known !== undefined) return known;
  const model = buildModel(spec, detail);
  const oldest = cache.keys().next();
  if (cache.size >= CACHE_LIMIT && !oldest.done) cache.delete(oldest.value);
  cache.set(key, model);
  return model;
}

function buildModel(spec: PartSpec, detail: Detail): PartModel {
  const builder = new MeshBuilder(detail);
  const build = BUILDERS[spec.kind] as Build<PartKind>;
  const result = build(builder, parametersOf(spec.kind, spec.parameters as Partial<PartParameters[PartKind]>), detail);
  const { anchors, links } = isBuilt(result) ? result : { anchors: result, links: [] };
  const mesh = builder.build();
  const frames = linkFrames(
    links,
    links.map((link) => link.angle),
  );
  const posed = links.flatMap((link, i) => cornersOf(boxOf(link.mesh.positions)).map((corner) => apply(frames[i]!, corner)));
  const box = boxOf(new Float32Array([...cornersOf(boxOf(mesh.positions)), ...posed].flat()));
  const triangles = [mesh, ...links.map((link) => link.mesh)].reduce((sum, m) => sum + m.indices.length / 3, 0);
  return { mesh, links, anchors, box, triangles };
}

function isBuilt(result: Anchors | Built): result is Built {
  return "links" in result && "anchors" in result;
}

/** Column-major 4 × 4 frames (as glTF and WebGL) of links in the part's frame, for these joint angles. */
export function linkFrames(links: readonly PartLink[], angles: readonly number[]): readonly Float32Array[] {
  const frames: Float32Array[] = [];
  links.forEach((link, i) => {
    const own = jointFrame(link, angles[i] ?? link.angle);
    frames.push(link.parent < 0 ? own : multiply(frames[link.parent]!, own));
  });
  return frames;
}

/** Angles of a robot's links from its six joint parameters, as the model's links want them. */
export function linkAngles(joints: readonly [number, number, number, number, number, number]): readonly number[] {
  return [joints[0], -joints[1], -joints[2], joints[3], -joints[4], joints[5]];
}

function jointFrame(link: PartLink, angle: number): Float32Array {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const [x, y, z] = link.pivot;
  if (link.axis === "x") return new Float32Array([1, 0, 0, 0, 0, c, s, 0, 0, -s, c, 0, x, y, z, 1]);
  if (link.axis === "y") return new Float32Array([c, 0, -s, 0, 0, 1, 0, 0, s, 0, c, 0, x, y, z, 1]);
  return new Float32Array([c, s, 0, 0, -s, c, 0, 0, 0, 0, 1, 0, x, y, z, 1]);
}

function multiply(a: Float32Array, b: Float32Array): Float32Array {
  const out = new Float32Array(16);
  for (let column = 0; column < 4; column++)
    for (let row = 0; row < 4; row++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += a[k * 4 + row]! * b[column * 4 + k]!;
      out[column * 4 + row] = sum;
    }
  return out;
}

function apply(m: Float32Array, p: Vec3): Vec3 {
  const row = (i: number): number => m[i]! * p[0] + m[4 + i]! * p[1] + m[8 + i]! * p[2] + m[12 + i]!;
  return [row(0), row(1), row(2)];
}

function cornersOf(box: Box): readonly Vec3[] {
  return [0, 1, 2, 3, 4, 5, 6, 7].map(
    (i) => [i & 1 ? box.max[0] : box.min[0], i & 2 ? box.max[1] : box.min[1], i & 4 ? box.max[2] : box.min[2]] as const,
  );
}
