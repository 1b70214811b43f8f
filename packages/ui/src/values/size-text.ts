import { fixedText } from "./number.ts";

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** Three digits with the unit of SI: `1.23 GB`. */
export function sizeText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1_000 ** power;
  return `${fixedText(value, power === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2)}\u202f${UNITS[power]}`;
}
