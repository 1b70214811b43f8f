import type { LocalText } from "@doppelwerk/operations";
import type { BranchId, Principal } from "@doppelwerk/world";
import { slot } from "./token.ts";

export const COVERAGE_ASPECTS = ["production", "quality", "energy", "logistics", "safety", "people"] as const;
export type CoverageAspect = (typeof COVERAGE_ASPECTS)[number];

/** Something that a feature may collect, and how much of it there is: 0 = nothing is collected. */
export interface CollectedFact {
  readonly aspect: CoverageAspect;
  /** One of its kind in the feature. */
  readonly id: string;
  readonly title: LocalText;
  /** How many there are: documents, signals, machines. */
  readonly count: number;
  /** Where it comes from: names of connections, or of what else brings it. */
  readonly from?: readonly string[];
}

/** What a feature collects of a plant, computed of what is there and of what the principal may read. */
export interface CoverageSource {
  readonly feature: string;
  facts(principal: Principal, branch: BranchId): Promise<readonly CollectedFact[]>;
}

export const coverageSources = slot<CoverageSource>("orders.coverage", 1);
