import type { SearchRequest } from "@doppelwerk/client";
import {
  AssignmentSearch,
  BalanceSearch,
  checkLayoutProblem,
  checkScheduleProblem,
  createScheduleSearch,
  ExchangeSearch,
  FlowShopSearch,
  LayoutSearch,
  readFlowShop,
  readLineBalance,
  readQuadraticAssignment,
  type LayoutProblem,
  type LineBalance,
  type ScheduleProblem,
  type SchedulePlan,
  type Search,
} from "@doppelwerk/sim/optimise";

/** The search of a request: whatever is looked for, it advances by iterations, tells objective and bound, and its state is bytes. Throws DW_INVALID. */
export function searchOf(request: SearchRequest): Search<unknown> {
  const { seed } = request;
  switch (request.kind) {
    case "schedule":
      return createScheduleSearch(checkScheduleProblem(request.problem as ScheduleProblem), {
        seed,
        goal: request.goal,
        ...(request.from ? { from: request.from as SchedulePlan } : {}),
      });
    case "layout":
      return new (request.onto === "places" ? ExchangeSearch : LayoutSearch)(checkLayoutProblem(request.problem as LayoutProblem), {
        seed,
      });
    case "line-balancing":
      return new BalanceSearch(request.text === undefined ? (request.problem as LineBalance) : readLineBalance(request.text), {
        seed,
        ...(request.from ? { from: request.from } : {}),
      });
    case "flow-shop":
      return new FlowShopSearch(readFlowShop(request.text), { seed });
    case "qap":
      return new AssignmentSearch(readQuadraticAssignment(request.text), { seed });
  }
}

/** Numbers of a solution as JSON has them. */
export function plainSolution(solution: unknown): unknown {
  return ArrayBuffer.isView(solution) ? Array.from(solution as Int32Array) : solution;
}
