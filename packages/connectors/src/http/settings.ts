import { z } from "zod";
import { isTimeZone } from "../samples/source-time.ts";
import { fault } from "@doppelwerk/messages/faults";
import { message } from "@doppelwerk/messages";

/** Headers that carry secrets or steer the connection are not settings. */
const FORBIDDEN_HEADER = /^(?:authorization|cookie|host|connection|content-length|transfer-encoding|proxy-.*|x-api-key)$/i;

/** What every HTTP connection of this room may set. */
export const httpClientSettings = {
  timeoutMs: z.int().min(50).max(120_000).default(10_000),
  maxBytes: z.int().min(1).max(256_000_000).default(16_000_000),
  /** Loopback and private networks may be asked: a decision of the person who connects, never of a file. */
  allowPrivate: z.boolean().default(false),
  /** PEM of the authority to trust instead of the public ones. */
  ca: z.string().max(100_000).optional(),
};

export const httpSettings = z.strictObject({
  ...httpClientSettings,
  intervalS: z.number().min(0.05).max(86_400).default(5),
  timePointer: z
    .string()
    .max(500)
    .refine((text) => /^(\/.*)?$/.test(text), fault(message("connectors.faultJsonPointer")))
    .optional(),
  timeZone: z
    .string()
    .refine(isTimeZone, fault(message("connectors.faultTimeZone")))
    .default("UTC"),
  headers: z
    .record(z.string().max(100), z.string().max(1_000))
    .refine(
      (headers) => Object.keys(headers).every((name) => !FORBIDDEN_HEADER.test(name)),
      fault(message("connectors.faultSecretsInHeaders")),
    )
    .optional(),
});
export type HttpSettings = z.infer<typeof httpSettings>;
