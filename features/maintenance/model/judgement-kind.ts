import { z, type KindDeclaration } from "@doppelwerk/kit";
import { planEffectShape } from "@doppelwerk/ports";

/** What a plan was judged to bring, simulated on its branch. */
export const Judgement = z.object({
  plan: z.string().min(1).max(60),
  station: z.string().max(300),
  /** Calendar time between two maintenances; of a plan by count from the rate of the last days. */
  everyS: z.number().positive(),
  durationS: z.number().positive(),
  /** Share of failures that it prevents: entered by a person, measured by nothing. */
  prevented: z.number().min(0).max(0.95),
  by: z.string().max(500),
  at: z.int(),
  effect: planEffectShape,
});
export type Judgement = z.output<typeof Judgement>;

export const planJudgement = {
  id: "maintenance.judgement",
  record: "maintenanceJudgement",
  version: 1,
  schema: Judgement,
  upcast: {},
} satisfies KindDeclaration<typeof Judgement>;
