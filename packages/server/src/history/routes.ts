import type { HistoryDamage, StateDurations, Trend } from "@doppelwerk/client";
import { message } from "@doppelwerk/messages";
import { encodeSamplesFrame } from "@doppelwerk/sync";
import { DoppelwerkError, LIVE, originsOfMask, quality, SECOND, StateFold } from "@doppelwerk/world";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Buckets, Origin, SampleBatch, SignalRecord } from "@doppelwerk/world";
import { z } from "zod";
import type { Site } from "../compose/site.ts";
import { instant, parse } from "../http/query.ts";
import { stateOfSample, stateSignalId } from "../line/derived-signals.ts";
import { standing } from "../line/kept-sample.ts";
import { readAt, readWindow, thinnedBefore } from "@doppelwerk/world";

/** 2: rows say their origin; 1 (deprecated): all of them are called replayed. */
const frameVersion = z.coerce.number().int().min(1).max(2).default(1);
export const windowQuery = z.object({ signals: z.string().max(200_000), from: instant, to: instant, frame: frameVersion });
export const atQuery = z.object({ t: instant, frame: frameVersion });
export const trendQuery = z.object({
  signal: z.string(),
  from: instant,
  to: instant,
  points: z.coerce.number().int().min(10).max(5_000).default(600),
  /** Up to ten of 0 to 100, by commas. */
  percentiles: z
    .string()
    .regex(/^\d+(\.\d+)?(,\d+(\.\d+)?){0,9}$/, "up to ten numbers from 0 to 100, by commas")
    .optional(),
});
export const durationsQuery = z.object({
  signal: z.string(),
  from: instant,
  to: instant,
  points: z.coerce.number().int().min(1).max(5_000).default(1),
});
/** Numbers one answer may hold: states times buckets. */
const DURATIONS_MAX = 500_000;
/** Samples up to which a trend shows every one instead of buckets. */
const RAW_MAX = 2_000;

/** What was: windows of samples, single instants, trends. */
export function registerHistory(app: FastifyInstance, site: Site): void {
  app.get("/window", async (request, reply) => {
    const { signals, from, to, frame: version } = parse(windowQuery, request.query, "a window");
    ordered(from, to);
    requireRead(site, request);
    const ids = signals === "tracking" ? site.fold.trackingSignals() : signals.split(",").filter((id) => id !== "");
    const thinned = await thinnedBefore(site.history, ids);
    if (thinned !== undefined && from < thinned) reply.header("doppelwerk-thinned-before", String(thinned));
    return frame(reply, await readWindow(site.history, site.signals.wanted(ids), from, to), version);
  });

  app.get("/at", async (request, reply) => {
    const { t, frame: version } = parse(atQuery, request.query, "an instant");
    requireRead(site, request);
    return frame(reply, await readAt(site.history, site.signals.wanted(), t), version);
  });

  app.get("/history/damage", async (request): Promise<readonly HistoryDamage[]> => {
    requireRead(site, request);
    return (site.history.damages?.() ?? []).map(({ missing, ...damage }) => ({
      ...damage,
      missing: missing.map((part) => ({ ...part, name: site.signals.record(part.signal)?.name ?? part.signal })),
    }));
  });

  app.get("/trend", async (request): Promise<Trend> => {
    const { signal, from, to, points, percentiles } = parse(trendQuery, request.query, "a trend");
    ordered(from, to);
    requireRead(site, request);
    const record = signalOf(site, signal);
    const percents = percentiles?.split(",").map(Number) ?? [];
    const buckets = await site.history.buckets({ branch: LIVE, signal }, from, to, points, percents);
    const bad = [...buckets.last.keys()].filter(
      (at) => buckets.count[at]! > 0 && buckets.worstQuality[at] === quality.bad && Number.isNaN(buckets.last[at]!),
    );
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
      ...originsOf(buckets, site.signals.originOf(record)),
      ...(bad.length === 0 ? {} : { bad }),
      ...(percentiles === undefined
        ? {}
        : { percentiles: percents.map((percent, p) => ({ percent, values: numbers(buckets.percentiles![p]!) })) }),
      ...(buckets.thinnedBefore === undefined ? {} : { thinnedBefore: buckets.thinnedBefore }),
      raw: from >= (buckets.thinnedBefore ?? 0) && buckets.count.reduce((sum, count) => sum + count, 0) <= RAW_MAX,
    };
  });

  app.get("/durations", async (request): Promise<StateDurations> => {
    const { signal, from, to, points } = parse(durationsQuery, request.query, "durations");
    ordered(from, to);
    requireRead(site, request);
    const { name } = signalOf(site, signal);
    // what holds now is not known to hold on
    const end = Math.min(to, site.now());
    if (end - from < points) throw new DoppelwerkError("DW_INVALID", message("history.periodLiesFutureOrShorterBuckets"));
    const isDerived = site.line.definition?.stations.some(({ id, places }) => isStateOf(signal, id, places)) === true;
    const durations = await (isDerived ? durationsOfStates : rawDurations)(site.history, signal, from, end, points);
    if (durations.states.length * points > DURATIONS_MAX)
      throw new DoppelwerkError("DW_INVALID", message("history.statesBucketsTooMuchAnswer", { count: durations.states.length, points }));
    const seconds = (column: Float64Array): readonly number[] => Array.from(column, (microseconds) => microseconds / SECOND);
    return {
      signal,
      name,
      from: durations.from,
      width: durations.width,
      states: durations.states.map((state, s) => ({ state, seconds: seconds(durations.held[s]!) })),
      unknownS: seconds(durations.unknown),
    };
  });
}

function rawDurations(
  history: Site["history"],
  signal: string,
  from: number,
  to: number,
  points: number,
): ReturnType<Site["history"]["durations"]> {
  return history.durations({ branch: LIVE, signal }, from, to, points);
}

/** What the line concluded of a station is kept as a number with its cause as text, and may have been revised: the states themselves are told. */
async function durationsOfStates(
  history: Site["history"],
  signal: string,
  from: number,
  to: number,
  points: number,
): ReturnType<Site["history"]["durations"]> {
  const key = { branch: LIVE, signal };
  const fold = new StateFold(from, to, points);
  const [before] = await history.at([key], from - 1);
  const stateAt = ({ value, text, time }: { readonly value: number; readonly text?: string; readonly time: number }): string =>
    stateOfSample(value, text, time).state;
  fold.begin(before === undefined ? undefined : { value: before.value, text: stateAt(before), quality: before.quality });
  for (const sample of standing(await history.raw(key, from, to))) fold.take(sample.time, sample.value, 0, stateAt(sample));
  return fold.finish();
}

function isStateOf(signal: string, station: string, places: number): boolean {
  return signal === stateSignalId(station) || Array.from({ length: places }, (_, place) => stateSignalId(station, place)).includes(signal);
}

function signalOf(site: Site, id: string): SignalRecord {
  const record = site.signals.record(id);
  if (!record) throw new DoppelwerkError("DW_NOT_FOUND", message("history.noSignalId", { id }));
  return record;
}

function requireRead(site: Site, request: Parameters<Site["viewOf"]>[0]): void {
  const decision = site.viewOf(request).may("read", LIVE);
  if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
}

function ordered(from: number, to: number): void {
  if (from >= to) throw new DoppelwerkError("DW_INVALID", message("history.mustLieBefore"));
}

function frame(reply: FastifyReply, { origins, ...rows }: SampleBatch, version: number): FastifyReply {
  const batch: SampleBatch = version === 1 ? { ...rows, origin: "replayed" } : { ...rows, ...(origins && { origins }) };
  return reply.type("application/vnd.doppelwerk.samples").send(Buffer.from(encodeSamplesFrame(batch).buffer));
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
