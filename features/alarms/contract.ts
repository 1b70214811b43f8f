import { endpoint, instant, localText, topic, z } from "@doppelwerk/kit";
import { alarmShape, type AlarmValue } from "@doppelwerk/ports";
import { fault, message } from "@doppelwerk/kit";
import type {} from "./message-codes.ts";
import { AlarmCondition, CONDITION_KINDS, StationState, TruthExpression } from "./model/condition-shape.ts";
import { Figures, TRIAL_MAX, WhatIf } from "./model/what-if-shape.ts";

export const Alarm = alarmShape;
export type Alarm = AlarmValue;

/** A line of the world by its id; absent: all. */
const lineId = z.string().min(1).max(300).optional();
const reason = z.string().trim().min(1).max(500);
const optionalReason = z.object({ reason: z.string().max(500).optional() });
const act = {
  action: "acknowledge",
  answer: Alarm,
  subject: "params.id",
  // where what it watches stands
  isDecidedByRecord: true,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT", "DW_UNAVAILABLE"],
} as const;
/** ISA-18.2 leaves taking an alarm out of service to maintenance, under authorisation (clause 13). */
const maintenanceAct = { ...act, action: "edit", act: { name: "outOfService", title: "alarms.act.outOfService" } } as const;
const shelving = { ...act, act: { name: "shelve", title: "alarms.act.shelve" } } as const;

export const list = endpoint({
  id: "alarms.list",
  route: "GET /alarms",
  people: { as: "author" },
  summary:
    "The alarm list at an instant; without t: now; with a line those of its stations and of the rules that it begins with. Alarms raised before `backfill.unknownBefore` of `GET /world` are not in it: while the past is read nobody knows which of them are active",
  action: "read",
  query: z.object({ t: instant.optional(), line: lineId }),
  answer: z.array(Alarm),
  errors: ["DW_NOT_FOUND"],
  tool: {
    name: "alarms",
    effect: "read",
    description:
      "The alarm list (ISA-18.2) at an instant: every alarm that is not normal, of all lines or of one. Without t: now. While the past is read for the first time (backfill.unknownBefore of the world), alarms raised before are unknown: neither active nor absent.",
  },
});

export const history = endpoint({
  id: "alarms.history",
  route: "GET /alarm-history",
  people: { as: "author" },
  summary: "The newest 5,000 transitions of alarms in a period, newest first",
  action: "read",
  query: z
    .object({ from: instant, to: instant, station: z.string().max(200).optional() })
    .refine(({ from, to }) => from < to, fault(message("messages.fromBeforeTo"))),
  answer: z.array(Alarm),
  deprecated: { since: "2026-11-28", removedIn: "1.0", use: "GET /alarm-transitions" },
});

/** Most transitions that one answer holds. */
export const MAX_TRANSITIONS = 5_000;

/** A page of what happened to alarms in [from, to). */
const pageOf = (max: number) =>
  z
    .object({
      from: instant,
      to: instant,
      station: z.string().max(200).optional(),
      line: lineId,
      limit: z.coerce.number().int().min(1).max(max).default(1_000),
      /** `next` of the page before. */
      cursor: z.string().max(100).optional(),
    })
    .refine(({ from, to }) => from < to, fault(message("messages.fromBeforeTo")));

export const transitions = endpoint({
  id: "alarms.transitions",
  route: "GET /alarm-transitions",
  people: { as: "author" },
  summary: "Transitions of alarms in a period, newest first, page by page",
  action: "read",
  query: pageOf(MAX_TRANSITIONS),
  answer: z.object({ alarms: z.array(Alarm), next: z.string().optional() }),
  errors: ["DW_NOT_FOUND"],
});

/** Most occurrences that one answer holds. */
export const MAX_OCCURRENCES = 10_000;

/** One annunciation of an alarm from its raise to its return, as it was at the end of the period. Times are microseconds since 1970. */
export const AlarmOccurrence = z.object({
  /** The same in every answer. */
  key: z.string(),
  rule: z.string(),
  station: z.string(),
  /** Number of the place of the station whose state raised it, from 1. */
  place: z.int().optional(),
  title: localText,
  priority: Alarm.shape.priority,
  /** After its last step. */
  state: Alarm.shape.state,
  raised: z.int(),
  /** When its condition returned to normal; absent while it holds. */
  returned: z.int().optional(),
  acknowledged: z.int().optional(),
  /** Who acknowledged it. */
  by: z.string().optional(),
  /** Nobody acknowledged it: it is of the time before recording began, when nobody could. */
  automatic: z.literal(true).optional(),
  /** When it was shelved, suppressed by design or taken out of service: there it ends. */
  suppressed: z.int().optional(),
  /** Who shelved it or took it out of service. */
  suppressedBy: z.string().optional(),
  /** Until when it was shelved. */
  shelvedUntil: z.int().optional(),
  /** When it was raised again before anybody acknowledged it: there it ends. */
  raisedAgain: z.int().optional(),
  reason: z.string().optional(),
  /** What raised it, in `unit`. */
  value: z.string().optional(),
  unit: z.string().optional(),
  /** Of the rule that raised it; these three are absent where the rule was edited since. */
  condition: z.enum(CONDITION_KINDS).optional(),
  limit: z.number().optional(),
  respondBy: z.int().optional(),
  /** Key of the first out of its group: alarms raised within a minute of one another on one line. */
  follows: z.string().optional(),
});
export type AlarmOccurrence = z.output<typeof AlarmOccurrence>;

export const occurrences = endpoint({
  id: "alarms.occurrences",
  route: "GET /alarm-occurrences",
  people: { as: "author" },
  summary: "Occurrences of alarms that lasted in a period: each with its raise, return and acknowledgement, newest first, page by page",
  action: "read",
  query: pageOf(MAX_OCCURRENCES),
  answer: z.object({ occurrences: z.array(AlarmOccurrence), next: z.string().optional() }),
  errors: ["DW_NOT_FOUND"],
  tool: {
    name: "alarm_occurrences",
    effect: "read",
    description:
      "Alarm history (ISA-18.2): one entry per occurrence with when it was raised, returned and acknowledged, its value, limit and the first out that it follows.",
  },
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
  ...shelving,
});

export const unshelve = endpoint({
  id: "alarms.unshelve",
  route: "POST /alarms/:id/unshelve",
  summary: "Return a shelved alarm",
  ...shelving,
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

/** What the condition of a plant reported with one event (OPC UA Part 9). Times are microseconds since 1970. */
export const ConditionReport = z.object({
  /** Corrected by what is known of the clock of the plant. */
  at: z.int(),
  /** When the server got to know it. */
  known: z.int(),
  /** By how many seconds the clock of the plant was ahead. */
  aheadS: z.number().optional(),
  eventId: z.string(),
  /** Of an earlier state that still waits, or waited, beside the present one. */
  branch: z.string().optional(),
  state: z.int().describe("bits: 1 active, 2 unacknowledged, 4 unconfirmed, 8 disabled, 16 shelved, 32 suppressed"),
  severity: z.int().describe("1 to 1000; 0 = not given"),
  message: z.string(),
  comment: z.string().optional(),
  /** Whose act it followed, as the plant names them. */
  user: z.string().optional(),
  retain: z.boolean(),
});
export type ConditionReport = z.output<typeof ConditionReport>;

export const atPlant = endpoint({
  id: "alarms.atPlant",
  route: "GET /alarms/:id/at-plant",
  people: { as: "author" },
  summary:
    "What the plant reported of the condition that an alarm follows, newest first, and which earlier states still wait; without t: now",
  action: "read",
  query: z.object({ t: instant.optional() }),
  answer: z.object({
    connection: z.string(),
    /** Name of the connection; absent where it may not be read. */
    plant: z.string().optional(),
    condition: z.string(),
    reports: z.array(ConditionReport).readonly(),
    waiting: z.array(ConditionReport).readonly(),
  }),
  errors: ["DW_NOT_FOUND"],
});
export type PlantCondition = z.output<typeof atPlant.answer>;

export { AlarmCondition, StationState };

const ruleText = z.object({ en: z.string().trim().min(1).max(2_000), zh: z.string().trim().min(1).max(2_000) });
const delay = z
  .number()
  .min(0)
  .max(7 * 86_400);
/** What people say of a rule: nothing annunciates without cause, consequence and response (IEC 62682). */
export const AlarmRuleFields = z.object({
  title: ruleText,
  shell: z.string().max(2_000).optional(),
  station: z.string().max(200).optional(),
  condition: AlarmCondition,
  priority: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  /** The condition must last this long before it annunciates, and be gone this long before it returns. */
  onDelayS: delay,
  offDelayS: delay,
  cause: ruleText,
  consequence: ruleText,
  response: ruleText,
  timeToRespondS: z
    .number()
    .positive()
    .max(30 * 86_400),
  /** It stays until it is reset, even when the condition has gone. */
  latching: z.boolean(),
  /** Suppressed by design while its station, or `suppressedBy`, is in one of these states. */
  suppressedIn: z.array(StationState).readonly(),
  suppressedBy: z.string().max(200).optional(),
  /** Suppressed by design while this expression is true. */
  suppressedWhen: TruthExpression.optional(),
  /** Of the rules of this group the one raised first is marked, until none was raised for so long. */
  firstOut: z.object({ group: z.string().trim().min(1).max(100), withinS: z.number().positive().max(86_400) }).optional(),
  enabled: z.boolean(),
});
export type AlarmRuleFields = z.output<typeof AlarmRuleFields>;

/** Why a rule cannot be evaluated, since when: neither active nor normal is concluded of it. `at` is a position in its expression, `of` a signal or a station. */
const Unevaluated = z.object({
  since: z.int(),
  why: z.discriminatedUnion("kind", [
    z.object({ kind: z.enum(["dividedByZero", "rootOfNegative", "overflow"]), at: z.int() }),
    z.object({ kind: z.enum(["noValue", "badQuality", "notANumber", "gone", "noState"]), of: z.string() }),
    z.object({ kind: z.literal("tooShort") }),
  ]),
});

// #region knownRule
/** A rule as it holds. `shipped` is what the product would do without what people stored; `isStored` says that somebody stored one. */
export const KnownRule = z.object({
  id: z.string(),
  fields: AlarmRuleFields,
  isStored: z.boolean(),
  shipped: AlarmRuleFields.optional(),
  unevaluated: Unevaluated.optional(),
});
export type KnownRule = z.output<typeof KnownRule>;
// #endregion

const branch = z.object({ branch: z.string().max(200).default("live") });
const ruleBody = z.object({ fields: AlarmRuleFields, reason: z.string().trim().max(500).optional() });

export const rules = endpoint({
  id: "alarms.rules",
  route: "GET /alarm-rules",
  summary: "Every alarm rule of a branch, with what is shipped and what is stored",
  action: "read",
  branch: "query.branch",
  query: branch.extend({ t: instant.optional().describe("whether the rules of live could be evaluated then; without it: now") }),
  answer: z.array(KnownRule),
});

export const ruleCounts = endpoint({
  id: "alarms.ruleCounts",
  route: "GET /alarm-rule-counts",
  summary: "How often each alarm rule raised in the last 24 hours and seven days before an instant; without t: now",
  action: "read",
  query: z.object({ t: instant.optional() }),
  answer: z.object({
    day: z.int().describe("beginning of the 24 hours"),
    week: z.int().describe("beginning of the seven days"),
    to: z.int(),
    /** Rules of which every input may be read, also those that were removed within the week. */
    counts: z.array(z.object({ rule: z.string(), day: z.int(), week: z.int(), last: z.int().optional() })).readonly(),
    reading: z.number().optional().describe("how far the past is read, 0 to 1, while it is: counts are not known until then"),
  }),
  tool: {
    name: "alarm_rule_counts",
    effect: "read",
    description: "How often each alarm rule raised in the last 24 hours and in the last seven days before an instant. Without t: now.",
  },
});
export type RuleCounts = z.output<typeof ruleCounts.answer>;

export const addRule = endpoint({
  id: "alarms.addRule",
  route: "POST /alarm-rules",
  summary: "Store an alarm rule beside the shipped ones",
  action: "edit",
  act: { name: "rules", title: "alarms.act.rules" },
  isDecidedByRecord: true,
  branch: "query.branch",
  query: branch,
  body: ruleBody,
  answer: KnownRule,
  status: 201,
  errors: ["DW_NOT_FOUND"],
});

export const storeRule = endpoint({
  id: "alarms.storeRule",
  route: "PUT /alarm-rules/:id",
  summary: "Store an alarm rule in place of the shipped one or of an earlier one",
  action: "edit",
  act: { name: "rules", title: "alarms.act.rules" },
  isDecidedByRecord: true,
  subject: "params.id",
  branch: "query.branch",
  query: branch,
  /** With `expected` it is refused when another rule holds by then. */
  body: ruleBody.extend({ expected: AlarmRuleFields.optional() }),
  answer: KnownRule,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const removeRule = endpoint({
  id: "alarms.removeRule",
  route: "DELETE /alarm-rules/:id",
  summary: "Remove what was stored of a rule; a shipped one holds again as it is shipped",
  action: "edit",
  act: { name: "rules", title: "alarms.act.rules" },
  isDecidedByRecord: true,
  subject: "params.id",
  branch: "query.branch",
  query: branch.extend({ reason: z.string().trim().max(500).optional() }),
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

const figures = Figures;

const TriedRule = z.object({ id: z.string(), title: localText, was: z.int(), would: z.int() });
export type TriedRule = z.output<typeof TriedRule>;

/** What rules would have raised over a span of the record, beside what was raised. Times are microseconds since 1970. */
const TrialAlarm = z.object({
  rule: z.string(),
  title: localText,
  at: z.int(),
  priority: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  station: z.string().optional(),
  value: z.string().optional(),
});

export const RuleTrial = z.object({
  from: z.int(),
  to: z.int(),
  was: figures,
  would: figures,
  rules: z.array(TriedRule).readonly(),
  /** Each alarm that the tested rules raised, and would have raised, in order of time. */
  wasRaised: z.array(TrialAlarm).readonly(),
  raised: z.array(TrialAlarm).readonly(),
  /** False: there were more than are listed. */
  isWhole: z.boolean(),
});
export type RuleTrial = z.output<typeof RuleTrial>;

export const tryRules = endpoint({
  id: "alarms.tryRules",
  route: "POST /alarm-rules/try",
  summary: "Test alarm rules on the past: what those of a branch, with these changes, would have raised; nothing is stored",
  action: "run",
  branch: "query.branch",
  query: branch,
  body: z
    .object({
      from: instant,
      to: instant,
      /** In place of the rules of these ids; without an id beside them. */
      rules: z
        .array(z.object({ id: z.string().max(200).optional(), fields: AlarmRuleFields }))
        .max(100)
        .default([]),
      /** A name, hard to guess, by which it can be asked how far the test is. */
      trial: z.string().min(8).max(64).optional(),
    })
    .refine(({ from, to }) => from < to && to - from <= TRIAL_MAX, fault(message("alarms.trialPeriod"))),
  answer: RuleTrial,
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE", "DW_QUEUE_FULL"],
});

const whatIfState = z.object({
  state: z.enum(["queued", "running", "done", "cancelled", "failed", "poisoned"]),
  /** From 0 to 1. */
  progress: z.number().min(0).max(1),
  result: WhatIf.optional(),
});

export const startWhatIf = endpoint({
  id: "alarms.startWhatIf",
  route: "POST /alarm-what-ifs",
  summary: "Judge the rules of a branch, with these changes, over a span of the record, as a job: how often each would have been raised",
  action: "run",
  branch: "query.branch",
  query: branch,
  body: z
    .object({
      from: instant,
      to: instant,
      /** In place of the rules of these ids; without an id beside them. */
      rules: z
        .array(z.object({ id: z.string().max(200).optional(), fields: AlarmRuleFields }))
        .max(100)
        .default([]),
    })
    .refine(({ from, to }) => from < to && to - from <= TRIAL_MAX, fault(message("alarms.trialPeriod"))),
  answer: z.object({ id: z.string().describe("of the job, which `DELETE /jobs/{id}` cancels") }),
  status: 202,
  errors: ["DW_NOT_FOUND", "DW_QUEUE_FULL"],
});

export const whatIf = endpoint({
  id: "alarms.whatIf",
  route: "GET /alarm-what-ifs/:id",
  summary: "How far rules are judged over the record, and what they would have raised; for who requested it",
  action: "read",
  params: z.object({ id: z.string().max(200) }),
  answer: whatIfState,
  errors: ["DW_NOT_FOUND"],
  tool: {
    name: "alarm_what_if",
    effect: "read",
    description:
      "What the rules of a branch would have raised over a span of the record, beside what was raised: by day, by rule, the longest, floods.",
  },
});

export const trialProgress = endpoint({
  id: "alarms.trialProgress",
  route: "GET /alarm-rules/try/:id",
  summary: "How far the test of alarm rules of this name is",
  action: "run",
  params: z.object({ id: z.string().min(8).max(64) }),
  /** From 0 to 1; absent: none of this name is under way. */
  answer: z.object({ progress: z.number().min(0).max(1).optional() }),
});

/** Whether an alarm follows from what was recorded or from what was simulated. */
const withOrigin = Alarm.extend({ origin: z.enum(["derived", "simulated"]) });

// #region alarmsAhead
/** Alarms of a branch in its simulated future. Times are microseconds since 1970. */
export const AlarmsAhead = z.object({
  run: z.string(),
  replication: z.int(),
  /** The simulation; a day before it the record of the parent is judged by the rules of the branch. */
  from: z.int(),
  to: z.int(),
  /** Instant of the list, within the day before and the end. */
  at: z.int(),
  alarms: z.array(withOrigin).readonly(),
  /** The last ones up to `at`, newest first. */
  transitions: z.array(withOrigin).readonly(),
  /** False: there are more transitions, or the simulation was not followed to its end. */
  isWhole: z.boolean(),
  /** Of the whole simulation. */
  figures,
  /** Rules over values, of which a simulation of a line makes none. */
  notJudged: z.array(z.object({ id: z.string(), title: localText })).readonly(),
  /** Of the replication that was followed: the one in the result of its run. */
  traceHash: z.string().optional(),
});
export type AlarmsAhead = z.output<typeof AlarmsAhead>;
// #endregion

export const ahead = endpoint({
  id: "alarms.ahead",
  route: "GET /alarms-ahead",
  summary: "Alarms of a branch in its simulated future, by the rules of the branch; without t: at the end; without run: of the newest",
  action: "read",
  branch: "query.branch",
  query: z.object({
    branch: z.string().max(200),
    t: instant.optional(),
    run: z.string().max(200).optional(),
    /** Of the lines of the run; absent: its line, of several the first. */
    line: z.string().max(200).optional(),
    replication: z.coerce.number().int().min(0).optional(),
  }),
  answer: AlarmsAhead,
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE", "DW_QUEUE_FULL"],
  tool: {
    name: "alarms_ahead",
    effect: "read",
    description:
      "Alarms that a branch would have in its simulated future, by its own rules: the list at t, the transitions before it, figures after ISA-18.2, and which rules a simulation cannot judge.",
  },
});

export const changed = topic({
  id: "alarms.changed",
  summary: "A transition of an alarm, as it is concluded",
  action: "read",
  payload: Alarm,
  queue: { bound: 1_000, overflow: "dropOldest" },
});
