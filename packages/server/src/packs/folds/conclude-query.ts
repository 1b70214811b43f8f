import { z } from "@doppelwerk/kit";
import { LIVE } from "@doppelwerk/world";

const MAX_SIMULATED = 10_000;

const instant = z.int().min(0);
/** What a pack asks its folds: their conclusions of a span, by the documents of a branch, and of simulated values after it. */
export const ConcludeQuery = z.strictObject({
  fold: z.string().min(1).max(120),
  /** Default live. */
  branch: z.string().min(1).max(200).default(LIVE),
  /** Id of a document; default: all of the kind. */
  subject: z.string().min(1).max(2_048).optional(),
  from: instant,
  to: instant,
  /** Values of inputs after `to`, in order of time; only with `subject`. */
  simulated: z
    .array(
      z.strictObject({ input: z.string().min(1).max(60), at: instant, value: z.number().optional(), text: z.string().max(500).optional() }),
    )
    .max(MAX_SIMULATED)
    .optional(),
});
export type ConcludeQuery = z.output<typeof ConcludeQuery>;
