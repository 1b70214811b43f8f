import { describe, expect, test } from "vitest";
import { PART_DEFAULTS, PART_KINDS, type PartKind, type PartSpec, type Solid } from "./part-kind.ts";
import { partKey, partModel } from "./part-model.ts";
import type { PartMesh } from "./part-mesh.ts";
import { robotPose } from "./robot.ts";

const DISH: NonNullable<Solid["profile"]> = [
  [0, 0],
  [1, 0],
  [1, 0.9],
  [0.6, 1],
  [0.5, 0.4],
  [0, 0.3],
];
const RING: NonNullable<Solid["profile"]> = [
  [0.7, 0],
  [1, 0],
  [1, 1],
  [0.7, 0.6],
  [0.7, 0],
];

const specs: readonly PartSpec[] = [
  ...PART_KINDS.map((kind) => ({ kind }) as PartSpec),
  { kind: "conveyor", parameters: { lengthM: 0.6, surface: "belt" } },
  { kind: "conveyor", parameters: { lengthM: 11.3, guides: false } },
  { kind: "conveyor-curve", parameters: { angleRad: -Math.PI / 2 } },
  { kind: "machine", parameters: { tunnel: true, lengthM: 3.4 } },
  { kind: "machine", parameters: { cabinet: false, panel: false, beacon: false } },
  { kind: "fence", parameters: { lengthM: 5, gate: true } },
  { kind: "person", parameters: { pose: "walking" } },
  { kind: "person", parameters: { pose: "working" } },
  { kind: "palletiser-cell", parameters: { front: -1 } },
  { kind: "pallet", parameters: { boxes: 4 } },
  { kind: "robot", parameters: { gripper: "clamp", pedestalM: 0 } },
  {
    kind: "solids",
    parameters: {
      solids: [
        { shape: "cylinder", slot: "steel", at: [0, 0, 0], size: [4, 1.2, 1.2], axis: "x" },
        { shape: "cylinder", slot: "steel", at: [1, 0, 1], size: [0.8, 2, 0.8] },
        { shape: "block", slot: "accent", at: [0, 1.2, 0], size: [0.4, 0.2, 0.4] },
        { shape: "cylinder", slot: "dark", at: [0, 0.2, 0], size: [0.3, 0.3, 2], axis: "z", segments: 24, chamfer: 0.02, lines: "near" },
        { shape: "block", slot: "screen", at: [0, 1.4, 0], size: [0.2, 0.1, 0.2], isDetail: true, chamfer: 0, lines: false },
        ...(["x", "y", "z"] as const).flatMap((axis): Solid[] => [
          { shape: "cylinder", slot: "steel", at: [0, 2, 0], size: [0.5, 0.5, 0.5], axis, profile: DISH },
          { shape: "cylinder", slot: "accent", at: [0, 3, 0], size: [0.5, 0.5, 0.5], axis, profile: RING },
        ]),
      ],
    },
  },
];

const name = (spec: PartSpec): string => `${spec.kind} ${JSON.stringify(spec.parameters ?? {})}`;
const meshesOf = (spec: PartSpec, detail: "near" | "far"): readonly PartMesh[] => {
  const model = partModel(spec, detail);
  return [model.mesh, ...model.links.map((link) => link.mesh)];
};

describe.each(specs.map((spec) => [name(spec), spec] as const))("%s", (_, spec) => {
  test("[P1] every edge of a face is met by a face on the other side", () => {
    for (const mesh of [...meshesOf(spec, "near"), ...meshesOf(spec, "far")]) expect(openEdges(mesh)).toBe(0);
  });

  test("[P2] numbers are finite, normals are unit and look out of their face", () => {
    for (const mesh of meshesOf(spec, "near")) {
      expect(mesh.positions.every(Number.isFinite)).toBe(true);
      expect(mesh.edges.every(Number.isFinite)).toBe(true);
      expect(mesh.edges.length % 6).toBe(0);
      expect(wrongNormals(mesh)).toBe(0);
      expect(enclosedVolume(mesh)).toBeGreaterThan(0);
    }
  });

  test("[P3] groups cover all triangles once, in the order of the slots", () => {
    for (const mesh of meshesOf(spec, "near")) {
      let next = 0;
      for (const group of mesh.groups) {
        expect(group.start).toBe(next);
        next += group.count;
      }
      expect(next).toBe(mesh.indices.length);
      expect(Math.max(...mesh.indices)).toBeLessThan(mesh.positions.length / 3);
    }
  });

  test("[P5] stands on the floor", () => {
    const { min } = partModel(spec).box;
    expect(min[1]).toBeGreaterThan(-0.001);
    expect(min[1]).toBeLessThan(0.01);
  });

  test("[P6] keeps its triangle budget, and the far model costs at most as much", () => {
    const near = partModel(spec, "near").triangles;
    expect(near).toBeLessThanOrEqual(budgetOf(spec));
    expect(partModel(spec, "far").triangles).toBeLessThanOrEqual(near);
  });
});

test("[P4] boxes have catalogue dimensions", () => {
  for (const kind of PART_KINDS) {
    const p = PART_DEFAULTS[kind] as unknown as Record<string, number>;
    const { min, max } = partModel({ kind } as PartSpec).box;
    const [x, y, z] = [max[0] - min[0], max[1] - min[1], max[2] - min[2]];
    const [lengthM, depthM] = [
      p["lengthM"] ?? (kind === "leak-test-rack" ? p["places"]! * p["pitchM"]! : p["widthM"]),
      p["depthM"] ?? p["widthM"],
    ];
    if (kind === "person" || kind === "robot" || kind === "conveyor-curve") continue;
    if (lengthM !== undefined) expect.soft(Math.abs(x - lengthM), `${kind} length ${x}`).toBeLessThan(0.09);
    if (depthM !== undefined && kind !== "workplace") expect.soft(Math.abs(z - depthM), `${kind} depth ${z}`).toBeLessThan(0.09);
    if (p["heightM"] !== undefined && !OVER_HEIGHT.has(kind))
      expect.soft(Math.abs(y - p["heightM"]), `${kind} height ${y}`).toBeLessThan(0.01);
    if (p["heightM"] !== undefined && OVER_HEIGHT.has(kind)) expect.soft(y - p["heightM"], `${kind} height ${y}`).toBeLessThan(1.1);
  }
});

test("[P7] the same spec gives the same bytes, recalled or built again, however it is written", () => {
  const a = partModel({ kind: "machine", parameters: { lengthM: 2.7, tunnel: true } });
  for (let i = 0; i < 600; i++) partModel({ kind: "workpiece", parameters: { lengthM: 0.3 + i / 1000 } });
  const b = partModel({ kind: "machine", parameters: { tunnel: true, lengthM: 2.7 } });
  expect(b).not.toBe(a);
  expect(b.mesh.positions).toEqual(a.mesh.positions);
  expect(b.mesh.indices).toEqual(a.mesh.indices);
  expect(partModel({ kind: "machine", parameters: { lengthM: 2.7, tunnel: true, beacon: undefined as never } })).toBe(b);
  expect(partKey({ kind: "fence" }, "near")).toBe(partKey({ kind: "fence", parameters: {} }, "near"));
});

test("[P8] a robot reaches: the hand moves with the joints and stays within its reach", () => {
  const still = partModel({ kind: "robot" });
  const boxes = [0, 0.25, 0.5, 0.75].map((phase) => partModel({ kind: "robot", parameters: { joints: robotPose(phase) } }).box);
  expect(still.links.map((link) => link.parent)).toEqual([-1, 0, 1, 2, 3, 4]);
  expect(new Set(boxes.map((box) => box.max[0].toFixed(2))).size).toBeGreaterThan(1);
  for (const box of boxes)
    for (const axis of [0, 2] as const)
      expect(Math.max(Math.abs(box.min[axis]), Math.abs(box.max[axis]))).toBeLessThan(PART_DEFAULTS.robot.reachM + 0.4);
  expect(robotPose(0)).toEqual(robotPose(1));
});

// Lamps, screens and boxes stand on top of what the catalogue measures.
const OVER_HEIGHT: ReadonlySet<PartKind> = new Set([
  "conveyor",
  "machine",
  "press",
  "workplace",
  "leak-test-rack",
  "test-cell",
  "palletiser-cell",
  "agv",
] satisfies PartKind[]);

function budgetOf(spec: PartSpec): number {
  const length = spec.kind === "conveyor" ? (spec.parameters?.lengthM ?? 3) : 0;
  return spec.kind === "leak-test-rack" ? 10_000 : 3_500 + 700 * length;
}

function corner(mesh: PartMesh, index: number): string {
  const at = (axis: number): number => Math.round(mesh.positions[index * 3 + axis]! * 1e5);
  return `${at(0)},${at(1)},${at(2)}`;
}

function openEdges(mesh: PartMesh): number {
  const balance = new Map<string, number>();
  for (let t = 0; t < mesh.indices.length; t += 3) {
    const corners = [0, 1, 2].map((k) => corner(mesh, mesh.indices[t + k]!));
    corners.forEach((from, k) => {
      const to = corners[(k + 1) % 3]!;
      if (from === to) return;
      const [key, sign] = from < to ? [`${from}>${to}`, 1] : [`${to}>${from}`, -1];
      balance.set(key, (balance.get(key) ?? 0) + sign);
    });
  }
  return [...balance.values()].filter((value) => value !== 0).length;
}

type Vector = readonly [number, number, number];

function faceOf(mesh: PartMesh, t: number): { readonly corners: readonly Vector[]; readonly cross: Vector } {
  const corners = [0, 1, 2].map((k): Vector => {
    const i = mesh.indices[t + k]! * 3;
    return [mesh.positions[i]!, mesh.positions[i + 1]!, mesh.positions[i + 2]!];
  });
  const [a, b, c] = corners as [Vector, Vector, Vector];
  const [u, v] = [b.map((x, i) => x - a[i]!) as unknown as Vector, c.map((x, i) => x - a[i]!) as unknown as Vector];
  return { corners, cross: [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]] };
}

function wrongNormals(mesh: PartMesh): number {
  let wrong = 0;
  for (let t = 0; t < mesh.indices.length; t += 3) {
    const { cross } = faceOf(mesh, t);
    const area = Math.hypot(...cross);
    if (area < 1e-9) continue;
    for (const k of [0, 1, 2]) {
      const i = mesh.indices[t + k]! * 3;
      const n = [mesh.normals[i]!, mesh.normals[i + 1]!, mesh.normals[i + 2]!] as const;
      const along = (n[0] * cross[0] + n[1] * cross[1] + n[2] * cross[2]) / area;
      if (Math.abs(Math.hypot(...n) - 1) > 1e-3 || along < 0.3) wrong++;
    }
  }
  return wrong;
}

/** Signed volume: negative would mean faces wound inside out. */
function enclosedVolume(mesh: PartMesh): number {
  let sum = 0;
  for (let t = 0; t < mesh.indices.length; t += 3) {
    const { corners, cross } = faceOf(mesh, t);
    sum += (corners[0]![0] * cross[0] + corners[0]![1] * cross[1] + corners[0]![2] * cross[2]) / 6;
  }
  return sum;
}

test("[P9] a part given as data has the extent of its solids, the label over the highest, and nothing of those without an extent or beyond 64", () => {
  const tank = { shape: "cylinder", slot: "steel", at: [1, 0, 0], size: [2, 1, 1], axis: "x" } as const;
  const flat = { shape: "block", slot: "dark", at: [9, 0, 0], size: [1, 0, 1] } as const;
  const { box, anchors } = partModel({ kind: "solids", parameters: { solids: [tank, flat, { ...flat, size: [1, Number.NaN, 1] }] } });
  expect(box.min[0]).toBeCloseTo(0, 2);
  expect(box.max.map((value) => Math.round(value * 100) / 100)).toEqual([2, 1, 0.5]);
  expect(anchors["label"]).toEqual([0, 1.1, 0]);
  const many = Array.from({ length: 70 }, (_, at) => ({ ...tank, at: [at * 3, 0, 0] as const }));
  expect(partModel({ kind: "solids", parameters: { solids: many } }).box.max[0]).toBeCloseTo(63 * 3 + 1, 2);
  expect(partModel({ kind: "solids", parameters: { solids: [] } }).triangles).toBeGreaterThan(0);
});

test("[P9] a round body with an outline keeps its extent; one whose outline is not closed is a plain cylinder; a detail is left out from afar", () => {
  const dish: Solid = { shape: "cylinder", slot: "steel", at: [0, 0, 0], size: [1, 1, 0.5], axis: "z", profile: DISH };
  const part = (solid: Solid): PartSpec => ({ kind: "solids", parameters: { solids: [solid] } });
  const { box, triangles } = partModel(part(dish));
  expect([...box.min, ...box.max].map((value) => Math.round(value * 100) / 100)).toEqual([-0.5, 0, -0.25, 0.5, 1, 0.25]);
  const { profile: _without, ...plain } = dish;
  expect(triangles).toBeGreaterThan(partModel(part(plain)).triangles);
  for (const open of [DISH.slice(0, -1), [...DISH.slice(0, 2), [1.5, 1] as const, [0, 1] as const], []])
    expect(partModel(part({ ...dish, profile: open })).mesh.positions).toEqual(partModel(part(plain)).mesh.positions);
  const both = { kind: "solids", parameters: { solids: [plain, { ...plain, at: [5, 0, 0], isDetail: true }] } } as const;
  expect(partModel(both, "near").box.max[0]).toBeCloseTo(5.5, 1);
  expect(partModel(both, "far").box.max[0]).toBeCloseTo(0.5, 1);
});
