import { csvFieldOfText } from "@doppelwerk/world";

/** One field of CSV (RFC 4180). A text that a spreadsheet would run as a formula begins with an apostrophe; numbers, also written ones, stay numbers. */
export function csvField(value: string | number): string {
  if (typeof value === "number") return String(value);
  const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value);
  return isNumber ? value : csvFieldOfText(value);
}
