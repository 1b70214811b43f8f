import { z, type KindDeclaration } from "@doppelwerk/kit";
import type { ShiftFiguresValue } from "@doppelwerk/ports";

const instant = z.int().min(0).max(8_000_000_000_000_000);
/** AAS id of the line, and the beginning of the shift. */
const ofShift = { shell: z.string().min(1).max(2_000), shift: instant };

/** What people write for the next shift. One that is open stays on the page of every later shift until it is done. */
export const handoverNote = {
  id: "shift-page.note",
  record: "handoverNote",
  version: 1,
  schema: z.object({
    ...ofShift,
    /** Sealed with a key of its author. */
    text: z.string().min(1).max(30_000),
    author: z.string().min(1).max(500),
    written: instant,
    isOpen: z.boolean(),
    /** Who closed it, and when; absent while it is open, and of what never was. */
    done: z.object({ by: z.string().min(1).max(500), at: instant }).optional(),
  }),
  upcast: {},
} satisfies KindDeclaration;

export const ROLES = ["handsOver", "takesOver"] as const;
export type HandoverRole = (typeof ROLES)[number];

/** The figures that a signature is of: later ones do not change it. */
export const SignedFigures = z.object({
  good: z.number(),
  produced: z.number(),
  scrap: z.number(),
  reworked: z.number(),
  plannedBusyS: z.number(),
  oee: z.number().optional(),
  revision: z.int(),
});
export type SignedFigures = z.output<typeof SignedFigures>;

export function signedOf({ good, produced, scrap, reworked, plannedBusyS, oee, revision }: ShiftFiguresValue): SignedFigures {
  return { good, produced, scrap, reworked, plannedBusyS, ...(oee !== undefined && { oee }), revision };
}

/** A document a signature: two people who sign at one moment both have signed. It is never changed. */
export const handoverSignature = {
  id: "shift-page.signature",
  record: "handoverSignature",
  version: 1,
  schema: z.object({
    ...ofShift,
    role: z.enum(ROLES),
    by: z.string().min(1).max(500),
    at: instant,
    figures: SignedFigures,
    /** Ids of the notes that stood there. */
    notes: z.array(z.string().max(500)).max(1_000).readonly(),
  }),
  upcast: {},
} satisfies KindDeclaration;

/** A person who gets the signed handovers of a line by mail. */
export const handoverMail = {
  id: "shift-page.mail",
  record: "handoverMail",
  version: 1,
  schema: z.object({ shell: z.string().min(1).max(2_000), person: z.string().min(1).max(500), since: instant }),
  upcast: {},
} satisfies KindDeclaration;
