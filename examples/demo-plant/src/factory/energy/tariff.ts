import { hashUnit } from "../../truth/chance.ts";
import { DAY, HOUR, type LocalTime } from "../kit/local-time.ts";

export interface HourPrice {
  readonly hour: string;
  /** €/kWh, without the demand charge. */
  readonly price: number;
  readonly zone: "low" | "day" | "peak";
  /** Grid, gCO2e/kWh. */
  readonly carbon: number;
}

/** € a kilowatt of the highest quarter hour of the month. */
export const demandCharge = 8.4;
/** € a normal cubic metre of compressed air is what its energy costs; gas and water have one price. */
const prices = { low: 0.142, day: 0.198, peak: 0.274 } as const;

/** Price and carbon intensity of the local hour that begins at `ms`. Sundays and nights are low; noon has the sun. */
export function hourPrice(seed: number, local: LocalTime, ms: number): HourPrice {
  const hour = local.hour(ms);
  const day = local.weekday(ms);
  const isLow = day === "Sun" || hour < 6 || hour >= 22 || (day === "Sat" && hour >= 14);
  const isPeak = !isLow && day !== "Sat" && ((hour >= 8 && hour < 10) || (hour >= 17 && hour < 20));
  const zone = isLow ? "low" : isPeak ? "peak" : "day";
  const sun = Math.max(0, Math.sin((Math.PI * (hour - 6)) / 13));
  const wind = hashUnit(seed, `wind.${Math.floor(ms / (DAY / 2))}`);
  const carbon = Math.round(430 - 150 * sun - 170 * wind + (hour >= 17 && hour < 21 ? 45 : 0));
  return { hour: local.iso(ms), price: prices[zone], zone, carbon };
}

export function hoursOf(seed: number, local: LocalTime, from: number, count: number): readonly HourPrice[] {
  return Array.from({ length: count }, (_, index) => hourPrice(seed, local, from + index * HOUR));
}
