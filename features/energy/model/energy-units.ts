/** What meters count: electricity, gas and heat in kWh, or what flows in m³. */
export const MEDIA = ["electricity", "gas", "heat", "compressedAir", "water"] as const;
export type Medium = (typeof MEDIA)[number];

/** In what amounts of a meter are added up. */
export type BaseUnit = "kWh" | "m3";

/** kWh in one of each; written as UCUM or as plants write it. */
const KWH: Readonly<Record<string, number>> = {
  "kW.h": 1,
  kWh: 1,
  "W.h": 0.001,
  Wh: 0.001,
  "MW.h": 1_000,
  MWh: 1_000,
  "GW.h": 1_000_000,
  GWh: 1_000_000,
  kJ: 1 / 3_600,
  MJ: 1 / 3.6,
  GJ: 1_000 / 3.6,
};

/** m³ in one of each. */
const CUBIC_METRES: Readonly<Record<string, number>> = { m3: 1, "m³": 1, Nm3: 1, "Nm³": 1, l: 0.001, L: 0.001 };

export const METER_UNITS = [...Object.keys(KWH), ...Object.keys(CUBIC_METRES)] as [string, ...string[]];

/** Undefined: not a unit of energy that meters count in. */
export function kWhOf(unit: string | undefined): number | undefined {
  return unit !== undefined && Object.hasOwn(KWH, unit) ? KWH[unit] : undefined;
}

/** Undefined: neither energy nor a volume. */
export function baseUnitOf(unit: string | undefined): { readonly unit: BaseUnit; readonly factor: number } | undefined {
  const kWh = kWhOf(unit);
  if (kWh !== undefined) return { unit: "kWh", factor: kWh };
  if (unit === undefined || !Object.hasOwn(CUBIC_METRES, unit)) return undefined;
  return { unit: "m3", factor: CUBIC_METRES[unit]! };
}
