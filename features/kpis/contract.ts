import { endpoint, instant, z } from "@doppelwerk/kit";
import { figuresShape } from "@doppelwerk/ports";
import { fault, message } from "@doppelwerk/kit";

/** Key figures of a span: of the shift that covers it, or of the shifts inside it together. */
export const Kpis = figuresShape.extend({
  /** How many shifts the figures are of. 0 = no shift lies in the span: counts and seconds are 0, everything else is absent or empty. */
  shifts: z.int().optional(),
  /** Where they are of one shift. */
  name: z.string().optional(),
  revision: z.int().optional(),
});
export type Kpis = z.output<typeof Kpis>;

export const ofPeriod = endpoint({
  id: "kpis.ofPeriod",
  route: "GET /kpis",
  summary: "KPIs of a period (ISO 22400-2); where no shift lies in it, `shifts` is 0 and the figures are empty",
  action: "read",
  query: z.object({ from: instant, to: instant }).refine(({ from, to }) => from < to, fault(message("messages.fromBeforeTo"))),
  answer: Kpis,
});
