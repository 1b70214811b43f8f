import { fault, localText, message, z, type KindDeclaration } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";
import { MEDIA } from "./energy-units.ts";

export const TARIFF_DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday"] as const;
export type TariffDay = (typeof TARIFF_DAYS)[number];

const day = z.string().refine((text) => /^\d{4}-\d\d-\d\d$/.test(text) && isDay(text), fault(message("energy.fault.day")));
/** A quarter hour of the local clock; 24:00 is the end of a day. */
const clock = z.string().refine((text) => /^(([01]\d|2[0-3]):(00|15|30|45)|24:00)$/.test(text), fault(message("energy.fault.clock")));
const price = z.number().min(-1_000).max(1_000_000);

function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text);
}

/** A price at some hours of some days, by the clock of the plant. */
export const TariffBand = z
  .object({
    days: z.array(z.enum(TARIFF_DAYS)).min(1).max(8),
    from: clock,
    to: clock,
    /** For one unit. Below zero where who uses is paid. */
    price,
  })
  .refine(({ from, to }) => from < to, fault(message("energy.fault.band")));
export type TariffBand = z.output<typeof TariffBand>;

/** What a medium costs from one day to another. */
export const TariffFields = z
  .object({
    title: localText,
    medium: z.enum(MEDIA),
    /** ISO 4217. */
    currency: z.string().regex(/^[A-Z]{3}$/),
    /** First day, by the clock of the plant. */
    validFrom: day,
    /** Last day; absent: until another tariff begins. */
    validTo: day.optional(),
    /** For one kWh, or one m³, at every time that no band has. */
    price,
    /** The first one that has a time gives its price. */
    bands: z.array(TariffBand).max(50),
    /** Days on which only bands of holidays apply. */
    holidays: z.array(day).max(400),
    /** For one kW of the highest mean of a quarter hour in a calendar month. */
    demandCharge: price.min(0).optional(),
  })
  .refine(({ validFrom, validTo }) => validTo === undefined || validFrom <= validTo, fault(message("energy.fault.validity")));
export type TariffFields = z.output<typeof TariffFields>;

/** By which lists and addresses name it. */
export const TariffName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/);

export const energyTariff = {
  id: "energy.tariff",
  record: "energyTariff",
  version: 1,
  schema: TariffFields.extend({ name: TariffName }),
  upcast: {},
} satisfies KindDeclaration;
export type StoredTariff = z.output<typeof energyTariff.schema>;
