import type { Instant } from "@doppelwerk/world";
import type { Medium } from "./energy-units.ts";
import { TARIFF_DAYS, type StoredTariff, type TariffDay } from "./tariff-kind.ts";

/** Minutes that the clock of the plant is ahead of UTC at an instant. */
export type ZoneOffset = (instant: Instant) => number;

const MINUTE = 60_000_000;

/** Day, month and minute of the day by the clock of the plant. */
export function localTimeOf(instant: Instant, offset: ZoneOffset): { readonly day: string; readonly minute: number } {
  const local = instant / MINUTE + offset(instant);
  const midnight = Math.floor(local / 1_440);
  return { day: new Date(midnight * 86_400_000).toISOString().slice(0, 10), minute: Math.floor(local - midnight * 1_440) };
}

/** The tariff of a medium on a day: of two that are valid the one that began later. Undefined: none is. */
export function tariffOn(tariffs: readonly StoredTariff[], medium: Medium, day: string): StoredTariff | undefined {
  let found: StoredTariff | undefined;
  for (const tariff of tariffs) {
    if (tariff.medium !== medium || tariff.validFrom > day || (tariff.validTo ?? "9999") < day) continue;
    if (found === undefined || tariff.validFrom >= found.validFrom) found = tariff;
  }
  return found;
}

/** What one unit costs at an instant. A day of 23 or 25 hours has the prices of the hours that its clock shows. */
export function priceAt(tariff: StoredTariff, day: string, minute: number): number {
  const kind = dayKind(tariff, day);
  const band = tariff.bands.find(({ days, from, to }) => days.includes(kind) && minute >= minutesOf(from) && minute < minutesOf(to));
  return band?.price ?? tariff.price;
}

function dayKind({ holidays }: StoredTariff, day: string): TariffDay {
  if (holidays.includes(day)) return "holiday";
  return TARIFF_DAYS[(new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7]!;
}

function minutesOf(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
}

/** Prices of quarter hours, NaN where no tariff is valid. The currency is that of the first; others of another one are not added to it and count as unknown. */
export function pricesOf(
  quarters: readonly { readonly from: Instant }[],
  tariffs: readonly StoredTariff[],
  medium: Medium,
  offset: ZoneOffset,
): { readonly prices: Float64Array; readonly currency: string | undefined } {
  const prices = new Float64Array(quarters.length).fill(Number.NaN);
  let currency: string | undefined;
  let [known, tariff] = ["", undefined as StoredTariff | undefined];
  for (const [row, { from }] of quarters.entries()) {
    const { day, minute } = localTimeOf(from, offset);
    if (day !== known) [known, tariff] = [day, tariffOn(tariffs, medium, day)];
    if (tariff === undefined) continue;
    currency ??= tariff.currency;
    if (tariff.currency === currency) prices[row] = priceAt(tariff, day, minute);
  }
  return { prices, currency };
}
