import type { Message } from "@doppelwerk/messages";
import type { BranchId, Principal, RecordId } from "@doppelwerk/world";
import { z } from "zod";
import { verdictShape } from "./run-results.ts";
import { port } from "./token.ts";

/** A station that is taken out of work for maintenance again and again. */
export interface AskedPlan {
  /** Absent: the first. */
  readonly line?: RecordId | undefined;
  readonly station: string;
  /** Calendar time from the end of one maintenance to the next, and what each takes. */
  readonly everyS: number;
  readonly durationS: number;
  /** Share of the failures of the station that it prevents, 0 to below 1: nothing measures it, who asks assumes it. */
  readonly prevented: number;
}

const side = z.object({ mean: z.number(), low: z.number(), high: z.number() });

/** Good units over the horizon, with the plan and without it, on the same random numbers: means, the interval that has 95 % of them, and the paired difference. */
export const planEffectShape = z.object({
  horizonS: z.number(),
  replications: z.int(),
  seed: z.int(),
  /** With the plan less without it; half the width of its 95 % confidence interval. */
  difference: z.object({ mean: z.number(), halfWidth: z.number() }),
  without: side,
  with: side,
  verdict: verdictShape,
  /** The model knows failures of the station. */
  knowsFailures: z.boolean(),
  model: z.object({ hash: z.string(), code: z.string() }),
});
export type PlanEffectValue = z.output<typeof planEffectShape>;

export interface PlanEffects {
  /** On the model of a branch. `why`: it cannot be simulated. Errors: DW_QUEUE_FULL, DW_CANCELLED, DW_NOT_FOUND of a line that is not there. */
  of(principal: Principal, branch: BranchId, asked: AskedPlan): Promise<PlanEffectValue | { readonly why: Message }>;
}

export const planEffects = port<PlanEffects>("simulate.planEffects", 1);
