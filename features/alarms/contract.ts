import { endpoint, instant, localText, topic, z } from "@doppelwerk/kit";

/** The states of ISA-18.2 (IEC 62682, clause 5). */
export const AlarmState = z.enum([
  "normal",
  "unacknowledged",
  "acknowledged",
  "returnedUnacknowledged",
  "latched",
  "shelved",
  "suppressedByDesign",
  "outOfService",
]);

/** One alarm as a list shows it, or one transition of it. Times are microseconds since 1970. */
export const Alarm = z.object({
  id: z.string(),
  rule: z.string(),
  station: z.string(),
  title: localText,
  state: AlarmState,
  priority: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  since: z.int(),
  changed: z.int(),
  value: z.string().optional(),
  firstOut: z.boolean().optional(),
  by: z.string().optional(),
  reason: z.string().optional(),
  shelvedUntil: z.int().optional(),
  atPlant: z.object({ connection: z.string(), condition: z.string() }).optional(),
});
export type Alarm = z.output<typeof Alarm>;

const reason = z.string().trim().min(1).max(500);
const optionalReason = z.object({ reason: z.string().max(500).optional() });
const act = {
  action: "acknowledge",
  answer: Alarm,
  subject: "params.id",
  errors: ["DW_NOT_FOUND", "DW_CONFLICT", "DW_UNAVAILABLE"],
} as const;
/** ISA-18.2 leaves taking an alarm out of service to maintenance, under authorisation (clause 13). */
const maintenanceAct = { ...act, action: "edit" } as const;

export const list = endpoint({
  id: "alarms.list",
  route: "GET /alarms",
  summary: "The alarm list at an instant; without t: now",
  action: "read",
  query: z.object({ t: instant.optional() }),
  answer: z.array(Alarm),
});

export const history = endpoint({
  id: "alarms.history",
  route: "GET /alarm-history",
  summary: "Every transition of alarms in a period, newest first",
  action: "read",
  query: z
    .object({ from: instant, to: instant, station: z.string().max(200).optional() })
    .refine(({ from, to }) => from < to, { message: "from must lie before to" }),
  answer: z.array(Alarm),
});

export const acknowledge = endpoint({
  id: "alarms.acknowledge",
  route: "POST /alarms/:id/acknowledge",
  summary: "Acknowledge an alarm",
  body: optionalReason,
  ...act,
});

export const reset = endpoint({
  id: "alarms.reset",
  route: "POST /alarms/:id/reset",
  summary: "Reset a latched alarm whose condition has gone",
  body: optionalReason,
  ...act,
});

export const shelve = endpoint({
  id: "alarms.shelve",
  route: "POST /alarms/:id/shelve",
  summary: "Shelve an alarm for a time, with a reason",
  body: z.object({
    reason,
    untilS: z
      .number()
      .positive()
      .max(7 * 86_400),
  }),
  ...act,
});

export const unshelve = endpoint({
  id: "alarms.unshelve",
  route: "POST /alarms/:id/unshelve",
  summary: "Return a shelved alarm",
  ...act,
});

export const takeOutOfService = endpoint({
  id: "alarms.takeOutOfService",
  route: "POST /alarms/:id/take-out-of-service",
  summary: "Take an alarm out of service for maintenance, with a reason",
  body: z.object({ reason }),
  ...maintenanceAct,
});

export const returnToService = endpoint({
  id: "alarms.returnToService",
  route: "POST /alarms/:id/return-to-service",
  summary: "Return an alarm to service",
  body: optionalReason,
  ...maintenanceAct,
});

export const changed = topic({
  id: "alarms.changed",
  summary: "A transition of an alarm, as it is concluded",
  action: "read",
  payload: Alarm,
});
