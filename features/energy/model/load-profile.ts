import type { Instant } from "@doppelwerk/world";
import type { StoredTariff } from "./tariff-kind.ts";
import { localTimeOf, tariffOn, type ZoneOffset } from "./tariff-price.ts";
import { QUARTER, type LabelledSpan } from "./timeline.ts";

/** The mean power of a quarter hour; without `kW` it is not known. */
export interface QuarterLoad {
  readonly at: Instant;
  readonly kW?: number;
}

/** Mean power of whole quarter hours: what was used in each, by four. One that is cut, or of which a part is not known, has none. */
export function loadProfile(quarters: readonly LabelledSpan[], kWh: Float64Array, unknownUs: Float64Array): readonly QuarterLoad[] {
  return quarters.map(({ from, to, label }) => {
    const isWhole = to - from === QUARTER && !(unknownUs[label]! > 0);
    return { at: from, ...(isWhole && { kW: kWh[label]! * 4 }) };
  });
}

/** The highest quarter hours, the highest first; of equal ones the first. Neighbours of a peak belong to it. */
export function peaksOf(load: readonly QuarterLoad[], most: number): readonly Required<QuarterLoad>[] {
  const known = load.filter((each): each is Required<QuarterLoad> => each.kW !== undefined);
  const peaks: Required<QuarterLoad>[] = [];
  for (const each of known.toSorted((a, b) => b.kW - a.kW || a.at - b.at)) {
    if (peaks.length === most) break;
    if (peaks.every(({ at }) => Math.abs(at - each.at) > QUARTER)) peaks.push(each);
  }
  return peaks;
}

/** What a month is charged for its highest quarter hour. */
export interface DemandOfMonth {
  /** `2026-11`, by the clock of the plant. */
  readonly month: string;
  readonly at: Instant;
  readonly kW: number;
  /** Absent: the tariff has no such charge. */
  readonly charge?: number;
  readonly currency?: string;
}

export function demandOf(load: readonly QuarterLoad[], tariffs: readonly StoredTariff[], offset: ZoneOffset): readonly DemandOfMonth[] {
  const months = new Map<string, Required<QuarterLoad>>();
  for (const each of load) {
    if (each.kW === undefined) continue;
    const month = localTimeOf(each.at, offset).day.slice(0, 7);
    const before = months.get(month);
    if (before === undefined || each.kW > before.kW) months.set(month, each as Required<QuarterLoad>);
  }
  return [...months].map(([month, { at, kW }]) => {
    const tariff = tariffOn(tariffs, "electricity", localTimeOf(at, offset).day);
    const perKw = tariff?.demandCharge;
    return { month, at, kW, ...(perKw !== undefined && { charge: perKw * kW, currency: tariff!.currency }) };
  });
}
