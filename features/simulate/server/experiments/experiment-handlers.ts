import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { OctetsAnswer } from "@doppelwerk/kit/server";
import type { SimulateHandlers } from "../handlers.ts";
import { pointsCsv, replicationsCsv } from "./experiment-csv.ts";
import type { ExperimentService } from "./experiment-service.ts";

/** Designed experiments: on a branch, or on live, where they write nothing either. */
export function experimentHandlers(
  experiments: ExperimentService,
): Pick<
  SimulateHandlers,
  | "simulate.listExperiments"
  | "simulate.startExperiment"
  | "simulate.readExperiment"
  | "simulate.readExperimentPoint"
  | "simulate.exportExperiment"
  | "simulate.rerunExperiment"
  | "simulate.resumeExperiment"
  | "simulate.cancelExperiment"
> {
  return {
    "simulate.listExperiments": ({ view, branch }) => experiments.list(view.documents.branch(branch).id),
    "simulate.startExperiment": ({ view, branch, body }) => experiments.start(view.documents, branch, body),
    "simulate.readExperiment": ({ params }) => experiments.get(params.id),
    "simulate.readExperimentPoint": ({ params }) => experiments.point(params.id, Number(params.point)),
    "simulate.exportExperiment": ({ params, query }) => table(experiments, params.id, query.rows),
    "simulate.rerunExperiment": ({ params, principal }) => experiments.rerun(params.id, principal.id),
    "simulate.resumeExperiment": ({ params }) => experiments.resume(params.id),
    "simulate.cancelExperiment": ({ params }) => experiments.cancel(params.id),
  };
}

async function table(experiments: ExperimentService, id: string, rows: "points" | "replications"): Promise<OctetsAnswer> {
  const result = await experiments.get(id);
  if (result.points.length === 0) throw new DoppelwerkError("DW_INVALID", message("simulate.experimentNoResultYet"));
  const text = rows === "points" ? pointsCsv(result) : replicationsCsv(result, await experiments.outcomes(id));
  const name = `${result.experiment.name.replace(/[^\w.-]+/g, "-").replace(/^-+|-+$/g, "") || "experiment"}-${rows}.csv`;
  return {
    body: new TextEncoder().encode(`\ufeff${text}`),
    headers: { "content-disposition": `attachment; filename="${name}"` },
  };
}
