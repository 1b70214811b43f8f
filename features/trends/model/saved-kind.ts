import { z, type KindDeclaration } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";

/** What is shown, as the address of the page carries it, under a name. */
export const SavedFields = z.object({
  title: z.string().trim().min(1).max(200),
  choice: z.string().max(4_000),
  /** Signals that it shows: who may not read one of them does not see it. */
  signals: z.array(z.string().min(1).max(500)).max(64).readonly(),
});
export type SavedFields = z.output<typeof SavedFields>;

/** A document each: it is branched, compared and merged like any other. */
export const savedKind = {
  id: "trends.saved",
  record: "savedTrend",
  version: 1,
  schema: SavedFields.safeExtend({ author: z.string().min(1).max(500), written: z.int().min(0) }),
  upcast: {},
} satisfies KindDeclaration;
