import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { OctetsAnswer, PlantView } from "@doppelwerk/kit/server";
import type { LineFlow } from "@doppelwerk/ports";
import { encodeSamplesFrame } from "@doppelwerk/sync";
import { LIVE, originsOfMask, quality, readAt, readWindow, SECOND, thinnedBefore } from "@doppelwerk/world";
import type { Buckets, Instant, Origin, RecordId, SampleBatch, SignalRecord } from "@doppelwerk/world";
import type { HistoryDamage, StateDurations, Trend } from "../contract.ts";
import { sampleDensities } from "./sample-density.ts";
import type {} from "../message-codes.ts";

/** Numbers one answer may hold: states times buckets. */
const DURATIONS_MAX = 500_000;
/** Samples up to which a trend shows every one instead of buckets. */
const RAW_MAX = 2_000;

interface Period {
  readonly from: Instant;
  readonly to: Instant;
}

export async function windowOf(
  view: PlantView,
  ids: readonly RecordId[],
  { from, to, frame }: Period & { readonly frame: number },
): Promise<OctetsAnswer> {
  const rows = view.rows(ids);
  const thinned = await thinnedBefore(
    view.history,
    rows.map(({ id }) => id),
  );
  const headers: Record<string, string> = thinned !== undefined && from < thinned ? { "doppelwerk-thinned-before": String(thinned) } : {};
  return { body: frameOf(await readWindow(view.history, rows, from, to), frame), headers };
}

export async function samplesAt(view: PlantView, { t, frame }: { readonly t: Instant; readonly frame: number }): Promise<OctetsAnswer> {
  return { body: frameOf(await readAt(view.history, view.rows(), t), frame) };
}

/** Of the samples that are missing, those of signals that may be read. */
export function damageOf(view: PlantView): HistoryDamage[] {
  const names = new Map(view.signals().map(({ id, name }) => [id, name]));
  return (view.history.damages?.() ?? []).map(({ missing, ...damage }) => ({
    ...damage,
    missing: missing.map((part) => ({ ...part, name: names.get(part.signal) ?? part.signal })),
  }));
}

export async function trendOf(
  view: PlantView,
  {
    signal,
    from,
    to,
    points,
    percentiles,
  }: Period & { readonly signal: RecordId; readonly points: number; readonly percentiles?: string | undefined },
): Promise<Trend> {
  const record = signalOf(view, signal);
  const percents = percentiles?.split(",").map(Number) ?? [];
  const buckets = await view.history.buckets({ branch: LIVE, signal }, from, to, points, percents);
  const bad = [...buckets.last.keys()].filter(
    (at) => buckets.count[at]! > 0 && buckets.worstQuality[at] === quality.bad && Number.isNaN(buckets.last[at]!),
  );
  const densities = sampleDensities(buckets);
  return {
    signal,
    name: record.name,
    ...(record.unit === undefined ? {} : { unit: record.unit }),
    from: buckets.from,
    width: buckets.width,
    min: numbers(buckets.min),
    max: numbers(buckets.max),
    mean: numbers(buckets.mean),
    quality: [...buckets.worstQuality],
    ...originsOf(buckets, view.originOf(record)),
    ...(bad.length === 0 ? {} : { bad }),
    ...(percentiles === undefined
      ? {}
      : { percentiles: percents.map((percent, p) => ({ percent, values: numbers(buckets.percentiles![p]!) })) }),
    ...(buckets.thinnedBefore === undefined ? {} : { thinnedBefore: buckets.thinnedBefore }),
    ...(densities.length === 0 ? {} : { densities: [...densities] }),
    raw: from >= (buckets.thinnedBefore ?? 0) && buckets.count.reduce((sum, count) => sum + count, 0) <= RAW_MAX,
  };
}

export async function durationsOf(
  view: PlantView,
  flow: LineFlow | undefined,
  { signal, from, to, points }: Period & { readonly signal: RecordId; readonly points: number },
  now: Instant,
): Promise<StateDurations> {
  const { name } = signalOf(view, signal);
  // what holds now is not known to hold on
  const end = Math.min(to, now);
  if (end - from < points) throw new DoppelwerkError("DW_INVALID", message("history.periodLiesFutureOrShorterBuckets"));
  const durations =
    (await flow?.stateDurations(signal, from, end, points)) ?? (await view.history.durations({ branch: LIVE, signal }, from, end, points));
  if (durations.states.length * points > DURATIONS_MAX)
    throw new DoppelwerkError("DW_INVALID", message("history.statesBucketsTooMuchAnswer", { count: durations.states.length, points }));
  const seconds = (column: Float64Array): number[] => Array.from(column, (microseconds) => microseconds / SECOND);
  return {
    signal,
    name,
    from: durations.from,
    width: durations.width,
    states: durations.states.map((state, s) => ({ state, seconds: seconds(durations.held[s]!) })),
    unknownS: seconds(durations.unknown),
  };
}

/** DW_NOT_FOUND also for one that may not be read. */
export function signalOf(view: PlantView, id: RecordId): SignalRecord {
  const record = view.signal(id);
  if (record === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("history.noSignalId", { id: id.slice(0, 100) }));
  return record;
}

function frameOf({ origins, ...rows }: SampleBatch, version: number): Uint8Array {
  return encodeSamplesFrame(version === 1 ? { ...rows, origin: "replayed" } : { ...rows, ...(origins && { origins }) });
}

/** The least certain origin of each bucket; nothing where all is measured. */
function originsOf({ origins, count }: Buckets, asSignal: Origin): Pick<Trend, "origin"> {
  const origin = Array.from(origins, (mask, at) => (count[at] === 0 ? null : originsOfMask(mask, asSignal)[0]!));
  return origin.every((each) => each === null || each === "measured") ? {} : { origin };
}

/** NaN (no data) travels as null. */
function numbers(values: Float64Array): (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : value));
}
