import { summarise } from "../statistics/summary.ts";

/** What changing a factor from its low to its high end changes, the other factors averaged over. */
export interface FactorEffect {
  readonly factor: number;
  readonly mean: number;
  /** Of the interval over replications (Student's t); NaN below two. */
  readonly halfWidth: number;
}

/**
 * Least squares on points coded −1…1, a plane a replication: with common random numbers the replications' effects are paired, and their spread
 * is that of the effect. For a two-level design it is the classical effect. Empty where the points do not determine a plane.
 * `responses[point][replication]`.
 */
export function factorEffects(
  points: readonly (readonly number[])[],
  responses: readonly (readonly number[])[],
  confidence = 0.95,
): readonly FactorEffect[] {
  const factors = points[0]?.length ?? 0;
  const inverse = invert(normal(points, factors));
  if (inverse === undefined) return [];
  const replications = Math.min(...responses.map((row) => row.length));
  const slopes = Array.from({ length: replications }, (_, replication) => {
    const moments = Array.from({ length: factors + 1 }, (_, i) =>
      points.reduce((sum, point, at) => sum + (i === 0 ? 1 : point[i - 1]!) * responses[at]![replication]!, 0),
    );
    return inverse.map((row) => row.reduce((sum, value, i) => sum + value * moments[i]!, 0));
  });
  return Array.from({ length: factors }, (_, factor) => {
    const { mean, halfWidth } = summarise(
      slopes.map((slope) => 2 * slope[factor + 1]!),
      confidence,
    );
    return { factor, mean, halfWidth };
  });
}

function normal(points: readonly (readonly number[])[], factors: number): number[][] {
  const at = (point: readonly number[], i: number): number => (i === 0 ? 1 : point[i - 1]!);
  return Array.from({ length: factors + 1 }, (_, i) =>
    Array.from({ length: factors + 1 }, (_, j) => points.reduce((sum, point) => sum + at(point, i) * at(point, j), 0)),
  );
}

/** Gauss and Jordan with pivots; undefined for a matrix that is singular to ten digits. */
function invert(matrix: readonly (readonly number[])[]): number[][] | undefined {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...Array.from({ length: n }, (_, j) => (i === j ? 1 : 0))]);
  const scale = Math.max(...matrix.flat().map(Math.abs));
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++) if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    if (!(Math.abs(rows[pivot]![column]!) > 1e-10 * scale)) return undefined;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const by = rows[column]![column]!;
    rows[column] = rows[column]!.map((value) => value / by);
    for (let row = 0; row < n; row++) {
      const times = rows[row]![column]!;
      if (row !== column && times !== 0) rows[row] = rows[row]!.map((value, i) => value - times * rows[column]![i]!);
    }
  }
  return rows.map((row) => row.slice(n));
}
