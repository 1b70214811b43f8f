import { endpoint, fault, instant, localText, message, z } from "@doppelwerk/kit";
import { figuresShape } from "@doppelwerk/ports";
import { KPI_NAMES, StoredTargets, Target } from "./model/target-kind.ts";

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
  summary: "KPIs of a line over a period (ISO 22400-2); where no shift lies in it, `shifts` is 0 and the figures are empty",
  action: "read",
  query: z
    .object({ from: instant, to: instant, /** Without one: the first. */ line: z.string().max(200).optional() })
    .refine(({ from, to }) => from < to, fault(message("messages.fromBeforeTo"))),
  answer: Kpis,
  errors: ["DW_NOT_FOUND"],
});

const targets = z.partialRecord(z.enum(KPI_NAMES), Target);

/** The targets of a place as they hold. A KPI in `stored` takes the place of the one in `shipped`; `none` there: it has none. */
export const KnownTargets = z.object({
  id: z.string(),
  title: localText,
  targets,
  stored: StoredTargets,
  shipped: targets,
});
export type KnownTargets = z.output<typeof KnownTargets>;

const branch = z.object({ branch: z.string().max(200).default("live") });
const edit = { action: "edit", subject: "params.id", branch: "query.branch" } as const;

export const knownTargets = endpoint({
  id: "kpis.targets",
  route: "GET /kpi-targets",
  summary: "The KPI targets of each line of a branch, with what is shipped and what is stored",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.array(KnownTargets),
});

export const storeTargets = endpoint({
  id: "kpis.storeTargets",
  route: "PUT /kpi-targets/:id",
  summary: "Store KPI targets of a place over the shipped ones; without any, the shipped ones hold again",
  ...edit,
  query: branch,
  /** With `expected` it is refused when other ones are stored by then. */
  body: z.object({ stored: StoredTargets, expected: StoredTargets.optional(), reason: z.string().trim().max(500).optional() }),
  answer: KnownTargets,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});
