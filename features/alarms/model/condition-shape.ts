import { fault, message, textOf, z } from "@doppelwerk/kit";
import { checkedExpression, MAX_CONDITIONS, MAX_EXPRESSION, MAX_TIMES, STATION_STATES } from "@doppelwerk/operations";
import type {} from "../message-codes.ts";
import { expressionFaultText } from "./expression-faults.ts";

/** States of a station (ISO 22400), as rules name them. */
export const StationState = z.enum(STATION_STATES);

const MAX_S = 30 * 86_400;
const signal = z.string().min(1).max(500);
const seconds = z.number().positive().max(MAX_S);

/** An expression over last values of signals and states of stations; refused with the position of what is wrong. */
const expressionOf = (of: "number" | "truth") =>
  z
    .string()
    .min(1)
    .max(MAX_EXPRESSION)
    .superRefine((text, context) => {
      const checked = checkedExpression(text, of);
      if (checked.fault === undefined) return;
      const reason = expressionFaultText(checked.fault);
      context.addIssue({ code: "custom", message: textOf(reason), params: { reason } });
    });
export const TruthExpression = expressionOf("truth");
const NumberExpression = expressionOf("number");

/** A signal, or an expression with a number as its value. */
const limits = { signal: signal.optional(), expression: NumberExpression.optional(), limit: z.number(), deadband: z.number().min(0) };
interface Measured {
  readonly signal?: string | undefined;
  readonly expression?: string | undefined;
}
const isMeasured = (condition: Measured): boolean => (condition.signal === undefined) !== (condition.expression === undefined);
const measured = fault(message("alarms.measuredEither"));

/** When a rule is in alarm. Limits are in the signal's unit; a deadband widens the way back. */
export const AlarmCondition = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("high"), ...limits }).refine(isMeasured, measured),
  z.object({ kind: z.literal("highHigh"), ...limits }).refine(isMeasured, measured),
  z.object({ kind: z.literal("low"), ...limits }).refine(isMeasured, measured),
  z.object({ kind: z.literal("lowLow"), ...limits }).refine(isMeasured, measured),
  z
    .object({
      kind: z.literal("deviation"),
      ...limits,
      target: z.number().optional(),
      reference: signal.optional(),
      usualS: seconds.optional().describe("seconds over which the usual value is the mean"),
    })
    .refine(isMeasured, measured)
    .refine(
      ({ target, reference, usualS }) => [target, reference, usualS].filter((each) => each !== undefined).length === 1,
      fault(message("alarms.deviationEither")),
    ),
  z
    .object({
      kind: z.literal("rate"),
      ...limits,
      limit: z.number().positive().describe("change within the window"),
      windowS: seconds,
      direction: z.enum(["rising", "falling", "either"]),
    })
    .refine(isMeasured, measured),
  z
    .object({
      kind: z.literal("model"),
      ...limits,
      expected: NumberExpression.describe("what a model expects of the value"),
      smoothS: seconds.optional().describe("seconds over which the residual is smoothed"),
    })
    .refine(isMeasured, measured),
  z.object({ kind: z.literal("expression"), expression: TruthExpression }),
  z.object({
    kind: z.literal("sequence"),
    first: TruthExpression,
    next: TruthExpression,
    withinS: seconds,
    isMissing: z.boolean().optional().describe("the second one did not follow"),
  }),
  z
    .object({
      kind: z.literal("nOfM"),
      conditions: z.array(TruthExpression).min(2).max(MAX_CONDITIONS).readonly(),
      atLeast: z.int().min(1),
    })
    .refine(({ conditions, atLeast }) => atLeast <= conditions.length, fault(message("alarms.atLeastOfThem"))),
  z.object({ kind: z.literal("repeated"), expression: TruthExpression, times: z.int().min(2).max(MAX_TIMES), withinS: seconds }),
  z.object({
    kind: z.literal("value"),
    signal,
    values: z
      .array(z.union([z.number(), z.string().max(200)]))
      .min(1)
      .max(50)
      .readonly(),
  }),
  z.object({ kind: z.literal("condition"), signal }),
  z.object({
    kind: z.literal("state"),
    station: z.string().min(1).max(200),
    states: z.array(StationState).min(1).readonly(),
    of: z.enum(["station", "anyPlace"]).optional(),
  }),
  z.object({ kind: z.literal("noData"), signals: z.array(signal).min(1).max(1_000).readonly(), afterS: z.number().positive() }),
]);

/** The kinds of conditions, in the order of the form. */
export const CONDITION_KINDS = [
  "high",
  "highHigh",
  "low",
  "lowLow",
  "deviation",
  "rate",
  "value",
  "noData",
  "state",
  "expression",
  "sequence",
  "nOfM",
  "repeated",
  "model",
  "condition",
] as const;
