import type { FlowKind, FlowPath } from "./stage.ts";
import type { Pose, Vec3 } from "../pose.ts";

/** Makes a path of its points; coincident neighbours are dropped. Needs at least two distinct points. */
export function flowPath(from: string, to: string, kind: FlowKind, points: readonly Vec3[]): FlowPath {
  const kept = points.filter((point, i) => i === 0 || distance(point, points[i - 1]!) > 1e-6);
  if (kept.length < 2) throw new Error(`path ${from}>${to} needs two distinct points`);
  return { id: `${from}>${to}`, kind, from, to, points: kept, lengthM: lengthOf(kept) };
}

/** Where a part stands at a fraction of a path, looking along it; fractions outside 0…1 are clamped. */
export function poseAt(path: FlowPath, fraction: number): Pose {
  return poseAlong(path.points, Math.min(1, Math.max(0, fraction)) * path.lengthM);
}

/** Where something stands `metres` along a polyline; clamped to its ends. Turns are eased over 0.35 m around each corner. */
export function poseAlong(points: readonly Vec3[], metres: number): Pose {
  let left = Math.max(0, metres);
  for (let i = 0; i + 1 < points.length; i++) {
    const a = points[i]!;
    const b = points[i + 1]!;
    const l = distance(a, b);
    if (left <= l || i + 2 === points.length) {
      const t = l === 0 ? 0 : Math.min(1, left / l);
      return {
        position: [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t],
        turn: easedTurn(points, i, Math.min(left, l), l),
      };
    }
    left -= l;
  }
  return { position: points[0] ?? [0, 0, 0], turn: 0 };
}

/** The rest of a polyline from `metres` on. */
export function tailOf(points: readonly Vec3[], metres: number): readonly Vec3[] {
  let left = metres;
  for (let i = 0; i + 1 < points.length; i++) {
    const l = distance(points[i]!, points[i + 1]!);
    if (left < l) return [poseAlong(points, metres).position, ...points.slice(i + 1)];
    left -= l;
  }
  return [points[points.length - 1]!];
}

export function lengthOf(points: readonly Vec3[]): number {
  return points.slice(1).reduce((sum, point, i) => sum + distance(points[i]!, point), 0);
}

export function distance(a: Vec3, b: Vec3): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

const EASE_M = 0.35;

function easedTurn(points: readonly Vec3[], i: number, along: number, length: number): number {
  const own = turnOf(points[i]!, points[i + 1]!);
  const reach = Math.min(EASE_M, length / 2);
  if (reach > 0 && along < reach && i > 0) return blend(turnOf(points[i - 1]!, points[i]!), own, 0.5 + along / reach / 2);
  if (reach > 0 && length - along < reach && i + 2 < points.length)
    return blend(own, turnOf(points[i + 1]!, points[i + 2]!), 0.5 - (length - along) / reach / 2);
  return own;
}

/** Turn about +Y that looks from a to b with +x. */
export function turnOf(a: Vec3, b: Vec3): number {
  return Math.atan2(-(b[2] - a[2]), b[0] - a[0]);
}

/** Between two turns the short way round. */
export function blend(a: number, b: number, t: number): number {
  const gap = ((((b - a) % (2 * Math.PI)) + 3 * Math.PI) % (2 * Math.PI)) - Math.PI;
  return a + gap * t;
}
