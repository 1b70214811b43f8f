import type { Vec3 } from "../pose.ts";
import type { MeshBuilder } from "./mesh-builder.ts";
import type { PartParameters } from "./part-kind.ts";

/** Automated guided vehicle driving along +x: low body, bumper skirt, scanners, lift plate; with or without a kit trolley on top. */
export function buildVehicle(b: MeshBuilder, p: PartParameters["agv"]): Record<string, Vec3> {
  const { lengthM: l, widthM: w, heightM: h } = p;
  b.block("dark", 0, 0.03, 0, l, 0.1, w, { chamfer: 0.03 });
  b.block("body", 0, 0.13, 0, l - 0.08, h - 0.17, w - 0.06, { chamfer: 0.04 });
  b.block("dark", 0, h - 0.04, 0, l * 0.62, 0.04, w * 0.6, { chamfer: 0.01 });
  for (const side of [-1, 1]) {
    b.cylinder("dark", side * (l / 2 - 0.12), 0.13, side * (w / 2 - 0.12), 0.06, 0.1, "y", { segments: 14, lines: false });
    b.block("screen", side * (l / 2 - 0.036), 0.17, 0, 0.012, 0.03, w * 0.6, { chamfer: 0, lines: false });
    for (const x of [-0.3, 0.3])
      b.cylinder("dark", x * l, 0.07, side * (w / 2 - 0.09) - 0.03, 0.07, 0.06, "z", { segments: 14, lines: false });
  }
  b.cylinder("accent", -l / 2 + 0.16, h - 0.04, w / 2 - 0.16, 0.035, 0.03, "y", { segments: 12, lines: false });
  if (p.trolley) trolley(b, l * 0.8, w * 0.92, h);
  return { label: [0, p.trolley ? 1.6 : h + 0.2, 0], load: [0, h, 0] };
}

/** Kit trolley: tube frame with two shelves of totes. */
function trolley(b: MeshBuilder, l: number, w: number, y0: number): void {
  const top = 1.36;
  for (const sx of [-1, 1])
    for (const sz of [-1, 1]) b.block("light", sx * (l / 2 - 0.02), y0, sz * (w / 2 - 0.02), 0.035, top - y0, 0.035, { chamfer: 0.004 });
  for (const y of [y0 + 0.02, 0.82]) {
    b.block("body", 0, y, 0, l - 0.06, 0.03, w - 0.06, { chamfer: 0.004 });
    for (let i = 0; i < 3; i++)
      b.block("accent", (i - 1) * (l - 0.12) * 0.33, y + 0.03, 0, (l - 0.12) * 0.3, 0.2 + (i % 2) * 0.06, w - 0.18, { chamfer: 0.012 });
  }
  for (const side of [-1, 1]) b.block("light", 0, top - 0.035, side * (w / 2 - 0.02), l - 0.04, 0.034, 0.034, { chamfer: 0.004 });
}
