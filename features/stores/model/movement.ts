import { fault, message, z } from "@doppelwerk/kit";
import type { EventKind, Instant } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { PartNumber, Quantity } from "./part-kind.ts";

/** What happens to the stock of a part. */
export const MOVEMENT_KINDS = ["received", "taken", "returned", "counted", "corrected", "reserved", "released"] as const;
export type MovementKind = (typeof MOVEMENT_KINDS)[number];

const short = z.string().trim().min(1);
const shared = {
  /** Of who says it, such as a UUID: the same twice is one movement. */
  movement: short.max(200),
  part: PartNumber,
  /** Id of the work order that it is for. */
  work: short.max(200).optional(),
  /** What people say of it; of a correction why. */
  reason: short.max(500).optional(),
  /** Number of the paper. */
  document: short.max(100).optional(),
  /** Id of the source that told it; absent: a person. */
  source: short.max(200).optional(),
};

/** A movement as it is recorded. `counted`: how much there is, whatever the book said; `corrected`: how much more, with its sign. */
export const Movement = z.discriminatedUnion("kind", [
  z.object({ ...shared, kind: z.enum(["received", "taken", "returned", "reserved", "released"]), quantity: Quantity }),
  z.object({ ...shared, kind: z.literal("counted"), quantity: z.number().min(0).max(1_000_000_000) }),
  z.object({
    ...shared,
    kind: z.literal("corrected"),
    quantity: z
      .number()
      .min(-1_000_000_000)
      .max(1_000_000_000)
      .refine((quantity) => quantity !== 0, fault(message("stores.fault.nothing"))),
    reason: short.max(500),
  }),
]);
export type Movement = z.output<typeof Movement>;

/** A movement with when it was, and when it became known. */
export type MovementFact = Movement & { readonly at: Instant; readonly known: Instant; readonly by?: string };

export const MOVEMENT_EVENT = "stores.movement";

export const storesEvents: readonly EventKind[] = [{ type: MOVEMENT_EVENT, version: 1, keys: ["movement", "part", "work"] }];
