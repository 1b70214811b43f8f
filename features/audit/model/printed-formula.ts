import type { FigureAudit } from "@doppelwerk/ports";

interface Printed extends Pick<FigureAudit, "operator" | "value" | "unit"> {
  readonly terms: readonly Pick<FigureAudit["terms"][number], "value" | "unit">[];
}

/** Digits after the point that a number of a unit has; a ratio is one of per cent. */
export function pointsOf(unit: string): number {
  if (unit === "units" || unit === "ratio" || unit === "perHour") return 1;
  if (unit === "s" || unit === "alarms") return 0;
  // money in its smallest coin, anything else to a thousandth
  return isMoney(unit) ? 2 : 3;
}

export const isMoney = (unit: string): boolean => /^[A-Z]{3}$/.test(unit);

/** Digits more than usual with which a formula can be tried before it says that it is rounded. */
const MAX_MORE = 3;

/** How a formula is printed: with how many more digits its printed terms make its printed value; without `isExact` they do not. */
export function printedOf({ operator, terms, value, unit }: Printed): {
  readonly more: number;
  readonly isExact: boolean;
} {
  if (operator === undefined || value === undefined || terms.some((term) => term.value === undefined)) return { more: 0, isExact: true };
  for (let more = 0; more <= MAX_MORE; more++) {
    const [first = 0, ...rest] = terms.map((term) => printed(term.value!, term.unit, more));
    const made = rest.reduce(combine[operator], first);
    if (Math.abs(printed(made, unit, more) - printed(value, unit, more)) < 1e-9 * Math.max(1, Math.abs(value)))
      return { more, isExact: true };
  }
  return { more: 0, isExact: false };
}

const combine = {
  sum: (made: number, each: number) => made + each,
  difference: (made: number, each: number) => made - each,
  quotient: (made: number, each: number) => made / each,
  product: (made: number, each: number) => made * each,
} as const;

/** The number that a reader sees. */
function printed(value: number, unit: string, more: number): number {
  const scale = unit === "ratio" ? 100 : 1;
  return Number((value * scale).toFixed(pointsOf(unit) + more)) / scale;
}
