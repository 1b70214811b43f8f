import { fault, message, z, type KindDeclaration } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";

/** Where electricity comes from, as its operator names it: `DE`, `CN-EAST`. */
export const Zone = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/);
const day = z
  .string()
  .refine(
    (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)),
    fault(message("footprint.fault.day")),
  );
const source = z.string().trim().min(1).max(300);
/** g CO2e for a kWh. Below zero where it is bound. */
const intensity = z.number().min(-1_000).max(5_000);

/** Carbon intensity of a grid, hour by hour of a day of UTC; null: not known. */
export const GridDayFields = z.object({ zone: Zone, day, hours: z.array(intensity.nullable()).length(24), source });
export const gridDay = {
  id: "footprint.gridDay",
  record: "gridCarbonDay",
  version: 1,
  schema: GridDayFields,
  upcast: {},
} satisfies KindDeclaration;
export type StoredGridDay = z.output<typeof GridDayFields>;

/** Which grid the plant draws from, and a signal of its intensity where one is recorded (g CO2e/kWh). */
export const GridFields = z.object({ zone: Zone, signal: z.string().min(1).max(500).optional(), source: source.optional() });
export type GridFields = z.output<typeof GridFields>;
export const gridSource = {
  id: "footprint.grid",
  record: "gridCarbonSource",
  version: 1,
  schema: GridFields,
  upcast: {},
} satisfies KindDeclaration;

export const FACTOR_OF = ["gas", "heat", "compressedAir", "water"] as const;
export const FACTOR_UNITS = ["kWh", "m3"] as const;

/** kg CO2e for one unit of a medium. */
export const FactorFields = z
  .object({
    of: z.enum(FACTOR_OF),
    unit: z.enum(FACTOR_UNITS),
    kgCO2e: z.number().min(-1_000_000).max(1_000_000),
    validFrom: day,
    validTo: day.optional(),
    source,
  })
  .refine(({ validFrom, validTo }) => validTo === undefined || validFrom <= validTo, fault(message("footprint.fault.validity")));
export type FactorFields = z.output<typeof FactorFields>;

export const FactorName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/);
export const carbonFactor = {
  id: "footprint.factor",
  record: "carbonFactor",
  version: 1,
  schema: FactorFields.safeExtend({ name: FactorName }),
  upcast: {},
} satisfies KindDeclaration;
export type StoredFactor = z.output<typeof carbonFactor.schema>;
