import type { LineModel, StationModel, StopModel } from "../line/line-model.ts";
import type { Distribution } from "../random/distribution.ts";
import { meanOf } from "../random/sampler.ts";
import { quantileOfSorted } from "../statistics/summary.ts";
import { durationCandidates, isRefused, lifetimeCandidates } from "../random/candidate.ts";
import type { LineObservations, StationObservations, StopObservations } from "./observation.ts";
import { credibleInterval, scaled } from "./parameter.ts";
import type { Parameter, ParameterTarget, Posterior } from "./parameter.ts";

/** The nominal value counts as this many observations: enough to hold where there are none, little against ten. */
const PRIOR_WEIGHT = 2;
/** The planned mix counts as this many batches. */
const PRIOR_BATCHES = 4;
/** Hours in which something came, for a conveyor to be known. */
const HOURS_MIN = 5;
/** Fewer cycles of a product than this are pooled with the others through the nominal ratio. */
const CYCLES_MIN = 30;
const EMPIRICAL_POINTS = 201;

/**
 * Fits every parameter of the line that was observed, around the nominal model (P2, P8): family by Akaike's criterion, goodness of fit shown,
 * empirical fallback, posterior from the number of observations with the nominal value as weak prior. What was never observed keeps its
 * nominal value and says n = 0.
 */
export function fitLine(nominal: LineModel, observations: LineObservations): readonly Parameter[] {
  return [...fittedParts(nominal, observations)].flat();
}

/** What `fitLine` gives, some milliseconds of work at a time: a server answers others in between. */
export function* fittedParts(nominal: LineModel, observations: LineObservations): Generator<readonly Parameter[]> {
  const observed = new Map(observations.stations.map((station) => [station.station, station]));
  yield fitProgram(nominal, observations);
  for (const station of nominal.stations) yield fitStation(station, observed.get(station.id));
  for (const station of nominal.stations) yield fitTravel(station, observed);
}

/**
 * The mix as it came, against the plan as if it were a few batches more: what is planned in orders is often written down in other shares
 * than what is made in units. A run is at least one batch; a long one is several of the same product.
 */
function fitProgram(nominal: LineModel, observations: LineObservations): Parameter[] {
  const { program } = nominal;
  if (program?.kind !== "batches") return [];
  const source = nominal.stations.find(({ source }) => source?.program);
  const runs = observations.stations.find(({ station }) => station === source?.id)?.runs ?? [];
  if (!source || runs.length < 3) return [];
  const sizeOf = (entry: (typeof program.mix)[number]) => (entry.batchMin + entry.batchMax) / 2;
  const planned = program.mix.reduce((sum, entry) => sum + entry.share / sizeOf(entry), 0);
  const batches = program.mix.map((entry) => {
    const seen = runs
      .filter(({ product }) => product === entry.product)
      .reduce((sum, { n }) => sum + (n < entry.batchMin ? n / sizeOf(entry) : Math.max(1, n / sizeOf(entry))), 0);
    return { entry, seen, shape: seen + (PRIOR_BATCHES * entry.share) / sizeOf(entry) / planned };
  });
  const units = batches.reduce((sum, { entry, shape }) => sum + shape * sizeOf(entry), 0);
  return batches
    .filter(({ shape }) => shape > 0)
    .map(({ entry, seen, shape }) => {
      const target: ParameterTarget = { kind: "share", station: source.id, product: entry.product };
      const mean = (shape * sizeOf(entry)) / units;
      const n = Math.round(seen);
      return parameter(
        target,
        mean,
        { kind: "weight", shape },
        mean,
        n,
        n < 10,
        entry.share,
        `${n} of ${Math.round(runs.length)} runs seen; the plan weighs ${PRIOR_BATCHES} batches`,
      );
    });
}

/** The conveyor alone: hours in which everything queued are left out by taking a low quantile of the hourly least. */
function fitTravel(station: StationModel, observed: ReadonlyMap<string, StationObservations>): Parameter[] {
  const routes = [station.next, station.inspection?.reject].filter((route) => route !== undefined);
  return routes.flatMap((route) => {
    const least = observed.get(route.station)?.travel?.find(({ from }) => from === station.id)?.leastS ?? [];
    if (least.length < HOURS_MIN) return [];
    const seconds = quantileOfSorted(Float64Array.from(least).sort(), 0.1);
    const target: ParameterTarget = { kind: "travel", station: station.id, to: route.station };
    const fit = `least of ${least.length} hours, lowest tenth left out`;
    return [parameter(target, seconds, { kind: "fixed" }, seconds, least.length, false, route.travelS ?? 0, fit)];
  });
}

function fitStation(station: StationModel, observed: StationObservations | undefined): Parameter[] {
  const parameters = fitCycles(station, observed);
  for (const stop of station.stops ?? []) {
    const seen = observed?.stops.find((candidate) => candidate.stop === stop.id);
    parameters.push(
      fitBetween(station.id, stop.id, stop.between, seen),
      fitDuration({ kind: "stopDuration", station: station.id, stop: stop.id }, stop.duration, downtimes(stop, seen)),
    );
  }
  for (const setUp of station.setUps ?? []) {
    const seen = observed?.setUps.find((candidate) => candidate.attribute === setUp.attribute);
    parameters.push(fitDuration({ kind: "setUp", station: station.id, attribute: setUp.attribute }, setUp.time, seen?.valuesS ?? []));
  }
  for (const [index, nominalRate] of (station.inspection?.rejectByTry ?? []).entries()) {
    const seen = observed?.tries[index];
    parameters.push(
      fitProbability({ kind: "reject", station: station.id, tryNumber: index + 1 }, nominalRate, seen?.n ?? 0, seen?.rejected ?? 0),
    );
  }
  if (station.scrapProbability !== undefined) {
    parameters.push(
      fitProbability(
        { kind: "scrap", station: station.id },
        station.scrapProbability,
        observed?.scrapped?.n ?? 0,
        observed?.scrapped?.scrapped ?? 0,
      ),
    );
  }
  return parameters;
}

/** A model that has technicians makes the wait for them itself; one whose repairs go on in breaks takes those of its own. */
export function downtimes(stop: Pick<StopModel, "repairedBy" | "repairAlways">, seen: StopObservations | undefined): readonly number[] {
  if (stop.repairAlways && seen?.wholeRepairsS) return seen.wholeRepairsS;
  return (stop.repairedBy ? seen?.repairsS : undefined) ?? seen?.durationsS ?? [];
}

/** All products pooled as ratios to their nominal cycle, then each product with enough data by itself. */
function fitCycles(station: StationModel, observed: StationObservations | undefined): Parameter[] {
  const nominalOf = (product: string | undefined) =>
    (product === undefined ? undefined : station.cycle.byProduct?.[product]) ?? station.cycle.time;
  const products = new Set(Object.keys(station.cycle.byProduct ?? {}));
  const ratios: number[] = [];
  for (const { product, valuesS } of observed?.cycles ?? []) {
    const nominalMean = meanOf(nominalOf(product));
    for (const value of valuesS) ratios.push(value / nominalMean);
  }
  if (ratios.length === 0 && products.size === 0) return [fitUnwatchedCycle(station)];
  const base = meanOf(station.cycle.time);
  const parameters = [
    fitDuration(
      { kind: "cycle", station: station.id },
      station.cycle.time,
      ratios.map((ratio) => ratio * base),
      { isPooled: ratios.length > 0 && products.size > 0 },
    ),
  ];
  for (const product of [...products].sort()) {
    const values = observed?.cycles.find((candidate) => candidate.product === product)?.valuesS ?? [];
    const target: ParameterTarget = { kind: "cycle", station: station.id, product };
    const nominalMean = meanOf(nominalOf(product));
    if (values.length >= CYCLES_MIN) parameters.push(fitDuration(target, nominalOf(product), values));
    else
      parameters.push(
        fitDuration(
          target,
          nominalOf(product),
          ratios.map((ratio) => ratio * nominalMean),
          { isPooled: true },
        ),
      );
  }
  return parameters;
}

/** What a log states of a station that was never watched; an assumption where nothing does. */
function fitUnwatchedCycle({ id, cycle: { time, logged, isAssumed } }: StationModel): Parameter {
  const target: ParameterTarget = { kind: "cycle", station: id };
  if (logged !== undefined && logged.valuesS.length > 0)
    return { ...fitDuration(target, time, logged.valuesS, { n: logged.n }), basis: "log" };
  const nominal = fitDuration(target, time, []);
  return isAssumed === true ? { ...nominal, basis: "assumed", fit: "unknown: nothing states it" } : nominal;
}

function fitBetween(station: string, stop: string, nominal: Distribution, seen: StopObservations | undefined): Parameter {
  const target: ParameterTarget = { kind: "stopBetween", station, stop };
  const events = seen?.betweenS ?? [];
  const censored = seen?.censoredS ?? [];
  const nominalMean = meanOf(nominal);
  const exposure = [...events, ...censored].reduce((sum, value) => sum + value, 0);
  const shape = events.length + PRIOR_WEIGHT;
  const mean = (exposure + PRIOR_WEIGHT * nominalMean) / shape;
  const [best] = lifetimeCandidates(events, censored);
  const weibull = events.length >= 20 && best?.distribution.kind === "weibull" ? best.distribution : undefined;
  const value: Distribution = weibull
    ? { kind: "weibull", shape: weibull.shape, scale: (weibull.scale * mean) / meanOf(weibull) }
    : { kind: "exponential", mean };
  const fit =
    events.length === 0
      ? exposure > 0
        ? `no event in ${Math.round(exposure / 60)} min of operating time; nominal value weighs ${PRIOR_WEIGHT}`
        : "never observed; nominal"
      : `${value.kind}, ${events.length} events in ${Math.round(exposure / 60)} min of operating time, ${censored.length} censored, KS ${(best?.ks ?? Number.NaN).toFixed(3)}`;
  const fitted = parameter(target, value, { kind: "gamma", shape }, mean, events.length, events.length < 10, nominalMean, fit);
  return exposure > 0 ? { ...fitted, exposureS: exposure } : fitted;
}

/**
 * A positive duration: family by AIC, or the data themselves when no family fits; scaled so that the nominal value is a weak prior of the mean.
 * `n` is the number of observations where `values` are their quantiles.
 */
function fitDuration(
  target: ParameterTarget,
  nominal: Distribution,
  values: readonly number[],
  { isPooled = false, n = values.length }: { readonly isPooled?: boolean; readonly n?: number } = {},
): Parameter {
  const nominalMean = meanOf(nominal);
  if (n === 0)
    return parameter(target, nominal, { kind: "lognormal", sd: 0.1 }, nominalMean, 0, true, nominalMean, "never observed; nominal ± 10 %");
  const sum = values.reduce((total, value) => total + value, 0) * (n / values.length);
  const mean = (sum + PRIOR_WEIGHT * nominalMean) / (n + PRIOR_WEIGHT);
  const [best] = durationCandidates(values);
  if (!best) {
    const shape = nominal.kind === "constant" ? ({ kind: "constant", value: mean } as const) : scaledTo(nominal, mean);
    return parameter(
      target,
      shape,
      { kind: "lognormal", sd: spread(values, mean) / Math.sqrt(n + PRIOR_WEIGHT) },
      mean,
      n,
      true,
      nominalMean,
      `shape of the nominal value, ${n} observations`,
    );
  }
  const refused = isRefused(best, n);
  const family: Distribution = refused ? { kind: "empirical", values: quantiles(values), interpolate: true } : best.distribution;
  const value = scaledTo(family, mean);
  const fit = refused
    ? `no family fits (${best.distribution.kind} KS ${best.ks.toFixed(3)}, n ${n}): the observed distribution`
    : `${value.kind} by AIC, KS ${best.ks.toFixed(3)}, n ${n}`;
  return parameter(
    target,
    value,
    { kind: "lognormal", sd: Math.max(spread(values, mean), 0.02) / Math.sqrt(n + PRIOR_WEIGHT) },
    mean,
    n,
    isPooled || n < 10,
    nominalMean,
    fit,
  );
}

/** Beta posterior with the nominal probability as a prior of 20 parts. */
function fitProbability(target: ParameterTarget, nominal: number, n: number, hits: number): Parameter {
  const weight = 20;
  const a = hits + Math.max(nominal, 1e-4) * weight;
  const b = n - hits + (1 - Math.max(nominal, 1e-4)) * weight;
  const mean = a / (a + b);
  return parameter(
    target,
    mean,
    { kind: "beta", a, b },
    mean,
    n,
    n < 100,
    nominal,
    n === 0 ? "never observed; nominal" : `${hits} of ${n}`,
  );
}

function parameter(
  target: ParameterTarget,
  value: Distribution | number,
  posterior: Posterior,
  mean: number,
  n: number,
  pooled: boolean,
  nominal: number,
  fit: string,
): Parameter {
  return { target, value, posterior, mean, ...credibleInterval(mean, posterior), n, pooled, nominal, fit };
}

function scaledTo(distribution: Distribution, mean: number): Distribution {
  return scaled(distribution, mean / meanOf(distribution));
}

/** Coefficient of variation. */
function spread(values: readonly number[], mean: number): number {
  if (values.length < 2) return 0.5;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return Math.sqrt(variance) / mean;
}

function quantiles(values: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  return Array.from({ length: EMPIRICAL_POINTS }, (_, i) => quantileOfSorted(sorted, i / (EMPIRICAL_POINTS - 1)));
}
