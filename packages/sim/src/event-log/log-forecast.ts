import { SECOND } from "@doppelwerk/world/instant";
import { prepareFlow, runFlow } from "../components/flow-run.ts";
import type { FlowComponent, FlowModel } from "../components/flow-model.ts";
import { type ForecastScore, type ScoredForecast, scoreForecasts } from "../statistics/forecast-score.ts";
import { predictionQuantile, sampleQuantile } from "../statistics/summary.ts";
import type { EventLog } from "./event-log.ts";
import { factsOf, type LogFacts, stationsOf, wayFrom } from "./log-line.ts";

/** A forecast of visits that end within a period, made from what the log told before it, and what came. */
export interface LogForecastPoint {
  readonly origin: number;
  readonly low: number;
  readonly mid: number;
  readonly high: number;
  /** Absent for the period after the log. */
  readonly realised?: number;
  /** Mean of the periods before it, at most four: the forecast to beat. */
  readonly naive: number;
}

export interface LogForecast {
  readonly periodS: number;
  readonly score: ForecastScore;
  readonly points: readonly LogForecastPoint[];
  /** The period after the end of the log. */
  readonly ahead: LogForecastPoint | undefined;
}

export interface LogForecastOptions {
  readonly periodS: number;
  readonly replications: number;
  readonly seed: number;
}

const NAIVE_PERIODS = 4;
/** Periods before the first origin: a line needs something to stand on. */
const TRAINING_PERIODS = 4;
/** And before those that are scored: forecasts whose errors correct the first of them. */
const CALIBRATION_PERIODS = 2;
const MAX_EVENTS = 20_000_000;

/** Forecasts that are scored at most, the latest ones: a log of years in hours has more than anyone looks at. */
const MAX_SCORED = 200;
const WEEK_S = 604_800;

/** A week, or what cuts the log into about twelve periods where it is not weeks long; of a log of years as many weeks as leave some sixty. */
export function periodOf(log: EventLog): number {
  const spanS = (log.visits.reduce((last, { end }) => Math.max(last, end), 0) - log.visits[0]!.start) / SECOND;
  if (spanS / WEEK_S > 60) return [4, 13, 52].map((weeks) => weeks * WEEK_S).find((length) => spanS / length <= 60) ?? spanS / 60;
  return [WEEK_S, 86_400, 28_800, 3_600, 600, 60].find((length) => spanS / length >= 8) ?? Math.max(1, spanS / 12);
}

/**
 * Rolling origin (P4): at the end of each period a line is made from the visits before it, started from the cases that were under way, and run
 * over the next one. What is forecast is the number of visits that end: when a case has ended no log says for sure.
 */
export function forecastOfLog(log: EventLog, { periodS, replications, seed }: LogForecastOptions): LogForecast {
  const first = log.visits[0]!.start;
  const last = log.visits.reduce((latest, { end }) => Math.max(latest, end), 0);
  const period = Math.round(periodS * SECOND);
  const periods = Math.floor((last - first) / period);
  const realised = Array.from(
    { length: periods },
    (_, i) => log.visits.filter(({ end }) => end > first + i * period && end <= first + (i + 1) * period).length,
  );
  const scored: ScoredForecast[] = [];
  const points: LogForecastPoint[] = [];
  const past: Answered[] = [];
  let ahead: LogForecastPoint | undefined;
  const scoredFrom = Math.max(Math.min(TRAINING_PERIODS, Math.max(1, periods - 2)), periods - MAX_SCORED);
  for (let i = Math.max(1, scoredFrom - CALIBRATION_PERIODS); i <= periods; i++) {
    const origin = first + i * period;
    const reference = realised.slice(Math.max(0, i - NAIVE_PERIODS), i);
    const raw = ensembleAt(log, origin, periodS, replications, seed);
    if (raw === undefined) continue;
    const came = realised[i];
    const naive = mean(reference);
    const { ensemble, line } = corrected(raw, naive, past);
    if (came !== undefined) past.push({ raw: mean(raw), line, naive, mid: mean(ensemble), half: halfWidth(raw), came });
    if (i < scoredFrom) continue;
    const point: LogForecastPoint = {
      origin,
      low: predictionQuantile(ensemble, 0.05),
      mid: sampleQuantile(ensemble, 0.5),
      high: predictionQuantile(ensemble, 0.95),
      naive,
    };
    if (came === undefined) ahead = point;
    else {
      points.push({ ...point, realised: came });
      scored.push({ ensemble, realised: came, reference });
    }
  }
  return { periodS, score: scoreForecasts(scored), points, ahead };
}

/** A forecast that reality has answered: what the line said, what it said once corrected, the mean of the periods before, and what came. */
interface Answered {
  readonly raw: number;
  readonly line: number;
  readonly naive: number;
  readonly mid: number;
  readonly half: number;
  readonly came: number;
}

/** Errors of long ago tell little of a plant that changes. */
const PAST_PERIODS = 12;
const LEAST_PAST = 2;

/**
 * What earlier forecasts of the same log were out by, taken off the next one; nothing that came later is used. A log cuts long waits off, and its
 * line is that much too quick: so much is taken off its middle. A process of offices or of changing orders is no line with steady arrivals: as far as
 * the mean of the periods before was the nearer one, it counts for more. And where nine of ten did not fall within the interval, it is widened.
 */
function corrected(
  raw: readonly number[],
  naive: number,
  all: readonly Answered[],
): { readonly ensemble: readonly number[]; readonly line: number } {
  const past = all.slice(-PAST_PERIODS);
  const known = past.filter((each) => each.raw > 0);
  const factor =
    known.length < LEAST_PAST
      ? 1
      : sampleQuantile(
          known.map((each) => each.came / each.raw),
          0.5,
        );
  const line = mean(raw) * factor;
  const squares = (of: (each: Answered) => number): number => mean(past.map((each) => (each.came - of(each)) ** 2));
  const [lineError, naiveError] = [squares((each) => each.line), squares((each) => each.naive)];
  const share = past.length < LEAST_PAST || lineError + naiveError === 0 ? 1 : naiveError / (lineError + naiveError);
  const mid = share * line + (1 - share) * naive;
  // in an ensemble of one value there is nothing to widen
  const missed = past.map(({ came, mid: told, half }) => Math.abs(came - told) / Math.max(half, 0.5)).toSorted((a, b) => a - b);
  const widened = past.length < LEAST_PAST ? 1 : Math.max(1, missed[Math.min(missed.length, Math.ceil((missed.length + 1) * 0.9)) - 1]!);
  const centre = mean(raw);
  return { ensemble: raw.map((value) => Math.max(0, mid + (value - centre) * widened)), line };
}

/** Of the interval that 90 of 100 fall in. */
function halfWidth(ensemble: readonly number[]): number {
  return (predictionQuantile(ensemble, 0.95) - predictionQuantile(ensemble, 0.05)) / 2;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function ensembleAt(log: EventLog, origin: number, periodS: number, replications: number, seed: number): number[] | undefined {
  const facts = factsOf(log.visits, origin);
  if (facts === undefined) return undefined;
  const lasting = lastingAt(log, facts, origin);
  const flow = prepareFlow(openModel(log, facts, lasting, origin, periodS), []);
  const stations = facts.stations.map(({ id }) => id);
  // work under way at the origin ends as an arrival from there on
  const ending = lasting.filter(({ leftS }) => leftS <= periodS).length;
  return Array.from({ length: replications }, (_, replication) => {
    const result = runFlow(flow, { seed, replication, warmUpS: 0, durationS: periodS, mostEvents: MAX_EVENTS });
    const visits = stations.reduce((sum, id) => sum + (result.components[id]?.cycles ?? 0), 0);
    return visits + ending;
  });
}

interface Lasting {
  readonly activity: string;
  readonly case: string;
  readonly leftS: number;
}

/** Visits that lasted at an instant, and how long they will go on: the middle of what such visits took that took longer than it has. */
function lastingAt(log: EventLog, facts: LogFacts, origin: number): readonly Lasting[] {
  const sorted = new Map([...facts.serviceS].map(([activity, times]) => [activity, times.toSorted((a, b) => a - b)]));
  return log.visits
    .filter(({ start, end }) => start < origin && end > origin)
    .map(({ activity, case: id, start }) => ({
      activity,
      case: id,
      leftS: residual(sorted.get(activity) ?? [], (origin - start) / SECOND),
    }));
}

/** The line as it is at an instant: cases under way arrive when what they were in is over, where they were going next. */
function openModel(log: EventLog, facts: LogFacts, lasting: readonly Lasting[], origin: number, periodS: number): FlowModel {
  const gapS = [...facts.delayS.values()].flat().toSorted((a, b) => a - b);
  const busy = new Set(lasting.map((visit) => visit.case));
  const last = new Map<string, { readonly activity: string; readonly end: number }>();
  for (const { case: id, activity, end } of log.visits)
    if (end <= origin && (last.get(id)?.end ?? 0) <= end) last.set(id, { activity, end });
  const waiting = [...last].filter(([id, { end }]) => !busy.has(id) && (origin - end) / SECOND < facts.restMostS);
  const sources: FlowComponent[] = facts.stations.flatMap(({ id, activity }): FlowComponent[] => {
    const after = lasting.filter((visit) => visit.activity === activity).map(({ leftS }) => leftS);
    const gone = waiting.filter(([, visit]) => visit.activity === activity).map(([, { end }]) => residual(gapS, (origin - end) / SECOND));
    return [
      ...sourceOf(`${id}-open`, after, wayFrom(facts, activity, "before")),
      ...sourceOf(`${id}-waiting`, gone, wayFrom(facts, activity, "place")),
    ];
  });
  const gaps = facts.arrivalsS;
  const interarrival = Math.max(1, gaps.reduce((sum, value) => sum + value, 0) / Math.max(1, gaps.length));
  return {
    format: "doppelwerk-flow/1",
    name: "forecast",
    run: { durationS: periodS },
    components: [
      { id: "arrivals", type: "source", interarrival: { kind: "exponential", mean: interarrival }, to: wayFrom(facts, "", "before") },
      ...sources,
      ...stationsOf(facts),
    ],
  } as FlowModel;
}

function sourceOf(id: string, atS: readonly number[], to: unknown): FlowComponent[] {
  if (atS.length === 0) return [];
  return [{ id, type: "source", arrivals: atS.toSorted((a, b) => a - b).map((at) => ({ atS: at })), to } as FlowComponent];
}

/** What is left of something that has lasted so long: the median of those that lasted longer, less what has passed. `sorted` from the shortest. */
function residual(sorted: readonly number[], elapsed: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! > elapsed) high = middle;
    else low = middle + 1;
  }
  return low === sorted.length ? 0 : sorted[low + ((sorted.length - low) >> 1)]! - elapsed;
}
