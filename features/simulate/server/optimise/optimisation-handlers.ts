import type { SimulateHandlers } from "../handlers.ts";
import type { OptimisationService } from "./optimisation-service.ts";

/** Optimisations of a branch: start, follow, cancel, choose what comes onto the branch. */
export function optimisationHandlers(
  optimisations: OptimisationService,
): Pick<
  SimulateHandlers,
  | "simulate.listOptimisations"
  | "simulate.startOptimisation"
  | "simulate.readOptimisation"
  | "simulate.cancelOptimisation"
  | "simulate.chooseOptimum"
> {
  return {
    "simulate.listOptimisations": ({ view, branch }) => optimisations.list(view.documents.branch(branch).id),
    "simulate.startOptimisation": ({ view, branch, body }) => optimisations.start(view.documents, view.documents.branch(branch).id, body),
    "simulate.readOptimisation": ({ params }) => optimisations.get(params.id),
    "simulate.cancelOptimisation": ({ params }) => optimisations.cancel(params.id),
    "simulate.chooseOptimum": ({ view, params, body }) => optimisations.choose(view.documents, params.id, body.point),
  };
}
