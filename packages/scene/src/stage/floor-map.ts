/** From a plant's own floor coordinates (metres, y to the north) to the stage: x' = xScale·x + xShift, z' = zScale·y + zShift. */
export interface FloorMap {
  readonly xScale: number;
  readonly xShift: number;
  readonly zScale: number;
  readonly zShift: number;
}

/** What stands at (x, y) on the plant's floor stands at (toX, toZ) on the stage. */
export interface FloorPair {
  readonly x: number;
  readonly y: number;
  readonly toX: number;
  readonly toZ: number;
}

/** Least squares, axis by axis. Fewer than two distinct values on an axis keep its scale (north is −z). */
export function fitFloor(pairs: readonly FloorPair[]): FloorMap {
  const x = fitAxis(
    pairs.map((pair) => [pair.x, pair.toX]),
    1,
  );
  const z = fitAxis(
    pairs.map((pair) => [pair.y, pair.toZ]),
    -1,
  );
  return { xScale: x.scale, xShift: x.shift, zScale: z.scale, zShift: z.shift };
}

export function onStage(map: FloorMap, x: number, y: number): readonly [x: number, z: number] {
  return [map.xScale * x + map.xShift, map.zScale * y + map.zShift];
}

function fitAxis(pairs: readonly (readonly [number, number])[], fallback: number): { readonly scale: number; readonly shift: number } {
  const n = pairs.length;
  if (n === 0) return { scale: fallback, shift: 0 };
  const [meanFrom, meanTo] = [0, 1].map((side) => pairs.reduce((sum, pair) => sum + pair[side as 0 | 1], 0) / n) as [number, number];
  const spread = pairs.reduce((sum, [from]) => sum + (from - meanFrom) ** 2, 0);
  const scale = spread < 1e-9 ? fallback : pairs.reduce((sum, [from, to]) => sum + (from - meanFrom) * (to - meanTo), 0) / spread;
  return { scale, shift: meanTo - scale * meanFrom };
}
