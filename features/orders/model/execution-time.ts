import { SECOND, type Instant } from "@doppelwerk/kit";
import type { StoredOrder } from "./order-kind.ts";
import type { LineProgress } from "./progress.ts";

/** An order and when it was worked on, as far as it lies in a span. */
export interface Execution {
  readonly number: string;
  readonly product: string;
  readonly from: Instant;
  readonly to: Instant;
}

export interface ExecutionQuestion {
  readonly from: Instant;
  readonly to: Instant;
  readonly order?: string | undefined;
  readonly product?: string | undefined;
}

/** From the first piece begun to the last good one; of an order that is under way to the end of the span. In the sequence of the line. */
export function executionsOf(
  orders: readonly StoredOrder[],
  { byNumber }: LineProgress,
  { from, to, order, product }: ExecutionQuestion,
): readonly Execution[] {
  return orders.flatMap((each): Execution[] => {
    const made = byNumber.get(each.number);
    if (made?.startedAt === undefined || (order ?? each.number) !== each.number || (product ?? each.product) !== each.product) return [];
    const end = made.state === "running" || made.state === "held" ? to : (made.lastAt ?? made.startedAt);
    if (made.startedAt >= to || end <= from) return [];
    return [{ number: each.number, product: each.product, from: Math.max(from, made.startedAt), to: Math.min(to, end) }];
  });
}

/** Actual order execution time of ISO 22400-2, seconds: the sum over the orders, of which two may be under way at once. */
export const orderExecutionS = (executions: readonly Execution[]): number =>
  executions.reduce((sum, { from, to }) => sum + (to - from) / SECOND, 0);
