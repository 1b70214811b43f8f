import { replicationKey, streamOf, uniformAt } from "../random/philox.ts";

/** Points of an experiment in factor space: a row a point, a column a factor. What the numbers are, the design says. */
export type DesignPoints = readonly (readonly number[])[];

/** Every combination of levels; numbers are indices of levels, the last factor changes fastest. */
export function fullFactorial(levels: readonly number[]): DesignPoints {
  return levels.reduce<number[][]>(
    (points, count) => points.flatMap((point) => Array.from({ length: count }, (_, level) => [...point, level])),
    [[]],
  );
}

/**
 * Two levels a factor (0 and 1), the later factors made of the earlier ones: `["ABC"]` of four factors is D = ABC, half of the full design.
 * Letters name factors in their order. Throws on a generator that is not a product of basic factors, or two that are the same.
 */
export function fractionalFactorial(factors: number, generators: readonly string[]): DesignPoints {
  const words = wordsOf(factors, generators);
  const basic = factors - generators.length;
  return fullFactorial(Array.from({ length: basic }, () => 2)).map((point) => [
    ...point,
    ...words.map((word) => {
      const sign = point.reduce((product, level, factor) => ((word >> factor) & 1 ? product * (2 * level - 1) : product), 1);
      return (sign + 1) / 2;
    }),
  ]);
}

/** Length of the shortest product of factors that is constant: main effects are free of each other from III, of interactions of two from IV, these of each other from V. Infinite for a full design. */
export function resolutionOf(factors: number, generators: readonly string[]): number {
  const words = wordsOf(factors, generators).map((word, index) => word | (1 << (factors - generators.length + index)));
  let least = Infinity;
  for (let pick = 1; pick < 1 << words.length; pick++) {
    const product = words.reduce((all, word, index) => ((pick >> index) & 1 ? all ^ word : all), 0);
    let length = 0;
    for (let bit = 0; bit < factors; bit++) length += (product >> bit) & 1;
    least = Math.min(least, length);
  }
  return least;
}

/**
 * A Latin hypercube: `points` rows in (0, 1), one in every n-th part of every factor. Of fifty drawn from the seed the one whose two nearest
 * points are farthest apart.
 */
export function latinHypercube(points: number, factors: number, seed: number): DesignPoints {
  const key = replicationKey(seed, 0);
  let best: DesignPoints = [];
  let farthest = -1;
  for (let candidate = 0; candidate < 50; candidate++) {
    const columns = Array.from({ length: factors }, (_, factor) =>
      column(points, key, streamOf(`latin hypercube ${candidate}`, String(factor))),
    );
    const rows = Array.from({ length: points }, (_, point) => columns.map((values) => values[point]!));
    const nearest = leastDistance(rows);
    if (nearest <= farthest) continue;
    farthest = nearest;
    best = rows;
  }
  return best;
}

function column(points: number, key: number, stream: number): number[] {
  const order = Array.from({ length: points }, (_, index) => index);
  for (let last = points - 1; last > 0; last--) {
    const other = Math.floor(uniformAt(key, stream, last) * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order.map((cell, index) => (cell + uniformAt(key, stream, points + index)) / points);
}

function leastDistance(rows: DesignPoints): number {
  let least = Infinity;
  rows.forEach((a, index) => {
    for (const b of rows.slice(0, index))
      least = Math.min(
        least,
        a.reduce((sum, value, factor) => sum + (value - b[factor]!) ** 2, 0),
      );
  });
  return least;
}

function wordsOf(factors: number, generators: readonly string[]): number[] {
  const basic = factors - generators.length;
  if (basic < 1 || factors > 26) throw new Error(`${generators.length} generators leave no basic factor of ${factors}`);
  const words = generators.map((generator) => {
    const letters = [...generator.toUpperCase()].map((letter) => letter.charCodeAt(0) - 65);
    if (letters.length < 2 || new Set(letters).size !== letters.length || letters.some((letter) => letter < 0 || letter >= basic))
      throw new Error(`"${generator}" is not a product of two or more different letters of A to ${String.fromCharCode(64 + basic)}`);
    return letters.reduce((word, letter) => word | (1 << letter), 0);
  });
  if (new Set(words).size !== words.length) throw new Error("two generators are the same: their factors could not be told apart");
  return words;
}
