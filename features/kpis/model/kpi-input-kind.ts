import { fault, message, z, type KindDeclaration } from "@doppelwerk/kit";
import { elementOf } from "@doppelwerk/operations";
import type {} from "../message-codes.ts";
import { Formula } from "./own-kpi-kind.ts";

/** An element of ISO 22400-2 by its symbol. */
export const ElementSymbol = z
  .string()
  .max(10)
  .refine((symbol) => elementOf(symbol) !== undefined, fault(message("kpis.inputs.noElement")));

/** What an element of a place is made of: a formula over signals, and over other elements of the place. */
export const kpiInput = {
  id: "kpis.input",
  record: "kpiInput",
  version: 1,
  schema: z.object({
    symbol: ElementSymbol,
    /** AAS id of the shell of a line or station. */
    shell: z.string().min(1).max(2_000),
    formula: Formula,
  }),
  upcast: {},
} satisfies KindDeclaration;
