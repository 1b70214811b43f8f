import type { Message } from "@doppelwerk/messages";
import { z } from "zod";

/** A text for people as a stable code with its values. */
export const messageShape: z.ZodType<Message, Message> = z.object({
  code: z.string(),
  params: z.record(
    z.string(),
    z.union([
      z.string(),
      z.number(),
      z.object({ en: z.string(), zh: z.string() }),
      z.lazy(() => messageShape),
      z.array(z.lazy(() => messageShape)).readonly(),
    ]),
  ),
});
