import type { BranchId, Instant, Principal, RecordId } from "@doppelwerk/world";
import { port } from "./token.ts";

/** An order as far as a line worked on it in a span. */
export interface OrderExecution {
  /** As people write it: `4500017`. */
  readonly order: string;
  readonly product: string;
  readonly from: Instant;
  readonly to: Instant;
  /** Good pieces that left the line for it in the span. */
  readonly good: number;
}

/** What a line made in a span. */
export interface LineExecutions {
  /** In the sequence of the line; two may be under way at once. */
  readonly orders: readonly OrderExecution[];
  /** Good pieces that left the line, by product, of orders or of none. */
  readonly products: readonly { readonly product: string; readonly good: number }[];
  readonly isSimulated: boolean;
}

/** When lines worked on which order, and what they made: for whoever allocates what was used meanwhile. */
export interface OrderExecutions {
  /** Undefined where the line does not count, or the principal may not read what it counts; without a line of the first. */
  within(
    principal: Principal,
    branch: BranchId,
    span: { readonly from: Instant; readonly to: Instant; readonly line?: RecordId },
  ): Promise<LineExecutions | undefined>;
}

export const orderExecutions = port<OrderExecutions>("orders.executions", 1);
