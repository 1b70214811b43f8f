import { endpoint, fault, instant, localText, message, z } from "@doppelwerk/kit";
import { messageShape } from "@doppelwerk/ports";
import type {} from "./message-codes.ts";
import { BaselineFields } from "./model/baseline-kind.ts";
import { MEDIA } from "./model/energy-units.ts";
import { MeterFields } from "./model/meter-kind.ts";
import { ScenarioFields } from "./model/scenario.ts";
import { STATE_GROUPS } from "./model/state-groups.ts";
import { TariffFields } from "./model/tariff-kind.ts";

const MAX_SPAN = 31 * 86_400 * 1_000_000;

/** A meter of a station or line; without `kWh` it is not known what it counted. */
const CountedMeter = z.object({
  signal: z.string(),
  name: z.string(),
  /** Id of the station or line that it measures. */
  place: z.string(),
  kWh: z.number().optional(),
  /** People assigned it; else its signal says where it is, and in which unit. */
  isAssigned: z.boolean(),
});

export const LineEnergyAnswer = z.object({
  /** The part of the period that every known meter was read in; at most an hour shorter at each end. */
  from: z.int(),
  to: z.int(),
  /** Absent: the world has no line. */
  line: z.string().optional(),
  /** What the meter of the line counted, kWh. */
  meteredKWh: z.number().optional(),
  /** Of the stations together, as far as they are known. */
  allocatedKWh: z.number(),
  /** The meter of the line less its stations; absent where one of them is not known. */
  unallocatedKWh: z.number().optional(),
  /** The stations counted more than the line, by more than 1 %. */
  isOver: z.boolean(),
  /** In the order of the line; those without a meter are left out. */
  stations: z.array(z.object({ station: z.string(), title: localText, kWh: z.number().optional() })),
  meters: z.array(CountedMeter),
});
export type LineEnergyAnswer = z.output<typeof LineEnergyAnswer>;

export const ofPeriod = endpoint({
  id: "energy.ofPeriod",
  route: "GET /energy",
  summary: "What the meters of a line and its stations counted over a period, kWh, and what of the line's meter is allocated to no station",
  action: "read",
  query: z
    .object({ from: instant, to: instant, /** Without one: the first. */ line: z.string().max(200).optional() })
    .refine(({ from, to }) => from < to && to - from <= MAX_SPAN, fault(message("energy.fault.period"))),
  answer: LineEnergyAnswer,
  errors: ["DW_NOT_FOUND"],
});

const branch = z.object({ branch: z.string().max(200).default("live") });
const edit = { action: "edit", branch: "query.branch" } as const;

/** A meter that people assigned. */
export const AssignedMeter = z.object({ signal: z.string(), fields: MeterFields });
export type AssignedMeter = z.output<typeof AssignedMeter>;

export const meters = endpoint({
  id: "energy.meters",
  route: "GET /energy-meters",
  summary: "Meters that people assigned to lines and stations of a branch",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.array(AssignedMeter),
});

export const storeMeter = endpoint({
  id: "energy.storeMeter",
  route: "PUT /energy-meters/:signal",
  summary: "Assign a meter to a line or station, and its unit where the signal does not say it",
  ...edit,
  subject: "params.signal",
  query: branch,
  body: z.object({ fields: MeterFields, reason: z.string().trim().max(500).optional() }),
  answer: AssignedMeter,
  errors: ["DW_NOT_FOUND"],
});

export const removeMeter = endpoint({
  id: "energy.removeMeter",
  route: "DELETE /energy-meters/:signal",
  summary: "Take the assignment of a meter away",
  ...edit,
  subject: "params.signal",
  query: branch.extend({ reason: z.string().trim().max(500).optional() }),
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

const reason = z.string().trim().max(500).optional();

/** A span of a branch: of a line, or without one of the whole plant. */
const askedUse = z
  .object({
    branch: z.string().max(200).default("live"),
    from: instant,
    to: instant,
    /** Absent: the whole plant. */
    line: z.string().max(200).optional(),
    medium: z.enum(MEDIA).default("electricity"),
  })
  .refine(({ from, to }) => from < to && to - from <= MAX_SPAN, fault(message("energy.fault.period")));

/** What a place used. Amounts are in the unit of the answer. */
const PlaceUse = z.object({
  /** Id of the line or station, else the idShort of its shell. */
  place: z.string(),
  kind: z.enum(["place", "line", "station"]),
  title: localText,
  line: z.string().optional(),
  /** The nearest place around it that has a meter. */
  above: z.string().optional(),
  isMetered: z.boolean(),
  /** Absent: not known, at least as much as `known`. */
  amount: z.number().optional(),
  known: z.number(),
  /** Seconds of which nobody knows how much was used. */
  unknownS: z.number(),
  /** Part of the amount that was counted between readings too far apart to say when. */
  untimed: z.number(),
  /** Seconds between readings of the slowest meter. */
  readingS: z.number().optional(),
  isSimulated: z.boolean(),
  /** By what the station did: `unknown` also has what cannot be given to a state. */
  groups: z
    .object(Object.fromEntries(STATE_GROUPS.map((group) => [group, z.number()])) as Record<(typeof STATE_GROUPS)[number], z.ZodNumber>)
    .optional(),
  states: z.array(z.object({ state: z.string(), amount: z.number() })).optional(),
  /** 0 to 1: of what is known of states, what was used while nothing was produced. */
  standbyShare: z.number().optional(),
  /** By the tariffs; absent: not known. */
  cost: z.number().optional(),
  /** Of the metered places directly inside, as far as it is known. */
  allocated: z.number().optional(),
  /** Its meter less the metered places directly inside; below zero where these count more. Absent: not known. */
  unallocated: z.number().optional(),
  isOver: z.boolean().optional(),
  /** The difference is at most 1 %. */
  isEven: z.boolean().optional(),
  meters: z.array(z.object({ signal: z.string(), name: z.string(), isAssigned: z.boolean(), amount: z.number().optional() })),
});

export const EnergyUse = z.object({
  from: z.int(),
  to: z.int(),
  medium: z.enum(MEDIA),
  unit: z.enum(["kWh", "m3"]),
  isSimulated: z.boolean(),
  /** ISO 4217; absent: there is no tariff. */
  currency: z.string().optional(),
  /** The outermost first. */
  places: z.array(PlaceUse),
  /** What stations used for an order while their line worked on it. */
  orders: z.array(
    z.object({
      order: z.string(),
      product: z.string(),
      line: z.string(),
      from: z.int(),
      to: z.int(),
      good: z.number(),
      amount: z.number(),
      /** A good piece. */
      each: z.number().optional(),
      cost: z.number().optional(),
    }),
  ),
  products: z.array(
    z.object({
      product: z.string(),
      amount: z.number(),
      /** Absent: not counted. */
      good: z.number().optional(),
      each: z.number().optional(),
      cost: z.number().optional(),
    }),
  ),
  findings: z.array(messageShape),
});
export type EnergyUse = z.output<typeof EnergyUse>;

export const use = endpoint({
  id: "energy.use",
  route: "GET /energy-use",
  summary:
    "What a line or the plant used of a medium: by place and state, order and product, what it cost, and what of each meter is allocated to nothing inside",
  action: "read",
  branch: "query.branch",
  query: askedUse,
  answer: EnergyUse,
  errors: ["DW_NOT_FOUND", "DW_INVALID"],
  tool: {
    name: "energy_use",
    effect: "read",
    description: "Energy of a line or the plant by station and state, order and product, with cost",
  },
});

export const EnergyLoad = z.object({
  from: z.int(),
  to: z.int(),
  isSimulated: z.boolean(),
  /** Places whose meters are added up. */
  of: z.array(z.string()),
  /** Mean power of each quarter hour; without `kW` it is not known. */
  quarters: z.array(z.object({ at: z.int(), kW: z.number().optional(), price: z.number().optional() })),
  /** The highest quarter hours, with the stations that worked for most of it, those that used most, and orders. */
  peaks: z.array(
    z.object({
      at: z.int(),
      kW: z.number(),
      working: z.array(z.string()),
      used: z.array(z.object({ station: z.string(), kW: z.number() })),
      orders: z.array(z.string()),
    }),
  ),
  /** The highest quarter hour of each calendar month in the span. */
  demand: z.array(
    z.object({ month: z.string(), at: z.int(), kW: z.number(), charge: z.number().optional(), currency: z.string().optional() }),
  ),
  currency: z.string().optional(),
});
export type EnergyLoad = z.output<typeof EnergyLoad>;

export const load = endpoint({
  id: "energy.load",
  route: "GET /energy-load",
  summary: "The electrical load of a line or the plant by quarter hour, its peaks with what ran then, and the demand of each month",
  action: "read",
  branch: "query.branch",
  query: askedUse,
  answer: EnergyLoad,
  errors: ["DW_NOT_FOUND", "DW_INVALID"],
});

export const KnownTariff = z.object({ name: z.string(), fields: TariffFields });
export type KnownTariff = z.output<typeof KnownTariff>;

export const tariffs = endpoint({
  id: "energy.tariffs",
  route: "GET /energy-tariffs",
  summary: "Tariffs of a branch, by medium and the day that each begins",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.array(KnownTariff),
});

export const storeTariff = endpoint({
  id: "energy.storeTariff",
  route: "PUT /energy-tariffs/:name",
  summary: "Store a tariff: a new one, or in place of the one of this name",
  ...edit,
  query: branch,
  /** With `expected` it is refused when another one is stored by then; `null`: there must be none. */
  body: z.object({ fields: TariffFields, expected: TariffFields.nullable().optional(), reason }),
  answer: KnownTariff,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT", "DW_INVALID"],
});

export const removeTariff = endpoint({
  id: "energy.removeTariff",
  route: "DELETE /energy-tariffs/:name",
  summary: "Remove a tariff",
  ...edit,
  query: branch.extend({ reason }),
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

export const KnownBaseline = z.object({ name: z.string(), fields: BaselineFields });
export type KnownBaseline = z.output<typeof KnownBaseline>;

export const baselines = endpoint({
  id: "energy.baselines",
  route: "GET /energy-baselines",
  summary: "Energy baselines of a branch (ISO 50006)",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.array(KnownBaseline),
});

export const storeBaseline = endpoint({
  id: "energy.storeBaseline",
  route: "PUT /energy-baselines/:name",
  summary: "Store an energy baseline: a new one, or in place of the one of this name",
  ...edit,
  query: branch,
  /** With `expected` it is refused when another one is stored by then; `null`: there must be none. */
  body: z.object({ fields: BaselineFields, expected: BaselineFields.nullable().optional(), reason }),
  answer: KnownBaseline,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT", "DW_INVALID"],
});

export const removeBaseline = endpoint({
  id: "energy.removeBaseline",
  route: "DELETE /energy-baselines/:name",
  summary: "Remove an energy baseline",
  ...edit,
  query: branch.extend({ reason }),
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

const numbers = z.array(z.number());

export const EnergyPerformance = z.object({
  name: z.string(),
  fields: BaselineFields,
  unit: z.enum(["kWh", "m3"]),
  /** Of days of the baseline; absent: there is none, and a finding says why. Coefficients, errors and p-values: the constant, then one a variable. */
  regression: z
    .object({
      coefficients: numbers,
      standardErrors: numbers,
      pValues: numbers,
      n: z.int(),
      r2: z.number(),
      adjustedR2: z.number(),
      residualError: z.number(),
      cvRmse: z.number(),
      nmbe: z.number(),
    })
    .optional(),
  /** Whole days of the period that are known: what was used, what the baseline expects, and the sum of their differences. */
  days: z.array(z.object({ at: z.int(), amount: z.number(), expected: z.number(), cusum: z.number() })),
  /** Actual over expected; below 1: less was used than expected. */
  enpi: z.number().optional(),
  /** Days of which something is not known. */
  skipped: z.object({ baseline: z.int(), reporting: z.int() }),
  findings: z.array(messageShape),
});
export type EnergyPerformance = z.output<typeof EnergyPerformance>;

export const performance = endpoint({
  id: "energy.performance",
  route: "GET /energy-baselines/:name/performance",
  summary: "What days of a period used against what a baseline expects of them: regression, validity, indicator and CUSUM",
  action: "read",
  branch: "query.branch",
  query: branch
    .extend({ from: instant, to: instant })
    .refine(({ from, to }) => from < to && to - from <= 400 * 86_400 * 1_000_000, fault(message("energy.fault.baselinePeriod"))),
  answer: EnergyPerformance,
  errors: ["DW_NOT_FOUND"],
});

export const scenario = endpoint({
  id: "energy.scenario",
  route: "GET /energy-scenario",
  summary: "What is assumed of energy on a branch",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: ScenarioFields,
});

export const storeScenario = endpoint({
  id: "energy.storeScenario",
  route: "PUT /energy-scenario",
  summary: "Assume on a branch that orders begin at another time, or that what stands uses more or less",
  ...edit,
  query: branch,
  body: z.object({ fields: ScenarioFields, reason }),
  answer: ScenarioFields,
  errors: ["DW_INVALID"],
});

/** Absent: not known, or no tariff is valid. */
const Side = z.object({ amount: z.number().optional(), cost: z.number().optional(), currency: z.string().optional() });

export const EnergyComparison = z.object({
  from: z.int(),
  to: z.int(),
  scenario: ScenarioFields,
  /** Something is assumed: the branch was not measured so. */
  isSimulated: z.boolean(),
  live: Side,
  branch: Side,
});
export type EnergyComparison = z.output<typeof EnergyComparison>;

export const compare = endpoint({
  id: "energy.compare",
  route: "GET /energy-comparison",
  summary: "Electricity of a span and its cost: by the tariffs of live, and by the tariffs and the scenario of a branch",
  action: "read",
  branch: "query.branch",
  query: askedUse,
  answer: EnergyComparison,
  errors: ["DW_NOT_FOUND", "DW_INVALID"],
});
