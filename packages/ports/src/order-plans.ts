import type { BranchId, Instant, Principal, RecordId } from "@doppelwerk/world";
import { port } from "./token.ts";

/** What is left to be made of a production order. */
export interface OpenOrder {
  readonly id: string;
  readonly product: string;
  /** Pieces that are not good yet. */
  readonly quantity: number;
  readonly due?: Instant;
  /** Pieces that were ordered. */
  readonly ordered: number;
  /** Good ones; absent where the end of its line does not count. */
  readonly good?: number;
  /** The line works on it. */
  readonly isRunning: boolean;
}

/** Production orders as whoever plans them needs them. */
export interface OrderPlans {
  /** Orders of a line that are not over, of products that it makes, in their sequence, as the principal may read them; without a line of the first. */
  open(principal: Principal, branch: BranchId, line?: RecordId): Promise<readonly OpenOrder[]>;
  /** Writes a sequence onto a branch: the place of each of these orders. Others stay behind them. Errors: DW_NOT_FOUND, DW_FORBIDDEN, DW_CONFLICT. */
  sequence(principal: Principal, branch: BranchId, ids: readonly string[]): Promise<void>;
}

export const orderPlans = port<OrderPlans>("orders.plans", 1);
