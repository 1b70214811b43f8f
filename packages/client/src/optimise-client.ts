import type { BranchId } from "@doppelwerk/world";
import type { Optimisation, OptimisationSummary, OptimisationWish } from "./optimise-api.ts";
import type { Requester } from "./request.ts";

interface Call {
  readonly signal?: unknown;
}

/** Optimisations of a line on a branch; live is refused. */
export interface OptimiseCalls {
  optimisations(branch: BranchId, call?: Call): Promise<readonly OptimisationSummary[]>;
  optimise(branch: BranchId, wish: OptimisationWish): Promise<Optimisation>;
  optimisation(id: string, call?: Call): Promise<Optimisation>;
  /** Ends the search; what was found by then can still be chosen. */
  cancelOptimisation(id: string): Promise<void>;
  /** Writes a point onto the branch and judges it on fresh seeds. */
  chooseOptimum(id: string, point: number): Promise<Optimisation>;
}

export function optimiseCalls(requester: Requester): OptimiseCalls {
  const part = encodeURIComponent;
  return {
    optimisations: (branch, call) => requester.json("GET", `/branches/${part(branch)}/optimisations`, { ...call }),
    optimise: (branch, wish) => requester.json("POST", `/branches/${part(branch)}/optimisations`, { body: wish }),
    optimisation: (id, call) => requester.json("GET", `/optimisations/${part(id)}`, { ...call }),
    cancelOptimisation: (id) => requester.json("DELETE", `/optimisations/${part(id)}`),
    chooseOptimum: (id, point) => requester.json("POST", `/optimisations/${part(id)}/choose`, { body: { point } }),
  };
}
