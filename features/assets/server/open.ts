import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { FeatureContext, Open } from "@doppelwerk/kit/server";
import type { AasReadings, Identifications, Importer } from "@doppelwerk/ports";
import type { assets } from "../feature.ts";
import type {} from "../message-codes.ts";
import { cardAt } from "./documents/card.ts";
import { identified } from "./documents/identified.ts";
import { renameAt } from "./documents/rename.ts";
import { versionsOf, versionsOfShell } from "./documents/versions.ts";
import { ImportJobs } from "./files/import-jobs.ts";
import { makeAssetsOf } from "./made/make-assets.ts";
import { makeLineOf } from "./made/make-line.ts";
import { likenessOfSignals, plantValuesOf } from "./made/plant-values.ts";
import { InterfaceFollower } from "./files/follow-interfaces.ts";
import { changesOfFile, createImporter } from "./files/importer.ts";
import { seriesOperations } from "./series/series-operations.ts";
import { exportEndpoint, ShellSeries } from "./series/series-of-shell.ts";
import { LIVE } from "@doppelwerk/world";

/** Files of shells, what people see of an asset, versions and names of its documents, and its series. */
export const open: Open<typeof assets> = async (ctx) => {
  const files = createImporter(ctx.blobs, {
    samples: { indexOf: (id) => ctx.table.indexOf(id), offer: (batch) => ctx.intake.offerDurably(batch), now: () => ctx.now() },
  });
  const imports = new ImportJobs({
    jobs: ctx.jobs,
    ids: ctx.ids,
    importer: files,
    view: (principal) => ctx.view(principal).documents,
    onLost: (job, error) => ctx.log.error({ err: error, job }, "the outcome of an import could not be stored"),
  });
  await imports.open();
  const interfaces = new InterfaceFollower(files, ctx.own.documents, ctx.log);
  const stop = ctx.own.documents.onCommit(({ entry }) => interfaces.follow(entry));
  const series = new ShellSeries(ctx);
  const nameOf = (actor: string) => ctx.nameOf(actor);
  return {
    handlers: {
      "assets.import": async ({ view, query: { name, repair, connect }, body, respondAsync, answerAccepted }) => {
        const asked = { name, repair, connect: connect === "true" };
        if (!respondAsync) return imports.finish(view.documents, body.pieces, asked);
        const job = await imports.start(view.documents, body.pieces, asked);
        answerAccepted(`/imports/${encodeURIComponent(job.id)}`);
        return imports.shown(job);
      },
      "assets.readImport": ({ params }) => imports.read(params.id),
      "assets.report": async ({ view, query, body }) => {
        const staged = await ctx.blobs.stage(body.pieces);
        try {
          return await files.reportFile(view.documents, staged, query.repair);
        } finally {
          await staged.drop();
        }
      },
      "assets.versions": async ({ view, params, query }) => versionsOf(nameOf, view, params.id, query),
      "assets.shellVersions": async ({ view, params, query }) => versionsOfShell(nameOf, view, params.id, query),
      "assets.rename": async ({ view, params, body }) => renameAt(view.documents, params.id, body),
      "assets.card": async ({ view, params, query: { branch, at } }) => cardAt(view.documents, params.id, { branch, at, world: ctx.world }),
      "assets.identify": async ({ view, query: { link } }) => identified(view.documents, link),
      "assets.exportSeries": async ({ view, query: { signals, from, to } }) => ({
        body: await series.pack(view, signals, from, to),
        headers: { "content-disposition": 'attachment; filename="time-series.aasx"' },
      }),
      "assets.writeSeries": async ({ view, body: { shell, branch }, answerWith }) => {
        const { put, made } = await series.write(view, shell, branch);
        if (put === "replaced") answerWith(200);
        return made;
      },
      "assets.plantValues": async ({ view }) => plantValuesOf(view.documents.reader(LIVE)),
      "assets.like": async ({ view, body }) => likenessOfSignals(view.documents.reader(LIVE), body.signals),
      "assets.make": async ({ view, body }) => makeAssetsOf(view.documents, ctx.ids, body),
      "assets.makeLine": async ({ view, body }) => makeLineOf(view.documents, ctx.ids, body),
    },
    ports: {
      "assets.importer@1": {
        importFile: (principal, name, bytes, options) => files.importFile(ctx.view(principal).documents, name, bytes, options),
        readFile: (principal, name, bytes) => files.readFile(ctx.view(principal).documents, name, bytes),
        changesOfFile: (principal, branch, name, content) =>
          changesOfFile(ctx.view(principal).documents.reader(branch), name, content, ctx.blobs),
      } satisfies Importer,
      "assets.readings@1": readings(ctx),
      "assets.identifications@1": codes(ctx),
    },
    jobs: { "assets.import": (job, run) => imports.carryOut(job, run) },
    async close() {
      stop();
      await interfaces.close();
    },
  };
};

function codes(ctx: Pick<FeatureContext, "view">): Identifications {
  return { find: async (principal, link) => identified(ctx.view(principal).documents, link) };
}

/** The operations of Time Series Data. */
function readings(ctx: Pick<FeatureContext, "view" | "signal" | "world">): AasReadings {
  const runner = (...[principal, branch, { submodel, operation }]: Parameters<AasReadings["answers"]>) => {
    const view = ctx.view(principal);
    return seriesOperations(view.history, view.documents, branch, exportEndpoint(ctx.world))(submodel, operation);
  };
  return {
    answers: async (...call) => runner(...call) !== undefined,
    async invoke(principal, branch, call) {
      const run = runner(principal, branch, call);
      if (run === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("assets.noSubmodel", { id: call.submodel }));
      return run(call);
    },
  };
}
