import { message, type Message } from "@doppelwerk/kit";
import type { EnergyUse } from "../contract.ts";
import type {} from "../message-codes.ts";
import { sumsByLabel } from "../model/attribution.ts";
import { balancesOf, type Balance } from "../model/balance.ts";
import type { Medium } from "../model/energy-units.ts";
import { groupOfState, standbyShare, STATE_GROUPS, type StateGroup } from "../model/state-groups.ts";
import { pricesOf } from "../model/tariff-price.ts";
import type { StoredTariff } from "../model/tariff-kind.ts";
import { COLUMN, total, type PlaceUse, type Use } from "./use.ts";

/** Meters that are read less often than this say little of states of minutes. */
const COARSE_S = 300;

/** Sums of what a place used: in all, by state, by order and product, and what that cost. */
interface Sums {
  readonly amount: number | undefined;
  /** As far as it is known. */
  readonly known: number;
  readonly groups: Record<StateGroup, number>;
  readonly states: readonly { readonly state: string; readonly amount: number }[];
  readonly orders: Float64Array;
  readonly products: Float64Array;
  readonly cost: number | undefined;
  readonly orderCosts: Float64Array;
  readonly productCosts: Float64Array;
}

/** What was used as it is answered: places with their balance, orders, products, and cost by the tariffs. */
export function useAnswer(use: Use, medium: Medium, tariffs: readonly StoredTariff[]): EnergyUse {
  const { prices, currency } = pricesOf(use.quarters, tariffs, medium, use.offset);
  const sums = new Map(use.places.map((place) => [place.shell, sumsOf(place, use, prices)]));
  const balances = balancesOf(
    use.places.filter(({ cuts }) => cuts !== undefined).map(({ shell, above }) => ({ key: shell, above, amount: sums.get(shell)!.amount })),
  );
  const ids = new Map(use.places.map(({ shell, id }) => [shell, id]));
  return {
    from: use.from,
    to: use.to,
    medium,
    unit: medium === "compressedAir" || medium === "water" || use.places.some(({ meters }) => meters[0]?.unit === "m3") ? "m3" : "kWh",
    isSimulated: use.places.some(({ isSimulated }) => isSimulated),
    ...(currency !== undefined && { currency }),
    places: use.places.map((place) => shownPlace(place, sums.get(place.shell)!, balances.get(place.shell), ids)),
    ...madeOf(use, sums),
    findings: findingsOf(use, sums, balances),
  };
}

function sumsOf({ cuts, timeline, line }: PlaceUse, use: Use, prices: Float64Array): Sums {
  const orders = use.executions.get(line ?? "")?.orders.length ?? 0;
  const none = { groups: emptyGroups(), states: [], orders: new Float64Array(orders), products: new Float64Array(use.products.length) };
  const noCosts = { orderCosts: new Float64Array(orders), productCosts: new Float64Array(use.products.length) };
  if (cuts === undefined) return { amount: undefined, known: 0, cost: undefined, ...none, ...noCosts };
  const { amounts, untimed, unknownUs } = cuts;
  const by = (column: keyof typeof COLUMN, values: Float64Array, count: number): Float64Array =>
    sumsByLabel(values, timeline.labels[COLUMN[column]]!, count);
  const ofStates = by("state", amounts, use.states.length);
  const groups = emptyGroups();
  for (const [label, state] of use.states.entries()) groups[groupOfState(state)] += ofStates[label]!;
  const known = total(amounts) + untimed;
  if (use.states.length > 0) groups.unknown += known - total(ofStates);
  const paid = costsOf(amounts, timeline.labels[COLUMN.quarter]!, prices);
  const cost = untimed > 0 || unknownUs > 0 ? Number.NaN : total(paid);
  return {
    amount: unknownUs > 0 ? undefined : known,
    known,
    groups,
    states: use.states.map((state, label) => ({ state, amount: ofStates[label]! })).filter(({ amount }) => amount !== 0),
    orders: by("order", amounts, orders),
    products: by("product", amounts, use.products.length),
    cost: Number.isFinite(cost) ? cost : undefined,
    orderCosts: by("order", paid, orders),
    productCosts: by("product", paid, use.products.length),
  };
}

/** What each cut cost: NaN where something was used and no price is known. */
function costsOf(amounts: Float64Array, quarterOf: Int32Array, prices: Float64Array): Float64Array {
  const costs = new Float64Array(amounts.length);
  for (let cut = 0; cut < amounts.length; cut++) costs[cut] = amounts[cut] === 0 ? 0 : amounts[cut]! * prices[quarterOf[cut]!]!;
  return costs;
}

function emptyGroups(): Record<StateGroup, number> {
  return Object.fromEntries(STATE_GROUPS.map((group) => [group, 0])) as Record<StateGroup, number>;
}

function shownPlace(
  place: PlaceUse,
  { amount, known, groups, states, cost }: Sums,
  balance: Balance | undefined,
  ids: ReadonlyMap<string, string>,
): EnergyUse["places"][number] {
  const { id, kind, title, above, cuts, readingS, meters, counted, isSimulated } = place;
  const share = kind === "station" && states.length > 0 ? standbyShare(groups) : undefined;
  return {
    place: id,
    kind,
    title,
    ...(place.line !== undefined && { line: place.line }),
    ...(above !== undefined && ids.has(above) && { above: ids.get(above)! }),
    isMetered: cuts !== undefined,
    ...(amount !== undefined && { amount }),
    known,
    unknownS: (cuts?.unknownUs ?? 0) / 1e6,
    untimed: cuts?.untimed ?? 0,
    ...(readingS !== undefined && { readingS }),
    isSimulated,
    ...(states.length > 0 && { groups, states: [...states] }),
    ...(share !== undefined && { standbyShare: share }),
    ...(cost !== undefined && { cost }),
    ...(balance && {
      allocated: balance.allocated,
      ...(balance.unallocated !== undefined && { unallocated: balance.unallocated }),
      isOver: balance.isOver,
      isEven: balance.isEven,
    }),
    meters: meters.map(({ signal, isAssigned }, index) => ({
      signal: signal.id,
      name: signal.name,
      isAssigned,
      ...(Number.isFinite(counted[index]) && { amount: counted[index]! }),
    })),
  };
}

/** What orders and products used: of the stations of their line, or of the line where no station has a meter. */
function madeOf(use: Use, sums: ReadonlyMap<string, Sums>): Pick<EnergyUse, "orders" | "products"> {
  const orders: EnergyUse["orders"] = [];
  const products = new Map<string, { amount: number; cost: number; good: number | undefined }>();
  for (const { id: line } of use.lines) {
    const stations = use.places.filter((place) => place.line === line && place.kind === "station" && place.cuts !== undefined);
    const own = stations.length > 0 ? stations : use.places.filter((place) => place.line === line && place.kind === "line" && place.cuts);
    const made = use.executions.get(line);
    const sumOver = (pick: (each: Sums) => number): number => own.reduce((sum, { shell }) => sum + pick(sums.get(shell)!), 0);
    for (const [index, { order, product, from, to, good }] of (made?.orders ?? []).entries()) {
      const cost = sumOver(({ orderCosts }) => orderCosts[index]!);
      const amount = sumOver((each) => each.orders[index]!);
      orders.push({
        order,
        product,
        line,
        from,
        to,
        good,
        amount,
        ...(good > 0 && { each: amount / good }),
        ...(Number.isFinite(cost) && { cost }),
      });
    }
    for (const [label, product] of use.products.entries()) {
      const amount = sumOver((each) => each.products[label]!);
      if (amount === 0) continue;
      const good = made?.products.find((each) => each.product === product)?.good ?? (made === undefined ? undefined : 0);
      const before = products.get(product);
      products.set(product, {
        amount: (before?.amount ?? 0) + amount,
        cost: (before?.cost ?? 0) + sumOver(({ productCosts }) => productCosts[label]!),
        good: good === undefined && before?.good === undefined ? undefined : (before?.good ?? 0) + (good ?? 0),
      });
    }
  }
  return {
    orders,
    products: [...products].map(([product, { amount, cost, good }]) => ({
      product,
      amount,
      ...(good !== undefined && { good }),
      ...(good !== undefined && good > 0 && { each: amount / good }),
      ...(Number.isFinite(cost) && { cost }),
    })),
  };
}

/** Each kind of finding once, with the places that it is of. */
function findingsOf(use: Use, sums: ReadonlyMap<string, Sums>, balances: ReadonlyMap<string, Balance>): Message[] {
  const metered = use.places.filter(
    (place): place is PlaceUse & { readonly cuts: NonNullable<PlaceUse["cuts"]> } => place.cuts !== undefined,
  );
  const over = metered.filter(({ shell }) => balances.get(shell)?.isOver === true);
  const mixed = metered.filter(({ meters }) => meters.some(({ unit }) => unit !== meters[0]!.unit));
  const unknown = metered.filter(({ cuts }) => cuts.unknownUs > 0);
  const untimed = metered.filter(({ cuts }) => cuts.untimed > 0);
  const coarse = metered.filter(
    ({ kind, shell, readingS }) =>
      kind === "station" && sums.get(shell)!.states.length > 0 && readingS !== undefined && readingS > COARSE_S,
  );
  const minutesOf = (values: readonly number[]): number => Math.max(1, Math.round(Math.max(...values) / 60));
  return [
    ...over.map(({ id }) => message("energy.finding.over", { place: id })),
    ...(mixed.length > 0 ? [message("energy.finding.units", { places: namesOf(mixed) })] : []),
    ...(unknown.length > 0
      ? [
          message("energy.finding.unknown", {
            places: namesOf(unknown),
            minutes: minutesOf(unknown.map(({ cuts }) => cuts.unknownUs / 1e6)),
          }),
        ]
      : []),
    ...(untimed.length > 0 ? [message("energy.finding.untimed", { places: namesOf(untimed) })] : []),
    ...(coarse.length > 0
      ? [message("energy.finding.coarse", { places: namesOf(coarse), minutes: minutesOf(coarse.map(({ readingS }) => readingS!)) })]
      : []),
  ];
}

const MAX_NAMED = 12;

function namesOf(places: readonly PlaceUse[]): string {
  const named = places.slice(0, MAX_NAMED).map(({ id }) => id);
  return `${named.join(", ")}${places.length > MAX_NAMED ? " …" : ""}`;
}
