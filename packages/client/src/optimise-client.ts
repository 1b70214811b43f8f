import type { BranchId, Instant } from "@doppelwerk/world";
import type {
  BlendAnswer,
  BlendRequest,
  LineBalanceWork,
  LineSchedule,
  Optimisation,
  OptimisationSummary,
  OptimisationRequest,
  SearchState,
  SearchRequest,
  SequenceCheck,
} from "./optimise-api.ts";
import type { Requester } from "./request.ts";

interface Call {
  readonly signal?: unknown;
}

/** Optimisations of a line on a branch; live is refused. */
export interface OptimiseCalls {
  optimisations(branch: BranchId, call?: Call): Promise<readonly OptimisationSummary[]>;
  optimise(branch: BranchId, request: OptimisationRequest): Promise<Optimisation>;
  optimisation(id: string, call?: Call): Promise<Optimisation>;
  /** Ends the search; what was found by then can still be chosen. */
  cancelOptimisation(id: string): Promise<void>;
  /** Writes a point onto the branch and judges it on fresh seeds. */
  chooseOptimum(id: string, point: number): Promise<Optimisation>;
  search(request: SearchRequest): Promise<SearchState>;
  cancelSearch(id: string): Promise<void>;
  /** Orders of a branch as a schedule; so many are drawn from the product mix where its shells hold none. */
  lineSchedule(branch: BranchId, options?: { readonly orders?: number; readonly seed?: number }, call?: Call): Promise<LineSchedule>;
  checkSequence(
    branch: BranchId,
    check: { readonly orders: LineSchedule["orders"]; readonly replications: number; readonly seed: number; readonly horizonS: number },
  ): Promise<SequenceCheck>;
  /** `problem` and `plan` are those of @doppelwerk/sim/optimise. */
  keepSchedule(
    branch: BranchId,
    schedule: {
      readonly problem: unknown;
      readonly plan: unknown;
      readonly start: Instant;
      readonly orders?: LineSchedule["orders"];
      readonly shell?: string;
    },
  ): Promise<void>;
  blend(request: BlendRequest): Promise<BlendAnswer>;
  charge(branch: BranchId, call?: Call): Promise<BlendRequest | undefined>;
  keepCharge(branch: BranchId, request: BlendRequest): Promise<BlendAnswer>;
  lineWork(branch: BranchId, call?: Call): Promise<LineBalanceWork>;
  keepLayout(branch: BranchId, problem: unknown, places: unknown): Promise<{ readonly changes: number }>;
}

export function optimiseCalls(requester: Requester): OptimiseCalls {
  const part = encodeURIComponent;
  return {
    optimisations: (branch, call) => requester.json("GET", `/branches/${part(branch)}/optimisations`, { ...call }),
    optimise: (branch, request) => requester.json("POST", `/branches/${part(branch)}/optimisations`, { body: request }),
    optimisation: (id, call) => requester.json("GET", `/optimisations/${part(id)}`, { ...call }),
    cancelOptimisation: (id) => requester.json("DELETE", `/optimisations/${part(id)}`),
    chooseOptimum: (id, point) => requester.json("POST", `/optimisations/${part(id)}/choose`, { body: { point } }),
    search: (request) => requester.json("POST", "/searches", { body: request }),
    cancelSearch: (id) => requester.json("DELETE", `/searches/${part(id)}`),
    lineSchedule: (branch, query, call) => requester.json("GET", `/branches/${part(branch)}/schedule`, { query: { ...query }, ...call }),
    checkSequence: (branch, check) => requester.json("POST", `/branches/${part(branch)}/schedule/check`, { body: check }),
    keepSchedule: (branch, schedule) => requester.json("POST", `/branches/${part(branch)}/schedule`, { body: schedule }),
    blend: (request) => requester.json("POST", "/blends", { body: request }),
    charge: (branch, call) => requester.json("GET", `/branches/${part(branch)}/charge`, { ...call }),
    keepCharge: (branch, request) => requester.json("POST", `/branches/${part(branch)}/charge`, { body: { request } }),
    lineWork: (branch, call) => requester.json("GET", `/branches/${part(branch)}/work`, { ...call }),
    keepLayout: (branch, problem, places) => requester.json("POST", `/branches/${part(branch)}/layout`, { body: { problem, places } }),
  };
}
