import { z } from "@doppelwerk/kit";
import { HELP_REASONS } from "@doppelwerk/ports";

const name = z.string().trim().min(1).max(200);
const text = z.string().trim().max(500).optional();
export const MAX_ENTRIES = 200;

/** What every entry of a terminal has. Times are microseconds since 1970, by the clock of the device. */
const base = z.object({
  /** UUID that the device made: sent again it is the same entry. */
  id: z.uuid(),
  station: name,
  deviceTime: z.int().min(0).max(8_000_000_000_000_000),
  /** The entry that signed the person on; absent: nobody was signed on. */
  signOn: z.uuid().optional(),
});

export const SignOnEntry = base.extend({ kind: z.literal("signOn"), badge: z.string().trim().min(3).max(100) });
export const SignOffEntry = base.extend({ kind: z.literal("signOff"), signOn: z.uuid() });
export const ReasonEntry = base.extend({
  kind: z.literal("reason"),
  /** When the stop began, as the terminal was shown it. */
  stopFrom: z.int().min(0).max(8_000_000_000_000_000),
  reason: z.string().min(1).max(100),
});
export const DefectEntry = base.extend({
  kind: z.literal("defect"),
  code: z.string().min(1).max(100),
  count: z.int().min(1).max(10_000).default(1),
  serial: name.optional(),
  order: name.optional(),
  product: name.optional(),
  text,
});
export const HelpEntry = base.extend({ kind: z.literal("help"), reason: z.enum(HELP_REASONS), text });

export const StepEntry = base.extend({
  kind: z.literal("step"),
  instruction: name,
  /** From 0. */
  step: z.int().min(0).max(49),
  product: z.string().trim().max(200),
  serial: name.optional(),
  order: name.optional(),
  isOk: z.boolean().optional(),
  value: z.number().optional(),
});
export const LifeResetEntry = base.extend({ kind: z.literal("lifeReset"), item: z.string().min(1).max(100), text });

/** Something that somebody did at a station. */
export const TerminalEntry = z.discriminatedUnion("kind", [
  SignOnEntry,
  SignOffEntry,
  ReasonEntry,
  DefectEntry,
  HelpEntry,
  StepEntry,
  LifeResetEntry,
]);
export type TerminalEntry = z.output<typeof TerminalEntry>;
export type NewTerminalEntry = z.input<typeof TerminalEntry>;
