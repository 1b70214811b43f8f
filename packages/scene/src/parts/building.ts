import type { Vec3 } from "../pose.ts";
import type { MeshBuilder } from "./mesh-builder.ts";
import type { PartParameters } from "./part-kind.ts";

type Anchors = Record<string, Vec3>;

/** Cable tray on posts: two side walls, rungs, a bundle of cables. */
export function buildCableTray(b: MeshBuilder, p: PartParameters["cable-tray"]): Anchors {
  const y = p.heightM - 0.08;
  for (const side of [-1, 1]) b.block("steel", 0, y, side * (p.widthM / 2 - 0.006), p.lengthM, 0.08, 0.012, { chamfer: 0 });
  const rungs = Math.round(p.lengthM / (b.near ? 0.3 : 0.9));
  for (let i = 0; i < rungs; i++)
    b.block("steel", ((i + 0.5) / rungs - 0.5) * p.lengthM, y, 0, 0.03, 0.015, p.widthM - 0.026, { chamfer: 0, lines: false });
  for (let i = 0; i < 4; i++)
    b.rod("dark", [-p.lengthM / 2 + 0.01, y + 0.03, (i - 1.5) * 0.05], [p.lengthM / 2 - 0.01, y + 0.03, (i - 1.5) * 0.05], 0.016, 6);
  const posts = Math.max(2, Math.ceil(p.lengthM / 6) + 1);
  for (let i = 0; i < posts; i++) {
    const x = (i / (posts - 1) - 0.5) * (p.lengthM - 0.3);
    b.block("light", x, 0.012, 0, 0.07, y - 0.012, 0.07, { chamfer: 0.008 });
    b.block("dark", x, 0, 0, 0.18, 0.014, 0.18, { chamfer: 0, lines: false });
  }
  return { label: [0, p.heightM, 0] };
}

/** Building column with a bumper round its foot. */
export function buildColumn(b: MeshBuilder, p: PartParameters["column"]): Anchors {
  b.block("light", 0, 0, 0, p.widthM - 0.12, p.heightM, p.widthM - 0.12, { chamfer: 0.02 });
  b.block("accent", 0, 0, 0, p.widthM, 1, p.widthM, { chamfer: 0.03 });
  return { label: [0, 2, 0] };
}

/** Wall hint: a low plinth and a panel, no more than a hint. */
export function buildWall(b: MeshBuilder, p: PartParameters["wall"]): Anchors {
  b.block("body", 0, 0, 0, p.lengthM, 0.2, 0.16, { chamfer: 0.01 });
  b.block("light", 0, 0.2, 0, p.lengthM, p.heightM - 0.2, 0.12, { chamfer: 0.01 });
  return { label: [0, p.heightM, 0] };
}

/** Driving aisle with painted borders. */
export function buildAisle(b: MeshBuilder, p: PartParameters["aisle"]): Anchors {
  b.block("floor", 0, 0, 0, p.lengthM, 0.004, p.widthM - 0.18, { chamfer: 0, lines: false });
  for (const side of [-1, 1]) b.block("mark", 0, 0, side * (p.widthM / 2 - 0.045), p.lengthM, 0.006, 0.09, { chamfer: 0, lines: false });
  return { label: [0, 0.1, 0] };
}

/** Painted rectangle. */
export function buildMarking(b: MeshBuilder, p: PartParameters["marking"]): Anchors {
  const w = p.lineM;
  for (const side of [-1, 1]) {
    b.block("mark", 0, 0, side * (p.widthM / 2 - w / 2), p.lengthM, 0.006, w, { chamfer: 0, lines: false });
    b.block("mark", side * (p.lengthM / 2 - w / 2), 0, 0, w, 0.006, p.widthM - 2 * w, { chamfer: 0, lines: false });
  }
  return { label: [0, 0.1, 0] };
}
