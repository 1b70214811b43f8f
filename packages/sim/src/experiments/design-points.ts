import { type DesignPoints, fractionalFactorial, fullFactorial, latinHypercube } from "./design.ts";

/** What is varied: levels, or a range whose ends are the levels. */
export interface DesignFactor {
  readonly id: string;
  readonly values?: readonly (number | string)[];
  readonly low?: number;
  readonly high?: number;
  /** Rounded to whole numbers. */
  readonly whole?: boolean;
}

export type Design =
  | "full"
  /** Products of the first factors, in letters, that the last factors are made of. */
  | { readonly fraction: readonly string[] }
  | { readonly latinHypercube: number }
  | { readonly points: readonly (readonly (number | string)[])[] };

export const MAX_POINTS = 10_000;

/** Values of the factors, point by point. Throws on a design that cannot be. */
export function pointsOf(
  experiment: { readonly factors: readonly DesignFactor[]; readonly design?: Design },
  seed: number,
): (number | string)[][] {
  const { factors, design = "full" } = experiment;
  const round = (factor: DesignFactor, value: number): number => (factor.whole === true ? Math.round(value) : value);
  const ends = (factor: DesignFactor): readonly (number | string)[] =>
    factor.values ?? [round(factor, factor.low!), round(factor, factor.high!)];
  const atLevels = (points: DesignPoints): (number | string)[][] =>
    points.map((point) => point.map((index, factor) => ends(factors[factor]!)[index]!));
  if (design === "full") {
    const size = factors.reduce((product, factor) => product * ends(factor).length, 1);
    if (size > MAX_POINTS) throw new Error(`has ${size} points, more than ${MAX_POINTS}: take a fraction or a Latin hypercube`);
    return atLevels(fullFactorial(factors.map((factor) => ends(factor).length)));
  }
  if ("fraction" in design) {
    const many = factors.find((factor) => ends(factor).length !== 2);
    if (many !== undefined) throw new Error(`a fraction has two levels a factor; "${many.id}" has ${ends(many).length}`);
    return atLevels(fractionalFactorial(factors.length, design.fraction));
  }
  if ("latinHypercube" in design)
    return latinHypercube(design.latinHypercube, factors.length, seed).map((point) =>
      point.map((share, index) => {
        const factor = factors[index]!;
        if (factor.values !== undefined) return factor.values[Math.floor(share * factor.values.length)]!;
        return round(factor, factor.low! + share * (factor.high! - factor.low!));
      }),
    );
  if (!("points" in design)) throw new Error("needs fraction, latinHypercube or points");
  const odd = design.points.findIndex((point) => point.length !== factors.length);
  if (odd >= 0) throw new Error(`point ${odd + 1} has ${design.points[odd]!.length} values for ${factors.length} factors`);
  return design.points.map((point) => [...point]);
}

/** −1 at the least, 1 at the most; words only where there are two of them. */
export function codedPoints(
  factors: readonly DesignFactor[],
  points: readonly (readonly (number | string)[])[],
): { readonly coded: readonly (readonly number[])[]; readonly numeric: readonly number[] } {
  const columns = factors.map((_, factor) => {
    const values = points.map((point) => point[factor]!);
    const different = [...new Set(values)];
    const numbers = values.every((value) => typeof value === "number")
      ? (values as number[])
      : values.map((value) => different.indexOf(value));
    if (numbers !== values && different.length > 2) return undefined;
    const least = Math.min(...numbers);
    const most = Math.max(...numbers);
    return numbers.map((value) => (most > least ? (2 * (value - least)) / (most - least) - 1 : 0));
  });
  const numeric = columns.flatMap((column, factor) => (column === undefined || column.every((value) => value === 0) ? [] : [factor]));
  return { coded: points.map((_, point) => numeric.map((factor) => columns[factor]![point]!)), numeric };
}
