import { endpoint, fault, instant, localText, message, z } from "@doppelwerk/kit";
import { figuresShape, messageShape } from "@doppelwerk/ports";
import { KPI_NAMES, StoredTargets, Target } from "./model/target-kind.ts";

/** A KPI that a pack declares, over a span. Without `value` it is not known: `n` is 0 where nothing counted, `fault` says why it could not be found out. */
export const DeclaredKpi = z.object({
  id: z.string(),
  feature: z.string(),
  pack: z.string(),
  title: localText,
  description: localText.optional(),
  unit: z.string().optional(),
  /** Its name in ISO 22400-2. */
  iso22400: z.string().optional(),
  better: z.enum(["more", "less"]),
  digits: z.int(),
  /** In its unit. */
  target: z.object({ target: z.number(), warning: z.number() }).optional(),
  value: z.number().optional(),
  /** How many things it is of, where that is known. */
  n: z.number().optional(),
  fault: messageShape.optional(),
});
export type DeclaredKpi = z.output<typeof DeclaredKpi>;

/** Key figures of a span: of the shift that covers it, or of the shifts inside it together. */
export const Kpis = figuresShape.extend({
  /** How many shifts the figures are of. 0 = no shift lies in the span: counts and seconds are 0, everything else is absent or empty. */
  shifts: z.int().optional(),
  /** Where they are of one shift. */
  name: z.string().optional(),
  revision: z.int().optional(),
  /** What packs declare, of the whole world; absent where none declares any. */
  declared: z.array(DeclaredKpi).optional(),
});
export type Kpis = z.output<typeof Kpis>;

const seconds = z.number();

/** A row of the loss budget. `state`: a state of the station; `speed`: slower than the ideal cycle; `reject`, `rework`: what was processed and is not good at the first pass. */
export const LossRow = z.object({
  state: z.string(),
  /** Of a wait: the station that it waited for, and what that one did for the longest part. */
  station: z.string().optional(),
  stationState: z.string().optional(),
  /** Of a wait for no station: `utility`, `material`, `operator` as the machine says; `outside` the line; `unclear`. */
  cause: z.string().optional(),
  /** Below zero where the station was faster than its ideal cycle, or counts contradict each other. */
  seconds,
  /** What the time would have given at the ideal cycle. */
  units: z.number().optional(),
  /** How often, and the longest one. */
  count: z.int().optional(),
  longest: z.object({ from: z.int(), to: z.int() }).optional(),
});
export type LossRow = z.output<typeof LossRow>;

/** Where the planned busy time of the constraint went: `plannedBusyS` = Σ ideal cycle × good + `lostS`, and `lostS` is the sum of the rows. */
export const LossBudget = z.object({
  /** 0 = no shift lies in the span. */
  shifts: z.int(),
  from: z.int(),
  to: z.int(),
  /** The constraint; empty where none is declared, and then there are no rows. */
  station: z.string(),
  plannedBusyS: seconds,
  /** Planned run time per item, over the mix that was produced. */
  idealCycleS: seconds,
  produced: z.number(),
  /** Good at the first pass. */
  good: z.number(),
  /** `plannedBusyS` ÷ `idealCycleS`. */
  possible: z.number().optional(),
  lostS: seconds,
  /** `possible` − `good`: the sum of the rows. */
  lostUnits: z.number().optional(),
  /** Longest first. */
  rows: z.array(LossRow).readonly(),
});
export type LossBudget = z.output<typeof LossBudget>;

export const lossesOfPeriod = endpoint({
  id: "kpis.losses",
  route: "GET /loss-budget",
  summary: "Where the planned busy time of the constraint of a line went over a period, in seconds and units that add up (ISO 22400-2)",
  action: "read",
  query: z
    .object({ from: instant, to: instant, /** Without one: the first. */ line: z.string().max(200).optional() })
    .refine(({ from, to }) => from < to, fault(message("messages.fromBeforeTo"))),
  answer: LossBudget,
  errors: ["DW_NOT_FOUND"],
});

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

const MAX_SPAN = 400 * 86_400 * 1_000_000;

export const declaredKpis = endpoint({
  id: "kpis.declared",
  route: "GET /declared-kpis",
  summary: "KPIs that packs declare, over a period; of a place those that can be told apart by the equipment in it",
  action: "read",
  query: z
    .object({
      from: instant,
      to: instant,
      feature: z.string().max(100).optional(),
      /** Id of a place of `GET /places`. */
      place: z.string().max(2_000).optional(),
    })
    .refine(({ from, to }) => from < to && to - from <= MAX_SPAN, fault(message("kpis.period"))),
  answer: z.object({ kpis: z.array(DeclaredKpi) }),
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
