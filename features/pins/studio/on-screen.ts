/** Where a point is on the screen, from −1 to 1, and whether it is before the camera. Matrices are column by column. */
export function onScreen(
  world: readonly number[],
  projection: readonly number[],
  point: readonly number[],
): readonly [number, number, boolean] {
  const times = (m: readonly number[], [x, y, z, w]: readonly number[]): number[] =>
    [0, 1, 2, 3].map((row) => m[row]! * x! + m[4 + row]! * y! + m[8 + row]! * z! + m[12 + row]! * w!);
  const [x, y, , w] = times(projection, times(world, [...point, 1]));
  return [x! / w!, y! / w!, w! > 0];
}
