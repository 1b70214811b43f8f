import type { Vec3 } from "../pose.ts";
import { feet } from "./enclosure.ts";
import type { MeshBuilder } from "./mesh-builder.ts";
import type { PartParameters } from "./part-kind.ts";

type Anchors = Record<string, Vec3>;

const POST_M = 0.07;

/** Leak-test rack: per place a roller bed, a clamp that comes down, test instrument with screen, hoses, a lamp. */
export function buildLeakTestRack(b: MeshBuilder, p: PartParameters["leak-test-rack"]): Anchors {
  const length = p.places * p.pitchM;
  const [d, h] = [p.depthM, p.heightM];
  const anchors: Anchors = {
    label: [0, h + 0.3, 0],
    beacon: [0, h + 0.12, d / 2 - 0.12],
    in: [0, p.floorM, d / 2],
    out: [0, p.floorM, d / 2],
  };
  for (let i = 0; i < p.places; i++) {
    const x = (i + 0.5) * p.pitchM - length / 2;
    b.within([x, 0, 0], () => testPlace(b, p.pitchM, d, h, p.floorM));
    anchors[`place${i}`] = [x, p.floorM, 0.06];
    anchors[`beacon${i}`] = [x, h + 0.02, d / 2 - 0.08];
  }
  return anchors;
}

function testPlace(b: MeshBuilder, pitch: number, d: number, h: number, floor: number): void {
  feet(b, pitch, d);
  const inside = pitch - 0.006;
  b.block("body", 0, 0.08, 0, inside, floor - 0.2, d - 0.02, { chamfer: 0.012 });
  for (const side of [-1, 1])
    b.block("light", side * (inside / 2 - POST_M / 2), floor - 0.12, d / 2 - POST_M / 2, POST_M, h - floor - 0.34, POST_M, {
      chamfer: 0.01,
    });
  for (const side of [-1, 1])
    b.block("body", side * (inside / 2 - 0.02), floor - 0.12, -0.04, 0.04, h - floor - 0.34, d - POST_M * 2 - 0.06, { chamfer: 0.006 });
  b.block("light", 0, floor - 0.12, -d / 2 + 0.03, inside, h - floor - 0.34, 0.05, { chamfer: 0.006 });
  b.block("body", 0, h - 0.46, -0.015, inside, 0.46, d - 0.03, { chamfer: 0.02 });
  rollerBed(b, inside, d, floor);
  instrument(b, h, d);
  clamp(b, h, floor);
  b.cylinder("dark", inside * 0.36, h, d / 2 - 0.08, 0.028, 0.02, "y", { segments: 12, lines: false });
  b.cylinder("beacon", inside * 0.36, h + 0.02, d / 2 - 0.08, 0.026, 0.07, "y", { segments: 12, chamfer: 0.006, lines: true });
  b.sweep(
    "dark",
    [
      [-0.2, h - 0.4, -d / 2 + 0.12],
      [-0.24, h - 0.62, -d / 2 + 0.14],
      [-0.18, floor + 0.72, -d / 2 + 0.16],
      [-0.06, floor + 0.62, -d / 2 + 0.2],
    ],
    0.02,
    8,
  );
  b.sweep(
    "dark",
    [
      [0.2, h - 0.4, -d / 2 + 0.12],
      [0.27, h - 0.7, -d / 2 + 0.13],
      [0.2, floor + 0.5, -d / 2 + 0.16],
      [0.08, floor + 0.42, -d / 2 + 0.2],
    ],
    0.02,
    8,
  );
}

function rollerBed(b: MeshBuilder, inside: number, d: number, floor: number): void {
  for (const side of [-1, 1]) b.block("body", side * 0.36, floor - 0.1, 0.02, 0.04, 0.11, d - 0.1, { chamfer: 0.004, lines: false });
  const count = b.near ? 9 : 5;
  for (let i = 0; i < count; i++)
    b.cylinder("steel", -0.335, floor - 0.03, (i / (count - 1) - 0.5) * (d - 0.2) + 0.03, 0.028, 0.67, "x", { segments: 8, lines: false });
  b.block("light", 0, floor - 0.14, d / 2 - 0.02, inside - 2 * POST_M - 0.01, 0.1, 0.03, { chamfer: 0.006, lines: false });
}

function instrument(b: MeshBuilder, h: number, d: number): void {
  b.block("light", 0, h - 0.4, d / 2 - 0.022, 0.66, 0.3, 0.016, { chamfer: 0.003 });
  b.block("screen", -0.12, h - 0.33, d / 2 - 0.01, 0.26, 0.17, 0.016, { chamfer: 0, lines: false });
  if (!b.near) return;
  for (let i = 0; i < 3; i++)
    b.block(i === 0 ? "accent" : "dark", 0.1 + i * 0.075, h - 0.28, d / 2 - 0.009, 0.045, 0.045, 0.018, { chamfer: 0, lines: false });
  b.block("dark", 0.17, h - 0.35, d / 2 - 0.01, 0.2, 0.02, 0.016, { chamfer: 0, lines: false });
}

function clamp(b: MeshBuilder, h: number, floor: number): void {
  const plate = floor + 1.02;
  b.block("light", 0, plate, 0.02, 0.5, 0.04, 0.42, { chamfer: 0.008 });
  for (const side of [-1, 1])
    b.cylinder("steel", side * 0.16, plate + 0.04, 0.02, 0.02, Math.max(0.05, h - 0.46 - plate - 0.04), "y", { segments: 8, lines: false });
  b.cylinder("dark", 0, plate + 0.04, 0.02, 0.045, Math.max(0.05, h - 0.46 - plate - 0.04), "y", { segments: 12, lines: false });
  for (const side of [-1, 1]) b.cylinder("dark", side * 0.18, plate - 0.03, 0.14, 0.03, 0.03, "y", { segments: 8, lines: false });
}

/** Electrical test cell: booth with a half-raised glass shutter, contact head, instrument drawer. */
export function buildTestCell(b: MeshBuilder, p: PartParameters["test-cell"]): Anchors {
  const { lengthM: l, depthM: d, heightM: h, floorM: floor } = p;
  const inside = l - 0.01;
  feet(b, l, d);
  b.block("body", 0, 0.08, 0, inside, floor - 0.2, d - 0.02, { chamfer: 0.012 });
  for (const side of [-1, 1])
    b.block("body", side * (inside / 2 - 0.03), floor - 0.12, -0.02, 0.06, h - floor - 0.2, d - 0.06, { chamfer: 0.012 });
  b.block("light", 0, floor - 0.12, -d / 2 + 0.03, inside - 0.13, h - floor - 0.2, 0.05, { chamfer: 0.006 });
  b.block("body", 0, h - 0.32, -0.01, inside, 0.32, d - 0.02, { chamfer: 0.025 });
  rollerBed(b, inside, d, floor);
  b.block("glass", 0, floor + 0.86, d / 2 - 0.05, inside - 0.14, h - 0.32 - floor - 0.88, 0.012, { chamfer: 0, lines: true });
  b.block("light", 0, floor + 0.83, d / 2 - 0.05, inside - 0.14, 0.04, 0.03, { chamfer: 0.004, lines: false });
  for (const side of [-1, 1])
    b.block("light", side * (inside / 2 - 0.085), floor - 0.02, d / 2 - 0.05, 0.03, h - floor - 0.31, 0.05, { chamfer: 0.004 });
  b.block("screen", -l * 0.16, h - 0.25, d / 2 - 0.016, 0.34, 0.18, 0.02, { chamfer: 0, lines: false });
  for (let i = 0; i < 3; i++)
    b.cylinder(i === 0 ? "accent" : "dark", l * 0.14 + i * 0.09, h - 0.16, d / 2 - 0.02, 0.022, 0.019, "z", { segments: 10, lines: false });
  b.block("dark", 0, floor + 0.3, -d / 2 + 0.14, 0.34, 0.3, 0.16, { chamfer: 0.015, lines: false });
  b.sweep(
    "dark",
    [
      [0.1, floor + 0.5, -d / 2 + 0.14],
      [0.3, floor + 0.9, -d / 2 + 0.14],
      [0.24, h - 0.34, -d / 2 + 0.16],
    ],
    0.018,
    8,
  );
  b.cylinder("beacon", inside * 0.38, h, d / 2 - 0.12, 0.03, 0.08, "y", { segments: 12, chamfer: 0.006, lines: true });
  return {
    in: [0, floor, d / 2],
    out: [0, floor, d / 2],
    place0: [0, floor, 0.04],
    label: [0, h + 0.2, 0],
    beacon: [inside * 0.38, h + 0.04, d / 2 - 0.12],
  };
}
