import { numberText, withUnit } from "@doppelwerk/kit/studio";

/** `412 kWh`, `8.41 kWh`, `1.2 m³`; a dash where it is not known. */
export function amountText(amount: number | undefined, unit: "kWh" | "m3"): string {
  return amount === undefined ? "–" : withUnit(numberText(amount, resolutionOf(amount)), unit);
}

export function costText(cost: number | undefined, currency: string | undefined): string {
  return cost === undefined || currency === undefined ? "–" : withUnit(numberText(cost, 0.01), currency);
}

function resolutionOf(amount: number): number {
  const size = Math.abs(amount);
  if (size >= 100) return 1;
  return size >= 10 ? 0.1 : size >= 1 ? 0.01 : 0.001;
}
