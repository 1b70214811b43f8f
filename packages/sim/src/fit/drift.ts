import { normalQuantile } from "../random/special-function.ts";
import type { LineObservations, StationObservations, StopObservations } from "./observation.ts";

/** A parameter that has lately been another one. */
export interface Drift {
  readonly station: string;
  readonly kind: "cycle" | "stopRate" | "stopDuration" | "reject";
  /** Stop, product, or number of the try. */
  readonly of: string;
  /** Means: seconds, operating seconds between stops, or a share. */
  readonly before: number;
  readonly recent: number;
  /** Recent values, or events. */
  readonly n: number;
}

/** Standard errors apart: among a hundred parameters that have not changed, one is named every second time. */
const CLEAR = 2.8;
/** Least change worth a new fit, as a ratio: of rates and shares, of durations, of cycle times. */
const RATIO = { stopRate: 1.2, reject: 1.2, stopDuration: 1.2, cycle: 1.02 } as const;
const LEAST = 10;

/** How many standard errors are clear, and how many parameters were asked so far. */
interface Asking {
  readonly clear: number;
  asked: number;
}

/** What a comparison of two times of one plant found. */
export interface DriftFound {
  readonly drifts: readonly Drift[];
  /** Parameters with data enough on both sides to be asked. */
  readonly asked: number;
}

/**
 * Whether a fit still describes the plant: everything observed, against the part of it that is newer than the fit. `falseAlarms` is the
 * probability that a plant in which nothing has changed is called another one, over all its parameters together (Bonferroni).
 */
export function driftSince(all: LineObservations, since: LineObservations, falseAlarms = 0.05): DriftFound {
  const counting: Asking = { clear: Infinity, asked: 0 };
  compare(all, since, counting);
  const { asked } = counting;
  if (asked === 0) return { drifts: [], asked };
  return { drifts: compare(all, since, { clear: normalQuantile(1 - falseAlarms / (2 * asked)), asked: 0 }).drifts, asked };
}

/**
 * What has changed, and the observations to fit from: where a parameter has drifted only the recent ones, since the older describe another
 * plant; all of them elsewhere. `recent` are those of the last shifts and are part of `all`.
 */
export function sinceDrift(
  all: LineObservations,
  recent: LineObservations,
): { readonly observations: LineObservations; readonly drifts: readonly Drift[] } {
  return compare(all, recent, { clear: CLEAR, asked: 0 });
}

function compare(
  all: LineObservations,
  recent: LineObservations,
  asking: Asking,
): { readonly observations: LineObservations; readonly drifts: readonly Drift[] } {
  const lately = new Map(recent.stations.map((station) => [station.station, station]));
  const drifts: Drift[] = [];
  const stations = all.stations.map((station) => {
    const own = lately.get(station.station);
    return own ? sinceDriftOf(station, own, drifts, asking) : station;
  });
  return { observations: { stations }, drifts };
}

function sinceDriftOf(all: StationObservations, recent: StationObservations, drifts: Drift[], asking: Asking): StationObservations {
  const { station } = all;
  const note = (kind: Drift["kind"], of: string, before: number, now: number, n: number): void => {
    drifts.push({ station, kind, of, before, recent: now, n });
  };
  const cycles = all.cycles.map((entry) => {
    const own = recent.cycles.find(({ product }) => product === entry.product);
    const found = own && shifted(entry.valuesS, own.valuesS, RATIO.cycle, asking);
    if (!found) return entry;
    note("cycle", entry.product, found.before, found.recent, own.valuesS.length);
    return own;
  });
  const stops = all.stops.map((entry) => {
    const own = recent.stops.find(({ stop }) => stop === entry.stop);
    return own ? stopSinceDrift(entry, own, note, asking) : entry;
  });
  const tries = all.tries.map((entry, index) => {
    const own = recent.tries[index];
    if (!own || own.rejected < 1 || entry.rejected < LEAST) return entry;
    const found = rates(entry.rejected, entry.n, own.rejected, own.n, RATIO.reject, asking);
    if (!found) return entry;
    note("reject", String(index + 1), found.before, found.recent, own.rejected);
    return own;
  });
  return { ...all, cycles, stops, tries };
}

function stopSinceDrift(
  all: StopObservations,
  recent: StopObservations,
  note: (kind: Drift["kind"], of: string, before: number, recent: number, n: number) => void,
  asking: Asking,
): StopObservations {
  const exposure = (stops: StopObservations) => [...stops.betweenS, ...stops.censoredS].reduce((sum, value) => sum + value, 0);
  const often =
    all.betweenS.length >= LEAST &&
    rates(all.betweenS.length, exposure(all), recent.betweenS.length, exposure(recent), RATIO.stopRate, asking);
  if (often) note("stopRate", all.stop, 1 / often.before, 1 / often.recent, recent.betweenS.length);
  const long = shifted(all.durationsS, recent.durationsS, RATIO.stopDuration, asking);
  if (long) note("stopDuration", all.stop, long.before, long.recent, recent.durationsS.length);
  return {
    ...all,
    ...(often ? { betweenS: recent.betweenS, censoredS: recent.censoredS } : {}),
    ...(long ? { durationsS: recent.durationsS, repairsS: recent.repairsS, wholeRepairsS: recent.wholeRepairsS } : {}),
  };
}

/** Events in exposures: given how many there were in all, those of the recent part are binomial when nothing has changed. */
function rates(
  all: number,
  exposure: number,
  recent: number,
  recentExposure: number,
  ratio: number,
  asking: Asking,
): Pick<Drift, "before" | "recent"> | undefined {
  const earlier = exposure - recentExposure;
  if (!(earlier > 0) || !(recentExposure > 0) || all - recent < 1 || recent < 1) return undefined;
  const share = recentExposure / exposure;
  // Fewer say nothing, and leave nothing to fit from.
  if (all * share < LEAST) return undefined;
  asking.asked++;
  const z = (recent - all * share) / Math.sqrt(all * share * (1 - share));
  const [before, now] = [(all - recent) / earlier, recent / recentExposure];
  return Math.abs(z) > asking.clear && Math.max(before / now, now / before) >= ratio ? { before, recent: now } : undefined;
}

/** Means of two samples, with Welch's error: the older one may well spread more. */
function shifted(
  all: readonly number[],
  recent: readonly number[],
  ratio: number,
  asking: Asking,
): Pick<Drift, "before" | "recent"> | undefined {
  const n = all.length - recent.length;
  if (n < LEAST || recent.length < LEAST) return undefined;
  asking.asked++;
  const now = moments(recent);
  const whole = moments(all);
  const before = (whole.sum - now.sum) / n;
  const mean = now.sum / recent.length;
  const variance = (squares: number, about: number, count: number) => Math.max(0, squares - count * about ** 2) / (count - 1);
  const error = Math.sqrt(
    variance(now.squares, mean, recent.length) / recent.length + variance(whole.squares - now.squares, before, n) / n,
  );
  return Math.abs(mean - before) > asking.clear * error && Math.max(before / mean, mean / before) >= ratio
    ? { before, recent: mean }
    : undefined;
}

function moments(values: readonly number[]): { readonly sum: number; readonly squares: number } {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return { sum, squares };
}
