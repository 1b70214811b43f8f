import type { Vec3 } from "../pose.ts";
import type { MeshBuilder } from "./mesh-builder.ts";
import type { PartParameters } from "./part-kind.ts";

type Anchors = Record<string, Vec3>;

/** A product that nothing is known of: a plain chamfered block. */
export function buildWorkpiece(b: MeshBuilder, p: PartParameters["workpiece"]): Anchors {
  b.block("product", 0, 0, 0, p.lengthM, p.heightM, p.widthM, { chamfer: 0.02 });
  return { label: [0, p.heightM + 0.1, 0] };
}

/** Carrier: tray with corner posts and a data tag on its side. */
export function buildCarrier(b: MeshBuilder, p: PartParameters["carrier"]): Anchors {
  const plate = p.heightM - 0.02;
  b.block("dark", 0, 0, 0, p.lengthM, plate, p.widthM, { chamfer: 0.01 });
  for (const sx of [-1, 1])
    for (const sz of [-1, 1])
      b.block("steel", sx * (p.lengthM / 2 - 0.05), plate, sz * (p.widthM / 2 - 0.05), 0.06, 0.02, 0.06, { chamfer: 0.004, lines: false });
  if (b.near) b.block("light", p.lengthM * 0.3, plate * 0.3, p.widthM / 2 - 0.005, 0.09, plate * 0.5, 0.01, { chamfer: 0, lines: false });
  return { top: [0, plate, 0], label: [0, 0.2, 0] };
}
