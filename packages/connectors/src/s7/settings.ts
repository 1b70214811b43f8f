import { isMessage, message, textOf } from "@doppelwerk/messages";
import { z } from "zod";
import { parseS7Address } from "./s7-address.ts";
import { fault } from "@doppelwerk/messages/faults";

const tsap = z.string().refine((text) => /^[0-9a-f]{2}\.?[0-9a-f]{2}$/i.test(text), fault(message("connectors.faultTsap")));

/** One line of a symbol table. */
export const symbolShape = z.strictObject({
  name: z.string().trim().min(1).max(200),
  address: z
    .string()
    .max(100)
    .superRefine((text, context) => {
      const parsed = parseS7Address(text);
      if (isMessage(parsed)) {
        const reason = message("connectors.addressFault", { fault: parsed, address: text });
        context.addIssue({ code: "custom", message: textOf(reason), params: { reason } });
      }
    }),
  unit: z.string().max(50).optional(),
  scale: z
    .number()
    .refine((scale) => scale !== 0 && Number.isFinite(scale), fault(message("connectors.faultScaleZero")))
    .optional(),
  role: z.string().max(100).optional(),
  deadband: z.number().min(0).optional(),
});

export const s7Settings = z.strictObject({
  intervalS: z.number().min(0.02).max(86_400).default(1),
  timeoutMs: z.int().min(50).max(60_000).default(2_000),
  /** Whose place among the few connections of the CPU is taken: a free one (basic), a programming device's (pg) or a panel's (op). */
  connectionType: z.enum(["basic", "pg", "op"]).default("basic"),
  /** Instead of type, rack and slot: LOGO!, S7-200, gateways. */
  localTsap: tsap.optional(),
  remoteTsap: tsap.optional(),
  /** Length of messages to ask for; the PLC may agree to less. */
  pduBytes: z.int().min(112).max(960).default(960),
  /** Addresses in one question; an S7-300 takes 20. */
  maxItems: z.int().min(1).max(20).default(20),
  /** Bytes between two wanted ones that are read along rather than asked apart. */
  maxGapBytes: z.int().min(0).max(200).default(16),
  symbols: z.array(symbolShape).max(50_000).optional(),
});
export type S7Settings = z.infer<typeof s7Settings>;
