import type { Vec3 } from "../pose.ts";
import { fencePanels } from "./fence.ts";
import type { MeshBuilder } from "./mesh-builder.ts";
import type { PartParameters } from "./part-kind.ts";

type Anchors = Record<string, Vec3>;

/** Palletiser cell: fence behind and at both sides, light curtains in front, marked pallet places. The line comes in at −x. */
export function buildPalletiserCell(b: MeshBuilder, p: PartParameters["palletiser-cell"]): Anchors {
  const { lengthM: l, depthM: d, heightM: h } = p;
  const f = p.front;
  b.within([0, 0, f * (-d / 2 + 0.03)], () => fencePanels(b, l, h, false));
  b.within([l / 2 - 0.03, 0, 0], () => fencePanels(b, d - 0.12, h, false), Math.PI / 2);
  const gap = 1.3;
  const rest = (d - 0.12 - gap) / 2;
  for (const side of [-1, 1]) b.within([-l / 2 + 0.03, 0, side * (gap / 2 + rest / 2)], () => fencePanels(b, rest, h, false), Math.PI / 2);
  const anchors: Anchors = {
    in: [-l / 2, 0.6, 0],
    out: [0, 0.2, (f * d) / 2],
    robot: [-l * 0.06, 0, -f * d * 0.16],
    label: [0, h + 0.4, 0],
    beacon: [l / 2 - 0.03, h + 0.23, f * (d / 2 - 0.09)],
  };
  for (let i = 0; i < p.pallets; i++) {
    const x = l * 0.26;
    const z = p.pallets === 1 ? 0 : (i / (p.pallets - 1) - 0.5) * (d - 2.1);
    b.block("body", x, 0, z, 1.36, 0.06, 1.0, { chamfer: 0.01 });
    for (const side of [-1, 1]) b.block("steel", x, 0.06, z + side * 0.3, 1.3, 0.02, 0.12, { chamfer: 0, lines: false });
    anchors[`pallet${i}`] = [x, 0.08, z];
  }
  for (const side of [-1, 1]) lightCurtain(b, side * (l / 2 - 0.12), f * (d / 2 - 0.06), 1.5);
  b.block("dark", 0, 0, f * (d / 2 - 0.06), l - 0.5, 0.012, 0.08, { chamfer: 0, lines: false });
  b.cylinder("steel", l / 2 - 0.03, h, f * (d / 2 - 0.09), 0.012, 0.18, "y", { segments: 8, lines: false });
  b.cylinder("beacon", l / 2 - 0.03, h + 0.18, f * (d / 2 - 0.09), 0.03, 0.1, "y", { segments: 12, chamfer: 0.006, lines: true });
  return anchors;
}

function lightCurtain(b: MeshBuilder, x: number, z: number, h: number): void {
  b.block("dark", x, 0, z, 0.14, 0.03, 0.1, { chamfer: 0.004, lines: false });
  b.block("accent", x, 0.03, z, 0.07, h, 0.07, { chamfer: 0.01 });
  b.block("screen", x - Math.sign(x) * 0.034, 0.2, z, 0.006, h - 0.3, 0.03, { chamfer: 0, lines: false });
}

/** Pallet of boards and blocks, with boxes standing on it. */
export function buildPallet(b: MeshBuilder, p: PartParameters["pallet"]): Anchors {
  const { lengthM: l, widthM: w } = p;
  for (const z of [-1, 0, 1]) {
    b.block("steel", 0, 0, z * (w / 2 - 0.06), l, 0.022, 0.1, { chamfer: 0, lines: false });
    for (const x of [-1, 0, 1])
      b.block("steel", x * (l / 2 - 0.075), 0.022, z * (w / 2 - 0.06), 0.14, 0.078, 0.1, { chamfer: 0, lines: false });
  }
  for (let i = 0; i < 5; i++) b.block("steel", 0, 0.1, (i / 4 - 0.5) * (w - 0.12), l, 0.044, 0.12, { chamfer: 0.003, lines: b.near });
  const [cl, cw, ch] = [Math.min(0.59, l / 2 - 0.01), Math.min(0.66, w - 0.02), 0.88];
  for (let i = 0; i < p.boxes; i++) {
    const x = (i % 2 === 0 ? -1 : 1) * (l / 4);
    const y = 0.145 + Math.floor(i / 2) * (ch + 0.004);
    b.block("product", x, y, 0, cl, ch, cw, { chamfer: 0.008 });
    b.block("body", x, y + ch - 0.002, 0, cl - 0.02, 0.004, 0.06, { chamfer: 0, lines: false });
    b.block("light", x + 0.1, y + ch * 0.6, cw / 2 - 0.001, 0.18, 0.12, 0.003, { chamfer: 0, lines: false });
  }
  return { label: [0, 1.2, 0], top: [0, 0.145, 0] };
}
