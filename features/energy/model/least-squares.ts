/** A regression: what each variable adds, and how well that is known. */
export interface Regression {
  /** The constant first, then one a variable. */
  readonly coefficients: readonly number[];
  readonly standardErrors: readonly number[];
  /** Two-sided: how probable a coefficient this far from zero is where there is none. */
  readonly pValues: readonly number[];
  readonly n: number;
  readonly r2: number;
  readonly adjustedR2: number;
  /** Root of the residual sum of squares over n − p, p coefficients. */
  readonly residualError: number;
  /** Residual error over the mean of what is explained (ASHRAE Guideline 14). */
  readonly cvRmse: number;
  /** Sum of residuals over (n − p) times the mean (ASHRAE Guideline 14). */
  readonly nmbe: number;
}

/**
 * Ordinary least squares with a constant, by Householder reflections of the columns. Undefined where there are too few rows for an error, or where a column
 * follows from the others.
 */
export function leastSquares(rows: readonly (readonly number[])[], values: readonly number[]): Regression | undefined {
  const [n, p] = [rows.length, (rows[0]?.length ?? 0) + 1];
  if (n <= p) return undefined;
  const columns = Array.from({ length: p }, (_, column) => Float64Array.from(rows, (row) => (column === 0 ? 1 : row[column - 1]!)));
  const y = Float64Array.from(values);
  const upper = reflected(columns, y);
  if (upper === undefined) return undefined;
  const coefficients = solved(upper, y, p);
  const residuals = values.map((value, row) => value - expectedOf(coefficients, rows[row]!));
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = residuals.reduce((sum, each) => sum + each * each, 0);
  const all = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const residualError = Math.sqrt(squares / (n - p));
  const standardErrors = errorsOf(upper, p).map((each) => each * residualError);
  const r2 = all === 0 ? 0 : 1 - squares / all;
  return {
    coefficients,
    standardErrors,
    pValues: coefficients.map((each, at) => twoSided(each / standardErrors[at]!, n - p)),
    n,
    r2,
    adjustedR2: 1 - ((1 - r2) * (n - 1)) / (n - p),
    residualError,
    cvRmse: residualError / mean,
    nmbe: residuals.reduce((sum, each) => sum + each, 0) / ((n - p) * mean),
  };
}

export function expectedOf([constant = 0, ...slopes]: readonly number[], row: readonly number[]): number {
  return slopes.reduce((sum, slope, at) => sum + slope * row[at]!, constant);
}

/** R of the columns, an array a column; `y` becomes its image. */
function reflected(columns: readonly Float64Array[], y: Float64Array): readonly (readonly number[])[] | undefined {
  const n = y.length;
  const upper: number[][] = [];
  for (const [at, column] of columns.entries()) {
    const whole = Math.hypot(...column);
    const norm = Math.hypot(...column.subarray(at));
    // what is left of a column that follows from the others is rounding
    if (!(norm > 1e-9 * whole)) return undefined;
    const alpha = column[at]! > 0 ? -norm : norm;
    const v = Float64Array.from(column.subarray(at));
    v[0]! -= alpha;
    const scale = v.reduce((sum, each) => sum + each * each, 0);
    for (const target of [...columns.slice(at), y]) {
      let dot = 0;
      for (let row = at; row < n; row++) dot += v[row - at]! * target[row]!;
      for (let row = at; row < n; row++) target[row]! -= (2 * dot * v[row - at]!) / scale;
    }
    upper.push([...column.subarray(0, at), alpha]);
  }
  return upper;
}

function solved(upper: readonly (readonly number[])[], y: Float64Array, p: number): number[] {
  const found = Array.from({ length: p }, () => 0);
  for (let row = p - 1; row >= 0; row--) {
    let rest = y[row]!;
    for (let column = row + 1; column < p; column++) rest -= upper[column]![row]! * found[column]!;
    found[row] = rest / upper[row]![row]!;
  }
  return found;
}

/** Roots of the diagonal of (RᵀR)⁻¹: lengths of the rows of R⁻¹. */
function errorsOf(upper: readonly (readonly number[])[], p: number): number[] {
  const rows = Array.from({ length: p }, () => new Float64Array(p));
  for (let unit = 0; unit < p; unit++) {
    const image = new Float64Array(p);
    image[unit] = 1;
    for (const [row, value] of solved(upper, image, p).entries()) rows[row]![unit] = value;
  }
  return rows.map((row) => Math.hypot(...row));
}

/** Two-sided probability of Student's t: the regularised incomplete beta function at df ÷ (df + t²). */
export function twoSided(t: number, df: number): number {
  if (!Number.isFinite(t)) return Number.isNaN(t) ? Number.NaN : 0;
  return incompleteBeta(df / (df + t * t), df / 2, 0.5);
}

/** By its continued fraction (Lentz), which converges quickly below (a + 1) ÷ (a + b + 2). */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a;
  const tiny = 1e-300;
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let [c, d] = [1, 1 / away(1 - ((a + b) * x) / (a + 1))];
  let fraction = d;
  for (let step = 1; step <= 500; step++) {
    const even = (step * (b - step) * x) / ((a + 2 * step - 1) * (a + 2 * step));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + step) * (a + b + step) * x) / ((a + 2 * step) * (a + 2 * step + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return front * fraction;
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** Of the gamma function, for positive numbers. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const [first, ...terms] = LANCZOS;
  const sum = terms.reduce((all, term, at) => all + term / (x + at), first as number);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}
