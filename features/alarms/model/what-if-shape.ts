import { localText, z } from "@doppelwerk/kit";

/** Longest span of a test: a month. */
export const TRIAL_MAX = 31 * 86_400 * 1_000_000;

/** Measures of alarms over a span (ISA-18.2, clause 16). */
export const Figures = z.object({
  raised: z.int(),
  per10Min: z.number(),
  /** More than ten in ten minutes. */
  floods: z.int(),
  /** Share of the span in flood, 0 to 1. */
  floodShare: z.number(),
  /** Rules that raised three or more within a minute. */
  chattering: z.int(),
});

/** What the rules of a branch would have raised over a span of the record, beside what was raised. Times are microseconds since 1970. */
export const WhatIf = z.object({
  from: z.int(),
  to: z.int(),
  was: Figures,
  would: Figures,
  /** By day, from `from` on; the last one may be shorter. */
  days: z.array(z.object({ from: z.int(), was: z.int(), would: z.int() })).readonly(),
  /** Rules that raised something or would have, or could not be evaluated, most changed first. */
  rules: z
    .array(
      z.object({
        id: z.string(),
        title: localText,
        was: z.int(),
        would: z.int(),
        /** The longest one from its raise to its return. */
        longestWasS: z.number(),
        longestWouldS: z.number(),
        /** How long it could not be evaluated. */
        unevaluatedS: z.number(),
      }),
    )
    .readonly(),
  /** Samples that were judged again. */
  samples: z.int(),
  /** False: there were more steps than are counted. */
  isWhole: z.boolean(),
});
export type WhatIf = z.output<typeof WhatIf>;
