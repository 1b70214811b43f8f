import { z } from "zod";
import { KEEPALIVE_S } from "./client-options.ts";
import { parseTemplate } from "./topic-template.ts";
import { isMessage, message, textOf } from "@doppelwerk/messages";
import { fault } from "@doppelwerk/messages/faults";

/** A topic filter (MQTT 5.0, 4.7): `+` fills a level, `#` the rest. */
const filter = z
  .string()
  .min(1)
  .max(1_000)
  .refine(
    (text) => text.split("/").every((level, at, all) => (level === "#" ? at === all.length - 1 : level === "+" || !/[+#\0]/.test(level))),
    fault(message("connectors.faultNotTopicFilter")),
  );

const template = z
  .string()
  .min(1)
  .max(1_000)
  .superRefine((text, context) => {
    const parsed = parseTemplate(text);
    if (isMessage(parsed)) context.addIssue({ code: "custom", message: textOf(parsed), params: { reason: parsed } });
  });

export const mqttSettings = z.strictObject({
  /** What topics look like: `plant/{area}/{machine}/{signal}`; `{name+}` at the end takes all that is left. */
  template: template.optional(),
  /** Filters to subscribe to instead of one for each topic of a signal. */
  topics: z.array(filter).min(1).max(1_000).optional(),
  qos: z.literal([0, 1]).default(1),
  /** JSON pointer to the time inside a payload; without it the usual names (timestamp, ts, time) are looked for at the top. */
  timePointer: z
    .string()
    .max(500)
    .refine((text) => /^(\/.*)?$/.test(text), fault(message("connectors.faultJsonPointer")))
    .optional(),
  /** IANA zone of times without offset. */
  timeZone: z.string().max(64).default("UTC"),
  maxPayloadBytes: z.int().min(1).max(16_000_000).default(262_144),
  /** Distinct topics noticed at most, in discovery and as unmapped ones. */
  maxTopics: z.int().min(1).max(200_000).default(10_000),
  /** Last level of the topic that a command for a signal goes to: `TOPIC/set`. Used only where the connection allows commands. */
  commandSuffix: z
    .string()
    .max(200)
    .refine((text) => /^[^+#/$\0]+(\/[^+#/$\0]+)*$/.test(text), fault(message("connectors.faultTopicLevels")))
    .default("set"),
  discoverS: z.number().min(0.1).max(120).default(5),
  keepaliveS: z.int().min(1).max(3_600).default(KEEPALIVE_S),
  /** PEM of the authority to trust instead of the public ones. */
  ca: z.string().max(100_000).optional(),
});
export type MqttSettings = z.infer<typeof mqttSettings>;
