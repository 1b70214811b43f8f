import type { RecordId } from "@doppelwerk/world";
import type { Place } from "./place.ts";

export interface PlaceEnergy {
  readonly kWh: number;
  /** What its own meter counts beyond the meters in it; absent where it has none or they have none. */
  readonly unallocatedKWh?: number;
}

/**
 * Energy of each place of a tree that anything is known of. The meter of a place counts what stands in it too: where it has one, those in it are not added
 * to it once more.
 * @param meters kWh by AAS id of the shell that has the meter, one entry a meter
 */
export function energyOf(
  places: readonly Place[],
  meters: readonly { readonly shell: string; readonly kWh: number }[],
): ReadonlyMap<RecordId, PlaceEnergy> {
  const own = new Map<string, number>();
  for (const { shell, kWh } of meters) own.set(shell, (own.get(shell) ?? 0) + kWh);
  const inside = new Map<RecordId, number>();
  const energy = new Map<RecordId, PlaceEnergy>();
  for (const { id, shell, parent } of places.toReversed()) {
    const [metered, below] = [own.get(shell), inside.get(id)];
    const kWh = metered ?? below;
    if (kWh === undefined) continue;
    energy.set(id, { kWh, ...(metered !== undefined && below !== undefined && { unallocatedKWh: metered - below }) });
    if (parent !== undefined) inside.set(parent, (inside.get(parent) ?? 0) + kWh);
  }
  return energy;
}

/** kWh in one unit of energy (UCUM, or as plants write it); undefined = it is no energy. */
export function kWhPer(unit: string | undefined): number | undefined {
  return KWH_PER[unit ?? ""];
}

const RESET_SHARE = 0.5;

const KWH_PER: Readonly<Record<string, number>> = {
  kWh: 1,
  "kW.h": 1,
  Wh: 1e-3,
  "W.h": 1e-3,
  MWh: 1e3,
  "MW.h": 1e3,
  J: 1 / 3.6e6,
  kJ: 1 / 3_600,
  MJ: 1 / 3.6,
  GJ: 1 / 0.0036,
};

/**
 * What a totaliser counted over readings in order of time; undefined with less than two. A reading below half of the one before is a reset (P10): from there it
 * counts from zero, and what was counted between the last reading and the reset is unknown. One that is a little less was corrected, and counted nothing.
 */
export function countedBy(readings: readonly (number | undefined)[]): number | undefined {
  const known = readings.filter((reading) => reading !== undefined);
  if (known.length < 2) return undefined;
  return known.slice(1).reduce((sum, reading, at) => {
    const before = known[at]!;
    return sum + (reading >= before ? reading - before : reading < before * RESET_SHARE ? reading : 0);
  }, 0);
}
