import { z } from "zod";
import { KEEPALIVE_S } from "../mqtt/client-options.ts";
import { fault } from "@doppelwerk/messages/faults";
import { message } from "@doppelwerk/messages";

const id = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => /^[^+#/]+$/.test(text), fault(message("connectors.faultSparkplugId")));

export const sparkplugSettings = z.strictObject({
  /** Id of this host application in `spBv1.0/STATE/<id>`. */
  hostId: id.default("doppelwerk"),
  /** Groups that discovery asks; without it all of them. */
  groups: z.array(id).min(1).max(100).optional(),
  discoverS: z.number().min(0.1).max(120).default(5),
  keepaliveS: z.int().min(1).max(3_600).default(KEEPALIVE_S),
  /** PEM of the authority to trust instead of the public ones. */
  ca: z.string().max(100_000).optional(),
});
export type SparkplugSettings = z.infer<typeof sparkplugSettings>;
