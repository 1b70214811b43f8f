/** Share of a normal distribution below `z` (Abramowitz and Stegun 7.1.26 is not enough for tails: a continued fraction beyond 3). */
export function normalShareBelow(z: number): number {
  if (z > 0) return 1 - normalShareBelow(-z);
  const x = -z;
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x > 3) {
    let fraction = x;
    for (let term = 60; term >= 1; term--) fraction = x + term / fraction;
    return density / fraction;
  }
  // 1/2 − φ(x)·Σ x^(2k+1)/(1·3·5…(2k+1))
  let [term, sum] = [x, x];
  for (let k = 1; k < 60; k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return 0.5 - density * sum;
}

export function normalDensity(value: number, mean: number, sd: number): number {
  const z = (value - mean) / sd;
  return Math.exp((-z * z) / 2) / (sd * Math.sqrt(2 * Math.PI));
}

/** Two-sided 95 % quantile of Student's t; degrees of freedom need not be whole. */
export function studentT95(degrees: number): number {
  if (!(degrees > 0)) return Number.NaN;
  let [low, high] = [0, 1];
  while (studentShareBelow(high, degrees) < 0.975 && high < 1e6) high *= 2;
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (studentShareBelow(middle, degrees) < 0.975) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function studentShareBelow(t: number, degrees: number): number {
  return 1 - incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
}

/** Regularised incomplete beta function by Lentz's continued fraction. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x)) / a;
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny);
  let fraction = d;
  for (let m = 1; m <= 300; m++) {
    for (const numerator of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / (1 + numerator * d || tiny);
      c = 1 + numerator / c || tiny;
      fraction *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-14) break;
  }
  return front * fraction;
}

/** Lanczos. */
function logGamma(x: number): number {
  const g = [76.18009172947146, -86.50532032941678, 24.01409824083091, -1.231739572450155, 0.1208650973866179e-2, -0.5395239384953e-5];
  const base = x + 5.5 - (x + 0.5) * Math.log(x + 5.5);
  const sum = g.reduce((total, each, at) => total + each / (x + 1 + at), 1.000000000190015);
  return -base + Math.log((Math.sqrt(2 * Math.PI) * sum) / x);
}
