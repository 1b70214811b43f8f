import { Readable } from "node:stream";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import type { SignalRecord } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Site } from "../compose/site.ts";
import { instant, parse } from "../http/query.ts";
import { thinnedBefore } from "@doppelwerk/world";
import { alignedRows, isState, samplesOf } from "@doppelwerk/storage/samples-file";
import { csvOfAligned, csvOfSamples } from "@doppelwerk/storage/samples-file";
import { parquetOfAligned, parquetOfSamples } from "@doppelwerk/storage/samples-file";

export const exportQuery = z.object({
  signals: z.string().min(1).max(200_000).describe("ids by commas, or `all`"),
  from: instant,
  to: instant,
  format: z.enum(["csv", "parquet"]).default("csv"),
  layout: z.enum(["long", "wide"]).default("long").describe("long: a row a sample; wide: a row a step, a column a signal"),
  step: z.coerce
    .number()
    .min(0.001)
    .max(86_400 * 366)
    .optional()
    .describe("seconds, of the wide layout"),
  value: z
    .enum(["mean", "last", "min", "max"])
    .default("mean")
    .describe("what a step of the wide layout holds; of texts and enumerations the state at its end"),
});

/** A table of more columns or rows is no table any more. */
const COLUMNS_MAX = 500;
const STEPS_MAX = 10_000_000;

const mediaTypes = { csv: "text/csv; charset=utf-8; header=present", parquet: "application/vnd.apache.parquet" } as const;

/** What was measured, as a file that streams: memory stays bounded however long the period is. */
export function registerExport(app: FastifyInstance, site: Site): void {
  app.get("/export/samples", async (request, reply) => {
    const { signals: named, from, to, format, layout, step, value } = parse(exportQuery, request.query, "an export");
    if (from >= to) throw new DoppelwerkError("DW_INVALID", message("history.mustLieBefore"));
    const decision = site.viewOf(request).may("read", LIVE);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    const signals =
      named === "all"
        ? site.signals.records()
        : // one that is named twice is one
          [...new Set(named.split(",").filter((id) => id !== ""))].map((id) => signalOf(site, id));
    const thinned = await thinnedBefore(
      site.history,
      signals.map(({ id }) => id),
    );
    if (layout === "long" && thinned !== undefined && from < thinned)
      throw new DoppelwerkError(
        "DW_INVALID",
        message("history.samplesBeforeThinnedRetentionSignal", { thinned: new Date(thinned / 1_000).toISOString() }),
      );
    reply.type(mediaTypes[format]).header("content-disposition", `attachment; filename="${fileName(from, to, format)}"`);
    if (layout === "long") {
      const parts = samplesOf(site.history, signals, from, to, (signal) => site.signals.originOf(signal));
      return reply.send(Readable.from(format === "csv" ? csvOfSamples(parts) : parquetOfSamples(parts), { objectMode: false }));
    }
    if (step === undefined) throw new DoppelwerkError("DW_INVALID", message("history.wideLayoutNeedsStepSeconds"));
    const width = Math.round(step * 1_000_000);
    if (signals.length > COLUMNS_MAX)
      throw new DoppelwerkError("DW_INVALID", message("history.mostSignalsStandSideSide", { max: COLUMNS_MAX, count: signals.length }));
    if ((to - from) / width > STEPS_MAX) throw new DoppelwerkError("DW_INVALID", message("history.mostSteps", { max: STEPS_MAX }));
    const parts = alignedRows(site.history, signals, from, to, width, value);
    const names = columnNames(signals);
    const file = format === "csv" ? csvOfAligned(names, parts) : parquetOfAligned(names, signals.map(isState), parts);
    return reply.send(Readable.from(file, { objectMode: false }));
  });
}

function signalOf(site: Site, id: string): SignalRecord {
  const record = site.signals.record(id);
  if (record === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("history.noSignalId", { id: id.slice(0, 100) }));
  return record;
}

/** Names with units; of several alike each with its id. */
function columnNames(signals: readonly SignalRecord[]): readonly string[] {
  const plain = signals.map(({ name, unit }) => (unit === undefined ? name : `${name} [${unit}]`));
  return plain.map((name, i) => (plain.indexOf(name) === plain.lastIndexOf(name) ? name : `${name} ${signals[i]!.id}`));
}

function fileName(from: number, to: number, format: string): string {
  const day = (time: number) => new Date(time / 1_000).toISOString().slice(0, 16).replaceAll(/[-:]/g, "");
  return `samples-${day(from)}-${day(to)}.${format}`;
}
