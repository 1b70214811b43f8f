/**
 * exp, log, pow, sin, cos from additions, multiplications, divisions and bit patterns alone, which IEEE 754 makes identical in every
 * engine; the built-in functions may differ in the last bit between engines and versions and would break trace hashes.
 * Polynomials and reductions are those of FreeBSD msun (fdlibm; Sun Microsystems 1993), errors below 1 ulp for exp, log, sin, cos.
 */

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
float[0] = 1;
/** Index of the high word on this machine. */
const HIGH = words[1] === 0x3ff00000 ? 1 : 0;
const LOW = 1 - HIGH;

const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;

/** Natural logarithm; −∞ at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  let exponent = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984;
    exponent = -54;
  }
  float[0] = x;
  let high = words[HIGH]!;
  exponent += (high >>> 20) - 1023;
  high &= 0xfffff;
  const shift = (high + 0x95f64) & 0x100000;
  words[HIGH] = high | (shift ^ 0x3ff00000);
  exponent += shift >>> 20;
  const f = float[0]! - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const odd = z * (6.66666666666673513e-1 + w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const half = 0.5 * f * f;
  return exponent * LN2_HIGH - (half - (s * (half + (even + odd)) + exponent * LN2_LOW) - f);
}

/** e to the power x. */
export function exp(x: number): number {
  if (x !== x) return x;
  if (x > 709.782712893383973096) return Infinity;
  if (x < -745.13321910194110842) return 0;
  const k = Math.floor(x * 1.442695040888963387 + 0.5);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 + t * (6.61375632143793436117e-5 + t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))));
  const y = 1 - (low - (r * c) / (2 - c) - high);
  return scale(y, k);
}

/** x to the power y for x > 0 (0 for x = 0 and y > 0), within 1e-13 relative for results of ordinary size. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (x === 0) return y > 0 ? 0 : Infinity;
  if (y === 1) return x;
  if (y === 2) return x * x;
  return exp(y * log(x));
}

/** Sine, for |x| up to about 1e6. */
export function sin(x: number): number {
  const [quarter, high, low] = reduce(x);
  const value = quarter & 1 ? kernelCos(high, low) : kernelSin(high, low);
  return quarter & 2 ? -value : value;
}

/** Cosine, for |x| up to about 1e6. */
export function cos(x: number): number {
  const [quarter, high, low] = reduce(x);
  const value = quarter & 1 ? kernelSin(high, low) : kernelCos(high, low);
  return (quarter + 1) & 2 ? -value : value;
}

function scale(y: number, k: number): number {
  if (k > 1023) return scale(y * 8.98846567431158e307, k - 1023);
  if (k < -1022) return scale(y * 2.2250738585072014e-308, k + 1022);
  words[HIGH] = (k + 1023) << 20;
  words[LOW] = 0;
  return y * float[0]!;
}

/** x − quarter·π/2 as high + low, in three parts of π/2 (Cody and Waite). */
function reduce(x: number): [number, number, number] {
  const n = Math.floor(x * 6.36619772367581382433e-1 + 0.5);
  const first = x - n * 1.57079632673412561417;
  const w1 = n * 6.0771005063039659766e-11;
  const second = first - w1;
  const w2 = n * 2.02226624879595063154e-21 + (w1 - (first - second));
  const high = second - w2;
  return [n & 3, high, second - high - w2];
}

function kernelSin(x: number, y: number): number {
  const z = x * x;
  const v = z * x;
  const r =
    8.33333333332248946124e-3 +
    z * (-1.98412698298579493134e-4 + z * (2.75573137070700676789e-6 + z * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10)));
  return x - (z * (0.5 * y - v * r) - y + v * 1.66666666666666324348e-1);
}

function kernelCos(x: number, y: number): number {
  const z = x * x;
  const r =
    z *
    (4.16666666666666019037e-2 +
      z *
        (-1.38888888888741095749e-3 +
          z *
            (2.48015872894767294178e-5 +
              z * (-2.75573143513906633035e-7 + z * (2.0875723212981748279e-9 + z * -1.13596475577881948265e-11)))));
  const half = 0.5 * z;
  const w = 1 - half;
  return w + (1 - w - half + (z * r - x * y));
}
