import { z } from "zod";
import { dotted, path } from "./manifest-fields.ts";

const field = z
  .string()
  .max(60)
  .regex(/^[a-z]\w*$/);
/** Texts with fields of the document: `{name} is low`. */
const sentence = z.string().min(1).max(2_000);
const texts = z.strictObject({ en: sentence, zh: sentence });
/** A field of the document with the id of a signal, or an output of a fold that is opened for it. */
const signal = z.union([field, z.strictObject({ fold: dotted, output: field })]);
/** A number, or a part of one that stands in the document. */
const number = z.union([z.number(), z.strictObject({ field, factor: z.number().default(1) })]);
const limits = { signal, limit: number, deadband: number.default(0) };

const Condition = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("high"), ...limits }),
  z.strictObject({ kind: z.literal("low"), ...limits }),
  z.strictObject({ kind: z.literal("deviation"), ...limits, target: z.number().optional(), reference: signal.optional() }),
  z.strictObject({
    kind: z.literal("value"),
    signal,
    values: z
      .array(z.union([z.number(), z.string().max(200)]))
      .min(1)
      .max(50),
  }),
  z.strictObject({ kind: z.literal("noData"), signals: z.array(signal).min(1).max(50), afterS: z.number().positive() }),
]);

const delay = z
  .number()
  .min(0)
  .max(7 * 86_400);

/** An alarm rule for each document of a kind, after IEC 62682: with cause, consequence and response. */
const AlarmRuleTemplate = z.strictObject({
  /** Durable: rules that were proposed are known by it. */
  id: dotted,
  kind: dotted,
  shell: field.optional(),
  title: texts,
  condition: Condition,
  /** 1 is the most urgent. */
  priority: z.literal([1, 2, 3, 4]),
  onDelayS: delay.default(0),
  offDelayS: delay.default(0),
  cause: texts,
  consequence: texts,
  response: texts,
  timeToRespondS: z
    .number()
    .positive()
    .max(30 * 86_400),
  latching: z.boolean().default(false),
});
export type AlarmRuleTemplate = z.output<typeof AlarmRuleTemplate>;

/** What a feature begins with. It is proposed on a branch; nothing of it holds before somebody merges it. */
export const PackSetUp = z.strictObject({
  /** A `POST` of the feature with the action `edit` and without a body that writes documents of what a branch says. */
  operation: dotted.optional(),
  /** JSON file with a list of records of the feature's kinds. */
  documents: path.optional(),
  alarmRules: z.array(AlarmRuleTemplate).max(100).default([]),
});
export type PackSetUpDeclaration = z.output<typeof PackSetUp>;
