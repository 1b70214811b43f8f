import { endpoint, fault, instant, localText, message, z } from "@doppelwerk/kit";
import { messageShape } from "@doppelwerk/ports";
import type {} from "./message-codes.ts";
import { DECIDED, ENTRY_STATES } from "./model/enforcement.ts";
import { EntryFields } from "./model/entry-kind.ts";
import { FIGURE_IDS } from "./model/figures.ts";
import { NuisanceRules, PhilosophyFields, Priority } from "./model/philosophy-kind.ts";

const branch = z.object({ branch: z.string().max(200).default("live") });
const withReason = branch.extend({ reason: z.string().trim().max(500).optional() });
const text = z.object({ en: z.string(), zh: z.string() });
const edit = { action: "edit", branch: "query.branch", isDecidedByRecord: true } as const;
const ofAlarm = { ...edit, subject: "params.id" } as const;

// #region entry
/** One alarm in the database: what was decided of it, how its rule runs, and where the two are not the same. */
export const DatabaseAlarm = z.object({
  /** Id of the alarm rule. */
  id: z.string(),
  title: localText,
  station: z.string().optional(),
  state: z.enum(ENTRY_STATES),
  /** Unit of setpoint and deadband. */
  unit: z.string().optional(),
  /** What was decided; absent where nothing was yet. */
  fields: EntryFields.optional(),
  /** Who wrote and who approved what was decided. */
  written: z.object({ by: z.string(), at: instant }).optional(),
  approved: z.object({ by: z.string(), at: instant }).optional(),
  /** Absent where the rule is gone. */
  running: z
    .object({
      priority: Priority,
      setpoint: z.number().optional(),
      deadband: z.number().optional(),
      onDelayS: z.number(),
      offDelayS: z.number(),
      timeToRespondS: z.number(),
      cause: text,
      consequence: text,
      response: text,
      enabled: z.boolean(),
    })
    .optional(),
  differences: z.array(
    z.object({
      field: z.enum(DECIDED),
      decided: z.union([z.string(), z.number(), z.boolean(), text]).optional(),
      running: z.union([z.string(), z.number(), z.boolean(), text]).optional(),
    }),
  ),
  /** Priority that the matrix gives. */
  byMatrix: Priority.optional(),
  /** The day of its review is over. */
  isReviewDue: z.boolean(),
});
// #endregion
export type DatabaseAlarm = z.output<typeof DatabaseAlarm>;

export const database = endpoint({
  id: "alarmManagement.database",
  route: "GET /alarm-database",
  people: { as: "author" },
  summary: "The master alarm database of a branch: every alarm with what was decided of it, how its rule runs and where they differ",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.array(DatabaseAlarm),
  tool: {
    name: "alarm_database",
    effect: "read",
    description:
      "Master alarm database (ISA-18.2): of each alarm its state (not rationalised, draft, approved, changed since, gone), cause, consequence, response, priority and its basis, and every value of the running rule that is not what was approved.",
  },
});

export const procedure = endpoint({
  id: "alarmManagement.procedure",
  route: "GET /alarm-database/:id",
  people: { as: "author" },
  summary: "One alarm of the database",
  action: "read",
  subject: "params.id",
  branch: "query.branch",
  query: branch,
  answer: DatabaseAlarm,
  errors: ["DW_NOT_FOUND"],
});

export const store = endpoint({
  id: "alarmManagement.store",
  route: "PUT /alarm-database/:id",
  people: { as: "author" },
  summary:
    "Store what was decided of an alarm, as a draft; with `expected` it is refused when something else holds by then (null: nothing)",
  ...ofAlarm,
  query: withReason,
  body: z.object({ fields: EntryFields, expected: EntryFields.nullable().optional() }),
  answer: DatabaseAlarm,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const remove = endpoint({
  id: "alarmManagement.remove",
  route: "DELETE /alarm-database/:id",
  summary: "Remove what was decided of an alarm",
  ...ofAlarm,
  query: withReason,
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

export const approve = endpoint({
  id: "alarmManagement.approve",
  route: "POST /alarm-database/:id/approval",
  people: { as: "author" },
  summary: "Approve what was decided of an alarm; on a server with accounts not by who wrote it. With `expected` what was looked at",
  ...ofAlarm,
  act: { name: "approve", title: "alarmManagement.act.approve" },
  query: withReason,
  body: z.object({ expected: EntryFields }),
  answer: DatabaseAlarm,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT", "DW_FORBIDDEN"],
});

export const enforce = endpoint({
  id: "alarmManagement.enforce",
  route: "POST /alarm-database/:id/enforcement",
  people: { as: "author" },
  summary: "Give the rule of an alarm the values that were approved",
  ...ofAlarm,
  query: withReason,
  answer: DatabaseAlarm,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const Philosophy = z.object({ fields: PhilosophyFields, isStored: z.boolean() });
export type Philosophy = z.output<typeof Philosophy>;

export const philosophy = endpoint({
  id: "alarmManagement.philosophy",
  route: "GET /alarm-philosophy",
  summary:
    "What a plant decides for all its alarms: matrix of priorities, classes, operator positions, when an alarm chatters, is fleeting or stale",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: Philosophy,
});

export const storePhilosophy = endpoint({
  id: "alarmManagement.storePhilosophy",
  route: "PUT /alarm-philosophy",
  summary: "Store what a plant decides for all its alarms; with `expected` it is refused when something else holds by then",
  action: "edit",
  branch: "query.branch",
  query: withReason,
  body: z.object({ fields: PhilosophyFields, expected: PhilosophyFields.optional() }),
  answer: Philosophy,
  errors: ["DW_CONFLICT"],
});

// performance

const Counted = z.object({
  rule: z.string(),
  title: localText,
  station: z.string().optional(),
  priority: Priority,
  count: z.int(),
  share: z.number(),
  chattering: z.int(),
  fleeting: z.int(),
  last: instant,
});
export type Counted = z.output<typeof Counted>;

const Lasting = z.object({ rule: z.string(), title: localText, station: z.string().optional(), priority: Priority, since: instant });

export const AlarmPerformance = z.object({
  from: instant,
  to: instant,
  /** While the past is read: how far, 0 to 1. Nothing is known until then. */
  reading: z.number().optional(),
  /** Every operator position, with what is compared most. */
  positions: z.array(
    z.object({ key: z.string(), title: localText, raised: z.int(), per10Min: z.number(), peak: z.int(), floodShare: z.number() }),
  ),
  /** Of the position asked for, or of the whole plant. */
  figures: z.array(
    z.object({
      id: z.enum(FIGURE_IDS as [string, ...string[]]),
      clause: z.string(),
      unit: z.enum(["per10Min", "alarms", "share"]),
      value: z.number(),
      most: z.number(),
      verdict: z.enum(["within", "tolerated", "beyond"]),
      count: z.number(),
      below: z.number().optional(),
      base: z.enum(["windows", "alarms", "hours", "rules", "span"]),
    }),
  ),
  raised: z.int(),
  peak: z.object({ count: z.int(), at: instant.optional() }),
  columns: z.array(z.object({ at: instant, most: z.int() })),
  columnWidth: z.int(),
  floods: z.array(
    z.object({
      from: instant,
      to: instant,
      count: z.int(),
      first: z.array(z.object({ rule: z.string(), title: localText, priority: Priority, at: instant })),
    }),
  ),
  floodCount: z.int(),
  top: z.array(Counted),
  chattering: z.array(Counted),
  fleeting: z.array(Counted),
  stale: z.array(Lasting),
  staleCount: z.int(),
  byPriority: z.array(z.object({ priority: Priority, count: z.int(), share: z.number().optional(), aim: z.number().optional() })),
  aside: z.array(
    z.object({
      rule: z.string(),
      title: localText,
      station: z.string().optional(),
      priority: Priority,
      how: z.enum(["shelved", "suppressedByDesign", "outOfService"]),
      from: instant,
      until: instant.optional(),
      by: z.string().optional(),
      reason: z.string().optional(),
    }),
  ),
  asideCount: z.int(),
  asideHours: z.object({ shelved: z.number(), suppressedByDesign: z.number(), outOfService: z.number() }),
  /** By which it was judged. */
  rules: NuisanceRules,
});
export type AlarmPerformance = z.output<typeof AlarmPerformance>;

const span = { from: instant, to: instant };
const inOrder = [({ from, to }: { from: number; to: number }) => from < to, fault(message("messages.fromBeforeTo"))] as const;

export const performance = endpoint({
  id: "alarmManagement.performance",
  route: "GET /alarm-performance",
  people: { as: "author" },
  summary:
    "What the record of a span says of the alarm system, by ISA-18.2 clause 16: rates of each operator position, floods, most frequent, chattering, fleeting and stale alarms, priorities, what is set aside",
  action: "read",
  query: z.object({ ...span, position: z.string().max(40).optional() }).refine(...inOrder),
  answer: AlarmPerformance,
  errors: ["DW_NOT_FOUND"],
  tool: {
    name: "alarm_performance",
    effect: "read",
    description:
      "Performance of the alarm system over a span (ISA-18.2 clause 16): average and peak rate per operator position, floods, top ten, chattering, fleeting, stale, priority split, shelved and suppressed; each figure with its clause, counts and recommended value.",
  },
});

/** Rules that are judged in one request. */
export const MAX_ADVISED = 10;

export const Advice = z.object({
  rule: z.string(),
  title: localText,
  /** Raises that the rule as it is gives over the span, judged again. */
  now: z.int(),
  tried: z.array(
    z.object({
      kind: z.enum(["onDelay", "offDelay", "deadband"]),
      value: z.number(),
      unit: z.string().optional(),
      share: z.number().optional(),
      of: z.enum(["range", "limit"]).optional(),
      left: z.int(),
    }),
  ),
  /** Index of the one that is advised; absent where none helps. */
  best: z.int().optional(),
  /** Why it cannot be tried. */
  fault: messageShape.optional(),
});
export type Advice = z.output<typeof Advice>;

export const advice = endpoint({
  id: "alarmManagement.advice",
  route: "POST /alarm-performance/advice",
  summary:
    "How many raises of these alarms an on-delay, an off-delay or a deadband would have left, counted by judging the record again; nothing is stored",
  action: "run",
  body: z
    .object({ ...span, rules: z.array(z.string().max(300)).min(1).max(MAX_ADVISED) })
    .refine(...inOrder)
    .refine(({ from, to }) => to - from <= 31 * 86_400_000_000, fault(message("alarmManagement.fault.adviceSpan"))),
  answer: z.array(Advice),
  errors: ["DW_UNAVAILABLE", "DW_QUEUE_FULL"],
});
