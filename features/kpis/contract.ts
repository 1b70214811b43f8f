import { endpoint, fault, instant, localText, message, z } from "@doppelwerk/kit";
import { figuresShape, messageShape } from "@doppelwerk/ports";
import { CUTS } from "./model/cuts.ts";
import { ElementSymbol } from "./model/kpi-input-kind.ts";
import { Formula, OwnKpiFields } from "./model/own-kpi-kind.ts";
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

/** Why a KPI has no value: `missing` an element, a signal or another KPI (`name`), with what sources of it answered (`why`); `dividedByZero`; `rootOfNegative`; `notANumber`; `overflow`; `cycle` (`names`). */
const unknownReason = z.object({
  kind: z.string(),
  name: z.string().optional(),
  names: z.array(z.string()).optional(),
  why: z.array(messageShape).optional(),
});

/** A number of a formula; without `value` it is not known. Times are seconds, energy kWh. `of`: what a source computed it of. */
const formulaInput = z.object({ name: z.string(), value: z.number().optional(), of: messageShape.optional() });

const valueOfFormula = {
  /** Absent: not known. */
  value: z.number().optional(),
  unknown: z.array(unknownReason),
  /** What the formula names, in order. */
  inputs: z.array(formulaInput),
  /** A share above 1. */
  isOver: z.boolean().optional(),
};

/** A KPI of ISO 22400-2 over a span. `unit`: `ratio` (1 = 100 %), `perHour` (the value is per second), `duration` (s), `perUnit` (kWh a unit), `index`, `turns`. */
export const KnownIndicator = z.object({
  id: z.string(),
  /** Its place among the 34. */
  number: z.int(),
  group: z.enum(["production", "quality", "capability", "material", "maintenance", "energy"]),
  formula: z.string(),
  scopes: z.array(z.string()),
  better: z.enum(["more", "less"]),
  unit: z.enum(["ratio", "perHour", "duration", "perUnit", "index", "turns"]),
  /** Of a line: the station that the value is of, where the standard gives the KPI to work units and not to a line. */
  at: z.string().optional(),
  /** Then the value of each station of the line that has one. */
  units: z.array(z.object({ station: z.string(), value: z.number() })).optional(),
  ...valueOfFormula,
});
export type KnownIndicator = z.output<typeof KnownIndicator>;

/** A KPI that people define; other formulas name it by `name`. */
export const OwnKpi = z.object({ name: z.string(), fields: OwnKpiFields });
export type OwnKpi = z.output<typeof OwnKpi>;

export const IndicatorsAnswer = z.object({
  /** Of the shifts; of the span asked for where none lies in it. */
  from: z.int(),
  to: z.int(),
  /** 0 = no shift lies in the span. */
  shifts: z.int(),
  /** Stations of the line, in its order. */
  stations: z.array(z.string()),
  /** Station whose figures are those of the line where a KPI is of work units. */
  constraint: z.string().optional(),
  /** Planned time of the station, or of the constraint of the line, of which nothing is known. */
  unknownS: z.number(),
  indicators: z.array(KnownIndicator),
  own: z.array(OwnKpi.extend(valueOfFormula)),
});
export type IndicatorsAnswer = z.output<typeof IndicatorsAnswer>;

export const indicators = endpoint({
  id: "kpis.indicators",
  route: "GET /indicators",
  summary: "The 34 KPIs of ISO 22400-2 of a line or station over the shifts of a period, each with its inputs, and own KPIs of a branch",
  action: "read",
  branch: "query.branch",
  query: branch
    .extend({
      from: instant,
      to: instant,
      /** Without one: the first. */
      line: z.string().max(200).optional(),
      /** Without one: of the line as a whole. */
      station: z.string().max(200).optional(),
    })
    .refine(({ from, to }) => from < to && to - from <= MAX_SPAN, fault(message("kpis.period"))),
  answer: IndicatorsAnswer,
  errors: ["DW_NOT_FOUND"],
});

/** A row of KPIs that are cut: of one hour, shift, production day, order or product. */
export const IndicatorCutRow = z.object({
  /** Hour: its begin; shift: its id; day: `2026-11-24`; order and product: their ids. */
  key: z.string(),
  title: localText.optional(),
  product: z.string().optional(),
  from: z.int(),
  to: z.int(),
  /** Planned time of which nothing is known. */
  unknownS: z.number(),
  indicators: z.array(z.object({ id: z.string(), at: z.string().optional(), ...valueOfFormula })),
});
export type IndicatorCutRow = z.output<typeof IndicatorCutRow>;

export const IndicatorCutsAnswer = z.object({
  by: z.enum(CUTS),
  rows: z.array(IndicatorCutRow),
  /** What cannot be cut that way, and why. */
  note: messageShape.optional(),
  /** How many earlier rows were left out. */
  left: z.int().optional(),
});
export type IndicatorCutsAnswer = z.output<typeof IndicatorCutsAnswer>;

const MAX_CUT = 31 * 86_400 * 1_000_000;

export const indicatorCuts = endpoint({
  id: "kpis.indicatorCuts",
  route: "GET /indicator-cuts",
  summary: "The 34 KPIs of ISO 22400-2 of a line or station by hour, shift, day, order or product; what cannot be cut that way is said",
  action: "read",
  branch: "query.branch",
  query: branch
    .extend({ by: z.enum(CUTS), from: instant, to: instant, line: z.string().max(200).optional(), station: z.string().max(200).optional() })
    .refine(({ from, to }) => from < to && to - from <= MAX_CUT, fault(message("kpis.cut.period"))),
  answer: IndicatorCutsAnswer,
  errors: ["DW_NOT_FOUND"],
});

/** An element of ISO 22400-2 of a place, by a formula that people gave. `place`: the id of a station or a line. */
export const AssignedInput = z.object({
  id: z.string(),
  symbol: z.string(),
  place: z.string(),
  title: localText,
  formula: z.string(),
});
export type AssignedInput = z.output<typeof AssignedInput>;

const editOwn = { action: "edit", branch: "query.branch" } as const;

export const storeOwnKpi = endpoint({
  id: "kpis.storeOwn",
  route: "PUT /own-kpis/:name",
  summary: "Store a KPI that is defined by a formula; the formula may name elements of ISO 22400-2, its KPIs, other own KPIs and signals",
  ...editOwn,
  query: branch,
  /** With `expected` it is refused when another definition stands by then; `null`: none stands. */
  body: z.object({ fields: OwnKpiFields, expected: OwnKpiFields.nullable().optional(), reason: z.string().trim().max(500).optional() }),
  answer: OwnKpi,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const removeOwnKpi = endpoint({
  id: "kpis.removeOwn",
  route: "DELETE /own-kpis/:name",
  summary: "Remove an own KPI that no other one names",
  ...editOwn,
  query: branch.extend({ reason: z.string().trim().max(500).optional() }),
  answer: undefined,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const assignedInputs = endpoint({
  id: "kpis.inputs",
  route: "GET /kpi-inputs",
  summary: "Elements of ISO 22400-2 that people assigned to stations and lines of a branch, by formulas over signals",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.object({
    inputs: z.array(AssignedInput),
    /** Where one may be assigned. */
    places: z.array(z.object({ place: z.string(), title: localText })),
  }),
});

export const storeInput = endpoint({
  id: "kpis.storeInput",
  route: "PUT /kpi-inputs",
  summary: "Assign an element to a station or line by a formula over signals and other elements of it, in place of the one before",
  ...editOwn,
  query: branch,
  body: z.object({
    symbol: ElementSymbol,
    /** Id of a station or line, the AAS id of its shell, or the English title of a line. */
    place: z.string().min(1).max(2_000),
    formula: Formula,
    reason: z.string().trim().max(500).optional(),
  }),
  answer: AssignedInput,
  errors: ["DW_NOT_FOUND"],
});

export const removeInput = endpoint({
  id: "kpis.removeInput",
  route: "DELETE /kpi-inputs/:id",
  summary: "Remove an assigned element",
  ...editOwn,
  subject: "params.id",
  query: branch.extend({ reason: z.string().trim().max(500).optional() }),
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});
