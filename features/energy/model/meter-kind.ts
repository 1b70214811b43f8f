import { fault, message, z, type KindDeclaration } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";
import { MEDIA, METER_UNITS } from "./energy-units.ts";

const instant = z.int().min(0).max(8_000_000_000_000_000);

/** Another meter in the same place, or the same one set to another number: what the old one showed last, and the new one first, in the unit of the meter. */
export const MeterExchange = z.object({ at: instant, last: z.number(), first: z.number() });
export type MeterExchange = z.output<typeof MeterExchange>;

/** What people know of a meter that its signal does not say. */
export const MeterFields = z.object({
  /** AAS id of the shell of the line or station that it measures. */
  shell: z.string().min(1).max(2_000),
  /** In place of that of the signal, which may be absent or wrong. */
  unit: z.enum(METER_UNITS).optional(),
  /** Absent: electricity. What counts in m³ is a meter only with it. */
  medium: z.enum(MEDIA).optional(),
  /** In order of time. */
  exchanges: z
    .array(MeterExchange)
    .max(100)
    .refine((all) => all.every(({ at }, index) => index === 0 || at > all[index - 1]!.at), fault(message("energy.fault.exchanges")))
    .optional(),
});
export type MeterFields = z.output<typeof MeterFields>;

export const energyMeter = {
  id: "energy.meter",
  record: "energyMeter",
  version: 2,
  schema: MeterFields.extend({ signal: z.string().min(1).max(500) }),
  // the first version had no medium and no exchanges
  upcast: { 1: (before) => before },
} satisfies KindDeclaration;
