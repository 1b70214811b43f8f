import type { SimulateHandlers } from "../handlers.ts";
import type { ModelLibrary } from "./model-library.ts";
import type { ModelRunService } from "./model-run-service.ts";

/** Models from elsewhere: what shells announce, and runs of them on a branch. */
export function modelHandlers(
  models: ModelLibrary,
  runs: ModelRunService,
): Pick<
  SimulateHandlers,
  | "simulate.listModels"
  | "simulate.announceModel"
  | "simulate.readModel"
  | "simulate.listModelRuns"
  | "simulate.startModelRun"
  | "simulate.readModelRun"
  | "simulate.cancelModelRun"
> {
  return {
    "simulate.listModels": async ({ view, query }) => models.list(view.documents, query.branch, query.search),
    "simulate.announceModel": async ({ view, query: { branch, shell, name, version }, body }) =>
      models.announce(view.documents, await body.bytes(), { branch, shell, fileName: name, ...(version === undefined ? {} : { version }) }),
    "simulate.readModel": ({ view, query, params }) => models.detail(view.documents, query.branch, params.hash),
    "simulate.listModelRuns": async ({ view, branch }) => runs.list(view.documents.branch(branch).id),
    "simulate.startModelRun": ({ view, branch, params, body }) => runs.start(view, branch, params.hash, body),
    "simulate.readModelRun": async ({ params }) => runs.get(params.id),
    "simulate.cancelModelRun": async ({ params }) => runs.cancel(params.id),
  };
}
