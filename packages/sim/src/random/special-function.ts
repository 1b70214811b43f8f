import { exp, log, pow, sin } from "./portable-math.ts";

/** Inverse of the standard normal distribution, 16 digits (Wichura 1988, algorithm AS 241 PPND16). */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (q <= 0.425 && q >= -0.425) {
    const r = 0.180625 - q * q;
    return (
      (q *
        (((((((r * 2509.0809287301226727 + 33430.575583588128105) * r + 67265.770927008700853) * r + 45921.953931549871457) * r +
          13731.693765509461125) *
          r +
          1971.5909503065514427) *
          r +
          133.14166789178437745) *
          r +
          3.387132872796366608)) /
      (((((((r * 5226.495278852545925 + 28729.085735721942674) * r + 39307.89580009271061) * r + 21213.794301586595867) * r +
        5394.1960214247511077) *
        r +
        687.1870074920579083) *
        r +
        42.313330701600911252) *
        r +
        1)
    );
  }
  let r = q < 0 ? p : 1 - p;
  if (!(r > 0)) return q < 0 ? -Infinity : Infinity;
  r = Math.sqrt(-log(r));
  let value;
  if (r <= 5) {
    r -= 1.6;
    value =
      (((((((r * 7.7454501427834140764e-4 + 0.0227238449892691845833) * r + 0.24178072517745061177) * r + 1.27045825245236838258) * r +
        3.64784832476320460504) *
        r +
        5.7694972214606914055) *
        r +
        4.6303378461565452959) *
        r +
        1.42343711074968357734) /
      (((((((r * 1.05075007164441684324e-9 + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r + 0.14810397642748007459) * r +
        0.68976733498510000455) *
        r +
        1.6763848301838038494) *
        r +
        2.05319162663775882187) *
        r +
        1);
  } else {
    r -= 5;
    value =
      (((((((r * 2.01033439929228813265e-7 + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r + 0.026532189526576123093) * r +
        0.29656057182850489123) *
        r +
        1.7848265399172913358) *
        r +
        5.4637849111641143699) *
        r +
        6.6579046435011037772) /
      (((((((r * 2.04426310338993978564e-15 + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r +
        0.0148753612908506148525) *
        r +
        0.13692988092273580531) *
        r +
        0.59983220655588793769) *
        r +
        1);
  }
  return q < 0 ? -value : value;
}

/** Standard normal distribution function, through the incomplete gamma function of ½ (both tails to full relative precision). */
export function normalDistribution(x: number): number {
  const half = 0.5 * x * x;
  const upper = 0.5 * gammaUpper(0.5, half);
  return x > 0 ? 1 - upper : upper;
}

/** Logarithm of the gamma function for x > 0 (Lanczos, g = 7, nine terms, about 15 digits). */
export function logGamma(x: number): number {
  if (x < 0.5) return log(Math.PI / sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1;
  let sum = 0.99999999999980993227684700473478;
  for (let i = 0; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (z + i + 1);
  const t = z + 7.5;
  return 0.91893853320467274178 + (z + 0.5) * log(t) - t + log(sum);
}

const LANCZOS = [
  676.520368121885098567009190444019, -1259.13921672240287047156078755283, 771.3234287776530788486528258894,
  -176.61502916214059906584551354, 12.507343278686904814458936853, -0.13857109526572011689554707, 9.984369578019570859563e-6,
  1.50563273514931155834e-7,
];

/** Regularised lower incomplete gamma function P(a, x). */
export function gammaLower(a: number, x: number): number {
  if (x <= 0) return 0;
  return x < a + 1 ? series(a, x) : 1 - fraction(a, x);
}

/** Regularised upper incomplete gamma function Q(a, x) = 1 − P(a, x). */
export function gammaUpper(a: number, x: number): number {
  if (x <= 0) return 1;
  return x < a + 1 ? 1 - series(a, x) : fraction(a, x);
}

/** x with P(a, x) = p: Wilson and Hilferty's start, Halley steps (after Press et al., third edition, 6.2.1). */
export function gammaQuantile(a: number, p: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return Infinity;
  const lg = logGamma(a);
  const lowerTail = p < 0.5;
  let x: number;
  if (a > 1) {
    const z = normalQuantile(p);
    const c = 1 - 1 / (9 * a) + z / (3 * Math.sqrt(a));
    x = Math.max(1e-3 * a, a * c * c * c);
    // far in the lower tail the leading term of the series is the better start
    if (c <= 0.2) x = exp((log(p) + lg + log(a)) / a);
  } else {
    const t = 1 - a * (0.253 + a * 0.12);
    x = p < t ? pow(p / t, 1 / a) : 1 - log(1 - (p - t) / (1 - t));
  }
  for (let step = 0; step < 24; step++) {
    if (x <= 0) return 0;
    const error = lowerTail ? gammaLower(a, x) - p : 1 - p - gammaUpper(a, x);
    const density = exp(-x + (a - 1) * log(x) - lg);
    if (density === 0) return x;
    const u = error / density;
    const move = u / (1 - 0.5 * Math.min(1, u * ((a - 1) / x - 1)));
    const before = x;
    x -= move;
    if (x <= 0) x = 0.5 * before;
    if (Math.abs(x - before) < 1e-14 * x) break;
  }
  return x;
}

function series(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = a + 1; term > sum * 1e-17; n++) {
    term *= x / n;
    sum += term;
  }
  return sum * exp(-x + a * log(x) - logGamma(a));
}

/** Lentz's method. */
function fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 10000; i++) {
    const an = -i * (i - a);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < 1e-300) d = 1e-300;
    c = b + an / c;
    if (Math.abs(c) < 1e-300) c = 1e-300;
    d = 1 / d;
    const factor = d * c;
    h *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return h * exp(-x + a * log(x) - logGamma(a));
}
