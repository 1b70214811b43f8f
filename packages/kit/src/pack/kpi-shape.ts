import { z } from "zod";
import { dotted } from "./manifest-fields.ts";

const field = z
  .string()
  .max(60)
  .regex(/^[a-z]\w*$/);
const titleText = z.string().min(1).max(100);
const sentence = z.string().min(1).max(500);
/** What a value is multiplied by to be in the unit of the KPI: 100 for a ratio that is shown in percent. */
const factor = z.number().positive().default(1);

/** How conclusions of a fold in a period make one value. `ratio`: sum of `field` over sum of `per`, of those whose `per` is above 0. */
const OfFold = z.strictObject({
  fold: dotted,
  output: field,
  make: z.enum(["sum", "mean", "last", "count", "ratio"]),
  /** Of an output that is JSON as text; the output itself is the value without it. */
  field: field.optional(),
  per: field.optional(),
  factor,
});

/** An operation that answers for a period `from`, `to`: a field of its answer, and the one with how many things it is of. */
const OfOperation = z.strictObject({ operation: dotted, field, count: field.optional(), factor });

/** A key figure of a domain over a period. */
export const PackKpi = z.strictObject({
  /** Durable: what asks for it names it. */
  id: dotted,
  title: z.strictObject({ en: titleText, zh: titleText }),
  /** What it is of, in a sentence. */
  description: z.strictObject({ en: sentence, zh: sentence }).optional(),
  unit: z.string().min(1).max(40).optional(),
  /** Its name in ISO 22400-2, where it has one. */
  iso22400: z.string().min(1).max(60).optional(),
  better: z.enum(["more", "less"]).default("more"),
  digits: z.int().min(0).max(6).default(1),
  /** In the unit of the KPI; `warning`: from where on somebody should look. */
  target: z.strictObject({ target: z.number(), warning: z.number() }).optional(),
  of: z.union([OfFold, OfOperation]),
});
export type PackKpiDeclaration = z.output<typeof PackKpi>;
