import type { HistoryDamage, Trend } from "@doppelwerk/client";
import { encodeSamplesFrame } from "@doppelwerk/sync";
import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { SampleBatch } from "@doppelwerk/world";
import { z } from "zod";
import type { Site } from "../compose/site.ts";
import { instant, parse } from "../http/query.ts";
import { readAt, readWindow } from "./window.ts";

export const windowQuery = z.object({ signals: z.string().max(200_000), from: instant, to: instant });
export const atQuery = z.object({ t: instant });
export const trendQuery = z.object({
  signal: z.string(),
  from: instant,
  to: instant,
  points: z.coerce.number().int().min(10).max(5_000).default(600),
});
/** Samples up to which a trend shows every one instead of buckets. */
const RAW_MAX = 2_000;

/** What was: windows of samples, single instants, trends. */
export function registerHistory(app: FastifyInstance, site: Site): void {
  app.get("/window", async (request, reply) => {
    const { signals, from, to } = parse(windowQuery, request.query, "a window");
    ordered(from, to);
    requireRead(site, request);
    const ids = signals === "tracking" ? site.line.trackingSignals() : signals.split(",").filter((id) => id !== "");
    return frame(reply, await readWindow(site.history, site.signals.wanted(ids), from, to));
  });

  app.get("/at", async (request, reply) => {
    const { t } = parse(atQuery, request.query, "an instant");
    requireRead(site, request);
    return frame(reply, await readAt(site.history, site.signals.wanted(), t));
  });

  app.get("/history/damage", async (request): Promise<readonly HistoryDamage[]> => {
    requireRead(site, request);
    return (site.history.damages?.() ?? []).map(({ missing, ...damage }) => ({
      ...damage,
      missing: missing.map((part) => ({ ...part, name: site.signals.record(part.signal)?.name ?? part.signal })),
    }));
  });

  app.get("/trend", async (request): Promise<Trend> => {
    const { signal, from, to, points } = parse(trendQuery, request.query, "a trend");
    ordered(from, to);
    requireRead(site, request);
    const record = site.signals.record(signal);
    if (!record) throw new DoppelwerkError("DW_NOT_FOUND", `no signal of this id ${signal}`);
    const key = { branch: LIVE, signal };
    const buckets = await site.history.buckets(key, from, to, points);
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
      raw: buckets.count.reduce((sum, count) => sum + count, 0) <= RAW_MAX,
    };
  });
}

function requireRead(site: Site, request: Parameters<Site["viewOf"]>[0]): void {
  const decision = site.viewOf(request).may("read", LIVE);
  if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
}

function ordered(from: number, to: number): void {
  if (from >= to) throw new DoppelwerkError("DW_INVALID", "from must lie before to");
}

function frame(reply: FastifyReply, batch: SampleBatch): FastifyReply {
  return reply.type("application/vnd.doppelwerk.samples").send(Buffer.from(encodeSamplesFrame(batch).buffer));
}

/** NaN (no data) travels as null. */
function numbers(values: Float64Array): (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : value));
}
