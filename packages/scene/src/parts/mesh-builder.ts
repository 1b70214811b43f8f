import type { Vec3 } from "../pose.ts";
import { SLOTS, type Box, type Detail, type MeshGroup, type PartMesh, type Slot } from "./part-mesh.ts";
import { triangulate, type Point } from "./polygon.ts";

type Axis = "x" | "y" | "z";

/** Row-major rotation (9) and translation (3). */
type Frame = readonly [number, number, number, number, number, number, number, number, number, number, number, number];

const IDENTITY: Frame = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0];

/** Options of a solid: `lines: false` keeps small things out of the silhouette. */
export interface SolidOptions {
  readonly lines?: boolean;
  readonly chamfer?: number;
  readonly segments?: number;
}

/**
 * Collects closed solids into one mesh. Every solid is watertight by itself, so a part is too.
 * Lengths are metres, `y` of a block is its underside, x and z its middle.
 */
export class MeshBuilder {
  readonly detail: Detail;
  readonly near: boolean;
  #positions: number[] = [];
  #normals: number[] = [];
  #triangles = new Map<Slot, number[]>();
  #edges: number[] = [];
  #frame: Frame = IDENTITY;

  constructor(detail: Detail) {
    this.detail = detail;
    this.near = detail === "near";
  }

  /** Builds inside a frame moved to `at` and turned about one axis. */
  within(at: Vec3, build: () => void, turn = 0, axis: Axis = "y"): void {
    const before = this.#frame;
    this.#frame = compose(before, rotation(at, turn, axis));
    build();
    this.#frame = before;
  }

  /** A block with chamfered edges; `chamfer` defaults to 8 mm, less on thin things. */
  block(slot: Slot, x: number, y: number, z: number, lx: number, ly: number, lz: number, options: SolidOptions = {}): void {
    const h: Vec3 = [lx / 2, ly / 2, lz / 2];
    const centre: Vec3 = [x, y + h[1], z];
    const wanted = options.chamfer ?? 0.008;
    const chamfer = this.near && wanted > 0.002 ? Math.min(wanted, Math.min(lx, ly, lz) * 0.3) : 0;
    const lines = options.lines ?? Math.max(lx, ly, lz) > 0.25;
    this.within(centre, () => {
      if (chamfer > 0.002) this.#chamfered(slot, h, chamfer);
      else this.#plain(slot, h);
      if (lines) this.#boxLines(h, chamfer / 2);
    });
  }

  /** A cylinder (or cone, with another radius at its end) along an axis, from its start at (x, y, z). */
  cylinder(
    slot: Slot,
    x: number,
    y: number,
    z: number,
    radius: number,
    length: number,
    axis: Axis = "y",
    options: SolidOptions & { readonly endRadius?: number } = {},
  ): void {
    const end = options.endRadius ?? radius;
    const c = this.near ? Math.min(options.chamfer ?? 0, radius * 0.4, length * 0.4) : 0;
    const profile: Point[] =
      c > 0
        ? [
            [0, 0],
            [radius - c, 0],
            [radius, c],
            [end, length - c],
            [end - c, length],
            [0, length],
          ]
        : [
            [0, 0],
            [radius, 0],
            [end, length],
            [0, length],
          ];
    const turn = axis === "x" ? -Math.PI / 2 : axis === "z" ? Math.PI / 2 : 0;
    this.within(
      [x, y, z],
      () => this.lathe(slot, profile, { lines: options.lines ?? radius > 0.1, segments: options.segments }),
      turn,
      axis === "x" ? "z" : "x",
    );
  }

  /** A solid of revolution about y from a profile of (radius, y), rising, that begins and ends on the axis. */
  lathe(slot: Slot, profile: readonly Point[], options: SolidOptions & { readonly scaleZ?: number; readonly smooth?: boolean } = {}): void {
    const largest = Math.max(...profile.map((point) => point[0]));
    const wanted = options.segments ?? (largest > 0.2 ? 28 : largest > 0.06 ? 18 : 10);
    const segments = this.near ? wanted : Math.max(6, Math.round(wanted / 2));
    const scaleZ = options.scaleZ ?? 1;
    const ring = (k: number, r: number, y: number): Vec3 => [
      Math.cos(angleOf(k, segments)) * r,
      y,
      Math.sin(angleOf(k, segments)) * r * scaleZ,
    ];
    const slopes = profile
      .slice(1)
      .map((point, i) => [point[1] - profile[i]![1], -(point[0] - profile[i]![0])] as Point)
      .map(unit2);
    for (let i = 0; i + 1 < profile.length; i++) {
      const [r0, y0] = profile[i]!;
      const [r1, y1] = profile[i + 1]!;
      const own = slopes[i]!;
      const n0 = options.smooth && i > 0 ? unit2([own[0] + slopes[i - 1]![0], own[1] + slopes[i - 1]![1]]) : own;
      const n1 = options.smooth && i + 2 < profile.length ? unit2([own[0] + slopes[i + 1]![0], own[1] + slopes[i + 1]![1]]) : own;
      this.#ringBand(slot, segments, ring, r0, y0, n0, r1, y1, n1, scaleZ);
      if (options.lines && i > 0 && this.#isCrease(slopes[i - 1]!, own))
        for (let k = 0; k < segments; k++) this.line(ring(k, r0, y0), ring((k + 1) % segments, r0, y0));
    }
  }

  /** A prism: the profile (counter-clockwise in x, y) drawn along z by `depth`, centred on z. */
  extrude(slot: Slot, profile: readonly Point[], depth: number, options: SolidOptions = {}): void {
    const near = depth / 2;
    const n = profile.length;
    for (const [a, b, c] of triangulate(profile)) {
      this.triangle(slot, at(profile[a]!, near), at(profile[b]!, near), at(profile[c]!, near));
      this.triangle(slot, at(profile[c]!, -near), at(profile[b]!, -near), at(profile[a]!, -near));
    }
    for (let i = 0; i < n; i++) {
      const a = profile[i]!;
      const b = profile[(i + 1) % n]!;
      this.quad(slot, at(a, near), at(a, -near), at(b, -near), at(b, near));
      if (options.lines === false) continue;
      this.line(at(a, near), at(b, near));
      this.line(at(a, -near), at(b, -near));
      if (n <= 12) this.line(at(a, near), at(a, -near));
    }
  }

  /** A round rod between two points. */
  rod(slot: Slot, from: Vec3, to: Vec3, radius: number, segments = 6): void {
    this.sweep(slot, [from, to], radius, segments);
  }

  /** A round tube along a polyline: hoses, bent rails. */
  sweep(slot: Slot, path: readonly Vec3[], radius: number, segments = 8): void {
    const sides = this.near ? segments : Math.max(4, Math.ceil(segments / 2));
    let across: Vec3 | undefined;
    const rings = path.map((point, i) => {
      const t = unit(sub(path[Math.min(i + 1, path.length - 1)]!, path[Math.max(i - 1, 0)]!));
      // The first ring chooses its frame, the others carry it along: rings that chose again would twist the tube.
      const hint: Vec3 = across ?? cross(Math.abs(t[1]) > 0.9 ? [1, 0, 0] : [0, 1, 0], t);
      const lean = hint[0] * t[0] + hint[1] * t[1] + hint[2] * t[2];
      const u = unit([hint[0] - t[0] * lean, hint[1] - t[1] * lean, hint[2] - t[2] * lean]);
      across = u;
      const v = cross(t, u);
      return Array.from({ length: sides }, (_, k) => {
        const a = angleOf(k, sides);
        const n: Vec3 = [
          u[0] * Math.cos(a) + v[0] * Math.sin(a),
          u[1] * Math.cos(a) + v[1] * Math.sin(a),
          u[2] * Math.cos(a) + v[2] * Math.sin(a),
        ];
        return { n, p: [point[0] + n[0] * radius, point[1] + n[1] * radius, point[2] + n[2] * radius] as Vec3 };
      });
    });
    for (let i = 0; i + 1 < rings.length; i++)
      for (let k = 0; k < sides; k++) {
        const [a, b, c, d] = [rings[i]![k]!, rings[i]![(k + 1) % sides]!, rings[i + 1]![(k + 1) % sides]!, rings[i + 1]![k]!];
        this.#smoothQuad(slot, [a.p, b.p, c.p, d.p], [a.n, b.n, c.n, d.n]);
      }
    const first = rings[0]!;
    const last = rings[rings.length - 1]!;
    for (let k = 1; k + 1 < sides; k++) {
      this.triangle(slot, first[0]!.p, first[k + 1]!.p, first[k]!.p);
      this.triangle(slot, last[0]!.p, last[k]!.p, last[k + 1]!.p);
    }
  }

  /** A ring sector with a rectangular section, about the y axis through the frame's origin; angles from +x towards −z. */
  arc(slot: Slot, inner: number, outer: number, y0: number, y1: number, from: number, to: number, options: SolidOptions = {}): void {
    const steps = Math.max(2, Math.ceil((Math.abs(to - from) / (Math.PI / 2)) * (this.near ? 10 : 5)));
    const p = (r: number, y: number, k: number): Vec3 => {
      const a = from + ((to - from) * k) / steps;
      return [Math.cos(a) * r, y, -Math.sin(a) * r];
    };
    for (let k = 0; k < steps; k++) {
      const m = k + 1;
      this.quad(slot, p(inner, y1, k), p(outer, y1, k), p(outer, y1, m), p(inner, y1, m));
      this.quad(slot, p(inner, y0, m), p(outer, y0, m), p(outer, y0, k), p(inner, y0, k));
      this.quad(slot, p(outer, y0, k), p(outer, y0, m), p(outer, y1, m), p(outer, y1, k));
      this.quad(slot, p(inner, y0, m), p(inner, y0, k), p(inner, y1, k), p(inner, y1, m));
      if (options.lines === false) continue;
      this.line(p(outer, y1, k), p(outer, y1, m));
      this.line(p(inner, y1, k), p(inner, y1, m));
    }
    this.quad(slot, p(inner, y0, 0), p(outer, y0, 0), p(outer, y1, 0), p(inner, y1, 0));
    this.quad(slot, p(outer, y0, steps), p(inner, y0, steps), p(inner, y1, steps), p(outer, y1, steps));
  }

  quad(slot: Slot, a: Vec3, b: Vec3, c: Vec3, d: Vec3): void {
    const n = unit(cross(sub(b, a), sub(d, a)));
    this.#smoothQuad(slot, [a, b, c, d], [n, n, n, n]);
  }

  triangle(slot: Slot, a: Vec3, b: Vec3, c: Vec3): void {
    const n = unit(cross(sub(b, a), sub(c, a)));
    const first = this.#vertex(a, n);
    this.#vertex(b, n);
    this.#vertex(c, n);
    this.#list(slot).push(first, first + 1, first + 2);
  }

  /** A silhouette line; far models have none of the small ones. */
  line(a: Vec3, b: Vec3): void {
    this.#edges.push(...place(this.#frame, a), ...place(this.#frame, b));
  }

  /** The mesh of everything built so far, triangles grouped by slot in the order of `SLOTS`. */
  build(): PartMesh {
    const indices: number[] = [];
    const groups: MeshGroup[] = [];
    for (const slot of SLOTS) {
      const list = this.#triangles.get(slot);
      if (list === undefined) continue;
      groups.push({ slot, start: indices.length, count: list.length });
      for (const index of list) indices.push(index);
    }
    return {
      positions: new Float32Array(this.#positions),
      normals: new Float32Array(this.#normals),
      indices: new Uint32Array(indices),
      groups,
      edges: new Float32Array(this.#edges),
    };
  }

  #list(slot: Slot): number[] {
    let list = this.#triangles.get(slot);
    if (list === undefined) this.#triangles.set(slot, (list = []));
    return list;
  }

  #vertex(p: Vec3, n: Vec3): number {
    this.#positions.push(...place(this.#frame, p));
    this.#normals.push(...direct(this.#frame, n));
    return this.#positions.length / 3 - 1;
  }

  #smoothQuad(slot: Slot, p: readonly [Vec3, Vec3, Vec3, Vec3], n: readonly [Vec3, Vec3, Vec3, Vec3]): void {
    const first = this.#vertex(p[0], n[0]);
    for (let i = 1; i < 4; i++) this.#vertex(p[i]!, n[i]!);
    this.#list(slot).push(first, first + 1, first + 2, first, first + 2, first + 3);
  }

  #ringBand(
    slot: Slot,
    segments: number,
    ring: (k: number, r: number, y: number) => Vec3,
    r0: number,
    y0: number,
    n0: Point,
    r1: number,
    y1: number,
    n1: Point,
    scaleZ: number,
  ): void {
    const normal = (k: number, n: Point): Vec3 =>
      unit([Math.cos(angleOf(k, segments)) * n[0], n[1], (Math.sin(angleOf(k, segments)) * n[0]) / scaleZ]);
    for (let k = 0; k < segments; k++) {
      const m = (k + 1) % segments;
      const corners: [Vec3, Vec3][] = [];
      if (r0 > 0) corners.push([ring(k, r0, y0), normal(k, n0)]);
      else corners.push([[0, y0, 0], normal(k + 0.5, n0)]);
      if (r1 > 0) corners.push([ring(k, r1, y1), normal(k, n1)], [ring(m, r1, y1), normal(m, n1)]);
      else corners.push([[0, y1, 0], normal(k + 0.5, n1)]);
      if (r0 > 0) corners.push([ring(m, r0, y0), normal(m, n0)]);
      const ids = corners.map(([p, n]) => this.#vertex(p, n));
      for (let i = 1; i + 1 < ids.length; i++) this.#list(slot).push(ids[0]!, ids[i]!, ids[i + 1]!);
    }
  }

  #isCrease(a: Point, b: Point): boolean {
    return a[0] * b[0] + a[1] * b[1] < 0.5;
  }

  #plain(slot: Slot, h: Vec3): void {
    for (const [u, v, w] of FACES) {
      const corner = (su: number, sv: number): Vec3 => combine(h, u, v, w, su, sv, 1);
      this.quad(slot, corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1));
    }
  }

  #chamfered(slot: Slot, h: Vec3, c: number): void {
    const inner: Vec3 = [h[0] - c, h[1] - c, h[2] - c];
    // Corner (sx, sy, sz) of the face across axis: full extent on that axis, inset on the others.
    const p = (axis: 0 | 1 | 2, s: Vec3): Vec3 => [
      s[0] * (axis === 0 ? h[0] : inner[0]),
      s[1] * (axis === 1 ? h[1] : inner[1]),
      s[2] * (axis === 2 ? h[2] : inner[2]),
    ];
    for (const [u, v, w] of FACES) {
      const axis = axisOf(w);
      const corner = (su: number, sv: number): Vec3 =>
        p(axis, [u[0] * su + v[0] * sv + w[0], u[1] * su + v[1] * sv + w[1], u[2] * su + v[2] * sv + w[2]]);
      this.quad(slot, corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1));
    }
    for (const [along, a, b] of [
      [0, 1, 2],
      [1, 2, 0],
      [2, 0, 1],
    ] as const)
      for (const sa of [-1, 1])
        for (const sb of [-1, 1]) {
          const s = (t: number): Vec3 => {
            const r: [number, number, number] = [0, 0, 0];
            r[along] = t;
            r[a] = sa;
            r[b] = sb;
            return r;
          };
          const strip: [Vec3, Vec3, Vec3, Vec3] = [p(a, s(-1)), p(a, s(1)), p(b, s(1)), p(b, s(-1))];
          if (sa * sb < 0) this.quad(slot, ...strip);
          else this.quad(slot, strip[3], strip[2], strip[1], strip[0]);
        }
    for (const sx of [-1, 1])
      for (const sy of [-1, 1])
        for (const sz of [-1, 1]) {
          const s: Vec3 = [sx, sy, sz];
          if (sx * sy * sz > 0) this.triangle(slot, p(0, s), p(1, s), p(2, s));
          else this.triangle(slot, p(2, s), p(1, s), p(0, s));
        }
  }

  #boxLines(h: Vec3, inset: number): void {
    const [x, y, z] = [h[0] - inset, h[1] - inset, h[2] - inset];
    for (const a of [-1, 1])
      for (const b of [-1, 1]) {
        this.line([-x, a * y, b * z], [x, a * y, b * z]);
        this.line([a * x, -y, b * z], [a * x, y, b * z]);
        this.line([a * x, b * y, -z], [a * x, b * y, z]);
      }
  }
}

/** Smallest box around points; an empty mesh has a point at the origin. */
export function boxOf(positions: Float32Array): Box {
  if (positions.length === 0) return { min: [0, 0, 0], max: [0, 0, 0] };
  const min: [number, number, number] = [Infinity, Infinity, Infinity];
  const max: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < positions.length; i++) {
    const axis = (i % 3) as 0 | 1 | 2;
    min[axis] = Math.min(min[axis], positions[i]!);
    max[axis] = Math.max(max[axis], positions[i]!);
  }
  return { min, max };
}

// Each face: two spanning axes and its outward normal, u × v = w.
const FACES: readonly (readonly [Vec3, Vec3, Vec3])[] = [
  [
    [0, 1, 0],
    [0, 0, 1],
    [1, 0, 0],
  ],
  [
    [0, 0, 1],
    [0, 1, 0],
    [-1, 0, 0],
  ],
  [
    [0, 0, 1],
    [1, 0, 0],
    [0, 1, 0],
  ],
  [
    [1, 0, 0],
    [0, 0, 1],
    [0, -1, 0],
  ],
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  [
    [0, 1, 0],
    [1, 0, 0],
    [0, 0, -1],
  ],
];

function axisOf(w: Vec3): 0 | 1 | 2 {
  return w[0] !== 0 ? 0 : w[1] !== 0 ? 1 : 2;
}

function combine(h: Vec3, u: Vec3, v: Vec3, w: Vec3, su: number, sv: number, sw: number): Vec3 {
  return [
    h[0] * (u[0] * su + v[0] * sv + w[0] * sw),
    h[1] * (u[1] * su + v[1] * sv + w[1] * sw),
    h[2] * (u[2] * su + v[2] * sv + w[2] * sw),
  ];
}

function angleOf(k: number, segments: number): number {
  return (k / segments) * Math.PI * 2;
}

function at(point: Point, z: number): Vec3 {
  return [point[0], point[1], z];
}

function unit2(p: Point): Point {
  const l = Math.hypot(p[0], p[1]) || 1;
  return [p[0] / l, p[1] / l];
}

function unit(v: Vec3): Vec3 {
  const l = Math.hypot(v[0], v[1], v[2]) || 1;
  return [v[0] / l, v[1] / l, v[2] / l];
}

function sub(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function rotation(at: Vec3, turn: number, axis: Axis): Frame {
  const c = Math.cos(turn);
  const s = Math.sin(turn);
  if (axis === "x") return [1, 0, 0, 0, c, -s, 0, s, c, at[0], at[1], at[2]];
  if (axis === "y") return [c, 0, s, 0, 1, 0, -s, 0, c, at[0], at[1], at[2]];
  return [c, -s, 0, s, c, 0, 0, 0, 1, at[0], at[1], at[2]];
}

function direct(f: Frame, v: Vec3): Vec3 {
  return [f[0] * v[0] + f[1] * v[1] + f[2] * v[2], f[3] * v[0] + f[4] * v[1] + f[5] * v[2], f[6] * v[0] + f[7] * v[1] + f[8] * v[2]];
}

function place(f: Frame, v: Vec3): Vec3 {
  const d = direct(f, v);
  return [d[0] + f[9], d[1] + f[10], d[2] + f[11]];
}

function compose(a: Frame, b: Frame): Frame {
  const columns = [0, 1, 2].map((j) => direct(a, [b[j]!, b[3 + j]!, b[6 + j]!]));
  const t = place(a, [b[9], b[10], b[11]]);
  return [
    columns[0]![0],
    columns[1]![0],
    columns[2]![0],
    columns[0]![1],
    columns[1]![1],
    columns[2]![1],
    columns[0]![2],
    columns[1]![2],
    columns[2]![2],
    t[0],
    t[1],
    t[2],
  ];
}
