import { studentT95 } from "./normal.ts";

/** A straight line through pairs, y = intercept + slope · x, with what is needed to draw its 95 % intervals. */
export interface Regression {
  readonly n: number;
  /** Pairs that count as independent: neighbours in time that are alike say little that is new. */
  readonly effectiveN: number;
  readonly slope: number;
  readonly intercept: number;
  readonly r2: number;
  /** Half width of the 95 % interval of the slope. */
  readonly slopeReach: number;
  readonly residualSd: number;
  readonly t95: number;
  readonly meanX: number;
  /** Sum of squares of x about its mean, of the independent pairs. */
  readonly squaresX: number;
}

const LEAST = 3;

/** Least squares over pairs in order of time; rows with NaN do not count. Undefined where there is no line: too few pairs, or x is always the same. */
export function regressionOf(x: ArrayLike<number>, y: ArrayLike<number>): Regression | undefined {
  let [n, meanX, meanY, xx, xy, yy] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < x.length; row++) {
    const [a, b] = [x[row]!, y[row]!];
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    n++;
    const [fromX, fromY] = [a - meanX, b - meanY];
    meanX += fromX / n;
    meanY += fromY / n;
    xx += fromX * (a - meanX);
    xy += fromX * (b - meanY);
    yy += fromY * (b - meanY);
  }
  if (n < LEAST || !(xx > 0)) return undefined;
  const slope = xy / xx;
  const intercept = meanY - slope * meanX;
  const left = Math.max(0, yy - slope * xy);
  const effectiveN = n * independence(x, y, slope, intercept);
  const degrees = Math.max(1, effectiveN - 2);
  const residualSd = Math.sqrt((left / n) * (effectiveN / degrees));
  const squaresX = xx * (effectiveN / n);
  const t95 = studentT95(degrees);
  return {
    n,
    effectiveN,
    slope,
    intercept,
    r2: yy > 0 ? 1 - left / yy : 1,
    slopeReach: (t95 * residualSd) / Math.sqrt(squaresX),
    residualSd,
    t95,
    meanX,
    squaresX,
  };
}

/** Share of the pairs that count: (1 − ρ) ÷ (1 + ρ) of residuals that follow each other with correlation ρ; never below three pairs. */
function independence(x: ArrayLike<number>, y: ArrayLike<number>, slope: number, intercept: number): number {
  let [n, squares, products, before] = [0, 0, 0, Number.NaN];
  for (let row = 0; row < x.length; row++) {
    const residual = y[row]! - intercept - slope * x[row]!;
    if (!Number.isNaN(residual)) {
      n++;
      squares += residual * residual;
      if (!Number.isNaN(before)) products += residual * before;
    }
    before = residual;
  }
  const rho = squares > 0 ? Math.min(0.9999, Math.max(0, products / squares)) : 0;
  return Math.max(Math.min(1, LEAST / n), (1 - rho) / (1 + rho));
}

/** Half widths at x: where the line lies, and where a new pair lies. */
export function reachAt(fit: Regression, x: number): { readonly line: number; readonly pair: number } {
  const share = 1 / fit.effectiveN + (x - fit.meanX) ** 2 / fit.squaresX;
  return { line: fit.t95 * fit.residualSd * Math.sqrt(share), pair: fit.t95 * fit.residualSd * Math.sqrt(1 + share) };
}
