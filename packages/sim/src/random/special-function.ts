import { exp, log, pow, sin } from "./portable-math.ts";

/** Inverse of the standard normal distribution, 16 digits (Wichura 1988, algorithm AS 241 PPND16). */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (q <= 0.425 && q >= -0.425) {
    const r = 0.180625 - q * q;
    return (
      (q *
        (((((((r * 2509.0809287301227 + 33430.57558358813) * r + 67265.7709270087) * r + 45921.95393154987) * r + 13731.69376550946) * r +
          1971.5909503065513) *
          r +
          133.14166789178438) *
          r +
          3.3871328727963665)) /
      (((((((r * 5226.495278852546 + 28729.085735721943) * r + 39307.89580009271) * r + 21213.794301586597) * r + 5394.196021424751) * r +
        687.1870074920579) *
        r +
        42.31333070160091) *
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
      (((((((r * 0.0007745450142783414 + 0.022723844989269184) * r + 0.2417807251774506) * r + 1.2704582524523684) * r +
        3.6478483247632045) *
        r +
        5.769497221460691) *
        r +
        4.630337846156546) *
        r +
        1.4234371107496835) /
      (((((((r * 1.0507500716444169e-9 + 0.0005475938084995345) * r + 0.015198666563616457) * r + 0.14810397642748008) * r +
        0.6897673349851) *
        r +
        1.6763848301838038) *
        r +
        2.053191626637759) *
        r +
        1);
  } else {
    r -= 5;
    value =
      (((((((r * 2.0103343992922881e-7 + 0.000027115555687434876) * r + 0.0012426609473880784) * r + 0.026532189526576124) * r +
        0.29656057182850487) *
        r +
        1.7848265399172913) *
        r +
        5.463784911164114) *
        r +
        6.657904643501103) /
      (((((((r * 2.0442631033899397e-15 + 1.421511758316446e-7) * r + 0.000018463183175100548) * r + 0.0007868691311456133) * r +
        0.014875361290850615) *
        r +
        0.1369298809227358) *
        r +
        0.599832206555888) *
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
  let sum = 0.9999999999998099;
  for (let i = 0; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (z + i + 1);
  const t = z + 7.5;
  return 0.9189385332046728 + (z + 0.5) * log(t) - t + log(sum);
}

const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905, -0.13857109526572012,
  0.000009984369578019572, 1.5056327351493116e-7,
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
