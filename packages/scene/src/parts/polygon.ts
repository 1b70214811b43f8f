export type Point = readonly [number, number];

/** Ear clipping of a simple counter-clockwise polygon: triples of indices, counter-clockwise. */
export function triangulate(polygon: readonly Point[]): readonly (readonly [number, number, number])[] {
  const left = polygon.map((_, i) => i);
  const out: [number, number, number][] = [];
  while (left.length > 3) {
    const ear = left.findIndex((_, i) => isEar(polygon, left, i));
    const i = ear < 0 ? 0 : ear;
    out.push([left[(i + left.length - 1) % left.length]!, left[i]!, left[(i + 1) % left.length]!]);
    left.splice(i, 1);
  }
  out.push([left[0]!, left[1]!, left[2]!]);
  return out;
}

function isEar(polygon: readonly Point[], left: readonly number[], i: number): boolean {
  const a = polygon[left[(i + left.length - 1) % left.length]!]!;
  const b = polygon[left[i]!]!;
  const c = polygon[left[(i + 1) % left.length]!]!;
  if (turn(a, b, c) <= 1e-12) return false;
  return !left.some((k) => {
    const p = polygon[k]!;
    return p !== a && p !== b && p !== c && turn(a, b, p) >= 0 && turn(b, c, p) >= 0 && turn(c, a, p) >= 0;
  });
}

function turn(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}
