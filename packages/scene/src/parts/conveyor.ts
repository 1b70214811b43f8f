import type { Vec3 } from "../pose.ts";
import type { MeshBuilder } from "./mesh-builder.ts";
import type { PartParameters } from "./part-kind.ts";

type Anchors = Record<string, Vec3>;

const RAIL_WIDTH_M = 0.045;
const RAIL_HEIGHT_M = 0.15;
const ROLLER_RADIUS_M = 0.03;
const ROLLER_PITCH_M = 0.125;

/** Straight conveyor: profile rails, rollers or belt, legs with braces and levelling feet, guides, geared motor. */
export function buildConveyor(b: MeshBuilder, p: PartParameters["conveyor"]): Anchors {
  const half = p.widthM / 2;
  for (const side of [-1, 1]) {
    b.block("body", 0, p.heightM - RAIL_HEIGHT_M + 0.012, side * (half - RAIL_WIDTH_M / 2), p.lengthM, RAIL_HEIGHT_M, RAIL_WIDTH_M, {
      chamfer: 0.006,
    });
    if (p.guides) guide(b, p.lengthM, p.heightM, side * (half - 0.02));
  }
  const inside = p.widthM - 2 * RAIL_WIDTH_M - 0.004;
  if (p.surface === "roller") rollers(b, p.lengthM, p.heightM, inside);
  else belt(b, p.lengthM, p.heightM, inside);
  legs(b, p.lengthM, p.widthM, p.heightM);
  if (p.drive && p.lengthM > 1.2) drive(b, p.lengthM, p.widthM, p.heightM);
  return { in: [-p.lengthM / 2, p.heightM, 0], out: [p.lengthM / 2, p.heightM, 0], label: [0, p.heightM + 0.4, 0] };
}

function rollers(b: MeshBuilder, lengthM: number, heightM: number, insideM: number): void {
  const pitch = b.near ? ROLLER_PITCH_M : ROLLER_PITCH_M * 2;
  const count = Math.max(1, Math.floor((lengthM - 0.04) / pitch));
  for (let i = 0; i < count; i++) {
    const x = (i - (count - 1) / 2) * pitch;
    b.cylinder("steel", x, heightM - ROLLER_RADIUS_M, -insideM / 2, ROLLER_RADIUS_M, insideM, "z", { lines: false, segments: 8 });
  }
}

function belt(b: MeshBuilder, lengthM: number, heightM: number, insideM: number): void {
  b.block("dark", 0, heightM - 0.012, 0, lengthM - 0.12, 0.012, insideM, { chamfer: 0 });
  b.block("body", 0, heightM - 0.07, 0, lengthM - 0.2, 0.05, insideM - 0.02, { chamfer: 0, lines: false });
  for (const end of [-1, 1])
    b.cylinder("dark", end * (lengthM / 2 - 0.065), heightM - 0.06, -insideM / 2, 0.06, insideM, "z", { lines: false, segments: 14 });
}

/** Side guide: a bent rail on short brackets. */
function guide(b: MeshBuilder, lengthM: number, heightM: number, z: number): void {
  const y = heightM + 0.11;
  b.rod("light", [-lengthM / 2, y, z], [lengthM / 2, y, z], 0.014, 6);
  if (!b.near) return;
  const count = Math.max(2, Math.round(lengthM / 1.1));
  for (let i = 0; i < count; i++) {
    const x = (i / (count - 1) - 0.5) * (lengthM - 0.3);
    b.block("dark", x, heightM, z, 0.03, 0.11, 0.012, { chamfer: 0, lines: false });
  }
}

/** Pairs of legs every 1.6 m at most, braced across, on round feet. */
export function legs(b: MeshBuilder, lengthM: number, widthM: number, heightM: number): void {
  const pairs = Math.max(lengthM < 0.8 ? 1 : 2, Math.ceil(lengthM / 1.6) + 1);
  const z = widthM / 2 - 0.046;
  for (let i = 0; i < pairs; i++) {
    const x = pairs === 1 ? 0 : (i / (pairs - 1) - 0.5) * (lengthM - 0.24);
    for (const side of [-1, 1]) leg(b, x, side * z, heightM - RAIL_HEIGHT_M + 0.014);
    b.block("body", x, heightM * 0.3, 0, 0.03, 0.04, 2 * z - 0.05, { chamfer: 0, lines: false });
  }
}

function leg(b: MeshBuilder, x: number, z: number, topM: number): void {
  b.block("body", x, 0.05, z, 0.05, topM - 0.05, 0.04, { chamfer: 0.004, lines: b.near });
  b.cylinder("dark", x, 0.02, z, 0.012, 0.04, "y", { segments: 6, lines: false });
  b.cylinder("dark", x, 0, z, 0.045, 0.022, "y", { segments: 10, lines: false });
}

function drive(b: MeshBuilder, lengthM: number, widthM: number, heightM: number): void {
  const x = Math.min(lengthM / 2 - 0.5, 0.3);
  const y = heightM - 0.31;
  b.block("dark", x, y, -widthM / 2 + 0.2, 0.2, 0.16, 0.16, { chamfer: 0.02, lines: false });
  b.cylinder("dark", x, y + 0.08, -widthM / 2 + 0.26, 0.068, 0.3, "z", { segments: 14, chamfer: 0.012, lines: false });
  if (b.near) b.block("light", x + 0.02, y + 0.14, -widthM / 2 + 0.4, 0.1, 0.05, 0.09, { lines: false });
}

/** Curved roller conveyor with concentric rails and tapered rollers. */
export function buildConveyorCurve(b: MeshBuilder, p: PartParameters["conveyor-curve"]): Anchors {
  const turn = p.angleRad;
  const sign = turn < 0 ? -1 : 1;
  const sweepRad = Math.abs(turn);
  const inner = p.radiusM - p.widthM / 2;
  const outer = p.radiusM + p.widthM / 2;
  // The centre of the bend lies to the left (−z) for a left turn; built about it, mirrored by angle for a right turn.
  const from = sign > 0 ? -Math.PI / 2 : Math.PI / 2 - sweepRad;
  b.within([0, 0, -sign * p.radiusM], () => {
    for (const [r0, r1] of [
      [inner, inner + RAIL_WIDTH_M],
      [outer - RAIL_WIDTH_M, outer],
    ] as const)
      b.arc("body", r0, r1, p.heightM - RAIL_HEIGHT_M + 0.012, p.heightM + 0.012, from, from + sweepRad);
    const count = Math.max(2, Math.round((sweepRad * p.radiusM) / (b.near ? 0.14 : 0.26)));
    for (let i = 0; i < count; i++) {
      const a = from + ((i + 0.5) / count) * sweepRad;
      b.within(
        [0, p.heightM - ROLLER_RADIUS_M, 0],
        () =>
          b.cylinder("steel", inner + RAIL_WIDTH_M + 0.002, 0, 0, 0.024, p.widthM - 2 * RAIL_WIDTH_M - 0.004, "x", {
            endRadius: ROLLER_RADIUS_M,
            lines: false,
            segments: 8,
          }),
        a,
      );
    }
    for (const r of [inner + 0.046, outer - 0.046])
      for (const t of [0.12, 0.88]) {
        const a = from + t * sweepRad;
        leg(b, Math.cos(a) * r, -Math.sin(a) * r, p.heightM - RAIL_HEIGHT_M + 0.014);
      }
    for (const r of [inner + 0.02, outer - 0.02])
      b.arc("light", r - 0.012, r + 0.012, p.heightM + 0.1, p.heightM + 0.124, from, from + sweepRad, { lines: false });
  });
  const end = from + (sign > 0 ? sweepRad : 0);
  return {
    in: [0, p.heightM, 0],
    out: [Math.cos(end) * p.radiusM, p.heightM, -sign * p.radiusM - Math.sin(end) * p.radiusM],
    label: [0, p.heightM + 0.4, 0],
  };
}

/** Corner transfer: a framed roller bed with two chain lifts between the rollers. */
export function buildTransfer(b: MeshBuilder, p: PartParameters["transfer"]): Anchors {
  for (const side of [-1, 1]) b.block("body", 0, p.heightM - 0.16, side * (p.widthM / 2 - 0.03), p.lengthM, 0.13, 0.06);
  for (const side of [-1, 1])
    b.block("body", side * (p.lengthM / 2 - 0.03), p.heightM - 0.16, 0, 0.06, 0.13, p.widthM - 0.124, { lines: false });
  rollers(b, p.lengthM - 0.1, p.heightM, p.widthM - 0.13);
  for (const side of [-1, 1])
    b.block("dark", side * p.lengthM * 0.19, p.heightM - 0.09, 0, 0.035, 0.085, p.widthM - 0.16, { chamfer: 0.004, lines: false });
  for (const x of [-1, 1]) for (const z of [-1, 1]) leg(b, x * (p.lengthM / 2 - 0.05), z * (p.widthM / 2 - 0.05), p.heightM - 0.15);
  b.block("dark", 0, p.heightM * 0.32, 0, p.lengthM * 0.4, 0.16, p.widthM * 0.4, { chamfer: 0.015, lines: false });
  return { in: [-p.lengthM / 2, p.heightM, 0], out: [0, p.heightM, -p.widthM / 2], label: [0, p.heightM + 0.4, 0] };
}
