import type { StateDurations, Trend } from "@doppelwerk/client";
import type { Instant } from "@doppelwerk/world";
import { errorText, useLoad, useScope, useStore, useStudio } from "@doppelwerk/kit/studio";
import type { Studio } from "@doppelwerk/kit/studio";
import { roundBuckets } from "./round-buckets.ts";
import { earlierPeriod, spans } from "./trend-choice.ts";
import type { TrendChoice } from "./trend-choice.ts";

/** About one a pixel of a wide screen. */
const POINTS = 600;
/** Buckets of a band of states: about one for two pixels. */
const COLUMNS = 400;
/** 5 % to 95 % of the time, and the median. */
const PERCENTILES = [5, 50, 95];

export interface Series {
  readonly id: string;
  readonly trend: Trend | undefined;
  readonly before: Trend | undefined;
  readonly durations: StateDurations | undefined;
  /** Why this one could not be read; the others are shown. */
  readonly failed: string | undefined;
}

export interface Period {
  readonly from: Instant;
  readonly to: Instant;
}

/** What is recorded of the chosen signals, again and again while live. */
export function useSeries(choice: TrendChoice, signals: readonly string[]) {
  const studio = useStudio();
  const { time } = useScope();
  const shown = useStore(time.shown);
  const live = shown === undefined && choice.range === undefined;
  const span = spans[choice.span];
  return useLoad(
    signals.length === 0
      ? undefined
      : async (signal): Promise<{ readonly period: Period; readonly series: readonly Series[] }> => {
          const period = choice.range ?? { from: time.instant() - span, to: time.instant() };
          const asked = roundBuckets(period, POINTS, live || choice.range !== undefined);
          return { period, series: await Promise.all(signals.map((id) => readSeries(studio, id, choice, asked, signal))) };
        },
    [signals, choice.span, choice.band, choice.versus, choice.range, live ? "live" : Math.round((shown ?? 0) / 2_000_000)],
    live ? Math.max(2_000, span / 1_000 / POINTS) : undefined,
  );
}

type Asked = ReturnType<typeof roundBuckets>;

async function readSeries(studio: Studio, id: string, choice: TrendChoice, period: Asked, signal: AbortSignal): Promise<Series> {
  const { client } = studio;
  const nothing = { id, trend: undefined, before: undefined, durations: undefined, failed: undefined };
  const other = earlierPeriod(period, choice.versus);
  const call = { signal, ...(choice.band === "percentiles" ? { percentiles: PERCENTILES } : {}) };
  try {
    if (isState(studio, id)) return { ...nothing, durations: await client.durations(id, period.from, period.to, COLUMNS, { signal }) };
    const [trend, before] = await Promise.all([
      client.trend(id, period.from, period.to, period.points, call),
      other === undefined ? undefined : client.trend(id, other.from, other.to, period.points, call),
    ]);
    return { ...nothing, trend, before };
  } catch (error) {
    if (signal.aborted) throw error;
    return { ...nothing, failed: errorText(error) };
  }
}

function isState(studio: Studio, id: string): boolean {
  return ["string", "boolean", "enumeration"].includes(studio.signals.entry(id)?.valueType ?? "");
}
