import { stationStateOf } from "@doppelwerk/operations";
import type { RecordId, SignalRecord } from "@doppelwerk/world";
import { kWhPer } from "./energy.ts";
import type { Place, PlaceKind } from "./place.ts";

/** A signal of an area without a flow that a KPI is made from. */
export interface KpiSignals {
  /** Totalisers of anything but energy, which has figures of its own. */
  readonly counters: readonly SignalRecord[];
  /** Enumerations: what the equipment says that it is doing. */
  readonly states: readonly SignalRecord[];
  /** Quantities in storage, one a location where the locations say it, else those of the zone. */
  readonly stock: readonly SignalRecord[];
}

/** Signals of which one answer makes KPIs. */
const [MAX_COUNTERS, MAX_STATES, MAX_STOCK] = [60, 60, 2_000];
const QUANTITY = /^(quantity|onhand|stock|inventory)/i;
const PIECES: ReadonlySet<string> = new Set(["", "1", "{piece}", "pcs", "pieces", "C62", "H87", "Stk", "St"]);

/**
 * Of the signals at places that belong to no line, those that say how an area did.
 * @param isStorage all of it is in a storage zone, which is above
 */
export function kpiSignals(
  within: readonly Place[],
  lines: ReadonlySet<string>,
  signals: readonly { readonly signal: SignalRecord; readonly shell: string }[],
  isStorage = false,
): KpiSignals {
  const [ofLines, zones] = [
    placesBelow(within, ({ shell }) => lines.has(shell)),
    placesBelow(within, ({ kind }) => isStorage || kind === ZONE),
  ];
  const byShell = new Map(within.map((place) => [place.shell, place]));
  const own = signals.filter(({ shell }) => byShell.has(shell) && !ofLines.has(byShell.get(shell)!.id));
  const quantities = own.filter(({ signal, shell }) => zones.has(byShell.get(shell)!.id) && isQuantity(signal));
  const inLocations = quantities.filter(({ shell }) => byShell.get(shell)!.kind !== ZONE);
  const records = (found: typeof own, max: number) => found.slice(0, max).map(({ signal }) => signal);
  return {
    counters: records(
      own.filter(({ signal: { counter, unit, valueType } }) => counter !== undefined && isNumber(valueType) && kWhPer(unit) === undefined),
      MAX_COUNTERS,
    ),
    states: records(
      own.filter(({ signal }) => signal.valueType === "enumeration"),
      MAX_STATES,
    ),
    stock: records(inLocations.length > 0 ? inLocations : quantities, MAX_STOCK),
  };
}

const ZONE: PlaceKind = "storageZone";

/** Whether one of the places on the way to a place is a storage zone. */
export function isInStorage(path: readonly Pick<Place, "kind">[]): boolean {
  return path.some(({ kind }) => kind === ZONE);
}

function placesBelow(within: readonly Place[], isRoot: (place: Place) => boolean): ReadonlySet<RecordId> {
  const below = new Set<RecordId>();
  for (const place of within) if (isRoot(place) || (place.parent !== undefined && below.has(place.parent))) below.add(place.id);
  return below;
}

function isNumber(valueType: SignalRecord["valueType"]): boolean {
  return valueType === "double" || valueType === "integer";
}

function isQuantity({ valueType, unit = "", role = "", counter }: SignalRecord): boolean {
  return isNumber(valueType) && counter === undefined && PIECES.has(unit) && QUANTITY.test(role);
}

/** Of quantities of which one is not known neither the sum nor the number of locations in use is known. */
export function stockOf(quantities: readonly (number | undefined)[]): {
  readonly locations: number;
  readonly quantity?: number;
  readonly occupied?: number;
} {
  const known = quantities.filter((quantity) => quantity !== undefined);
  if (known.length < quantities.length) return { locations: quantities.length };
  return {
    locations: quantities.length,
    quantity: known.reduce((sum, quantity) => sum + quantity, 0),
    occupied: known.filter((quantity) => quantity > 0).length,
  };
}

export interface StateShare {
  /** As the equipment names it; its number where no name is known. */
  readonly word: string;
  /** The state that the word means, where it is one of those of stations. */
  readonly state?: string;
  readonly seconds: number;
}

export interface AssetTime {
  readonly states: readonly StateShare[];
  readonly unknownS: number;
  /** Share of the known time in which it was not failed; absent where nothing is known, or no word of it means failed. */
  readonly availability?: number;
}

/**
 * What time was spent in.
 * @param held seconds by value as it was recorded
 * @param words names of the values, as the documents give them
 */
export function assetTime(held: ReadonlyMap<string, number>, words: ReadonlyMap<string, string>, unknownS: number): AssetTime {
  const states = [...held]
    .filter(([, seconds]) => seconds > 0)
    .map(([value, seconds]) => {
      const word = words.get(value) ?? value;
      const state = stationStateOf(word);
      return { word, ...(state !== undefined && { state }), seconds };
    })
    .toSorted((a, b) => b.seconds - a.seconds || (a.word < b.word ? -1 : 1));
  const known = states.reduce((sum, { seconds }) => sum + seconds, 0);
  const failed = states.reduce((sum, { state, seconds }) => sum + (state === "failed" ? seconds : 0), 0);
  const canFail = [...words.values(), ...held.keys()].some((word) => stationStateOf(word) === "failed");
  return { states, unknownS, ...(known > 0 && canFail && { availability: 1 - failed / known }) };
}
