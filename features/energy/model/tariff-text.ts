import { TARIFF_DAYS, type TariffBand, type TariffDay } from "./tariff-kind.ts";

/** `mon tue 08:00-10:00 0.27; sun 00:00-24:00 0.14`. */
export function textOfBands(bands: readonly TariffBand[]): string {
  return bands.map(({ days, from, to, price }) => `${days.join(" ")} ${from}-${to} ${price}`).join("; ");
}

/** Undefined where it cannot be read; hours and prices themselves are checked with the tariff. */
export function bandsOfText(text: string): readonly TariffBand[] | undefined {
  const bands: TariffBand[] = [];
  for (const part of text.split(";").map((each) => each.trim())) {
    if (part === "") continue;
    const words = part.split(/\s+/);
    const [hours = "", price = ""] = words.slice(-2);
    const days = words.slice(0, -2).map((day) => day.toLowerCase());
    const [from, to, ...more] = hours.split("-");
    const amount = Number(price);
    if (from === undefined || to === undefined || more.length > 0 || price === "" || !Number.isFinite(amount)) return undefined;
    if (days.length === 0 || !days.every((day): day is TariffDay => (TARIFF_DAYS as readonly string[]).includes(day))) return undefined;
    bands.push({ days: days as TariffDay[], from, to, price: amount });
  }
  return bands;
}
