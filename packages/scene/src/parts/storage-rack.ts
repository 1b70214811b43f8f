import type { Vec3 } from "../pose.ts";
import type { MeshBuilder } from "./mesh-builder.ts";
import type { PartParameters } from "./part-kind.ts";

/** Storage rack: perforated uprights with diagonal bracing, beams, decks, boxes of a few sizes; which places are full follows `fill`, always the same. */
export function buildStorageRack(b: MeshBuilder, p: PartParameters["storage-rack"]): Record<string, Vec3> {
  const { lengthM: l, depthM: d, heightM: h } = p;
  const bay = (l - 0.08) / p.bays;
  for (let i = 0; i <= p.bays; i++) upright(b, i * bay - (l - 0.08) / 2, d, h);
  for (let level = 0; level < p.levels; level++) {
    const y = 0.14 + (level * (h - 0.34)) / p.levels;
    const room = (h - 0.34) / p.levels - 0.12;
    for (let i = 0; i < p.bays; i++) {
      const x = (i + 0.5) * bay - (l - 0.08) / 2;
      for (const side of [-1, 1]) b.block("accent", x, y, side * (d / 2 - 0.025), bay - 0.085, 0.08, 0.045, { chamfer: 0.004 });
      b.block("steel", x, y + 0.05, 0, bay - 0.09, 0.02, d - 0.11, { chamfer: 0, lines: false });
      goods(b, x, y + 0.08, bay - 0.14, d - 0.1, room, level * 7 + i * 3, p.fill);
    }
  }
  return { label: [0, h + 0.15, 0] };
}

function upright(b: MeshBuilder, x: number, d: number, h: number): void {
  for (const side of [-1, 1]) {
    b.block("dark", x, 0.008, side * (d / 2 - 0.04), 0.08, h - 0.008, 0.07, { chamfer: 0.006 });
    b.block("dark", x, 0, side * (d / 2 - 0.05), 0.08, 0.01, 0.1, { chamfer: 0, lines: false });
  }
  const steps = 4;
  for (let i = 0; i < steps; i++) {
    const [y0, y1] = [0.2 + (i * (h - 0.4)) / steps, 0.2 + ((i + 1) * (h - 0.4)) / steps];
    const s = i % 2 === 0 ? 1 : -1;
    b.rod("dark", [x, y0, -s * (d / 2 - 0.08)], [x, y1, s * (d / 2 - 0.08)], 0.012, 5);
  }
}

function goods(b: MeshBuilder, x: number, y: number, width: number, depth: number, room: number, seed: number, fill: number): void {
  const sizes = [0.5, 0.36, 0.44];
  let at = -width / 2 + 0.02;
  for (let k = 0; at < width / 2 - 0.3; k++) {
    const w = Math.min(sizes[(seed + k) % 3]!, width / 2 - at - 0.02);
    const full = ((seed * 13 + k * 29 + 7) % 17) / 17 < fill;
    if (full) {
      const h = Math.min(room, 0.24 + ((seed * 5 + k * 11) % 4) * 0.09);
      b.block((seed + k) % 4 === 1 ? "body" : "light", x + at + w / 2, y, 0, w - 0.03, h, depth * (0.86 + ((seed + k) % 3) * 0.05), {
        chamfer: 0.01,
      });
    }
    at += w;
  }
}
