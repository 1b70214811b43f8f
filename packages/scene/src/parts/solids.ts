import type { Vec3 } from "../pose.ts";
import type { MeshBuilder } from "./mesh-builder.ts";
import { PART_DEFAULTS, type PartParameters, type Solid } from "./part-kind.ts";

/** Solids of one part; more are left out. */
export const MAX_SOLIDS = 64;
/** No solid is larger, m. */
const MAX_SIZE_M = 1_000;

/** A part that is given as data. What has no extent, or is no number, is left out; where nothing is left it is the default block. */
export function buildSolids(b: MeshBuilder, { solids }: PartParameters["solids"]): Record<string, Vec3> {
  const sound = solids.slice(0, MAX_SOLIDS).filter(isSound);
  const built = sound.length === 0 ? PART_DEFAULTS.solids.solids : sound;
  for (const solid of built) buildSolid(b, solid);
  const top = Math.max(...built.map(({ at, size }) => at[1] + size[1]));
  return { label: [0, top + 0.1, 0] };
}

function isSound({ at, size }: Solid): boolean {
  return size.every((length) => length > 0.001 && length <= MAX_SIZE_M) && at.every((place) => Math.abs(place) <= MAX_SIZE_M);
}

function buildSolid(b: MeshBuilder, solid: Solid): void {
  if (solid.isDetail === true && !b.near) return;
  const { slot, at, size } = solid;
  const lines = solid.lines === "near" ? b.near : solid.lines;
  if (solid.shape === "block") {
    const chamfer = solid.chamfer ?? Math.min(0.02, ...size.map((length) => length / 8));
    b.block(slot, ...at, ...size, { chamfer, ...(lines !== undefined && { lines }) });
    return;
  }
  const [length, radius] = roundOf(solid);
  const segments = solid.segments === undefined ? undefined : Math.min(64, Math.max(3, Math.round(solid.segments)));
  const profile = solid.profile !== undefined && isClosed(solid.profile) ? solid.profile : undefined;
  const options = { ...(lines !== undefined && { lines }), ...(segments !== undefined && { segments }) };
  const [[x, y, z], axis] = [startOf(solid), solid.axis ?? "y"];
  if (profile === undefined) {
    b.cylinder(slot, x, y, z, radius, length, axis, { ...options, ...(solid.chamfer !== undefined && { chamfer: solid.chamfer }) });
    return;
  }
  const turn = axis === "x" ? -Math.PI / 2 : axis === "z" ? Math.PI / 2 : 0;
  const outline = profile.map(([share, along]) => [share * radius, along * length] as const);
  b.within([x, y, z], () => b.lathe(slot, outline, { lines: radius > 0.1, ...options }), turn, axis === "x" ? "z" : "x");
}

function roundOf({ size: [lx, ly, lz], axis = "y" }: Solid): readonly [length: number, radius: number] {
  if (axis === "x") return [lx, Math.min(ly, lz) / 2];
  return axis === "y" ? [ly, Math.min(lx, lz) / 2] : [lz, Math.min(lx, ly) / 2];
}

/** Where the axis of a round body begins. */
function startOf({ at: [x, y, z], size: [lx, ly, lz], axis = "y" }: Solid): Vec3 {
  if (axis === "x") return [x - lx / 2, y + ly / 2, z];
  return axis === "y" ? [x, y, z] : [x, y + ly / 2, z - lz / 2];
}

/** Another one would leave a hole in the body. */
function isClosed(profile: NonNullable<Solid["profile"]>): boolean {
  const [first, last] = [profile[0], profile.at(-1)];
  if (first === undefined || last === undefined || profile.length < 3 || profile.length > MAX_SOLIDS) return false;
  const isRing = first[0] === last[0] && first[1] === last[1];
  return (isRing || (first[0] === 0 && last[0] === 0)) && profile.every((point) => point.every((share) => share >= 0 && share <= 1));
}
