import { predictionQuantile, sampleQuantile } from "./summary.ts";

/** One forecast that reality has answered: the ensemble of replications and what came. `reference` = the naive forecasts (last ten like periods). */
export interface ScoredForecast {
  readonly ensemble: readonly number[];
  readonly realised: number;
  readonly reference: readonly number[];
}

/** P4. Bias = mean of (forecast mean − realised): the median of a skewed forecast misses on purpose. The absolute error is that of the median. Skill = 1 − CRPS ÷ CRPS of the reference; NaN without one. */
export interface ForecastScore {
  readonly n: number;
  readonly bias: number;
  readonly meanAbsoluteError: number;
  readonly crps: number;
  readonly coverage90: number;
  readonly skill: number;
}

export function scoreForecasts(forecasts: readonly ScoredForecast[]): ForecastScore {
  const n = forecasts.length;
  if (n === 0) return { n, bias: Number.NaN, meanAbsoluteError: Number.NaN, crps: Number.NaN, coverage90: Number.NaN, skill: Number.NaN };
  let bias = 0;
  let absolute = 0;
  let crpsSum = 0;
  let covered = 0;
  let withReference = 0;
  let crpsWithReference = 0;
  let crpsReference = 0;
  for (const { ensemble, realised, reference } of forecasts) {
    bias += ensemble.reduce((sum, value) => sum + value, 0) / ensemble.length - realised;
    absolute += Math.abs(sampleQuantile(ensemble, 0.5) - realised);
    const score = crps(ensemble, realised);
    crpsSum += score;
    if (realised >= predictionQuantile(ensemble, 0.05) && realised <= predictionQuantile(ensemble, 0.95)) covered++;
    if (reference.length < 2) continue;
    withReference++;
    crpsWithReference += score;
    crpsReference += crps(reference, realised);
  }
  const skill = withReference === 0 || crpsReference === 0 ? Number.NaN : 1 - crpsWithReference / crpsReference;
  return { n, bias: bias / n, meanAbsoluteError: absolute / n, crps: crpsSum / n, coverage90: covered / n, skill };
}

/** Continuous ranked probability score of an ensemble, fair version (Ferro 2014): E|X − y| − ½·E|X − X′| over distinct members. */
export function crps(ensemble: readonly number[], realised: number): number {
  const n = ensemble.length;
  if (n === 0) return Number.NaN;
  const sorted = [...ensemble].sort((a, b) => a - b);
  let distance = 0;
  let spread = 0;
  for (let i = 0; i < n; i++) {
    distance += Math.abs(sorted[i]! - realised);
    spread += sorted[i]! * (2 * i - n + 1);
  }
  return distance / n - (n > 1 ? spread / (n * (n - 1)) : 0);
}
