import type { Instant, RecordId } from "@doppelwerk/world";
import type { Place } from "./place.ts";

/** What one meter counted for the place of a shell. */
export interface MeteredEnergy {
  /** AAS id of the shell. */
  readonly shell: string;
  /** Absent: not known. */
  readonly kWh?: number;
  /** Where the meter began later than it is asked for: when. */
  readonly since?: Instant;
  /** Where the meter has no reading at the end: the time of its last one, up to which it is counted. */
  readonly until?: Instant;
}

/** Energy of a place; without `kWh` none of it is known. */
export interface PlaceEnergy {
  readonly kWh?: number;
  /** What its own meter counts beyond the meters in it; absent where it has none or they have none, or one of them does not know the whole span. */
  readonly unallocatedKWh?: number;
  /** Where all of its meters began later than it is asked for: when the first of them did. */
  readonly since?: Instant;
  /** Meters that began later than it is asked for, or than the first of them where all did. */
  readonly late: number;
  /** Meters without a reading at the end, counted up to their last one. */
  readonly silent?: number;
  /** Meters that nothing is known of. */
  readonly unknown: number;
  /** Counted by a meter of its own, which counts what stands in it too; else it is the sum of the meters in it. */
  readonly isOwn?: true;
}

interface Metered {
  readonly kWh: number | undefined;
  /** When each of its known meters began; -∞: before it is asked for. */
  readonly starts: readonly Instant[];
  readonly silent: number;
  readonly unknown: number;
}

const NOTHING: Metered = { kWh: undefined, starts: [], silent: 0, unknown: 0 };

/**
 * Energy of each place of a tree that has a meter, or has one in it. The meter of a place counts what stands in it too: where it has one, those in it are not
 * added to it once more; while its own is not known, those in it are what is known.
 */
export function energyOf(places: readonly Place[], meters: readonly MeteredEnergy[]): ReadonlyMap<RecordId, PlaceEnergy> {
  const own = new Map<string, Metered>();
  for (const { shell, kWh, since, until } of meters) {
    const starts = kWh === undefined ? [] : [since ?? Number.NEGATIVE_INFINITY];
    own.set(
      shell,
      plus(own.get(shell) ?? NOTHING, { kWh, starts, silent: until === undefined ? 0 : 1, unknown: kWh === undefined ? 1 : 0 }),
    );
  }
  const inside = new Map<RecordId, Metered>();
  const energy = new Map<RecordId, PlaceEnergy>();
  for (const { id, shell, parent } of places.toReversed()) {
    const [metered, below] = [own.get(shell) ?? NOTHING, inside.get(id) ?? NOTHING];
    const all = metered.kWh === undefined ? plus(metered, below) : metered;
    if (all === NOTHING) continue;
    energy.set(id, { ...shownEnergy(all, metered.kWh === undefined ? NOTHING : below), ...(metered.kWh !== undefined && { isOwn: true }) });
    if (parent !== undefined) inside.set(parent, plus(inside.get(parent) ?? NOTHING, all));
  }
  return energy;
}

function shownEnergy(all: Metered, below: Metered): PlaceEnergy {
  const first = Math.min(...all.starts);
  const isWhole = [all, below].every(
    ({ starts, silent, unknown }) => unknown + silent === 0 && starts.every((start) => start === Number.NEGATIVE_INFINITY),
  );
  return {
    ...(all.kWh !== undefined && { kWh: all.kWh }),
    ...(isWhole && all.kWh !== undefined && below.kWh !== undefined && { unallocatedKWh: all.kWh - below.kWh }),
    ...(Number.isFinite(first) && { since: first }),
    late: all.starts.filter((start) => start > first).length,
    ...(all.silent > 0 && { silent: all.silent }),
    unknown: all.unknown,
  };
}

function plus(a: Metered, b: Metered): Metered {
  if (a === NOTHING || b === NOTHING) return a === NOTHING ? b : a;
  const kWh = a.kWh === undefined || b.kWh === undefined ? (a.kWh ?? b.kWh) : a.kWh + b.kWh;
  return { kWh, starts: [...a.starts, ...b.starts], silent: a.silent + b.silent, unknown: a.unknown + b.unknown };
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
 * What a totaliser counted over readings in order of time; undefined with less than two. What is no number is no reading. A reading below half of the one before is a reset (P10): from there it
 * counts from zero, and what was counted between the last reading and the reset is unknown. One that is a little less was corrected: nothing is
 * counted until the highest reading is passed, so that it does not matter at which instants it is read, and what was counted never becomes less.
 */
export function countedBy(readings: readonly (number | undefined)[]): number | undefined {
  return countOf(readings)?.units;
}

/** What a totaliser counted, with every number that it is made of: `last − first + beforeResets + (highest − last)`. */
export interface ReadingCount {
  readonly units: number;
  readonly first: number;
  readonly last: number;
  /** The highest reading before each reset. */
  readonly beforeResets: readonly number[];
  /** The highest reading since then; above the last one where the meter fell and has not passed it again. */
  readonly highest: number;
}

export function countOf(readings: readonly (number | undefined)[]): ReadingCount | undefined {
  const known = readings.filter((reading): reading is number => reading !== undefined && Number.isFinite(reading));
  if (known.length < 2) return undefined;
  const beforeResets: number[] = [];
  let [sum, highest, before] = [0, known[0]!, known[0]!];
  for (const reading of known.slice(1)) {
    const isReset = reading < before * RESET_SHARE;
    if (isReset) {
      beforeResets.push(highest);
      sum += reading;
    } else sum += Math.max(0, reading - highest);
    highest = isReset ? reading : Math.max(highest, reading);
    before = reading;
  }
  return { units: sum, first: known[0]!, last: before, beforeResets, highest };
}
