import type { SeriesSubmodel } from "@doppelwerk/client";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { AasLookups, aasSourceOfWorld, type AasSource } from "@doppelwerk/aas-server";
import type { Site } from "../../../../packages/server/src/compose/site.ts";
import { thinnedBefore } from "@doppelwerk/world";
import { instant, parse } from "../../../../packages/server/src/http/query.ts";
import { firstOf } from "./read-series.ts";
import { seriesPackage, type PackedSeries } from "./series-package.ts";
import { besideIn, columnsOf, signalsOfSubmodel, timeSeriesOf, timeSeriesSubmodel } from "./time-series-submodel.ts";

export const timeSeriesBody = z.object({
  shell: z.string().min(1).max(2_048).describe("id of the shell whose signals are meant"),
  branch: z.string().max(200).default(LIVE),
});

export const seriesPackageQuery = z.object({
  signals: z.string().min(1).max(200_000).describe("ids by commas; each belongs to a shell"),
  from: instant,
  to: instant,
});

/** Where a LinkedSegment sends its reader. */
export const exportEndpoint = "/api/doppelwerk/v1/export/samples";

/** The series of an asset as a submodel of its shell. Asked again, it takes up new signals; columns keep their names. */
export function registerTimeSeries(app: FastifyInstance, site: Site): void {
  const lookups = new AasLookups();
  const nothing = { sample: () => undefined, samplesAt: async () => new Map<never, never>() };

  app.get("/export/time-series", async (request, reply) => {
    const { signals, from, to } = parse(seriesPackageQuery, request.query, "an export");
    if (from >= to) throw new DoppelwerkError("DW_INVALID", message("assets.mustLieBefore"));
    const { ids, blobs, history } = site;
    const view = site.viewOf(request);
    const decision = view.may("read", LIVE);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    const source = aasSourceOfWorld({ view, branch: LIVE, ids, blobs, lookups, ...nothing });
    const chosen = signals.split(",").filter((id) => id !== "");
    const thinned = await thinnedBefore(history, chosen);
    if (thinned !== undefined && from < thinned)
      throw new DoppelwerkError("DW_INVALID", message("assets.samplesBefore", { thinned: new Date(thinned / 1_000).toISOString() }));
    const packed = packedSeries(site, source, chosen);
    reply.type("application/asset-administration-shell-package+xml");
    reply.header("content-disposition", 'attachment; filename="time-series.aasx"');
    return reply.send(Buffer.from(await seriesPackage(history, source, packed, from, to, exportEndpoint)));
  });

  app.post("/time-series", async (request, reply): Promise<SeriesSubmodel> => {
    const { shell: shellId, branch } = parse(timeSeriesBody, request.body, "the series of an asset");
    const { ids, blobs, history } = site;
    const view = site.viewOf(request);
    const source = aasSourceOfWorld({ view, branch, ids, blobs, lookups, ...nothing });
    const shell = source.shell(shellId);
    if (shell === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("assets.noShellOfRecord", { shellId }));
    const signals = site.signals.records().filter((signal) => signal.shell === shellId);
    if (signals.length === 0) throw new DoppelwerkError("DW_INVALID", message("assets.noSignalBelongsShell", { shellId }));
    const id = timeSeriesOf(shellId);
    const columns = columnsOf(signals, signalsOfSubmodel(source.submodel(id)));
    const put = await source.putSubmodel(
      timeSeriesSubmodel(shell, columns, await firstOf(history, columns), exportEndpoint, besideIn(source.submodel(id))),
    );
    // The reference comes second: when it is missing after a crash, asking again writes it.
    if (!(shell.submodels ?? []).some((reference) => reference.keys.at(-1)?.value === id))
      await source.changeShell(shellId, () => {
        const now = source.shell(shellId) ?? shell;
        return { ...now, submodels: [...(now.submodels ?? []), { type: "ModelReference", keys: [{ type: "Submodel", value: id }] }] };
      });
    reply.code(put === "created" ? 201 : 200);
    return { submodel: id, columns: columns.map(({ idShort, signal }) => ({ idShort, signal: signal.id })) };
  });
}

/** The shells of signals that were chosen, each with all its signals. Errors: DW_NOT_FOUND, DW_INVALID for a signal without a shell. */
function packedSeries(site: Site, source: AasSource, chosen: readonly string[]): readonly PackedSeries[] {
  const byShell = Map.groupBy(chosen, (id) => {
    const signal = site.signals.record(id);
    if (signal === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("assets.noSignalId", { id: id.slice(0, 100) }));
    if (signal.shell !== undefined && source.shell(signal.shell) !== undefined) return signal.shell;
    throw new DoppelwerkError("DW_INVALID", message("assets.signalBelongsNoShell", { name: signal.name }));
  });
  return [...byShell].map(([id, own]) => ({
    shell: source.shell(id)!,
    signals: site.signals.records().filter((signal) => signal.shell === id),
    chosen: new Set(own),
  }));
}
