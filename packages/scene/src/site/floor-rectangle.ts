/** On the floor of the stage, metres; z to the viewer. */
export interface FloorRectangle {
  readonly minX: number;
  readonly maxX: number;
  readonly minZ: number;
  readonly maxZ: number;
}

export function rectangleAt(x: number, z: number, lengthM: number, depthM: number): FloorRectangle {
  return { minX: x - lengthM / 2, maxX: x + lengthM / 2, minZ: z - depthM / 2, maxZ: z + depthM / 2 };
}

/** Around all of them; undefined of none. */
export function around(rectangles: readonly FloorRectangle[], margin = 0): FloorRectangle | undefined {
  if (rectangles.length === 0) return undefined;
  return {
    minX: Math.min(...rectangles.map(({ minX }) => minX)) - margin,
    maxX: Math.max(...rectangles.map(({ maxX }) => maxX)) + margin,
    minZ: Math.min(...rectangles.map(({ minZ }) => minZ)) - margin,
    maxZ: Math.max(...rectangles.map(({ maxZ }) => maxZ)) + margin,
  };
}

export function moved({ minX, maxX, minZ, maxZ }: FloorRectangle, dx: number, dz: number): FloorRectangle {
  return { minX: minX + dx, maxX: maxX + dx, minZ: minZ + dz, maxZ: maxZ + dz };
}

/** Whether they come nearer to each other than `gap`. */
export function meet(a: FloorRectangle, b: FloorRectangle, gap = 0): boolean {
  return a.minX < b.maxX + gap && b.minX < a.maxX + gap && a.minZ < b.maxZ + gap && b.minZ < a.maxZ + gap;
}

/** The way along one axis, least of all, that takes a rectangle out of others, at `gap` from each. */
export function freed(own: FloorRectangle, others: readonly FloorRectangle[], gap: number, axis: "x" | "z"): FloorRectangle {
  const [low, high] = axis === "x" ? (["minX", "maxX"] as const) : (["minZ", "maxZ"] as const);
  const isFree = (at: number): boolean => {
    const there = axis === "x" ? moved(own, at, 0) : moved(own, 0, at);
    // what just touches the gap is free, whatever is rounded
    return others.every((other) => !meet(there, other, gap - 1e-6));
  };
  const ways = [0, ...others.flatMap((other) => [other[high] + gap - own[low], other[low] - gap - own[high]])];
  const way = ways.toSorted((a, b) => Math.abs(a) - Math.abs(b)).find(isFree)!;
  return axis === "x" ? moved(own, way, 0) : moved(own, 0, way);
}
