import type { LocalText } from "@doppelwerk/operations";
import type { BranchId, Instant, Principal } from "@doppelwerk/world";
import { port } from "./token.ts";

/** What a work order comes from, so that it leads there: an alarm, a stop, a plan, a check point of a round. */
export interface WorkOrderSource {
  readonly kind: "alarm" | "stop" | "plan" | "round" | "stock" | "person";
  /** Of the alarm rule, plan or round; absent of what a person opens by himself. */
  readonly id?: string;
  /** When it happened that it is opened for. */
  readonly at: Instant;
}

export interface WorkOrderRequest {
  readonly title: LocalText;
  /** AAS id of the asset that is worked on. */
  readonly shell: string;
  /** Id of its station, where it is one. */
  readonly station?: string;
  readonly priority: 1 | 2 | 3 | 4;
  readonly due?: Instant;
  readonly text?: string;
  /** Code of the job plan that gives its steps. */
  readonly jobPlan?: string;
  readonly source: WorkOrderSource;
  /** What is asked for again with the same key is the same work order, open or not. */
  readonly key?: string;
}

/** A work order that is not over. */
export interface OpenWorkOrder {
  readonly id: string;
  readonly number: string;
  readonly title: LocalText;
  readonly shell: string;
  readonly station?: string;
  readonly state: "open" | "planned" | "started" | "finished";
  readonly priority: 1 | 2 | 3 | 4;
  readonly due?: Instant;
  readonly source: WorkOrderSource;
}

/** Work orders of maintenance, as other features open and show them. */
export interface WorkOrders {
  /** On disk when it resolves. Errors: DW_NOT_FOUND of an asset that is not there or is hidden, DW_FORBIDDEN, DW_CONFLICT where too many are open. */
  open(principal: Principal, branch: BranchId, request: WorkOrderRequest): Promise<{ readonly id: string; readonly isNew: boolean }>;
  /** Those of a station, or of an asset by its AAS id, or all, the most urgent first. */
  list(
    principal: Principal,
    branch: BranchId,
    of?: { readonly station?: string; readonly shell?: string },
  ): Promise<readonly OpenWorkOrder[]>;
}

export const workOrders = port<WorkOrders>("maintenance.workOrders", 1);
