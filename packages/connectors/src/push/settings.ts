import { z } from "zod";
import { fault } from "@doppelwerk/messages/faults";
import { message } from "@doppelwerk/messages";

/** One signal that is sent or typed in: nobody can be asked for it. */
export const declaredSignal = z.strictObject({
  /** How those who send it name it. */
  address: z.string().trim().min(1).max(500),
  name: z.string().trim().min(1).max(200).optional(),
  valueType: z.enum(["double", "integer", "boolean", "string", "enumeration"]).default("double"),
  unit: z.string().max(50).optional(),
  low: z.number().optional(),
  high: z.number().optional(),
  role: z.string().max(100).optional(),
  scale: z.number().optional(),
  counter: z.strictObject({ type: z.enum(["totaliser", "shiftReset"]), width: z.literal([16, 32]).optional() }).optional(),
});

export const pushSettings = z.strictObject({
  signals: z
    .array(declaredSignal)
    .max(50_000)
    .refine((signals) => signals.length > 0, fault(message("connectors.faultSignalsMissing"))),
  /** Nothing at all for so long is a loss; without it silence means nothing. */
  silenceS: z.number().min(0.1).max(864_000).optional(),
});

/** Values that people type in. */
export const enteredSettings = z.strictObject({ signals: pushSettings.shape.signals });
