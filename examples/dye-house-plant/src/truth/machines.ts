import type { TankId } from "./recipes.ts";

export interface JetRow {
  readonly id: string;
  /** Goods it is made for, kg. */
  readonly nominalKg: number;
  /** An old controller that tells no function. */
  readonly withoutFunction?: boolean;
  /** Its batch is typed in by hand after loading has begun. */
  readonly lateBatch?: boolean;
  /** Width of the water meter, bits. */
  readonly waterBits: 16 | 32;
}

export const jets: readonly JetRow[] = [
  { id: "JET1", nominalKg: 500, waterBits: 32 },
  { id: "JET2", nominalKg: 300, waterBits: 16 },
  { id: "JET3", nominalKg: 300, waterBits: 32, lateBatch: true },
  { id: "JET4", nominalKg: 150, waterBits: 32, withoutFunction: true },
];

export interface TankRow {
  readonly id: TankId;
  readonly en: string;
  readonly zh: string;
  readonly capacityL: number;
  /** Station address on the bus of the kitchen. */
  readonly unit: number;
}

export const tanks: readonly TankRow[] = [
  { id: "SALT", en: "Brine tank", zh: "盐水罐", capacityL: 6_000, unit: 1 },
  { id: "ALKALI", en: "Soda tank", zh: "纯碱罐", capacityL: 2_500, unit: 2 },
  { id: "DYES", en: "Dye solution vessel", zh: "染料化料罐", capacityL: 800, unit: 3 },
  { id: "ACID", en: "Acetic acid tank", zh: "醋酸罐", capacityL: 500, unit: 4 },
];

/** Steam the boiler gives to all machines together, kg/h. */
export const boilerKgPerHour = 1_500;
/** The softener is regenerated after so many hours; in the last ones its water is hard. */
export const softener = { cycleH: 30, hardH: 7 } as const;
/** Probability that a sample is off shade: with soft water, with hard water, after an addition. */
export const offShade = { soft: 0.1, hard: 0.45, afterAddition: 0.15 } as const;
export const stenterZones = 4;
/** Goods a metre, kg. */
export const kgPerMetre = 0.32;
