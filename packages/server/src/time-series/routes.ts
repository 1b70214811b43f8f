import type { SeriesSubmodel } from "@doppelwerk/client";
import { DoppelwerkError, LIVE, said } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { AasLookups, aasSourceOfWorld } from "../aas-api/index.ts";
import type { Site } from "../compose/site.ts";
import { parse } from "../http/query.ts";
import { columnsOf, signalsOfSubmodel, timeSeriesOf, timeSeriesSubmodel } from "./time-series-submodel.ts";

export const timeSeriesBody = z.object({
  shell: z.string().min(1).max(2_048).describe("id of the shell whose signals are meant"),
  branch: z.string().max(200).default(LIVE),
});

/** Where a LinkedSegment sends its reader. */
export const exportEndpoint = "/api/doppelwerk/v1/export/samples";

/** The series of an asset as a submodel of its shell. Asked again, it takes up new signals; columns keep their names. */
export function registerTimeSeries(app: FastifyInstance, site: Site): void {
  const lookups = new AasLookups();
  app.post("/time-series", async (request, reply): Promise<SeriesSubmodel> => {
    const { shell: shellId, branch } = parse(timeSeriesBody, request.body, "the series of an asset");
    const { ids, blobs, history } = site;
    const view = site.viewOf(request);
    const nothing = { sample: () => undefined, samplesAt: async () => new Map<never, never>() };
    const source = aasSourceOfWorld({ view, branch, ids, blobs, lookups, ...nothing });
    const shell = source.shell(shellId);
    if (shell === undefined) throw new DoppelwerkError("DW_NOT_FOUND", said`there is no shell ${shellId}`);
    const signals = site.signals.records().filter((signal) => signal.shell === shellId);
    if (signals.length === 0)
      throw new DoppelwerkError("DW_INVALID", said`no signal belongs to the shell ${shellId}: there is no series to write`);
    const id = timeSeriesOf(shellId);
    const columns = columnsOf(signals, signalsOfSubmodel(source.submodel(id)));
    const extents = await Promise.all(columns.map(({ signal }) => history.extent({ branch: LIVE, signal: signal.id })));
    const first = Math.min(...extents.map((extent) => extent?.first ?? Number.POSITIVE_INFINITY));
    const put = await source.putSubmodel(timeSeriesSubmodel(shell, columns, Number.isFinite(first) ? first : undefined, exportEndpoint));
    // The reference comes second: when it is missing after a crash, asking again writes it.
    if (!(shell.submodels ?? []).some((reference) => reference.keys.at(-1)?.value === id))
      await source.putShell({
        ...shell,
        submodels: [...(shell.submodels ?? []), { type: "ModelReference", keys: [{ type: "Submodel", value: id }] }],
      });
    reply.code(put === "created" ? 201 : 200);
    return { submodel: id, columns: columns.map(({ idShort, signal }) => ({ idShort, signal: signal.id })) };
  });
}
