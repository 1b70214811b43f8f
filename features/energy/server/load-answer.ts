import type { EnergyLoad } from "../contract.ts";
import { sumsByLabel } from "../model/attribution.ts";
import { demandOf, loadProfile, peaksOf } from "../model/load-profile.ts";
import { groupOfState } from "../model/state-groups.ts";
import type { StoredTariff } from "../model/tariff-kind.ts";
import { pricesOf } from "../model/tariff-price.ts";
import { QUARTER } from "../model/timeline.ts";
import { COLUMN, type PlaceUse, type Use } from "./use.ts";

const MAX_PEAKS = 5;

/** The mean power of each quarter hour: of the outermost meter, or where there is none of the stations together; peaks with what ran then. */
export function loadAnswer(use: Use, tariffs: readonly StoredTariff[]): EnergyLoad {
  const measured = loadedPlaces(use.places);
  const [kWh, unknown] = [new Float64Array(use.quarters.length), new Float64Array(use.quarters.length)];
  for (const { cuts, timeline } of measured) {
    const labels = timeline.labels[COLUMN.quarter]!;
    const [amounts, missing] = [sumsByLabel(cuts!.amounts, labels, kWh.length), sumsByLabel(cuts!.unknown, labels, kWh.length)];
    for (let quarter = 0; quarter < kWh.length; quarter++) {
      kWh[quarter]! += amounts[quarter]!;
      unknown[quarter]! += missing[quarter]!;
    }
  }
  const load = measured.length === 0 ? [] : loadProfile(use.quarters, kWh, unknown);
  const { prices, currency } = pricesOf(use.quarters, tariffs, "electricity", use.offset);
  return {
    from: use.from,
    to: use.to,
    isSimulated: measured.some(({ isSimulated }) => isSimulated),
    of: measured.map(({ id }) => id),
    quarters: load.map((each, index) => ({ ...each, ...(Number.isFinite(prices[index]) && { price: prices[index]! }) })),
    peaks: peaksOf(load, MAX_PEAKS).map(({ at, kW }) => ({ at, kW, ...ranAt(use, at) })),
    demand: [...demandOf(load, tariffs, use.offset)],
    ...(currency !== undefined && { currency }),
  };
}

/** Outermost places with a meter; those in them are counted with them. */
export function loadedPlaces(places: readonly PlaceUse[]): readonly PlaceUse[] {
  const metered = places.filter(({ cuts, meters }) => cuts !== undefined && meters[0]?.unit === "kWh");
  const shells = new Set(metered.map(({ shell }) => shell));
  return metered.filter(({ above }) => above === undefined || !shells.has(above));
}

/** Which stations worked for the most of a quarter hour, what each used most, and which orders were under way. */
function ranAt(use: Use, at: number): Pick<EnergyLoad["peaks"][number], "working" | "used" | "orders"> {
  const quarter = use.quarters.findIndex(({ from }) => from === at);
  const stations = use.places.filter(({ kind, cuts }) => kind === "station" && cuts !== undefined);
  const used = stations.map(({ id, cuts, timeline }) => {
    let [amount, workedUs] = [0, 0];
    const [quarters, states] = [timeline.labels[COLUMN.quarter]!, timeline.labels[COLUMN.state]!];
    for (let cut = 0; cut < quarters.length; cut++) {
      if (quarters[cut] !== quarter) continue;
      amount += cuts!.amounts[cut]!;
      const state = use.states[states[cut]!];
      if (state !== undefined && groupOfState(state) === "producing") workedUs += timeline.bounds[cut + 1]! - timeline.bounds[cut]!;
    }
    return { station: id, kW: amount * 4, isWorking: workedUs > QUARTER / 2 };
  });
  const orders = [...use.executions.values()].flatMap((made) => made.orders.filter(({ from, to }) => from < at + QUARTER && to > at));
  return {
    working: used.filter(({ isWorking }) => isWorking).map(({ station }) => station),
    used: used
      .toSorted((a, b) => b.kW - a.kW)
      .slice(0, 5)
      .map(({ station, kW }) => ({ station, kW })),
    orders: [...new Set(orders.map(({ order }) => order))].slice(0, 10),
  };
}
