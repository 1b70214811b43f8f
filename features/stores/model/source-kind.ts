import { fault, message, z, type KindDeclaration } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";

const name = z.string().trim().min(1).max(60);
/** Of an http or https address without a password in it. */
const address = z
  .string()
  .max(2_000)
  .refine((text) => isWebAddress(text), fault(message("stores.fault.address")));

function isWebAddress(text: string): boolean {
  const found = /^https?:\/\/([^/?#\s]+)([/?][^\s#]*)?$/.exec(text);
  return found !== null && !found[1]!.includes("@");
}

/** A program of the stores that answers its parts as a list, and its movements by `?after=SEQ&limit=N`. */
export const SourceFields = z.object({
  name,
  isOn: z.boolean().default(true),
  /** List of `{part, name, usedAt, onHand, minimum, order, leadDays, priceEur}`. */
  parts: address,
  /** List of `{seq, time, document, kind, item, quantity, unit}`. */
  movements: address,
  intervalS: z.number().min(1).max(3_600).default(30),
  /** Entries of one answer. */
  limit: z.int().min(1).max(5_000).default(1_000),
  timeoutMs: z.int().min(100).max(60_000).default(10_000),
  /** Addresses inside the own network, such as that of the demonstration. */
  allowPrivate: z.boolean().default(false),
});
export type SourceFields = z.output<typeof SourceFields>;

export const storesSource = {
  id: "stores.source",
  record: "storesSource",
  version: 1,
  schema: z.object({ title: name, source: SourceFields }),
  upcast: {},
} satisfies KindDeclaration;
