import type { Instant, RecordId } from "@doppelwerk/world";
import type { Place } from "./place.ts";
import { priceAt, type PlacePrices } from "./prices.ts";

/** What the meters counted from one instant to the next, in which no price changes. */
export interface MeteredSpan {
  readonly from: Instant;
  readonly to: Instant;
  /** By AAS id of the shell that has the meter, one entry a meter. */
  readonly meters: readonly { readonly shell: string; readonly kWh: number }[];
}

export interface CostFacts {
  readonly prices: ReadonlyMap<RecordId, PlacePrices>;
  readonly spans: readonly MeteredSpan[];
  /** Rejected parts of lines, by AAS id of their shells; undefined where they are not known. */
  readonly scrap: ReadonlyMap<string, number | undefined>;
  /** Shells with a meter that is not known, or began later than it is asked for: what is paid there is at least what the spans say. */
  readonly incomplete?: ReadonlySet<string>;
}

export interface PlaceCost {
  /** ISO 4217. */
  readonly currency: string;
  /** Sum of the parts that are priced. */
  readonly amount: number;
  readonly energy?: number;
  readonly scrap?: number;
  /** A lower bound: a part of the energy is not known. */
  readonly atLeast?: true;
}

/** An amount in a currency; `null`: it is not known, as a price or a part of it is missing, or currencies differ. Undefined: nothing to pay for. */
type Amount = { readonly currency: string; readonly value: number } | null | undefined;

/**
 * Cost of each place of a tree. Energy is paid where it is metered: the meter of a place covers what stands in it (as in `energyOf`), at the price of that
 * place. Cost of a place of which a part has no price, or another currency, is not known, and absent. Where energy of a part is not known it is a lower
 * bound, and absent where that is nothing.
 */
export function costOf(places: readonly Place[], { prices, spans, scrap, incomplete = NONE }: CostFacts): ReadonlyMap<RecordId, PlaceCost> {
  const energy = new Map<RecordId, Amount>();
  for (const span of spans)
    for (const [id, amount] of energyOfSpan(places, span, prices, incomplete)) energy.set(id, plus(energy.get(id), amount));
  const bounds = lowerBounds(places, { prices, spans, incomplete });
  const scrapped = summedUp(places, (place) => scrapOf(place, scrap, prices.get(place.id), spans));
  const cost = new Map<RecordId, PlaceCost>();
  for (const { id } of places) {
    const [paid, lost] = [energy.get(id), scrapped.get(id)];
    const all = plus(paid, lost);
    if (all == null) continue;
    const isBound = bounds.has(id);
    // nothing rejected does not make energy that is not known free
    if (all.value === 0 && (isBound || (!paid && paysEnergy(prices.get(id))))) continue;
    cost.set(id, {
      currency: all.currency,
      amount: all.value,
      ...(paid && { energy: paid.value }),
      ...(lost && { scrap: lost.value }),
      ...(isBound && { atLeast: true }),
    });
  }
  return cost;
}

const NONE: ReadonlySet<string> = new Set();

function paysEnergy(prices: PlacePrices | undefined): boolean {
  return prices?.prices.some(({ energyPerKWh }) => energyPerKWh !== undefined) === true;
}

/** Whether what is known of energy is at least what it costs: at a price below zero more of it costs less. */
function hasBound(prices: PlacePrices | undefined, at: Instant): boolean {
  if (prices === undefined || !paysEnergy(prices)) return prices !== undefined;
  return (priceAt(prices, at)?.energyPerKWh ?? -1) >= 0;
}

/** Places of which energy that is paid for is not known to a part: as in `energyOf`, what stands in a place with a meter of its own is in that. */
function lowerBounds(places: readonly Place[], { prices, spans, incomplete }: Required<Omit<CostFacts, "scrap">>): ReadonlySet<RecordId> {
  const metered = new Set(spans.flatMap(({ meters }) => meters.map(({ shell }) => shell)));
  const [bounds, inside] = [new Set<RecordId>(), new Set<RecordId>()];
  for (const { id, shell, parent } of places.toReversed()) {
    const isOwn = incomplete.has(shell) && paysEnergy(prices.get(id));
    if (!isOwn && (metered.has(shell) || !inside.has(id))) continue;
    bounds.add(id);
    if (parent !== undefined) inside.add(parent);
  }
  return bounds;
}

// oxlint-disable-next-line max-params -- the tree, and what one span and the meters know of it
function energyOfSpan(
  places: readonly Place[],
  { from, meters }: MeteredSpan,
  prices: ReadonlyMap<RecordId, PlacePrices>,
  incomplete: ReadonlySet<string>,
): ReadonlyMap<RecordId, Amount> {
  const own = new Map<string, number>();
  for (const { shell, kWh } of meters) own.set(shell, (own.get(shell) ?? 0) + kWh);
  return summedUp(
    places,
    ({ id, shell }) => {
      const kWh = own.get(shell);
      if (incomplete.has(shell) && !hasBound(prices.get(id), from)) return null;
      return kWh === undefined ? undefined : priced(prices.get(id), from, kWh, "energyPerKWh");
    },
    // what is metered further up is not paid once more
    ({ shell }) => own.has(shell),
  );
}

/** A line whose scrap has no price costs nothing for it; one whose scrap is priced and not known, or whose price changed meanwhile, is not known. */
function scrapOf({ shell }: Place, scrap: CostFacts["scrap"], prices: PlacePrices | undefined, spans: readonly MeteredSpan[]): Amount {
  if (!scrap.has(shell) || prices === undefined) return undefined;
  const held = [...new Set(spans.map(({ from }) => priceAt(prices, from)?.scrapPerPart))];
  if (held.every((price) => price === undefined)) return undefined;
  const [price, ...others] = held;
  const parts = scrap.get(shell);
  return price === undefined || others.length > 0 || parts === undefined ? null : { currency: prices.currency, value: parts * price };
}

function priced(prices: PlacePrices | undefined, at: Instant, units: number, name: "energyPerKWh" | "scrapPerPart"): Amount {
  // whoever prices nothing of a kind leaves it out of what is paid
  if (prices?.prices.every((each) => each[name] === undefined) === true) return undefined;
  const price = prices && priceAt(prices, at)?.[name];
  return price === undefined ? (units === 0 ? undefined : null) : { currency: prices!.currency, value: units * price };
}

/** Of each place what it has itself and what stands in it; `isWhole`: what it has itself is all of it. */
function summedUp(
  places: readonly Place[],
  own: (place: Place) => Amount,
  isWhole: (place: Place) => boolean = () => false,
): ReadonlyMap<RecordId, Amount> {
  const inside = new Map<RecordId, Amount>();
  const all = new Map<RecordId, Amount>();
  for (const place of places.toReversed()) {
    const amount = isWhole(place) ? own(place) : plus(own(place), inside.get(place.id));
    all.set(place.id, amount);
    if (place.parent !== undefined) inside.set(place.parent, plus(inside.get(place.parent), amount));
  }
  return all;
}

function plus(a: Amount, b: Amount): Amount {
  if (a === undefined || b === undefined) return a === undefined ? b : a;
  if (a === null || b === null || a.currency !== b.currency) return null;
  return { currency: a.currency, value: a.value + b.value };
}
