import type { BranchId, Instant, Principal, RecordId } from "@doppelwerk/world";
import { port } from "./token.ts";

/** What was used in one hour; `hour` is its beginning, a whole hour of UTC. */
export interface UsedInHour {
  readonly hour: Instant;
  readonly amount: number;
}

/** What stations used for an order or a product. */
export interface UsedFor {
  readonly kind: "order" | "product";
  readonly id: string;
  readonly product: string;
  /** Good pieces that left the line for it in the span; absent: not counted. */
  readonly good?: number;
  readonly hours: readonly UsedInHour[];
}

/** What was used of one medium in a span. */
export interface MediumUse {
  readonly medium: string;
  readonly unit: "kWh" | "m3";
  /** The part of the span that the meters were read in. */
  readonly from: Instant;
  readonly to: Instant;
  readonly isSimulated: boolean;
  /** False: a meter has no readings in a part of the span, so that amounts are lower bounds. */
  readonly isWhole: boolean;
  /** Of the outermost meters, as far as it is known when it was used. */
  readonly total: readonly UsedInHour[];
  readonly uses: readonly UsedFor[];
}

/** What lines used of each medium that they have meters of, for whoever weighs it by factors that change by the hour. */
export interface EnergyUses {
  /** Errors: DW_NOT_FOUND of a line that is not there; DW_INVALID where nothing of the span was measured on the branch. Without a line of the whole plant. */
  within(
    principal: Principal,
    branch: BranchId,
    span: { readonly from: Instant; readonly to: Instant; readonly line?: RecordId },
  ): Promise<readonly MediumUse[]>;
}

export const energyUses = port<EnergyUses>("energy.uses", 1);
