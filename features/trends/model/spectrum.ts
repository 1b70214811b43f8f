/** What each stretch is weighted with before it is transformed. */
export const WINDOWS = ["hann", "blackman", "rectangular"] as const;
export type WindowName = (typeof WINDOWS)[number];

export interface Spectrum {
  /** Seconds between two values of the grid. */
  readonly stepS: number;
  /** Values of each stretch. */
  readonly length: number;
  /** Hz; half the rate of the grid. */
  readonly nyquist: number;
  /** Hz between two lines. */
  readonly resolution: number;
  /** Peak amplitude of a sine at each line, in the unit of the signal; the first one is one line above zero. */
  readonly amplitude: number[];
  /** Stretches that were averaged, and those left out because a part of them is not known. */
  readonly used: number;
  readonly leftOut: number;
}

/** Longest stretch, and fewest values that say anything. */
const [MAX_LENGTH, MIN_LENGTH] = [4_096, 32];

/** The length that gives several stretches to average, within bounds; undefined where there are too few values. */
export function lengthOf(count: number): number | undefined {
  const length = 2 ** Math.floor(Math.log2(Math.max(1, count / 2)));
  if (count >= MIN_LENGTH && length < MIN_LENGTH) return MIN_LENGTH;
  return length < MIN_LENGTH ? undefined : Math.min(MAX_LENGTH, length);
}

/**
 * Amplitudes by Welch: half overlapping stretches of an even grid, each without its mean and weighted with the window, transformed and averaged in power.
 * A stretch with a NaN in it is left out whole: no value is made up. Undefined where none is left.
 */
export function spectrumOf(values: Float64Array, stepS: number, window: WindowName, length: number): Spectrum | undefined {
  const weights = weightsOf(window, length);
  const gain = weights.reduce((sum, weight) => sum + weight, 0);
  const power = new Float64Array(length / 2);
  const [real, imaginary] = [new Float64Array(length), new Float64Array(length)];
  let [used, leftOut] = [0, 0];
  for (let start = 0; start + length <= values.length; start += length / 2) {
    const mean = meanOf(values, start, length);
    if (Number.isNaN(mean)) {
      leftOut++;
      continue;
    }
    for (let at = 0; at < length; at++) {
      real[at] = (values[start + at]! - mean) * weights[at]!;
      imaginary[at] = 0;
    }
    transform(real, imaginary);
    for (let line = 1; line <= length / 2; line++) power[line - 1] = power[line - 1]! + real[line]! ** 2 + imaginary[line]! ** 2;
    used++;
  }
  if (used === 0) return undefined;
  // the line at half the rate has no mirror
  const amplitude = Array.from(power, (sum, line) => (Math.sqrt(sum / used) / gain) * (line === length / 2 - 1 ? 1 : 2));
  const rate = 1 / stepS;
  return { stepS, length, nyquist: rate / 2, resolution: rate / length, amplitude, used, leftOut };
}

/** NaN where one of them is. */
function meanOf(values: Float64Array, start: number, length: number): number {
  let sum = 0;
  for (let at = start; at < start + length; at++) sum += values[at]!;
  return sum / length;
}

function weightsOf(window: WindowName, length: number): Float64Array {
  const turn = (at: number): number => (2 * Math.PI * at) / length;
  return Float64Array.from({ length }, (_, at) => {
    if (window === "hann") return 0.5 - 0.5 * Math.cos(turn(at));
    if (window === "blackman") return 0.42 - 0.5 * Math.cos(turn(at)) + 0.08 * Math.cos(2 * turn(at));
    return 1;
  });
}

/** Fast Fourier transform in place, of a power of two. */
export function transform(real: Float64Array, imaginary: Float64Array): void {
  const count = real.length;
  for (let at = 1, mirrored = 0; at < count; at++) {
    let bit = count >> 1;
    for (; mirrored & bit; bit >>= 1) mirrored ^= bit;
    mirrored ^= bit;
    if (at < mirrored) {
      [real[at], real[mirrored]] = [real[mirrored]!, real[at]!];
      [imaginary[at], imaginary[mirrored]] = [imaginary[mirrored]!, imaginary[at]!];
    }
  }
  for (let size = 2; size <= count; size <<= 1) butterflies(real, imaginary, size);
}

function butterflies(real: Float64Array, imaginary: Float64Array, size: number): void {
  const half = size >> 1;
  const angle = (-2 * Math.PI) / size;
  for (let k = 0; k < half; k++) {
    const [cos, sin] = [Math.cos(angle * k), Math.sin(angle * k)];
    for (let start = k; start < real.length; start += size) {
      const other = start + half;
      const [re, im] = [real[other]! * cos - imaginary[other]! * sin, real[other]! * sin + imaginary[other]! * cos];
      real[other] = real[start]! - re;
      imaginary[other] = imaginary[start]! - im;
      real[start] = real[start]! + re;
      imaginary[start] = imaginary[start]! + im;
    }
  }
}
