import type { SearchWish } from "@doppelwerk/client";
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

/** The search of a wish: whatever is looked for, it advances by iterations, tells objective and bound, and its state is bytes. Throws DW_INVALID. */
export function searchOf(wish: SearchWish): Search<unknown> {
  const { seed } = wish;
  switch (wish.what) {
    case "schedule":
      return createScheduleSearch(checkScheduleProblem(wish.problem as ScheduleProblem), {
        seed,
        goal: wish.goal,
        ...(wish.from ? { from: wish.from as SchedulePlan } : {}),
      });
    case "layout":
      return new (wish.onto === "places" ? ExchangeSearch : LayoutSearch)(checkLayoutProblem(wish.problem as LayoutProblem), { seed });
    case "line-balancing":
      return new BalanceSearch(wish.text === undefined ? (wish.problem as LineBalance) : readLineBalance(wish.text), {
        seed,
        ...(wish.from ? { from: wish.from } : {}),
      });
    case "flow-shop":
      return new FlowShopSearch(readFlowShop(wish.text), { seed });
    case "qap":
      return new AssignmentSearch(readQuadraticAssignment(wish.text), { seed });
  }
}

/** Numbers of a solution as JSON has them. */
export function plainSolution(solution: unknown): unknown {
  return ArrayBuffer.isView(solution) ? Array.from(solution as Int32Array) : solution;
}
