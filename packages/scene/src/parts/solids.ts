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

function buildSolid(b: MeshBuilder, { shape, slot, at: [x, y, z], size: [lx, ly, lz], axis = "y" }: Solid): void {
  if (shape === "block") b.block(slot, x, y, z, lx, ly, lz, { chamfer: Math.min(0.02, lx / 8, ly / 8, lz / 8) });
  else if (axis === "y") b.cylinder(slot, x, y, z, Math.min(lx, lz) / 2, ly);
  else if (axis === "x") b.cylinder(slot, x - lx / 2, y + ly / 2, z, Math.min(ly, lz) / 2, lx, "x");
  else b.cylinder(slot, x, y + ly / 2, z - lz / 2, Math.min(lx, ly) / 2, lz, "z");
}
