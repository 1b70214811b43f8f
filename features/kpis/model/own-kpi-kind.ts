import { fault, localText, message, textOf, z, type KindDeclaration } from "@doppelwerk/kit";
import { elementOf, INDICATOR_FORMULAS, parseExpression } from "@doppelwerk/operations";
import type {} from "../message-codes.ts";
import { faultText } from "./formula-faults.ts";

const RESERVED: ReadonlySet<string> = new Set(["and", "or", "not", "if", "min", "max", "abs", "sqrt"]);
const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** By which other formulas name it: no element and no KPI of ISO 22400-2. */
export const KpiName = z
  .string()
  .min(1)
  .max(60)
  .refine((name) => NAME.test(name) && !RESERVED.has(name), fault(message("kpis.own.nameFault")))
  .refine((name) => elementOf(name) === undefined && !INDICATOR_FORMULAS.has(name), fault(message("kpis.own.nameTaken")));

/** Its text, which is a formula: O125. */
export const Formula = z.string().superRefine((text, context) => {
  const parsed = parseExpression(text);
  if (parsed.fault === undefined) return;
  const reason = faultText(parsed.fault);
  context.addIssue({ code: "custom", message: textOf(reason), params: { reason } });
});

/** A KPI that people define by a formula. */
export const OwnKpiFields = z.object({
  title: localText,
  formula: Formula,
  /** Written after the value; `%` shows a share as per cent. */
  unit: z.string().trim().max(20),
  digits: z.int().min(0).max(6),
  better: z.enum(["more", "less"]),
});
export type OwnKpiFields = z.output<typeof OwnKpiFields>;

export const ownKpi = {
  id: "kpis.own",
  record: "ownKpi",
  version: 1,
  schema: OwnKpiFields.extend({ name: KpiName }),
  upcast: {},
} satisfies KindDeclaration;
