import type { Instant } from "@doppelwerk/world";
import type { StoredFactor } from "./carbon-kinds.ts";

/** g CO2e for a kWh of the grid in the hour that begins at an instant; undefined: not known. */
export type Intensity = (hour: Instant) => number | undefined;

/** What was used of a medium, hour by hour. */
export interface UsedMedium {
  readonly medium: string;
  readonly unit: "kWh" | "m3";
  readonly hours: readonly { readonly hour: Instant; readonly amount: number }[];
  /** False: amounts are lower bounds. */
  readonly isWhole: boolean;
}

/** One part of a footprint. Without `kg` nothing of it is known. */
export interface FootprintPart {
  readonly of: string;
  readonly unit: string;
  readonly amount: number;
  /** Of what is known; at least as much. */
  readonly kg: number;
  /** Of the amount: how much has no factor. */
  readonly unknownAmount: number;
  /** Where its factors are from. */
  readonly sources: readonly string[];
}

export interface Footprint {
  /** Sum of what is known, kg CO2e. */
  readonly kg: number;
  readonly parts: readonly FootprintPart[];
  /** Parts of which something is not known: then `kg` is a lower bound. */
  readonly unknown: readonly string[];
}

/** The factor that is valid on a day: of two the one that began later. */
export function factorOn(
  factors: readonly StoredFactor[],
  wanted: { readonly of: string; readonly unit: string },
  day: string,
): StoredFactor | undefined {
  let found: StoredFactor | undefined;
  for (const factor of factors) {
    if (factor.of !== wanted.of || factor.unit !== wanted.unit || factor.validFrom > day || (factor.validTo ?? "9999") < day) continue;
    if (found === undefined || factor.validFrom >= found.validFrom) found = factor;
  }
  return found;
}

const dayOf = (at: Instant): string => new Date(at / 1_000).toISOString().slice(0, 10);

/**
 * The greenhouse gases of what a gate-to-gate process used: electricity by the intensity of its hour, other media by the factor of their day. What has no
 * factor is counted as unknown, never as nothing.
 */
export function footprintOf(
  media: readonly UsedMedium[],
  {
    intensity,
    gridSource,
    factors,
  }: { readonly intensity: Intensity; readonly gridSource: string | undefined; readonly factors: readonly StoredFactor[] },
): Footprint {
  const parts = media.map((used) => (used.medium === "electricity" ? gridPart(used, intensity, gridSource) : mediumPart(used, factors)));
  const unknown = [
    ...parts.filter(({ unknownAmount }) => unknownAmount > 0).map(({ of }) => of),
    ...media.filter(({ isWhole }) => !isWhole).map(({ medium }) => medium),
  ];
  return { kg: parts.reduce((sum, { kg }) => sum + kg, 0), parts, unknown: [...new Set(unknown)] };
}

const sourceOf = ({ name, source, kgCO2e, unit, validFrom }: StoredFactor): string =>
  `${name}: ${kgCO2e} kg/${unit}, ${validFrom}, ${source}`;

function gridPart({ medium, unit, hours }: UsedMedium, intensity: Intensity, source: string | undefined): FootprintPart {
  let [amount, kg, unknownAmount] = [0, 0, 0];
  for (const each of hours) {
    amount += each.amount;
    const grams = unit === "kWh" ? intensity(each.hour) : undefined;
    if (grams === undefined) unknownAmount += each.amount;
    else kg += (each.amount * grams) / 1_000;
  }
  return { of: medium, unit, amount, kg, unknownAmount, sources: source === undefined ? [] : [source] };
}

function mediumPart({ medium, unit, hours }: UsedMedium, factors: readonly StoredFactor[]): FootprintPart {
  let [amount, kg, unknownAmount] = [0, 0, 0];
  const sources = new Set<string>();
  for (const each of hours) {
    amount += each.amount;
    const factor = factorOn(factors, { of: medium, unit }, dayOf(each.hour));
    if (factor === undefined) unknownAmount += each.amount;
    else {
      kg += each.amount * factor.kgCO2e;
      sources.add(sourceOf(factor));
    }
  }
  return { of: medium, unit, amount, kg, unknownAmount, sources: [...sources] };
}
