import type { ConnectionStatus } from "@doppelwerk/sync";
import { z } from "zod";
import { messageShape } from "./message-shape.ts";

/** A connection and how it stands. Times are microseconds since 1970. */
export const connectionStatusShape: z.ZodType<ConnectionStatus, ConnectionStatus> = z.object({
  id: z.string(),
  name: z.string(),
  protocol: z.string(),
  url: z.string(),
  demo: z.boolean(),
  /** False = described, and waiting for someone to connect it; absent = true. */
  enabled: z.boolean().optional(),
  state: z.enum(["connecting", "connected", "reconnecting", "failed", "closed"]),
  since: z.int(),
  reason: z.string().optional(),
  /** The reason for a screen of any language; absent where the plant or a library wrote it. */
  reasonMessage: messageShape.optional(),
  reasonTold: messageShape.optional().describe("deprecated: use reasonMessage"),
  signals: z.int(),
  samplesPerSecond: z.number(),
  dropped: z.int(),
  findings: z.array(z.string()).readonly(),
  /** The same findings in the same order for a screen of any language. */
  findingMessages: z.array(messageShape).readonly(),
  told: z.array(messageShape).readonly().describe("deprecated: use findingMessages"),
});
