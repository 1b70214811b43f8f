import type { StateDurations } from "@doppelwerk/client";
import { errorText, useLoad, useScope, useStore, useStudio } from "@doppelwerk/kit/studio";
import type { Studio } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import { KPI_UNITS } from "../model/kpi-names.ts";
import { SPANS, sourceOf, type Choice, type Stretch } from "./choice.ts";
import { middlesOf, numbersOf } from "./numbers.ts";

/** About one for two pixels of a wide screen. */
const POINTS = 600;
const STATE_COLUMNS = 300;

/** Of one source over one stretch; times in microseconds. */
export interface Series {
  readonly id: string;
  readonly failed?: string;
  readonly x?: Float64Array;
  readonly y?: Float64Array;
  readonly low?: Float64Array;
  readonly high?: Float64Array;
  readonly isStepped?: true;
  readonly isSimulated?: boolean;
  readonly states?: StateDurations;
  readonly unit?: string;
}

/** What the page shows of time: a stretch that was zoomed into, or the span up to the instant shown. */
export function usePeriod(choice: Choice): {
  readonly period: Stretch;
  readonly isLive: boolean;
  /** The instant that is shown, in steps of five seconds; undefined: now. */
  readonly asOf: number | undefined;
  /** What another period is another one by. */
  readonly key: unknown;
} {
  const { time } = useScope();
  const shown = useStore(time.shown);
  const isLive = shown === undefined && choice.range === undefined;
  const to = time.instant();
  const period = choice.range ?? { from: to - SPANS[choice.span], to };
  const asOf = shown === undefined ? undefined : Math.floor(shown / 5_000_000) * 5_000_000;
  return { period, isLive, asOf, key: choice.range ?? [choice.span, isLive ? "live" : Math.round((shown ?? 0) / 2_000_000)] };
}

/** So often a live page is asked again, milliseconds. */
export function liveEvery(choice: Choice): number {
  return Math.max(2_000, SPANS[choice.span] / 1_000 / POINTS);
}

export interface Shown {
  readonly period: Stretch;
  readonly series: readonly Series[];
}

/** What is recorded of the sources, again and again while live. */
export function useSeries(choice: Choice, sources: readonly string[]) {
  const studio = useStudio();
  const { line } = useScope();
  const { period, isLive, key } = usePeriod(choice);
  return useLoad(
    sources.length === 0
      ? undefined
      : async (signal): Promise<Shown> => ({
          period,
          series: await Promise.all(sources.map((id) => readSource(studio, { id, line, signal }, period))),
        }),
    [sources.join(","), key, line],
    isLive ? liveEvery(choice) : undefined,
  );
}

interface Asked {
  readonly id: string;
  readonly line: string | undefined;
  readonly signal: AbortSignal;
}

/** Whole microseconds, and never nothing. */
export function whole({ from, to }: Stretch): Stretch {
  return { from: Math.floor(from), to: Math.max(Math.floor(from) + 1_000, Math.ceil(to)) };
}

/** What fails is named where it would be drawn; the others are shown. */
export async function readSource(studio: Studio, asked: Asked, stretch: Stretch): Promise<Series> {
  const source = sourceOf(asked.id);
  const period = whole(stretch);
  try {
    if (source.kind === "kpi") return await kpiSeries(studio, asked, period);
    if (source.kind === "future") return await futureSeries(studio, asked, { branch: source.branch, period });
    if (isState(studio, source.id)) {
      return {
        id: asked.id,
        states: await studio.client.durations(source.id, period.from, period.to, STATE_COLUMNS, { signal: asked.signal }),
      };
    }
    return await signalSeries(studio, asked, period);
  } catch (error) {
    if (asked.signal.aborted) throw error;
    return { id: asked.id, failed: errorText(error) };
  }
}

async function signalSeries(studio: Studio, { id, signal }: Asked, { from, to }: Stretch): Promise<Series> {
  const trend = await studio.client.trend(id, from, to, POINTS, { signal });
  const x = middlesOf(trend.from, trend.width, trend.mean.length);
  const isSimulated = trend.origin?.some((origin) => origin === "simulated") === true;
  const y = withHeld(numbersOf(trend.mean), trend.bad ?? []);
  return {
    id,
    x,
    y,
    low: numbersOf(trend.min),
    high: numbersOf(trend.max),
    isSimulated,
    ...(trend.unit !== undefined && { unit: trend.unit }),
  };
}

/** A bucket without a sample between two with one is no gap: the value held. One that is known to be bad is. */
function withHeld(y: Float64Array, bad: readonly number[]): Float64Array {
  const isBad = new Set(bad);
  let held = Number.NaN;
  let last = -1;
  for (let at = 0; at < y.length; at++) if (!Number.isNaN(y[at]!)) last = at;
  for (let at = 0; at < last; at++) {
    if (isBad.has(at)) held = Number.NaN;
    else if (Number.isNaN(y[at]!)) y[at] = held;
    else held = y[at]!;
  }
  return y;
}

async function kpiSeries(studio: Studio, { id, line, signal }: Asked, period: Stretch): Promise<Series> {
  const source = sourceOf(id);
  const kpi = source.kind === "kpi" ? source.kpi : "oee";
  const { steps } = await calls.kpiSeries(studio.client, { query: { kpi, ...period, ...(line !== undefined && { line }) } }, { signal });
  const factor = KPI_UNITS[kpi] === "ratio" ? 100 : 1;
  const x: number[] = [];
  const y: number[] = [];
  for (const { from, to, value } of steps) {
    x.push(from, to - 1, to);
    y.push((value ?? Number.NaN) * factor, (value ?? Number.NaN) * factor, Number.NaN);
  }
  return { id, x: Float64Array.from(x), y: Float64Array.from(y), isStepped: true };
}

/** Good output that a branch's newest run expects: the middle half of its runs about the middle one. */
async function futureSeries(
  studio: Studio,
  { id, line, signal }: Asked,
  { branch, period }: { readonly branch: string; readonly period: Stretch },
): Promise<Series> {
  const rail = await studio.client.rail(period.from, period.to, 10, { signal, ...(line !== undefined && { line }) });
  const fan = rail.lanes.find((lane) => lane.branch.id === branch)?.fan ?? [];
  const column = (of: (point: (typeof fan)[number]) => number): Float64Array => Float64Array.from(fan, of);
  return {
    id,
    x: column(({ at }) => at),
    y: column(({ p50 }) => p50),
    low: column(({ p025 }) => p025),
    high: column(({ p975 }) => p975),
    isSimulated: true,
  };
}

function isState(studio: Studio, id: string): boolean {
  return ["string", "boolean", "enumeration"].includes(studio.signals.entry(id)?.valueType ?? "");
}
