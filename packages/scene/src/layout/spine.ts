import { distance, lengthOf } from "../stage/flow-path.ts";
import type { PlacedPart } from "../stage/stage.ts";
import type { Vec3 } from "../pose.ts";
import { LINE_HEIGHT_M, LINE_WIDTH_M } from "./station-block.ts";

export const CURVE_RADIUS_M = 0.9;

/** The centre line of the main flow, grown while the rows are laid; lengths along it are metres from its start. */
export class Spine {
  readonly points: Vec3[] = [];
  #length = 0;

  get lengthM(): number {
    return this.#length;
  }

  add(point: Vec3): void {
    const last = this.points[this.points.length - 1];
    if (last !== undefined) this.#length += distance(last, point);
    this.points.push(point);
  }

  /** The stretch from one length to another, ends included. */
  between(fromM: number, toM: number): readonly Vec3[] {
    const out: Vec3[] = [this.at(fromM)];
    let passed = 0;
    for (let i = 0; i + 1 < this.points.length; i++) {
      passed += distance(this.points[i]!, this.points[i + 1]!);
      if (passed > fromM + 1e-6 && passed < toM - 1e-6) out.push(this.points[i + 1]!);
    }
    out.push(this.at(toM));
    return out;
  }

  at(metres: number): Vec3 {
    let left = metres;
    for (let i = 0; i + 1 < this.points.length; i++) {
      const [a, b] = [this.points[i]!, this.points[i + 1]!];
      const l = distance(a, b);
      if (left <= l || i + 2 === this.points.length) {
        const t = l === 0 ? 0 : left / l;
        return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
      }
      left -= l;
    }
    return this.points[0] ?? [0, LINE_HEIGHT_M, 0];
  }
}

/** A quarter bend from `at` looking along `turn`, to the left (+1) or right (−1): its points and its part. */
export function bend(id: string, at: Vec3, turn: number, left: 1 | -1): { readonly points: readonly Vec3[]; readonly part: PlacedPart } {
  const r = CURVE_RADIUS_M;
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  const points = [1, 2, 3, 4, 5, 6, 7, 8].map((k) => {
    const a = (k / 8) * (Math.PI / 2);
    const [x, z] = [Math.sin(a) * r, -left * (1 - Math.cos(a)) * r];
    return [at[0] + c * x + s * z, LINE_HEIGHT_M, at[2] - s * x + c * z] as Vec3;
  });
  const part: PlacedPart = {
    id,
    kind: "conveyor-curve",
    parameters: { radiusM: r, angleRad: (left * Math.PI) / 2, widthM: LINE_WIDTH_M },
    position: [at[0], 0, at[2]],
    turn,
  };
  return { points, part };
}

/** Straight conveyor between two points of the line. */
export function straight(id: string, a: Vec3, b: Vec3, widthM: number = LINE_WIDTH_M): PlacedPart {
  return {
    id,
    kind: "conveyor",
    parameters: { lengthM: Math.round(distance(a, b) * 1000) / 1000, widthM },
    position: [(a[0] + b[0]) / 2, 0, (a[2] + b[2]) / 2],
    turn: Math.atan2(-(b[2] - a[2]), b[0] - a[0]),
  };
}

/** Conveyors along a polyline with right-angled corners, a transfer at each; the ends are trimmed. */
export function conveyAlong(id: string, points: readonly Vec3[], startTrimM: number, endTrimM: number): readonly PlacedPart[] {
  const half = 0.45;
  const parts: PlacedPart[] = [];
  for (let i = 0; i + 1 < points.length; i++) {
    const [a, b] = [points[i]!, points[i + 1]!];
    const l = distance(a, b);
    const [t0, t1] = [i === 0 ? startTrimM : half, l - (i + 2 === points.length ? endTrimM : half)];
    const along = (t: number): Vec3 => [a[0] + ((b[0] - a[0]) * t) / l, a[1], a[2] + ((b[2] - a[2]) * t) / l];
    if (t1 - t0 > 0.25) parts.push(straight(`${id}/line-${i + 1}`, along(t0), along(t1)));
    if (i + 2 < points.length) parts.push({ id: `${id}/transfer-${i + 1}`, kind: "transfer", position: [b[0], 0, b[2]], turn: 0 });
  }
  return parts;
}

/** Closed rectangle with rounded corners, clockwise seen from above; first and last point are the same. */
export function loop(minX: number, minZ: number, maxX: number, maxZ: number, radiusM: number): readonly Vec3[] {
  const centres: readonly (readonly [number, number, number])[] = [
    [maxX - radiusM, minZ + radiusM, -Math.PI / 2],
    [maxX - radiusM, maxZ - radiusM, 0],
    [minX + radiusM, maxZ - radiusM, Math.PI / 2],
    [minX + radiusM, minZ + radiusM, Math.PI],
  ];
  const points = centres.flatMap(([x, z, from]) =>
    [0, 1, 2, 3, 4, 5, 6].map(
      (k) => [x + Math.cos(from + (k / 6) * (Math.PI / 2)) * radiusM, 0, z + Math.sin(from + (k / 6) * (Math.PI / 2)) * radiusM] as Vec3,
    ),
  );
  return lengthOf(points) > 0 ? [...points, points[0]!] : points;
}
