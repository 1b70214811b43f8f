import { fault, message, z, type KindDeclaration } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";

const id = z.string().min(1).max(300);
const minute = z.int().min(0).max(1_439);
export const Priority = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
export type Priority = z.output<typeof Priority>;

/** Whom a step reaches: who is on call, a person, or everybody at a channel. */
export const Recipient = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("onCall"), calendar: id }),
  z.object({ kind: z.literal("person"), person: id }),
  z.object({ kind: z.literal("channel"), channel: id }),
]);
export type Recipient = z.output<typeof Recipient>;

/** Hours in which alarms of some priorities wait, by the clock of a place; `to` at or before `from`: until the next day. */
export const QuietHours = z.object({
  priorities: z.array(Priority).min(1).max(4).readonly(),
  from: minute,
  to: minute,
  timeZone: z.string().max(100),
});
export type QuietHours = z.output<typeof QuietHours>;

// #region rule
/** Which alarms are told to whom, and after how many minutes without an acknowledgement to whom next. */
export const NotificationRuleFields = z.object({
  name: z.string().trim().min(1).max(60),
  isOn: z.boolean().default(true),
  priorities: z.array(Priority).min(1).max(4).readonly(),
  /** Id of the shell of a place: alarms of it and of what is in it; absent: everywhere. */
  place: id.optional(),
  /** Ids of alarm rules; none: all. */
  rules: z.array(id).max(200).readonly().default([]),
  steps: z
    .array(z.object({ afterMinutes: z.number().min(0).max(1_440), to: z.array(Recipient).min(1).max(20).readonly() }))
    .min(1)
    .max(10)
    .readonly()
    .refine(
      (steps) => steps.every(({ afterMinutes }, at) => at === 0 || afterMinutes > steps[at - 1]!.afterMinutes),
      fault(message("notifications.faultStepsInOrder")),
    ),
  /** The last step again, every so many minutes, at most `repeats` times. */
  repeatMinutes: z.number().min(1).max(1_440).optional(),
  repeats: z.int().min(1).max(20).default(3),
  /** Those who were told of an alarm are told that its condition returned to normal. */
  alsoReturned: z.boolean().default(false),
  /** Alarms of machines that are simulated or replayed, such as those of the demo plant, too; each message says that they are. */
  alsoSimulated: z.boolean().default(false),
  quiet: QuietHours.optional(),
  /** Messages to one person by one channel in an hour; more come as one digest. */
  maxPerHour: z.int().min(1).max(600).default(20),
  /** What could not be delivered so long after it was due is not delivered any more. */
  expiresMinutes: z.number().min(1).max(10_080).default(240),
});
// #endregion
export type NotificationRuleFields = z.output<typeof NotificationRuleFields>;

export const notificationRuleKind = {
  id: "notifications.rule",
  record: "notificationRule",
  version: 1,
  schema: NotificationRuleFields,
  upcast: {},
} satisfies KindDeclaration;
