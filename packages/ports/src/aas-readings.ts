import type { Operation, SubmodelElement } from "@doppelwerk/aas";
import type { BranchId, Principal } from "@doppelwerk/world";
import { port } from "./token.ts";

export interface ReadingCall {
  readonly submodel: string;
  readonly operation: Operation;
}

/** Arguments or results of an operation. */
export interface Variables {
  readonly inputs: readonly SubmodelElement[];
  readonly inoutputs: readonly SubmodelElement[];
}

/** What stands behind Operations of submodels that only read: whoever sees the submodel may invoke them. */
export interface AasReadings {
  /** Whether something stands behind it. */
  answers(principal: Principal, branch: BranchId, call: ReadingCall): Promise<boolean>;
  /** Errors: DW_INVALID with the argument and what is wrong. */
  invoke(
    principal: Principal,
    branch: BranchId,
    call: ReadingCall & Variables,
  ): Promise<{ readonly outputs: readonly SubmodelElement[]; readonly inoutputs: readonly SubmodelElement[] }>;
}

export const aasReadings = port<AasReadings>("assets.readings", 1);
