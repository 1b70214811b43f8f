import type { Vec3 } from "../pose.ts";
import type { MeshBuilder } from "./mesh-builder.ts";
import type { PartParameters } from "./part-kind.ts";

type Anchors = Record<string, Vec3>;
type WashingMachine = PartParameters["washing-machine"];

const SKIN_M = 0.02;

/** Washing machine, front towards +z, in the four forms it takes along the line. */
export function buildWashingMachine(b: MeshBuilder, p: WashingMachine): Anchors {
  if (p.form === "tub") tub(b, p, p.heightM * 0.42);
  else if (p.form === "finished") finished(b, p);
  else shell(b, p);
  if (p.form === "open") tub(b, p, p.heightM * 0.47);
  return { label: [0, p.heightM + 0.1, 0] };
}

function finished(b: MeshBuilder, p: WashingMachine): void {
  const { widthM: w, depthM: d, heightM: h } = p;
  productFeet(b, w, d - 0.05);
  b.within([0, 0, -0.025], () => {
    b.block("product", 0, 0.02, 0, w, h - 0.06, d - 0.05, { chamfer: 0.016 });
    b.block("product", 0, h - 0.038, 0.002, w, 0.038, d - 0.046, { chamfer: 0.012 });
  });
  const front = d / 2 - 0.05;
  b.block("light", 0, h - 0.175, front + 0.004, w - 0.02, 0.125, 0.016, { chamfer: 0.005 });
  b.block("screen", w * 0.12, h - 0.145, front + 0.013, w * 0.2, 0.06, 0.004, { chamfer: 0, lines: false });
  b.cylinder("dark", -w * 0.07, h - 0.113, front + 0.01, 0.033, 0.022, "z", { segments: 16, chamfer: 0.006, lines: false });
  b.block("product", -w * 0.32, h - 0.165, front + 0.012, w * 0.27, 0.105, 0.006, { chamfer: 0, lines: b.near });
  if (b.near)
    for (let i = 0; i < 4; i++)
      b.block("dark", w * 0.3 + i * 0.028, h - 0.12, front + 0.013, 0.014, 0.014, 0.004, { chamfer: 0, lines: false });
  porthole(b, h * 0.46, front, w);
  b.block("light", w * 0.33, 0.05, front + 0.001, 0.13, 0.08, 0.008, { chamfer: 0, lines: false });
  b.block("dark", 0, 0.026, front - 0.004, w - 0.02, 0.012, 0.01, { chamfer: 0, lines: false });
}

/** The round door: chrome ring, dark bowl, glass, handle. */
function porthole(b: MeshBuilder, y: number, front: number, w: number): void {
  const r = w * 0.3;
  b.within(
    [0, y, front],
    () => {
      b.lathe(
        "steel",
        [
          [r * 0.72, 0.004],
          [r, 0.004],
          [r, 0.022],
          [r * 0.93, 0.036],
          [r * 0.76, 0.036],
          [r * 0.72, 0.02],
          [r * 0.72, 0.004],
        ],
        { segments: 32, lines: b.near },
      );
      b.lathe(
        "screen",
        [
          [0, 0.004],
          [r * 0.71, 0.004],
          [r * 0.71, 0.018],
          [r * 0.4, 0.03],
          [0, 0.034],
        ],
        { segments: 32, smooth: false },
      );
    },
    Math.PI / 2,
    "x",
  );
  if (b.near) b.block("dark", r * 0.86, y - 0.055, front + 0.03, 0.03, 0.11, 0.018, { chamfer: 0.006, lines: false });
}

/** Bare cabinet: side walls, back with a cut-out, base, top brace, front frame. */
function shell(b: MeshBuilder, p: WashingMachine): void {
  const { widthM: w, depthM: d, heightM: h } = p;
  productFeet(b, w, d);
  for (const side of [-1, 1]) b.block("product", side * (w / 2 - SKIN_M / 2), 0.02, 0, SKIN_M, h - 0.02, d, { chamfer: 0.006 });
  b.block("product", 0, 0.02, 0, w - 2 * SKIN_M - 0.002, 0.05, d - 0.01, { chamfer: 0.004 });
  b.block("product", 0, 0.07, -d / 2 + SKIN_M / 2, w - 2 * SKIN_M - 0.002, h - 0.12, SKIN_M, { chamfer: 0 });
  for (const z of [-1, 1]) b.block("steel", 0, h - 0.04, z * (d / 2 - 0.03), w - 2 * SKIN_M - 0.002, 0.035, 0.05, { chamfer: 0.004 });
  b.block("steel", 0, 0.07, d / 2 - 0.02, w - 2 * SKIN_M - 0.002, 0.05, 0.03, { chamfer: 0.004, lines: false });
}

/** Tub with drum mouth, counterweights, motor and belt pulley. */
function tub(b: MeshBuilder, p: WashingMachine, y: number): void {
  const r = p.widthM * 0.41;
  const depth = p.depthM * 0.74;
  b.within(
    [0, y, -depth / 2 - 0.01],
    () => {
      b.lathe(
        "body",
        [
          [0, 0],
          [r * 0.86, 0],
          [r, 0.05],
          [r, depth - 0.05],
          [r * 0.9, depth],
          [r * 0.62, depth],
          [r * 0.6, depth + 0.025],
          [r * 0.54, depth + 0.025],
          [r * 0.54, depth - 0.02],
          [0, depth - 0.02],
        ],
        { segments: 28, lines: b.near },
      );
      b.cylinder("dark", 0, -0.025, 0, r * 0.62, 0.024, "y", { segments: 24, lines: false });
    },
    Math.PI / 2,
    "x",
  );
  b.block("light", 0, y + r * 0.62, depth / 2 - 0.03, r * 1.1, 0.1, 0.07, { chamfer: 0.02, lines: b.near });
  b.block("light", 0, y - r * 0.94, depth / 2 - 0.03, r * 0.9, 0.09, 0.06, { chamfer: 0.02, lines: false });
  b.cylinder("dark", 0.1, y - r - 0.035, -depth * 0.36, 0.06, 0.2, "z", { segments: 14, chamfer: 0.01, lines: false });
  if (p.form === "tub")
    for (const side of [-1, 1]) b.block("steel", side * r * 0.6, 0, 0, 0.05, y - r * 0.78, depth * 0.7, { chamfer: 0.006, lines: false });
}

function productFeet(b: MeshBuilder, w: number, d: number): void {
  for (const sx of [-1, 1])
    for (const sz of [-1, 1])
      b.cylinder("dark", sx * (w / 2 - 0.07), 0, sz * (d / 2 - 0.07), 0.022, 0.024, "y", { segments: 8, lines: false });
}

/** Any other product: a plain chamfered block with one seam. */
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

/** Carton: tape along the top seam, label in the corner. */
export function buildCarton(b: MeshBuilder, p: PartParameters["carton"]): Anchors {
  b.block("product", 0, 0, 0, p.lengthM - 0.008, p.heightM - 0.003, p.widthM - 0.008, { chamfer: 0.008 });
  b.block("body", 0, p.heightM - 0.004, 0, p.lengthM - 0.02, 0.004, 0.06, { chamfer: 0, lines: false });
  for (const side of [-1, 1])
    b.block("body", side * (p.lengthM / 2 - 0.004), p.heightM - 0.16, 0, 0.008, 0.15, 0.06, { chamfer: 0, lines: false });
  b.block("light", p.lengthM * 0.2, p.heightM * 0.6, p.widthM / 2 - 0.004, 0.18, 0.12, 0.008, { chamfer: 0, lines: false });
  return { label: [0, p.heightM + 0.1, 0] };
}
