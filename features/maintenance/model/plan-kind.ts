import { z, type KindDeclaration } from "@doppelwerk/kit";
import { Priority } from "./acts.ts";
import { code, shortText } from "./job-kind.ts";

const instant = z.int().min(0).max(8_000_000_000_000_000);
const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .refine((text) => !Number.isNaN(Date.parse(`${text}T00:00:00Z`)));

export const UNITS = ["day", "week", "month"] as const;
export const COUNTERS = ["pieces", "hours"] as const;

export const Trigger = z.discriminatedUnion("kind", [
  /** By the calendar, in the zone of the line. */
  z.object({
    kind: z.literal("time"),
    every: z.int().min(1).max(1_000),
    unit: z.enum(UNITS),
    /** The first due date. */
    from: date,
    /** Of the day. */
    minute: z.int().min(0).max(1_439).default(480),
    /** What would be due while no shift is planned is due when the next one begins. */
    inShift: z.boolean().default(false),
    /** The work order is opened so many days before. */
    leadDays: z.number().min(0).max(365).default(0),
  }),
  /** By parts that the station counted, or hours that it worked. */
  z.object({
    kind: z.literal("count"),
    counter: z.enum(COUNTERS),
    every: z.number().positive().max(1e12),
    /** Since when it is counted. */
    from: instant,
  }),
  /** By an alarm rule, which may be over any expression: so many annunciations since the work was done last. */
  z.object({ kind: z.literal("condition"), rule: z.string().min(1).max(500), times: z.int().min(1).max(10_000).default(1), from: instant }),
]);
export type Trigger = z.output<typeof Trigger>;

/** When a piece of maintenance is due at a station: it opens its work order by itself. */
export const PlanFields = z.object({
  code,
  title: shortText,
  /** Id of the station. */
  station: z.string().min(1).max(300),
  job: code.optional(),
  priority: Priority.default(3),
  trigger: Trigger,
  /** Days that there are to do it, once it is due by count or condition. */
  withinDays: z.number().min(0).max(365).default(7),
  isOn: z.boolean().default(true),
});
export type PlanFields = z.output<typeof PlanFields>;

export const maintenancePlan = {
  id: "maintenance.plan",
  record: "maintenancePlan",
  version: 1,
  schema: PlanFields,
  upcast: {},
} satisfies KindDeclaration<typeof PlanFields>;
