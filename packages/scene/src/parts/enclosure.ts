import type { Vec3 } from "../pose.ts";
import type { MeshBuilder } from "./mesh-builder.ts";
import type { PartParameters } from "./part-kind.ts";

type Anchors = Record<string, Vec3>;

const POST_M = 0.07;

/** Levelling feet on a grid under a base. */
export function feet(b: MeshBuilder, lengthM: number, depthM: number, centreZ = 0, heightM = 0.08): void {
  const nx = lengthM > 2.4 ? 3 : 2;
  for (let i = 0; i < nx; i++)
    for (const side of [-1, 1]) {
      const x = (i / (nx - 1) - 0.5) * (lengthM - 0.24);
      const z = centreZ + side * (depthM / 2 - 0.12);
      b.cylinder("dark", x, 0, z, 0.055, 0.024, "y", { segments: 10, lines: false });
      b.cylinder("dark", x, 0.02, z, 0.018, heightM - 0.015, "y", { segments: 6, lines: false });
    }
}

/** Stack light: pole, three segments of which the middle is the lamp that may light up, cap. */
export function beaconMast(b: MeshBuilder, x: number, y: number, z: number): Vec3 {
  b.cylinder("dark", x, y, z, 0.05, 0.02, "y", { segments: 12, lines: false });
  b.cylinder("steel", x, y + 0.01, z, 0.012, 0.2, "y", { segments: 8, lines: false });
  b.cylinder("dark", x, y + 0.2, z, 0.036, 0.05, "y", { segments: 14, lines: false });
  b.cylinder("beacon", x, y + 0.255, z, 0.034, 0.11, "y", { segments: 14, chamfer: 0.006, lines: true });
  b.cylinder("dark", x, y + 0.37, z, 0.036, 0.025, "y", { segments: 14, chamfer: 0.01, lines: false });
  return [x, y + 0.31, z];
}

/** Operator panel on a swivel arm, screen towards +z. */
export function operatorPanel(b: MeshBuilder, x: number, y: number, z: number): void {
  b.rod("dark", [x, y + 0.75, z - 0.34], [x, y + 0.75, z - 0.04], 0.025, 8);
  b.rod("dark", [x, y + 0.36, z - 0.05], [x, y + 0.765, z - 0.05], 0.025, 8);
  b.within([x, y, z], () => {
    b.block("light", 0, 0, -0.05, 0.46, 0.36, 0.06, { chamfer: 0.014 });
    b.block("screen", 0, 0.09, -0.012, 0.38, 0.23, 0.012, { chamfer: 0, lines: false });
    for (let i = 0; i < 4; i++)
      b.cylinder(i === 3 ? "accent" : "dark", -0.15 + i * 0.1, 0.05, -0.02, 0.018, 0.02, "z", { segments: 10, lines: false });
  });
}

/** Electrical cabinet with doors towards +z: plinth, seams, handles, fan grille. */
export function switchCabinet(b: MeshBuilder, x: number, z: number, lengthM: number, depthM: number, heightM: number, doors: number): void {
  b.within([x, 0, z], () => {
    b.block("dark", 0, 0, 0, lengthM - 0.04, 0.1, depthM - 0.06, { chamfer: 0, lines: false });
    b.block("light", 0, 0.1, -0.012, lengthM, heightM - 0.1, depthM - 0.024, { chamfer: 0.012 });
    const width = lengthM / doors;
    for (let i = 0; i < doors; i++) {
      const cx = (i + 0.5) * width - lengthM / 2;
      b.block("light", cx, 0.13, depthM / 2 - 0.018, width - 0.03, heightM - 0.17, 0.016, { chamfer: 0.004 });
      if (!b.near) continue;
      b.block("dark", cx + width * 0.36, heightM * 0.48, depthM / 2 - 0.006, 0.03, 0.16, 0.012, { chamfer: 0.004, lines: false });
      for (let k = 0; k < 4; k++)
        b.block("dark", cx - width * 0.08, heightM * 0.82 + k * 0.03, depthM / 2 - 0.009, width * 0.5, 0.012, 0.008, {
          chamfer: 0,
          lines: false,
        });
    }
  });
}

/** Standing cabinet as a part of its own. */
export function buildCabinet(b: MeshBuilder, p: PartParameters["cabinet"]): Anchors {
  switchCabinet(b, 0, 0, p.lengthM, p.depthM, p.heightM, p.doors);
  return { label: [0, p.heightM + 0.1, 0] };
}

/** Enclosed machine: closed body beside the line, or an enclosure with a tunnel the line runs through. */
export function buildMachine(b: MeshBuilder, p: PartParameters["machine"]): Anchors {
  return p.tunnel ? tunnelMachine(b, p) : closedMachine(b, p);
}

function closedMachine(b: MeshBuilder, p: PartParameters["machine"]): Anchors {
  const cabinetDepth = p.cabinet ? 0.42 : 0;
  const panelDepth = p.panel ? 0.14 : 0.03;
  const depth = p.depthM - cabinetDepth - panelDepth;
  const z = (cabinetDepth - panelDepth) / 2;
  const front = z + depth / 2;
  const roof = p.heightM - 0.16;
  feet(b, p.lengthM, depth, z);
  b.block("dark", 0, 0.07, z, p.lengthM - 0.06, 0.12, depth - 0.06, { chamfer: 0.004 });
  b.block("body", 0, 0.19, z, p.lengthM, roof - 0.19, depth, { chamfer: 0.025 });
  b.block("light", -p.lengthM * 0.12, roof, z - depth * 0.08, p.lengthM * 0.56, 0.16, depth * 0.6, { chamfer: 0.02 });
  doorPair(b, p.lengthM, front, 0.3, roof - 0.12);
  sideLouvres(b, p.lengthM / 2, z, depth);
  if (p.cabinet) {
    switchCabinet(b, 0, z - depth / 2 - cabinetDepth / 2, Math.min(1.2, p.lengthM - 0.2), cabinetDepth, Math.min(2, roof), 2);
    b.block("steel", p.lengthM * 0.28, Math.min(2, roof) - 0.04, z - depth / 2 - 0.1, 0.2, p.heightM - Math.min(2, roof), 0.08, {
      chamfer: 0,
      lines: true,
    });
  }
  if (p.panel) operatorPanel(b, p.lengthM / 2 - 0.34, 1.05, front + panelDepth);
  const beacon: Vec3 = p.beacon ? beaconMast(b, p.lengthM / 2 - 0.16, roof, front - 0.18) : [0, p.heightM, front];
  return { in: [-p.lengthM / 2, 0.6, z], out: [p.lengthM / 2, 0.6, z], place0: [0, 0.6, z], label: [0, p.heightM + 0.25, z], beacon };
}

/** Two sliding doors with dark-framed windows and pull handles. */
function doorPair(b: MeshBuilder, lengthM: number, front: number, y0: number, y1: number): void {
  const width = Math.min(0.92, lengthM * 0.4);
  for (const side of [-1, 1]) {
    const x = side * (width / 2 + 0.008);
    b.block("light", x, y0, front + 0.008, width, y1 - y0, 0.024, { chamfer: 0.006 });
    const h = (y1 - y0) * 0.42;
    b.block("dark", x, y1 - h - 0.16, front + 0.022, width - 0.16, h, 0.012, { chamfer: 0.004 });
    b.block("screen", x, y1 - h - 0.12, front + 0.027, width - 0.24, h - 0.08, 0.008, { chamfer: 0, lines: false });
    if (b.near) b.block("dark", side * 0.06, y0 + (y1 - y0) * 0.28, front + 0.028, 0.026, 0.34, 0.03, { chamfer: 0.008, lines: false });
  }
  b.block("dark", 0, y1 + 0.01, front + 0.01, width * 2 + 0.2, 0.05, 0.028, { chamfer: 0.004, lines: false });
}

function sideLouvres(b: MeshBuilder, x: number, z: number, depthM: number): void {
  if (!b.near) return;
  for (const side of [-1, 1])
    for (let i = 0; i < 5; i++)
      b.block("dark", side * (x - 0.004), 0.5 + i * 0.045, z - depthM * 0.2, 0.012, 0.018, depthM * 0.32, { chamfer: 0, lines: false });
}

/** Posts and windows around the line, a hood above, a cabinet behind. */
function tunnelMachine(b: MeshBuilder, p: PartParameters["machine"]): Anchors {
  const cabinetDepth = p.cabinet ? 0.42 : 0;
  const panelDepth = p.panel ? 0.14 : 0.03;
  const depth = p.depthM - cabinetDepth - panelDepth;
  const zc = (cabinetDepth - panelDepth) / 2;
  const opening = p.conveyorHeightM + 1.15;
  const hood = Math.max(opening + 0.1, 1.8);
  const [x, z] = [p.lengthM / 2 - POST_M / 2, depth / 2 - POST_M / 2];
  feet(b, p.lengthM, depth, zc, 0.1);
  b.within([0, 0, zc], () => {
    for (const sx of [-1, 1])
      for (const sz of [-1, 1]) b.block("light", sx * x, 0.08, sz * z, POST_M, hood - 0.08, POST_M, { chamfer: 0.01 });
    for (const side of [-1, 1]) glazedWall(b, p, side * z, hood);
    for (const side of [-1, 1]) portalFrame(b, p, side * x, depth, -zc, opening, hood);
    b.block("body", 0, hood, 0, p.lengthM, p.heightM - hood - 0.14, depth, { chamfer: 0.03 });
    b.block("light", -p.lengthM * 0.1, p.heightM - 0.14, -depth * 0.06, p.lengthM * 0.5, 0.14, depth * 0.5, { chamfer: 0.02 });
    tooling(b, p, -zc, hood);
  });
  if (p.cabinet) {
    switchCabinet(b, -p.lengthM * 0.05, zc - depth / 2 - cabinetDepth / 2, Math.min(1.4, p.lengthM - 0.2), cabinetDepth, 1.9, 2);
    b.block("steel", p.lengthM * 0.22, 1.86, zc - depth / 2 - 0.14, 0.2, p.heightM - 1.95, 0.08, { chamfer: 0 });
  }
  if (p.panel) operatorPanel(b, p.lengthM / 2 - 0.36, 1.08, zc + depth / 2 + panelDepth);
  const beacon: Vec3 = p.beacon ? beaconMast(b, p.lengthM / 2 - 0.16, p.heightM - 0.14, zc + depth / 2 - 0.18) : [0, p.heightM, zc];
  return {
    in: [-p.lengthM / 2, p.conveyorHeightM, 0],
    out: [p.lengthM / 2, p.conveyorHeightM, 0],
    place0: [0, p.conveyorHeightM, 0],
    label: [0, p.heightM + 0.25, zc],
    beacon,
  };
}

function glazedWall(b: MeshBuilder, p: PartParameters["machine"], z: number, hood: number): void {
  const sill = Math.max(0.5, p.conveyorHeightM - 0.1);
  const inside = p.lengthM - 2 * POST_M - 0.004;
  b.block("body", 0, 0.14, z, inside, sill - 0.14, 0.04, { chamfer: 0.006 });
  const panes = Math.max(2, Math.round(inside / 0.9));
  const width = inside / panes;
  for (let i = 0; i < panes; i++) {
    const x = (i + 0.5) * width - inside / 2;
    b.block("glass", x, sill + 0.07, z, width - 0.05, hood - sill - 0.14, 0.012, { chamfer: 0, lines: false });
    if (i > 0) b.block("light", x - width / 2, sill, z, 0.045, hood - sill - 0.002, 0.05, { chamfer: 0.006 });
    if (b.near)
      b.block("dark", x + width * 0.34, sill + 0.24, z + Math.sign(z) * 0.025, 0.024, 0.22, 0.03, { chamfer: 0.006, lines: false });
  }
  for (const y of [sill, hood - 0.07]) b.block("light", 0, y, z, inside, 0.068, 0.046, { chamfer: 0.006 });
}

/** End frame with the opening the line passes at `lineZ`. */
function portalFrame(
  b: MeshBuilder,
  p: PartParameters["machine"],
  x: number,
  depth: number,
  lineZ: number,
  opening: number,
  hood: number,
): void {
  const clear = p.conveyorWidthM + 0.12;
  for (const side of [-1, 1]) {
    const inner = lineZ + (side * clear) / 2;
    const outer = side * (depth / 2 - POST_M);
    const cheek = side * (outer - inner);
    if (cheek > 0.02) b.block("body", x, 0.14, (inner + outer) / 2, 0.04, hood - 0.142, cheek, { chamfer: 0.006 });
  }
  if (hood - opening > 0.03) b.block("body", x, opening, lineZ, 0.04, hood - opening - 0.002, clear - 0.004, { chamfer: 0.006 });
}

/** What is seen working inside: a gantry with spindles over the product. */
function tooling(b: MeshBuilder, p: PartParameters["machine"], z: number, hood: number): void {
  const y = p.conveyorHeightM + 0.98;
  const spindles = Math.max(2, Math.min(4, Math.round(p.lengthM / 0.8)));
  b.block("dark", 0, hood - 0.12, z, p.lengthM * 0.7, 0.1, 0.16, { lines: false });
  for (let i = 0; i < spindles; i++) {
    const x = (i / (spindles - 1) - 0.5) * 0.5;
    b.cylinder("steel", x, y, z, 0.045, Math.max(0.1, hood - 0.12 - y), "y", { segments: 12, lines: false });
    b.cylinder("dark", x, y - 0.06, z, 0.02, 0.07, "y", { segments: 8, lines: false });
  }
}

/** Four-column press: bed, columns, crown, ram and cylinder. */
export function buildPress(b: MeshBuilder, p: PartParameters["press"]): Anchors {
  const { lengthM: l, heightM: h } = p;
  const panelDepth = 0.14;
  const d = p.depthM - panelDepth;
  const z = -panelDepth / 2;
  feet(b, l, d, z);
  b.within([0, 0, z], () => {
    b.block("body", 0, 0.08, 0, l, 0.66, d, { chamfer: 0.03 });
    b.block("dark", 0, 0.74, 0, l * 0.62, 0.08, d * 0.62, { chamfer: 0.01 });
    for (const sx of [-1, 1])
      for (const sz of [-1, 1])
        b.cylinder("steel", sx * (l / 2 - 0.2), 0.74, sz * (d / 2 - 0.2), 0.075, h - 1.5, "y", { segments: 18, lines: true });
    b.block("body", 0, h - 0.82, 0, l, 0.46, d, { chamfer: 0.03 });
    b.cylinder("light", 0, h - 0.36, 0, 0.26, 0.36, "y", { chamfer: 0.03, lines: true });
    b.cylinder("steel", 0, 1.42, 0, 0.13, h - 0.82 - 1.42, "y", { lines: false });
    b.block("light", 0, 1.26, 0, l * 0.56, 0.18, d * 0.56, { chamfer: 0.02 });
    for (const side of [-1, 1]) b.block("glass", side * (l / 2 - 0.02), 0.78, 0, 0.012, h - 1.64, d - 0.3, { chamfer: 0, lines: true });
    b.sweep(
      "dark",
      [
        [0.2, h - 0.1, -0.1],
        [0.45, h - 0.06, -d * 0.3],
        [0.5, h - 0.4, -d / 2 + 0.02],
        [0.5, 0.9, -d / 2 + 0.02],
      ],
      0.03,
      8,
    );
  });
  operatorPanel(b, l / 2 - 0.36, 1.05, p.depthM / 2);
  const beacon = beaconMast(b, -l / 2 + 0.14, h - 0.36, z + d / 2 - 0.16);
  return { in: [-l / 2, 0.6, z], out: [l / 2, 0.6, z], place0: [0, 0.82, z], label: [0, h + 0.2, z], beacon };
}
