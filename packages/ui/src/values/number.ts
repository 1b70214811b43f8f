import type { SignalEntry } from "@doppelwerk/sync";
import { nameOfValue } from "@doppelwerk/world";

const THIN = "\u202f";

/** UCUM codes as people write them; what is not listed is shown as it came, an unknown unit stays unknown. */
const units: Readonly<Record<string, string>> = {
  Cel: "°C",
  "N.m": "N·m",
  "%": "%",
  "1": "",
  "{#}": "",
  Ohm: "Ω",
  kOhm: "kΩ",
  m3: "m³",
  "m3/h": "m³/h",
  "/min": "rpm",
  "{rpm}": "rpm",
  "[degF]": "°F",
  deg: "°",
  bar: "bar",
  min: "min",
  "W.h": "Wh",
  "kW.h": "kWh",
  "MW.h": "MWh",
};

export function unitText(unit: string | undefined): string {
  if (unit === undefined) return "";
  return units[unit] ?? unit.replace(/^\{(.*)\}$/, "$1");
}

/** `34.8 s`: significant digits from the resolution, a thin space before the unit. */
export function withUnit(text: string, unit: string | undefined): string {
  const word = unitText(unit);
  return word === "" ? text : `${text}${THIN}${word}`;
}

/** Digits after the point that a resolution deserves; without one, about four significant digits. */
export function digitsOf(value: number, resolution: number | undefined): number {
  if (resolution !== undefined && resolution > 0) return Math.min(6, Math.max(0, Math.ceil(-Math.log10(resolution) - 1e-9)));
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 1000) return 0;
  if (size >= 100) return 1;
  return size >= 1 || size === 0 ? 2 : 3;
}

export function numberText(value: number, resolution?: number): string {
  return plainFixed(value, digitsOf(value, resolution));
}

/** A value at a tick, with the decimals that its distance to the next needs: 9.25, 9.50, 9.75. */
export function tickText(value: number, step: number | undefined): string {
  if (step === undefined || !(step > 0)) return numberText(value);
  let digits = 0;
  while (digits < 9 && Math.abs(step * 10 ** digits - Math.round(step * 10 ** digits)) > 1e-6 * Math.max(1, step * 10 ** digits))
    digits += 1;
  return plainFixed(value, digits);
}

/** The difference of two terms as they are written: rounded once, so that what is read adds up. */
export function differenceOf(from: number, to: number, digits: number): number {
  return Number((Number(to.toFixed(digits)) - Number(from.toFixed(digits))).toFixed(digits));
}

/** A number that may be missing: what could not be computed is a dash, never a zero. */
export function fixedText(value: number | null | undefined, digits: number): string {
  return value === null || value === undefined || !Number.isFinite(value) ? "–" : plainFixed(value, digits);
}

/** With a minus sign (U+2212), and no sign before zero. */
function plainFixed(value: number, digits: number): string {
  return value
    .toFixed(digits)
    .replace(/^-(0(\.0+)?)$/, "$1")
    .replace("-", "−");
}

/** Signed, for differences: `+16`, `−0.9`. */
export function signedText(value: number | null | undefined, digits: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return value > 0 ? `+${text}` : `−${text}`;
}

export function valueText(value: number | string | boolean | undefined, entry: Pick<SignalEntry, "resolution"> | undefined): string {
  if (value === undefined) return "–";
  if (typeof value === "number") return numberText(value, entry?.resolution);
  return String(value);
}

/** A number with the name that the plant gives it: `Marcha (1)`; undefined where it gives none. */
export function namedText(
  value: number | string | boolean | undefined,
  entry: Pick<SignalEntry, "enumeration"> | undefined,
): string | undefined {
  const name = nameOfValue(entry?.enumeration, value);
  return name === undefined ? undefined : `${name} (${Number(value)})`;
}

export function percentText(share: number | null | undefined, digits = 1): string {
  return share === undefined || share === null || !Number.isFinite(share) ? "–" : `${plainFixed(share * 100, digits)}${THIN}%`;
}
