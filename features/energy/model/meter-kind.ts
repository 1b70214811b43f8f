import { z, type KindDeclaration } from "@doppelwerk/kit";
import { ENERGY_UNITS } from "./energy-units.ts";

/** What people know of a meter that its signal does not say. */
export const MeterFields = z.object({
  /** AAS id of the shell of the line or station that it measures. */
  shell: z.string().min(1).max(2_000),
  /** In place of that of the signal, which may be absent or wrong. */
  unit: z.enum(ENERGY_UNITS).optional(),
});
export type MeterFields = z.output<typeof MeterFields>;

export const energyMeter = {
  id: "energy.meter",
  record: "energyMeter",
  version: 1,
  schema: MeterFields.extend({ signal: z.string().min(1).max(500) }),
  upcast: {},
} satisfies KindDeclaration;
