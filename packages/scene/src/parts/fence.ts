import type { Vec3 } from "../pose.ts";
import type { MeshBuilder } from "./mesh-builder.ts";
import type { PartParameters } from "./part-kind.ts";

const PANEL_M = 1.2;

/** Safety fence: posts on foot plates, framed mesh panels 180 mm above the floor. */
export function buildFence(b: MeshBuilder, p: PartParameters["fence"]): Record<string, Vec3> {
  fencePanels(b, p.lengthM, p.heightM, p.gate);
  return { label: [0, p.heightM + 0.1, 0] };
}

/** Panels along x, centred. The wires are silhouette lines over a pane of glass: thin at any distance. */
export function fencePanels(b: MeshBuilder, lengthM: number, heightM: number, gate: boolean): void {
  const panels = Math.max(1, Math.round(lengthM / PANEL_M));
  const pitch = (lengthM - 0.06) / panels;
  for (let i = 0; i <= panels; i++) {
    const x = i * pitch - (lengthM - 0.06) / 2;
    b.block("dark", x, 0.01, 0, 0.05, heightM - 0.01, 0.05, { chamfer: 0.005 });
    b.block("dark", x, 0, 0, 0.06, 0.012, 0.12, { chamfer: 0, lines: false });
  }
  for (let i = 0; i < panels; i++) {
    const x = (i + 0.5) * pitch - (lengthM - 0.06) / 2;
    panel(b, x, pitch - 0.07, heightM, gate && i === Math.floor(panels / 2));
  }
}

function panel(b: MeshBuilder, x: number, width: number, heightM: number, gate: boolean): void {
  const [y0, y1] = [0.18, heightM - 0.03];
  for (const y of [y0, y1 - 0.03]) b.block("body", x, y, 0, width, 0.03, 0.025, { chamfer: 0, lines: false });
  for (const side of [-1, 1])
    b.block("body", x + side * (width / 2 - 0.0125), y0 + 0.03, 0, 0.025, y1 - y0 - 0.06, 0.025, { chamfer: 0, lines: false });
  b.block("glass", x, y0 + 0.03, 0, width - 0.05, y1 - y0 - 0.06, 0.004, { chamfer: 0, lines: false });
  const step = b.near ? 0.12 : 0.3;
  const columns = Math.max(1, Math.round(width / step));
  for (let i = 1; i < columns; i++) b.line([x + (i / columns - 0.5) * width, y0, 0], [x + (i / columns - 0.5) * width, y1, 0]);
  if (b.near) for (let y = y0 + 0.4; y < y1 - 0.2; y += 0.4) b.line([x - width / 2, y, 0], [x + width / 2, y, 0]);
  if (!gate) return;
  b.block("accent", x + width * 0.42, 0.95, 0.03, 0.09, 0.26, 0.05, { chamfer: 0.01 });
  b.block("dark", x + width * 0.32, 1, 0.03, 0.03, 0.2, 0.03, { chamfer: 0.008, lines: false });
}
