import { fault, message, z, type KindDeclaration } from "@doppelwerk/kit";
import { INDICATORS } from "@doppelwerk/operations";
import type {} from "../message-codes.ts";

const id = z.string().min(1).max(300);
const instant = z.int().min(0).max(8_000_000_000_000_000);

/** What is called for. `kpi`: nobody called, a KPI left its limit. */
export const CALL_REASONS = ["help", "material", "quality", "maintenance", "safety"] as const;
export const CallReason = z.enum(CALL_REASONS);
export type CallReason = z.output<typeof CallReason>;

const INDICATOR_IDS = INDICATORS.map((indicator) => indicator.id) as [string, ...string[]];

/** Whom a step notifies; the ids are those of notifications. */
export const Recipient = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("onCall"), calendar: id }),
  z.object({ kind: z.literal("person"), person: id }),
  z.object({ kind: z.literal("channel"), channel: id }),
]);

const Cause = z.discriminatedUnion("kind", [
  /** Calls of people; without reasons: every one. */
  z.object({ kind: z.literal("call"), reasons: z.array(CallReason).max(CALL_REASONS.length).readonly().default([]) }),
  /** A KPI of the running shift beyond a limit; `value` is in the unit of the standard (1 = 100 %, seconds). */
  z.object({
    kind: z.literal("kpi"),
    indicator: z.enum(INDICATOR_IDS),
    limit: z.enum(["below", "above"]),
    value: z.number(),
    /** Of the shift, so that its first minutes do not count. */
    afterMinutes: z.number().min(0).max(480).default(30),
  }),
]);

/** Who is notified of which andon, and who next where nobody takes it. */
export const AndonRuleFields = z.object({
  name: z.string().trim().min(1).max(60),
  isOn: z.boolean().default(true),
  cause: Cause,
  /** Id of a station; absent: of calls every one, of a KPI the line as a whole. */
  station: id.optional(),
  /** Id of a line; absent: the first. */
  line: id.optional(),
  priority: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]).default(2),
  steps: z
    .array(z.object({ afterMinutes: z.number().min(0).max(1_440), to: z.array(Recipient).max(20).readonly() }))
    .max(10)
    .readonly()
    .refine(
      (steps) => steps.every(({ afterMinutes }, at) => at === 0 || afterMinutes > steps[at - 1]!.afterMinutes),
      fault(message("andon.fault.steps")),
    ),
});
export type AndonRuleFields = z.output<typeof AndonRuleFields>;

export const andonRule = {
  id: "andon.rule",
  record: "andonRule",
  version: 1,
  schema: AndonRuleFields,
  upcast: {},
} satisfies KindDeclaration;

/** An andon from when it was raised: its versions are its history. Times are microseconds since 1970. */
export const andonCall = {
  id: "andon.call",
  record: "andonCall",
  version: 1,
  schema: z.object({
    /** Id of the station; of a KPI of a line that of the line. */
    station: id,
    /** AAS id of its shell. */
    shell: z.string().max(2_000).optional(),
    reason: z.union([CallReason, z.literal("kpi")]),
    /** What a person wrote. */
    text: z.string().max(500).optional(),
    /** Of a KPI: the rule, the KPI and what it was. */
    rule: id.optional(),
    indicator: z.string().max(100).optional(),
    value: z.number().optional(),
    raisedAt: instant,
    /** Id of the person who called; absent of a KPI. */
    by: z.string().max(500).optional(),
    owner: z.string().max(500).optional(),
    takenAt: instant.optional(),
    closedAt: instant.optional(),
    closedBy: z.string().max(500).optional(),
    note: z.string().max(500).optional(),
    /** Steps of rules that were notified, by the id of the rule. */
    notified: z.record(z.string(), z.int()).default({}),
  }),
  upcast: {},
} satisfies KindDeclaration;
export type StoredCall = z.output<typeof andonCall.schema>;
