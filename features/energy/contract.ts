import { endpoint, fault, instant, localText, message, z } from "@doppelwerk/kit";
import type {} from "./message-codes.ts";
import { MeterFields } from "./model/meter-kind.ts";

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
