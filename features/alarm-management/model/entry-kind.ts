import { fault, message, z, type KindDeclaration } from "@doppelwerk/kit";
import { hashedId } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { Priority } from "./philosophy-kind.ts";

const text = z.object({ en: z.string().trim().min(1).max(2_000), zh: z.string().trim().min(1).max(2_000) });
const basis = z.string().trim().max(2_000);
const seconds = z.number().min(0).max(604_800);
const instant = z.int().min(0).max(8_000_000_000_000_000);

// #region entry
/** What was decided of one alarm when it was rationalised (ISA-18.2 clause 9, IEC 62682). */
export const EntryFields = z.object({
  cause: text,
  consequence: text,
  response: text,
  timeToRespondS: z.number().positive().max(2_592_000),
  /** Key of a line of the matrix. */
  severity: z.string().min(1).max(40),
  priority: Priority,
  /** Why it has this priority; needed where the matrix gives another one. */
  priorityBasis: basis,
  /** Key of a class. */
  class: z.string().min(1).max(40).optional(),
  /** In the unit of the signal; absent where the rule has no limit. */
  setpoint: z.number().optional(),
  setpointBasis: basis,
  deadband: z.number().min(0).optional(),
  onDelayS: seconds,
  offDelayS: seconds,
  /** Who may change it, in words of the plant. */
  mayChange: z.string().trim().max(300),
  /** Day of the next review. */
  reviewBy: z
    .string()
    .refine((day) => /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day)), fault(message("alarmManagement.fault.day")))
    .optional(),
});
// #endregion
export type EntryFields = z.output<typeof EntryFields>;

/** `of`: what was approved, so that whatever is merged later is not approved by it. */
const Approval = z.object({ by: z.string().min(1).max(500), at: instant, of: z.string().max(200) });

/** A document an alarm, so that edits of different ones merge. */
export const entryKind = {
  id: "alarmManagement.entry",
  record: "alarmEntry",
  version: 1,
  schema: EntryFields.extend({
    /** Id of the alarm rule. */
    rule: z.string().min(1).max(300),
    /** Title that the rule had, for when it is gone. */
    title: text,
    /** Ids of the signals that it is judged by: who may not read one of them does not read the entry. */
    inputs: z.array(z.string().max(500)).max(1_000).readonly(),
    /** Id of the person who wrote it last. */
    by: z.string().min(1).max(500),
    at: instant,
    approval: Approval.optional(),
  }),
  upcast: {},
} satisfies KindDeclaration;
export type StoredEntry = z.output<typeof entryKind.schema>;

export const entryId = (rule: string): string => hashedId("alarmEntry", "rule", rule);

const ORDER = Object.keys(EntryFields.shape) as readonly (keyof EntryFields)[];

export function fieldsOfEntry(entry: StoredEntry): EntryFields {
  return Object.fromEntries(ORDER.flatMap((field) => (entry[field] === undefined ? [] : [[field, entry[field]]]))) as EntryFields;
}

/** The same for the same decisions, and for no others. */
export function decisionsOf(fields: EntryFields): string {
  const values = ORDER.map((field) => {
    const value = fields[field];
    return typeof value === "object" ? [value.en, value.zh] : (value ?? null);
  });
  return hashedId("decisions", "entry", JSON.stringify(values));
}

export const isApproved = (entry: StoredEntry): boolean => entry.approval?.of === decisionsOf(fieldsOfEntry(entry));
