import { z } from "zod";
import { httpClientSettings } from "../http/settings.ts";

export const mtconnectSettings = z.strictObject({
  ...httpClientSettings,
  /** `stream` = the agent sends (multipart); `poll` = it is asked. */
  mode: z.enum(["stream", "poll"]).default("stream"),
  /** Milliseconds between two parts of a stream, or between two questions. */
  intervalMs: z.int().min(10).max(600_000).default(100),
  /** Observations of one answer. */
  count: z.int().min(1).max(100_000).default(2_000),
  /** An agent with nothing to say says so after this; three times as long a silence is a loss. */
  heartbeatMs: z.int().min(100).max(600_000).default(5_000),
});
export type MtconnectSettings = z.infer<typeof mtconnectSettings>;
