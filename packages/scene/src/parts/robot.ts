import type { Vec3 } from "../pose.ts";
import { MeshBuilder } from "./mesh-builder.ts";
import type { Detail, PartLink, PartMesh, Slot } from "./part-mesh.ts";
import type { PartParameters } from "./part-kind.ts";
import type { Point } from "./polygon.ts";

type Anchors = Record<string, Vec3>;

/** Proportions of a 150 kg class arm per metre of reach. */
const SHOULDER = 0.25;
const UPPER = 0.44;
const FORE = 0.4;

/** Six-axis robot: pedestal and base are the fixed mesh, then six links, each turning about its own axis. */
export function buildRobot(
  b: MeshBuilder,
  p: PartParameters["robot"],
  detail: Detail,
): { readonly anchors: Anchors; readonly links: readonly PartLink[] } {
  const r = p.reachM;
  const s = r / 2.5;
  b.block("dark", 0, 0, 0, 0.8 * s, 0.03, 0.8 * s, { chamfer: 0.006 });
  if (p.pedestalM > 0.05) b.block("body", 0, 0.03, 0, 0.56 * s, p.pedestalM - 0.03, 0.56 * s, { chamfer: 0.02 });
  b.within([0, p.pedestalM, 0], () => {
    b.cylinder("dark", 0, 0, 0, 0.32 * s, 0.06 * s, "y", { chamfer: 0.01, lines: true });
    b.cylinder("body", 0, 0.06 * s, 0, 0.27 * s, 0.16 * s, "y", { endRadius: 0.24 * s, chamfer: 0.02, lines: true });
  });
  const [upper, fore] = [UPPER * r, FORE * r];
  const link = (
    name: string,
    parent: number,
    pivot: Vec3,
    axis: PartLink["axis"],
    angle: number,
    build: (m: MeshBuilder) => void,
  ): PartLink => {
    const m = new MeshBuilder(detail);
    build(m);
    return { name, mesh: m.build() as PartMesh, parent, pivot, axis, angle };
  };
  const j = p.joints;
  const links = [
    link("turret", -1, [0, p.pedestalM + 0.22 * s, 0], "y", j[0], (m) => turret(m, s)),
    link("upper arm", 0, [0.12 * r * 0.5, SHOULDER * r * 0.55, 0], "z", -j[1], (m) => upperArm(m, upper, s)),
    link("elbow", 1, [0, upper, 0], "z", -j[2], (m) => elbow(m, s)),
    link("forearm", 2, [0.1 * s, 0.12 * s, 0], "x", j[3], (m) => forearm(m, fore, s)),
    link("wrist", 3, [fore, 0, 0], "z", -j[4], (m) => wrist(m, s)),
    link("hand", 4, [0.16 * s, 0, 0], "x", j[5], (m) => hand(m, p.gripper, s)),
  ];
  return {
    anchors: {
      label: [0, p.pedestalM + r * 0.85, 0],
      beacon: [0, p.pedestalM + 0.3, 0.3 * s],
      hand: [p.gripper === "vacuum" ? 0.22 * s : 0.26 * s, 0, 0],
    },
    links,
  };
}

function turret(m: MeshBuilder, s: number): void {
  m.cylinder("body", 0, 0, 0, 0.25 * s, 0.14 * s, "y", { chamfer: 0.02, lines: true });
  m.extrude(
    "body",
    scaled(
      [
        [-0.24, 0.12],
        [0.3, 0.12],
        [0.34, 0.34],
        [0.26, 0.46],
        [0.06, 0.46],
        [-0.2, 0.3],
      ],
      s,
    ),
    0.34 * s,
  );
  m.cylinder("dark", -0.18 * s, 0.26 * s, -0.06 * s, 0.09 * s, 0.2 * s, "y", { chamfer: 0.015, lines: false });
  for (const side of [-1, 1])
    m.cylinder("dark", 0.15 * s, 0.344 * s, side * 0.24 * s - 0.05 * s, 0.15 * s, 0.1 * s, "z", { chamfer: 0.014, lines: true });
}

function upperArm(m: MeshBuilder, length: number, s: number): void {
  m.cylinder("body", 0, 0, -0.13 * s, 0.17 * s, 0.26 * s, "z", { chamfer: 0.02, lines: true });
  m.extrude(
    "body",
    [
      [-0.13 * s, 0],
      [0.13 * s, 0],
      [0.1 * s, length * 0.5],
      [0.115 * s, length],
      [-0.115 * s, length],
      [-0.12 * s, length * 0.5],
    ],
    0.2 * s,
  );
  m.cylinder("body", 0, length, -0.12 * s, 0.145 * s, 0.24 * s, "z", { chamfer: 0.018, lines: true });
  m.sweep(
    "dark",
    [
      [-0.14 * s, 0.06, 0.13 * s],
      [-0.18 * s, length * 0.3, 0.14 * s],
      [-0.17 * s, length * 0.7, 0.14 * s],
      [-0.1 * s, length * 0.98, 0.14 * s],
    ],
    0.03 * s,
    8,
  );
}

function elbow(m: MeshBuilder, s: number): void {
  m.extrude(
    "body",
    scaled(
      [
        [-0.26, -0.02],
        [-0.14, -0.12],
        [0.1, -0.1],
        [0.14, 0.02],
        [0.14, 0.22],
        [-0.22, 0.24],
        [-0.28, 0.16],
      ],
      s,
    ),
    0.22 * s,
  );
  m.cylinder("dark", 0, 0, 0.1 * s, 0.12 * s, 0.1 * s, "z", { chamfer: 0.012, lines: true });
  m.cylinder("dark", -0.44 * s, 0.12 * s, 0.04 * s, 0.055 * s, 0.2 * s, "x", { chamfer: 0.01, lines: false });
  m.cylinder("dark", -0.42 * s, 0.15 * s, -0.06 * s, 0.055 * s, 0.18 * s, "x", { chamfer: 0.01, lines: false });
}

function forearm(m: MeshBuilder, length: number, s: number): void {
  m.cylinder("body", 0.02 * s, 0, 0, 0.115 * s, length * 0.72, "x", { endRadius: 0.085 * s, chamfer: 0.012, lines: true });
  for (const side of [-1, 1])
    m.block("body", length * 0.86, -0.06 * s, side * 0.07 * s, length * 0.34, 0.12 * s, 0.035 * s, { chamfer: 0.012, lines: true });
  m.block("body", length * 0.7, -0.065 * s, 0, 0.06 * s, 0.13 * s, 0.16 * s, { chamfer: 0.01, lines: false });
}

function wrist(m: MeshBuilder, s: number): void {
  m.cylinder("dark", 0, 0, -0.05 * s, 0.058 * s, 0.1 * s, "z", { chamfer: 0.008, lines: false });
  m.cylinder("body", 0.02 * s, 0, 0, 0.05 * s, 0.12 * s, "x", { chamfer: 0.006, lines: false });
  m.cylinder("steel", 0.136 * s, 0, 0, 0.06 * s, 0.03 * s, "x", { lines: true });
}

function hand(m: MeshBuilder, gripper: PartParameters["robot"]["gripper"], s: number): void {
  m.cylinder("dark", 0, 0, 0, 0.05 * s, 0.07 * s, "x", { lines: false });
  if (gripper === "vacuum") {
    m.block("light", 0.09 * s, -0.24 * s, 0, 0.04 * s, 0.48 * s, 0.06 * s, { chamfer: 0.006 });
    for (const z of [-1, 1]) m.block("light", 0.09 * s, -0.03 * s, z * 0.13 * s, 0.04 * s, 0.06 * s, 0.2 * s, { chamfer: 0.006 });
    for (const y of [-0.2, 0.2]) for (const z of [-0.2, 0.2]) cup(m, "dark", 0.11 * s, y * s, z * s, s);
    return;
  }
  m.block("light", 0.1 * s, -0.05 * s, 0, 0.07 * s, 0.1 * s, 0.5 * s, { chamfer: 0.008 });
  for (const z of [-1, 1]) m.block("dark", 0.2 * s, -0.07 * s, z * 0.23 * s, 0.2 * s, 0.14 * s, 0.025 * s, { chamfer: 0.006 });
}

function cup(m: MeshBuilder, slot: Slot, x: number, y: number, z: number, s: number): void {
  m.block("light", x - 0.02 * s, y - 0.03 * s, z * 0.98, 0.03 * s, 0.06 * s, 0.06 * s, { chamfer: 0, lines: false });
  m.cylinder(slot, x, y, z, 0.03 * s, 0.11 * s, "x", { endRadius: 0.055 * s, segments: 12, lines: false });
}

function scaled(points: readonly Point[], s: number): readonly Point[] {
  return points.map(([x, y]) => [x * s, y * s] as const);
}

/** Joint angles at a phase of a pick-and-place cycle, 0…1: reach, dip, lift, swing, dip, return. */
export function robotPose(phase: number, swingRad = 1.7, restRad = 0): readonly [number, number, number, number, number, number] {
  const t = phase - Math.floor(phase);
  const swing = restRad + swingRad * (ramp(t, 0.2, 0.45) - ramp(t, 0.7, 0.95));
  const dip = bump(t, 0, 0.1) + bump(t, 0.5, 0.12) + bump(t, 1, 0.1);
  const shoulder = 0.28 + 0.38 * dip;
  const elbowAngle = 0.28 + 0.3 * dip;
  return [swing, shoulder, elbowAngle, 0, Math.PI / 2 - shoulder - elbowAngle, swing * 0.5];
}

function ramp(t: number, from: number, to: number): number {
  const x = Math.min(1, Math.max(0, (t - from) / (to - from)));
  return x * x * (3 - 2 * x);
}

function bump(t: number, at: number, width: number): number {
  const x = Math.max(0, 1 - Math.abs(t - at) / width);
  return x * x * (3 - 2 * x);
}
