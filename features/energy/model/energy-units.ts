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

export const ENERGY_UNITS = Object.keys(KWH) as [string, ...string[]];

/** Undefined: not a unit of energy that meters count in. */
export function kWhOf(unit: string | undefined): number | undefined {
  return unit !== undefined && Object.hasOwn(KWH, unit) ? KWH[unit] : undefined;
}
