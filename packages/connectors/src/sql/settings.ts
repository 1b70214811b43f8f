import { z } from "zod";
import { tableSettings } from "../files/table-layout.ts";
import { message } from "@doppelwerk/messages";
import { fault } from "@doppelwerk/messages/faults";

export const sqlSettings = z.strictObject({
  ...tableSettings,
  /** One SELECT. `$1` in it is the time of the newest row seen, so that only newer ones are asked for. */
  query: z
    .string()
    .min(1)
    .max(20_000)
    .refine((text) => /^\s*(?:select|with|table|values)\b/i.test(text), fault(message("connectors.faultQueryBegins"))),
  intervalS: z.number().min(0.05).max(86_400).default(5),
  timeoutMs: z.int().min(50).max(600_000).default(10_000),
  maxRows: z.int().min(1).max(1_000_000).default(50_000),
  /** PEM of the authority to trust; with it, or with `tls: true`, the connection is encrypted and the certificate checked. */
  ca: z.string().max(100_000).optional(),
  tls: z.boolean().default(false),
});
export type SqlSettings = z.infer<typeof sqlSettings>;
