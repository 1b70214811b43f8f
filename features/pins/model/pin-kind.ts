import { fault, message, z, type KindDeclaration } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";

const metre = z.number().min(-1e6).max(1e6);
const point = z.tuple([metre, metre, metre]);

/** What may be shown: nothing of it runs. */
export const SAFE_TYPES = ["application/pdf", "image/png", "image/jpeg", "image/webp", "video/mp4", "video/webm"] as const;

/** https or http, without a password. */
const address = z
  .string()
  .max(2_000)
  .refine((text) => /^https?:\/\/[^/?#\s@]+([/?#]\S*)?$/.test(text), fault(message("pins.fault.address")));

export const PinContent = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("link"), url: address }),
  z.object({
    kind: z.literal("file"),
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    type: z.enum(SAFE_TYPES),
    name: z.string().trim().min(1).max(200),
    size: z.int().min(1),
  }),
]);

/** A document at a point of the 3D world, and from where one looks at it. */
export const PinFields = z.object({
  /** Id of the station. */
  station: z.string().min(1).max(200),
  /** AAS id of its shell: who may read it reads the pin. */
  shell: z.string().min(1).max(2_000),
  title: z.string().trim().min(1).max(200),
  /** Metres, in the coordinates of the hall; absent: in the list alone. */
  point: point.optional(),
  view: z.object({ target: point, yaw: z.number(), pitch: z.number(), distance: z.number().positive().max(1e4) }).optional(),
  content: PinContent,
});
export type PinFields = z.output<typeof PinFields>;

export const pinnedDocument = {
  id: "pins.pin",
  record: "pinnedDocument",
  version: 1,
  schema: PinFields.extend({ by: z.string().min(1).max(500), at: z.int().min(0).max(8_000_000_000_000_000) }),
  upcast: {},
} satisfies KindDeclaration;
