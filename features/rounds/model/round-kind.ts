import { fault, hashedId, localText, message, z, type KindDeclaration, type RecordId } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";

export const Code = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/, fault(message("rounds.fault.code")));
const title = localText.refine(({ en, zh }) => en.trim() !== "" && zh.trim() !== "", fault(message("rounds.fault.title")));
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

export const CHECK_KINDS = ["yesNo", "value", "choice", "note", "photo"] as const;

/** What is asked at a check point. */
export const Check = z
  .object({
    id: Code,
    title,
    kind: z.enum(CHECK_KINDS),
    isRequired: z.boolean().default(true),
    /** Of a yes or no, or of a choice: what is as it should be; absent: any. */
    good: z.union([z.boolean(), z.array(z.string().min(1).max(100)).max(30).readonly()]).optional(),
    /** Of a value. */
    unit: z.string().trim().max(20).optional(),
    low: z.number().optional(),
    high: z.number().optional(),
    choices: z.array(z.string().trim().min(1).max(100)).max(30).readonly().optional(),
  })
  .refine(({ low, high }) => low === undefined || high === undefined || low < high, fault(message("rounds.fault.limits")))
  .refine(({ kind, choices }) => kind !== "choice" || (choices?.length ?? 0) > 1, fault(message("rounds.fault.choices")));
export type Check = z.output<typeof Check>;

/** Where somebody stops: an asset or a place, known by the code on it. */
export const CheckPoint = z.object({
  id: Code,
  title,
  /** AAS id of the asset. */
  shell: z.string().trim().min(1).max(2_000).optional(),
  /** Id of its station, where it is one. */
  station: z.string().trim().min(1).max(200).optional(),
  /** Text of the code that is on it, where it is not that of the asset. */
  code: z.string().trim().min(1).max(2_000).optional(),
  checks: z.array(Check).min(1).max(50).readonly(),
});
export type CheckPoint = z.output<typeof CheckPoint>;

/** When it is walked. 1 is Monday. */
export const Schedule = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("none") }),
  /** In each shift of a line; absent: of the first. */
  z.object({ kind: z.literal("shift"), line: z.string().max(200).optional() }),
  z.object({
    kind: z.literal("day"),
    days: z.array(z.int().min(1).max(7)).min(1).max(7).readonly(),
    from: clock,
    /** Of the same day, or where it is not later than `from`, of the next. */
    to: clock,
    timeZone: z.string().min(1).max(60),
  }),
  z.object({ kind: z.literal("week"), timeZone: z.string().min(1).max(60) }),
]);
export type Schedule = z.output<typeof Schedule>;

const unique = (ids: readonly { readonly id: string }[]): boolean => new Set(ids.map(({ id }) => id)).size === ids.length;

/** A route of check points, and when it is walked. */
export const RoundFields = z
  .object({
    code: Code,
    title,
    schedule: Schedule.default({ kind: "none" }),
    points: z.array(CheckPoint).max(200).readonly(),
    isRetired: z.boolean().default(false),
  })
  .refine(({ points }) => unique(points) && points.every(({ checks }) => unique(checks)), fault(message("rounds.fault.twice")));
export type RoundFields = z.output<typeof RoundFields>;

export const inspectionRound = {
  id: "rounds.round",
  record: "inspectionRound",
  version: 1,
  schema: RoundFields,
  upcast: {},
} satisfies KindDeclaration;

export function roundDocumentId(code: string): RecordId {
  return hashedId("inspectionRound", "code", code);
}
