/**
 * The revised NIOSH lifting equation, in cm and kg: Waters, Putz-Anderson, Garg, Applications Manual for the Revised NIOSH Lifting Equation, DHHS (NIOSH)
 * Publication 94-110, with its tables 1 to 7.
 */

export const COUPLINGS = ["good", "fair", "poor"] as const;
export type Coupling = (typeof COUPLINGS)[number];

export interface Lift {
  readonly weightKg: number;
  /** H: of the hands from the middle between the ankles. */
  readonly horizontalCm: number;
  /** V: of the hands above the floor at the origin. */
  readonly verticalCm: number;
  /** D: vertical travel. */
  readonly distanceCm: number;
  /** A: asymmetry. */
  readonly angleDeg: number;
  readonly coupling: Coupling;
  /** F: lifts a minute of one person. */
  readonly perMinute: number;
  /** Hours of lifting in the day. */
  readonly hours: number;
}

/** Load constant, kg. */
export const LOAD_CONSTANT = 23;
export const MULTIPLIERS = ["HM", "VM", "DM", "AM", "FM", "CM"] as const;
export type Multiplier = (typeof MULTIPLIERS)[number];

export interface LiftResult {
  readonly multipliers: Readonly<Record<Multiplier, number>>;
  /** Recommended weight limit, kg; 0 where a limit of the equation is exceeded. */
  readonly rwlKg: number;
  /** Lifting index; absent where the recommended weight limit is 0. */
  readonly li?: number;
  /** Frequency-independent: as if it were lifted rarely. */
  readonly firwlKg: number;
  readonly fili?: number;
}

/** Table 5: rows of lifts a minute, columns of hours (≤ 1, ≤ 2, ≤ 8), each below and from 75 cm. */
const FREQUENCY: readonly (readonly [perMinute: number, ...multipliers: readonly number[]])[] = [
  [0.2, 1, 1, 0.95, 0.95, 0.85, 0.85],
  [0.5, 0.97, 0.97, 0.92, 0.92, 0.81, 0.81],
  [1, 0.94, 0.94, 0.88, 0.88, 0.75, 0.75],
  [2, 0.91, 0.91, 0.84, 0.84, 0.65, 0.65],
  [3, 0.88, 0.88, 0.79, 0.79, 0.55, 0.55],
  [4, 0.84, 0.84, 0.72, 0.72, 0.45, 0.45],
  [5, 0.8, 0.8, 0.6, 0.6, 0.35, 0.35],
  [6, 0.75, 0.75, 0.5, 0.5, 0.27, 0.27],
  [7, 0.7, 0.7, 0.42, 0.42, 0.22, 0.22],
  [8, 0.6, 0.6, 0.35, 0.35, 0.18, 0.18],
  [9, 0.52, 0.52, 0.3, 0.3, 0, 0.15],
  [10, 0.45, 0.45, 0.26, 0.26, 0, 0.13],
  [11, 0.41, 0.41, 0, 0.23, 0, 0],
  [12, 0.37, 0.37, 0, 0.21, 0, 0],
  [13, 0, 0.34, 0, 0, 0, 0],
  [14, 0, 0.31, 0, 0, 0, 0],
  [15, 0, 0.28, 0, 0, 0, 0],
];
const LOW_CM = 75;

/** FM, between the rows of table 5 by interpolation. More than 8 hours is judged as 8. */
export function frequencyMultiplier(perMinute: number, hours: number, verticalCm: number): number {
  const column = 1 + (hours <= 1 ? 0 : hours <= 2 ? 2 : 4) + (verticalCm < LOW_CM ? 0 : 1);
  const above = FREQUENCY.findIndex(([rate]) => rate >= perMinute);
  if (above < 0) return 0;
  const [high, low] = [FREQUENCY[above]!, FREQUENCY[Math.max(0, above - 1)]!];
  // where lifting is not possible any more nothing is interpolated
  if (high[column] === 0) return 0;
  const share = high === low ? 0 : (perMinute - low[0]) / (high[0] - low[0]);
  return low[column]! + share * (high[column]! - low[column]!);
}

export function liftingIndex(lift: Lift): LiftResult {
  const { weightKg, horizontalCm: h, verticalCm: v, distanceCm: d, angleDeg: a, coupling, perMinute, hours } = lift;
  const multipliers = {
    HM: h > 63 ? 0 : h <= 25 ? 1 : 25 / h,
    VM: v < 0 || v > 175 ? 0 : 1 - 0.003 * Math.abs(v - LOW_CM),
    DM: d > 175 ? 0 : d <= 25 ? 1 : 0.82 + 4.5 / d,
    AM: a > 135 ? 0 : 1 - 0.0032 * a,
    FM: frequencyMultiplier(perMinute, hours, v),
    CM: coupling === "good" ? 1 : coupling === "poor" ? 0.9 : v < LOW_CM ? 0.95 : 1,
  };
  const { HM, VM, DM, AM, FM, CM } = multipliers;
  const firwlKg = LOAD_CONSTANT * HM * VM * DM * AM * CM;
  const rwlKg = firwlKg * FM;
  return {
    multipliers,
    rwlKg,
    ...(rwlKg > 0 && { li: weightKg / rwlKg }),
    firwlKg,
    ...(firwlKg > 0 && { fili: weightKg / firwlKg }),
  };
}

/** Composite lifting index of tasks that one person does in turn (table 7). Undefined where one of them has no index. */
export function compositeIndex(lifts: readonly Lift[]): number | undefined {
  const judged = lifts
    .map((lift) => ({ lift, ...liftingIndex(lift) }))
    .toSorted((a, b) => (b.li ?? Number.POSITIVE_INFINITY) - (a.li ?? Number.POSITIVE_INFINITY));
  let total = judged[0]?.li;
  for (let count = 2; count <= judged.length; count++) {
    const { fili } = judged[count - 1]!;
    const [before, now] = [count - 1, count].map((first) => 1 / togetherMultiplier(judged.slice(0, first).map(({ lift }) => lift)));
    if (total === undefined || fili === undefined || !Number.isFinite(now)) return undefined;
    total += fili * (now! - before!);
  }
  return total;
}

/** FM of tasks together; of two heights the stricter one. */
function togetherMultiplier(lifts: readonly Lift[]): number {
  const perMinute = lifts.reduce((sum, lift) => sum + lift.perMinute, 0);
  const hours = Math.max(...lifts.map((lift) => lift.hours));
  return Math.min(...lifts.map(({ verticalCm }) => frequencyMultiplier(perMinute, hours, verticalCm)));
}

/** Risk in four ranges: up to 1 nearly everybody may lift it (NIOSH), above 3 nearly nobody without risk; 2 divides what is between. */
export function rangeOfIndex(index: number | undefined): 1 | 2 | 3 | 4 {
  if (index === undefined || index > 3) return 4;
  return index <= 1 ? 1 : index <= 2 ? 2 : 3;
}
