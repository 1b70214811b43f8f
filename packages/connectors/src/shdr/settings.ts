import { z } from "zod";
import { isTimeZone } from "../samples/source-time.ts";
import { fault } from "@doppelwerk/messages/faults";
import { message } from "@doppelwerk/messages";

export const shdrSettings = z.strictObject({
  timeoutMs: z.int().min(50).max(60_000).default(5_000),
  /** How often the adapter is asked for life; one that knows no heartbeat is not lost for it. */
  pingMs: z.int().min(100).max(600_000).default(10_000),
  /** An adapter without heartbeat that says nothing for so long is looked for by a second link. */
  silentS: z.number().min(0.1).max(86_400).default(60),
  timeZone: z
    .string()
    .refine(isTimeZone, fault(message("connectors.faultTimeZone")))
    .default("UTC"),
  discoverS: z.number().min(0.1).max(120).default(5),
});
export type ShdrSettings = z.infer<typeof shdrSettings>;
