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
}

export interface PlaceCost {
  /** ISO 4217. */
  readonly currency: string;
  /** Sum of the parts that are priced. */
  readonly amount: number;
  readonly energy?: number;
  readonly scrap?: number;
}

/** An amount in a currency; `null`: it is not known, as a price or a part of it is missing, or currencies differ. Undefined: nothing to pay for. */
type Amount = { readonly currency: string; readonly value: number } | null | undefined;

/**
 * Cost of each place of a tree. Energy is paid where it is metered: the meter of a place covers what stands in it (as in `energyOf`), at the price of that
 * place. Cost of a place of which a part has no price, or another currency, is not known, and absent.
 */
export function costOf(places: readonly Place[], { prices, spans, scrap }: CostFacts): ReadonlyMap<RecordId, PlaceCost> {
  const energy = new Map<RecordId, Amount>();
  for (const span of spans) for (const [id, amount] of energyOfSpan(places, span, prices)) energy.set(id, plus(energy.get(id), amount));
  const scrapped = summedUp(places, (place) => scrapOf(place, scrap, prices.get(place.id), spans));
  const cost = new Map<RecordId, PlaceCost>();
  for (const { id } of places) {
    const [paid, lost] = [energy.get(id), scrapped.get(id)];
    const all = plus(paid, lost);
    if (all == null) continue;
    cost.set(id, { currency: all.currency, amount: all.value, ...(paid && { energy: paid.value }), ...(lost && { scrap: lost.value }) });
  }
  return cost;
}

function energyOfSpan(
  places: readonly Place[],
  { from, meters }: MeteredSpan,
  prices: ReadonlyMap<RecordId, PlacePrices>,
): ReadonlyMap<RecordId, Amount> {
  const own = new Map<string, number>();
  for (const { shell, kWh } of meters) own.set(shell, (own.get(shell) ?? 0) + kWh);
  return summedUp(
    places,
    ({ id, shell }) => {
      const kWh = own.get(shell);
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
