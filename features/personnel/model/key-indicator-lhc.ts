/**
 * Key Indicator Method for lifting, holding and carrying (KIM-LHC), BAuA 2019. Points of working conditions and work organisation are read off the sheet by
 * whoever assesses; everything else is decided here.
 */

export const POPULATIONS = ["women", "men"] as const;
export type Population = (typeof POPULATIONS)[number];

/** Points of the pictures of postures at the beginning and end of a lift. */
export const POSTURE_POINTS = [0, 3, 5, 7, 9, 10, 13, 15, 18, 20] as const;

export interface LhcTask {
  readonly weightKg: number;
  readonly population: Population;
  /** Lifts of one person in the working day. */
  readonly perDay: number;
  /** 0 symmetrical with both hands, 2 temporarily, 4 mainly with one hand or unevenly. */
  readonly handling: number;
  readonly posture: number;
  /** Trunk twisted or bent sideways: 0, 1 now and then, 3 often. */
  readonly twisted: number;
  /** Load or hands away from the body: 0, 1, 3. */
  readonly away: number;
  /** Arms raised, hands between elbow and shoulder: 0, 0.5, 1. */
  readonly raised: number;
  /** Hands above the shoulders: 0, 1, 2. */
  readonly overhead: number;
  readonly conditions: number;
  readonly organisation: number;
}

export const LHC_FACTORS = ["weight", "handling", "posture", "conditions", "organisation"] as const;
export type LhcFactor = (typeof LHC_FACTORS)[number];

export interface LhcResult {
  readonly timeRating: number;
  readonly points: Readonly<Record<LhcFactor, number>>;
  readonly score: number;
}

/** Up to so many times a working day. */
const TIME: readonly (readonly [perDay: number, rating: number])[] = [
  [5, 1],
  [20, 1.5],
  [50, 2],
  [100, 2.5],
  [150, 3],
  [220, 3.5],
  [300, 4],
  [500, 5],
  [750, 6],
  [1_000, 7],
  [1_500, 8],
  [2_000, 9],
  [2_500, 10],
];

/** Up to so many kilograms. */
const LOAD: readonly (readonly [kg: number, men: number, women: number])[] = [
  [5, 4, 6],
  [10, 6, 9],
  [15, 8, 12],
  [20, 11, 25],
  [25, 15, 75],
  [30, 25, 85],
  [35, 35, 100],
  [40, 75, 100],
  [Number.POSITIVE_INFINITY, 100, 100],
];

/** The method is for loads from here on. */
export const LHC_FROM_KG = 3;
const MAX_ADDITIONAL = 6;

export function keyIndicatorLhc(task: LhcTask): LhcResult {
  const { weightKg, population, perDay, handling, posture, twisted, away, raised, overhead, conditions, organisation } = task;
  const [, men, women] = LOAD.find(([kg]) => weightKg <= kg)!;
  const points = {
    weight: population === "men" ? men : women,
    handling,
    posture: posture + Math.min(MAX_ADDITIONAL, twisted + away + raised + overhead),
    conditions,
    organisation,
  };
  const timeRating = (TIME.find(([count]) => perDay <= count) ?? TIME.at(-1)!)[1];
  return { timeRating, points, score: timeRating * Object.values(points).reduce((sum, each) => sum + each, 0) };
}

/** Risk range of the sheet: below 20, 50, 100, and from 100 on. */
export function rangeOfScore(score: number): 1 | 2 | 3 | 4 {
  return score < 20 ? 1 : score < 50 ? 2 : score < 100 ? 3 : 4;
}
