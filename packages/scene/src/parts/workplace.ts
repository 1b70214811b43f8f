import type { Vec3 } from "../pose.ts";
import type { MeshBuilder } from "./mesh-builder.ts";
import type { PartParameters } from "./part-kind.ts";

type Anchors = Record<string, Vec3>;

const POST_M = 0.06;

/** Manual workplace around the line: profile portal, light bar, flow shelf behind, andon board, balancers, standing mat in front. */
export function buildWorkplace(b: MeshBuilder, p: PartParameters["workplace"]): Anchors {
  const { lengthM: l, depthM: d, heightM: h } = p;
  const back = -d / 2 + POST_M / 2;
  const lineBack = -p.conveyorWidthM / 2 - 0.14;
  const front = p.conveyorWidthM / 2 + 0.5;
  for (const side of [-1, 1]) portalLeg(b, side * (l / 2 - POST_M / 2), back, lineBack, front, h);
  for (const [z, y] of [
    [back, h - POST_M],
    [lineBack, h - 2 * POST_M],
    [front - 0.05, h - POST_M],
  ] as const)
    b.block("light", 0, y, z, l - 2 * POST_M, POST_M, POST_M, { chamfer: 0.008 });
  lightBar(b, l, h, front * 0.35);
  if (p.shelf) flowShelf(b, l, back, lineBack);
  andon(b, -l * 0.22, h, lineBack + 0.05);
  for (let i = 0; i < p.balancers; i++) balancer(b, (i + 1) * (l / (p.balancers + 1)) - l / 2 + 0.2, h, front - 0.3);
  b.block(
    "dark",
    0,
    0,
    p.conveyorWidthM / 2 + 0.12 + (d / 2 - p.conveyorWidthM / 2 - 0.12) / 2,
    l - 0.3,
    0.022,
    d / 2 - p.conveyorWidthM / 2 - 0.12,
    { chamfer: 0.008 },
  );
  return {
    in: [-l / 2, p.conveyorHeightM, 0],
    out: [l / 2, p.conveyorHeightM, 0],
    place0: [0, p.conveyorHeightM, 0],
    label: [0, h + 0.2, 0],
    beacon: beaconAt(l, h, front),
    operator: [0, 0, p.conveyorWidthM / 2 + 0.42],
  };
}

function beaconAt(l: number, h: number, front: number): Vec3 {
  return [l / 2 - 0.1, h + 0.07, front - 0.05];
}

function portalLeg(b: MeshBuilder, x: number, back: number, lineBack: number, front: number, h: number): void {
  for (const z of [back, lineBack]) {
    b.block("light", x, 0.02, z, POST_M, h - 0.02 - POST_M, POST_M, { chamfer: 0.008 });
    b.block("dark", x, 0, z, 0.13, 0.02, 0.13, { chamfer: 0, lines: false });
  }
  b.block("light", x, h - POST_M, (back + front) / 2, POST_M, POST_M, front - back + 0.02, { chamfer: 0.008 });
  b.block("light", x, 0.5, (back + lineBack) / 2, POST_M * 0.7, POST_M * 0.7, lineBack - back - POST_M, { chamfer: 0, lines: false });
  if (x > 0) {
    b.cylinder("dark", x - 0.07, h, front - 0.05, 0.03, 0.03, "y", { segments: 12, lines: false });
    b.cylinder("beacon", x - 0.07, h + 0.03, front - 0.05, 0.03, 0.09, "y", { segments: 12, chamfer: 0.006, lines: true });
  }
}

function lightBar(b: MeshBuilder, l: number, h: number, z: number): void {
  b.block("body", 0, h - 0.15, z, l * 0.82, 0.05, 0.14, { chamfer: 0.012 });
  b.block("screen", 0, h - 0.158, z, l * 0.78, 0.01, 0.1, { chamfer: 0, lines: false });
  for (const side of [-1, 1]) b.rod("steel", [side * l * 0.34, h - 0.11, z], [side * l * 0.34, h - POST_M, z], 0.008, 6);
}

/** Two sloped levels of small-parts bins, the pick faces towards the line. */
function flowShelf(b: MeshBuilder, l: number, back: number, lineBack: number): void {
  const depth = lineBack - back - 0.02;
  const z = (back + lineBack) / 2;
  for (const [y, tilt] of [
    [0.78, 0.16],
    [1.2, 0.2],
  ] as const)
    b.within(
      [0, y, z],
      () => {
        b.block("body", 0, 0, 0, l - 2 * POST_M - 0.01, 0.025, depth, { chamfer: 0.004 });
        b.block("body", 0, 0.02, depth / 2 - 0.01, l - 2 * POST_M - 0.01, 0.05, 0.015, { chamfer: 0, lines: false });
        const bins = Math.floor((l - 0.3) / 0.34);
        for (let i = 0; i < bins; i++) {
          if ((i * 7 + Math.round(y * 10)) % 5 === 4) continue;
          bin(b, (i - (bins - 1) / 2) * 0.34, 0.026, 0.02, Math.min(0.4, depth - 0.08));
        }
      },
      tilt,
      "x",
    );
}

function bin(b: MeshBuilder, x: number, y: number, z: number, depth: number): void {
  b.block("accent", x, y, z, 0.28, 0.15, depth, { chamfer: 0.012 });
  b.block("dark", x, y + 0.145, z, 0.24, 0.012, depth - 0.04, { chamfer: 0, lines: false });
}

function andon(b: MeshBuilder, x: number, h: number, z: number): void {
  b.block("dark", x, h - 0.52, z, 0.62, 0.34, 0.05, { chamfer: 0.012 });
  b.block("screen", x, h - 0.485, z + 0.028, 0.56, 0.27, 0.008, { chamfer: 0, lines: false });
  for (const side of [-1, 1]) b.rod("steel", [x + side * 0.2, h - 0.19, z], [x + side * 0.2, h - 0.08, z - 0.04], 0.01, 6);
}

/** Screwdriver hanging from a spring balancer. */
function balancer(b: MeshBuilder, x: number, h: number, z: number): void {
  b.cylinder("dark", x, h - 0.26, z - 0.03, 0.075, 0.06, "z", { segments: 14, chamfer: 0.01, lines: false });
  b.rod("steel", [x, h - 0.2, z], [x, h - POST_M, z], 0.006, 5);
  b.rod("steel", [x, h - 0.85, z], [x, h - 0.3, z], 0.005, 5);
  b.cylinder("dark", x, h - 1.08, z, 0.026, 0.24, "y", { segments: 10, chamfer: 0.006, lines: false });
  b.cylinder("steel", x, h - 1.18, z, 0.008, 0.1, "y", { segments: 6, lines: false });
}

/** Rework bench: scissor lift table, drawer block, tool board, lamp. */
export function buildReworkBench(b: MeshBuilder, p: PartParameters["rework-bench"]): Anchors {
  const { lengthM: l, depthM: d, heightM: h } = p;
  const liftX = -l * 0.18;
  const liftL = l * 0.62;
  b.block("dark", liftX, 0, 0.06, liftL, 0.08, d - 0.14, { chamfer: 0.01 });
  for (const side of [-1, 1])
    for (const lean of [-1, 1])
      b.within(
        [liftX, 0.3, 0.06 + side * (d / 2 - 0.16)],
        () => b.block("steel", 0, -0.03, lean * 0.022, liftL * 0.86, 0.06, 0.02, { chamfer: 0, lines: false }),
        lean * 0.36,
        "z",
      );
  b.block("body", liftX, 0.54, 0.06, liftL, 0.06, d - 0.14, { chamfer: 0.012 });
  b.block("body", l / 2 - l * 0.17, 0, 0, l * 0.34, 0.86, d * 0.8, { chamfer: 0.015 });
  for (let i = 0; i < 4; i++) {
    b.block("light", l / 2 - l * 0.17, 0.1 + i * 0.185, d * 0.4 + 0.004, l * 0.3, 0.165, 0.014, { chamfer: 0.004 });
    if (b.near) b.block("dark", l / 2 - l * 0.17, 0.2 + i * 0.185, d * 0.4 + 0.016, l * 0.16, 0.02, 0.016, { chamfer: 0, lines: false });
  }
  b.block("dark", l / 2 - l * 0.17, 0.86, 0, l * 0.34, 0.035, d * 0.84, { chamfer: 0.008 });
  for (const side of [-1, 1]) b.block("light", side * (l / 2 - 0.03), 0, -d / 2 + 0.03, 0.06, h, 0.06, { chamfer: 0.008 });
  b.block("light", 0, 1.05, -d / 2 + 0.03, l - 0.13, 0.62, 0.025, { chamfer: 0.004 });
  if (b.near)
    for (let i = 0; i < 6; i++)
      b.block(
        i % 2 ? "dark" : "steel",
        -l * 0.36 + i * l * 0.14,
        1.18 + (i % 3) * 0.06,
        -d / 2 + 0.055,
        0.04,
        0.28 - (i % 3) * 0.04,
        0.02,
        { chamfer: 0.006, lines: false },
      );
  b.block("body", 0, h - 0.07, -d / 2 + 0.28, l * 0.8, 0.05, 0.16, { chamfer: 0.012 });
  for (const side of [-1, 1])
    b.rod("light", [side * l * 0.36, h - 0.03, -d / 2 + 0.03], [side * l * 0.36, h - 0.03, -d / 2 + 0.3], 0.02, 6);
  return {
    in: [liftX, 0.6, d / 2],
    out: [liftX, 0.6, d / 2],
    place0: [liftX, 0.6, 0.06],
    label: [0, h + 0.2, 0],
    beacon: [l / 2 - 0.03, h, -d / 2 + 0.03],
    operator: [liftX, 0, d / 2 + 0.35],
  };
}
