import type { Origin } from "@doppelwerk/world";
import { z } from "zod";

/** An event as a pack records it: what a stranger sends is checked before the world sees it. */
const PackEvent = z.object({
  id: z.string().min(1).max(200),
  type: z.string().min(1).max(120),
  subject: z.string().min(1).max(2_048),
  at: z.int().min(0),
  origin: z.enum(["measured", "simulated", "replayed", "entered", "derived"] satisfies readonly Origin[]),
  payload: z.record(z.string(), z.json()),
  branch: z.string().min(1).max(200).optional(),
});

export const PackEvents = z.array(PackEvent).min(1).max(1_000);
