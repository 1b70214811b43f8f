import { DoppelwerkError } from "@doppelwerk/world";
import { fault, message, parse, z } from "@doppelwerk/kit";
import { EVENT_KINDS, EVENT_TYPES } from "@doppelwerk/ports";
import type {} from "../../message-codes.ts";

const listOf = <T extends string>(known: readonly T[]) =>
  z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(known)).min(1))
    .transform((items) => new Set(items));

/** Levels of a topic to publish on (MQTT 5.0, 4.7): no wildcards, and not `$…`, which is the broker's own. */
const topic = z
  .string()
  .min(1)
  .max(500)
  .refine(
    (text) => !/[+#\0]/.test(text) && !text.startsWith("$") && text.split("/").every((level) => level !== ""),
    fault(message("publish.topicForm")),
  )
  .refine((text) => !/^(spBv1\.0|spAv1\.0|STATE)(\/|$)/.test(text), fault(message("publish.topicOfSparkplug")));

export const publicationSettings = z.strictObject({
  /** Everything of the unified namespace stands below it. Signals that are read from topics below it are not published: that would go in a circle. */
  prefix: topic.default("uns"),
  /** Where the CloudEvents of the AAS go (Factory-X: `noauth`, `all`, or the id of a participant). */
  eventTopic: topic.default("noauth"),
  /** What of the events is told, as on the other streams: by type and kind (with commas), by a query for submodels (its JSON, or that in base64url). */
  eventTypes: listOf(EVENT_TYPES).optional(),
  eventKinds: listOf(EVENT_KINDS).optional(),
  eventQuery: z.union([z.string().max(65_536), z.looseObject({})]).optional(),
  /** Without `data`: who hears of it reads it by the API. */
  eventSlim: z.boolean().default(false),
  values: z.boolean().default(true),
  events: z.boolean().default(true),
  /** At most one message a signal in this time; of values in between the newest is told. */
  intervalMs: z.int().min(20).max(3_600_000).default(200),
  /** Messages on their way to the broker at once. */
  inFlight: z.int().min(1).max(10_000).default(500),
  /** Address of this server in the events, when others reach it by another than the one it listens on. */
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .max(1_000)
    .optional(),
  /** PEM of the authority to trust instead of the public ones. */
  ca: z.string().max(100_000).optional(),
});
export type PublicationSettings = z.infer<typeof publicationSettings>;

const SCHEMES = new Set(["mqtt:", "mqtts:", "ws:", "wss:"]);

export interface PublicationRequest {
  /** Address of the broker. */
  readonly url: string;
  readonly settings?: unknown;
  /** Name of a secret in the store of the connections. */
  readonly secret?: string;
}

/** Throws DW_INVALID with one line: no broker's address, a password in it, a setting. Whether a query is one is left to who answers it. */
export function checkPublication({ url, settings }: PublicationRequest): PublicationSettings {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !SCHEMES.has(parsed.protocol) || parsed.hostname === "")
    throw new DoppelwerkError("DW_INVALID", message("publish.addressBrokerLooksLikeMqttsBroker", { url: url.slice(0, 200) }));
  if (parsed.username !== "" || parsed.password !== "")
    throw new DoppelwerkError("DW_INVALID", message("publish.addressCarriesNoUserNoPassword", { host: parsed.host }));
  const checked = parse(publicationSettings, settings ?? {}, message("publish.settingsOf", { outlet: "publish" }));
  if (isBelow(checked.eventTopic, checked.prefix))
    throw new DoppelwerkError("DW_INVALID", message("publish.settingsPublish", { eventTopic: checked.eventTopic }));
  return checked;
}

export function isBelow(topicName: string, prefix: string): boolean {
  return topicName === prefix || topicName.startsWith(`${prefix}/`);
}
