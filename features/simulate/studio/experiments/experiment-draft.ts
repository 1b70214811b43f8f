import type { ExperimentFactor, ExperimentKpi, ExperimentRequest, Factor } from "@doppelwerk/client";

/** What a person has entered so far. */
export interface ExperimentDraft {
  readonly name: string;
  readonly kpi: ExperimentKpi;
  readonly goal: "maximise" | "minimise";
  readonly kind: "study" | "forecast";
  readonly shifts: number;
  readonly seed: number;
  readonly factors: readonly { readonly element: string; readonly levels: string }[];
  /** `full`, `cube`, or the generators of a fraction with blanks. */
  readonly design: string;
  readonly cubePoints: number;
  readonly stop: "count" | "precise" | "select";
  readonly count: number;
  readonly percent: number;
  readonly indifference: number;
}

/** `5, 6, 7`, `4–12` or words; undefined where it is no list of two levels or more. */
export function levelsOf(text: string): readonly (number | string)[] | undefined {
  const range = /^\s*(-?\d+(?:\.\d+)?)\s*(?:–|\.\.|to|至)\s*(-?\d+(?:\.\d+)?)\s*$/.exec(text);
  const parts = range === null ? text.split(/[,;，；\s]+/).filter((part) => part !== "") : [range[1]!, range[2]!];
  const numbers = parts.map(Number);
  const levels = numbers.every((value) => Number.isFinite(value)) ? numbers : parts;
  return new Set<number | string>(levels).size < 2 ? undefined : [...new Set<number | string>(levels)];
}

/** Fractions with two levels worth offering, by number of factors: generators and resolution (Box, Hunter and Hunter). */
const FRACTIONS: Readonly<
  Record<number, readonly { readonly generators: string; readonly points: number; readonly resolution: string }[]>
> = {
  3: [{ generators: "AB", points: 4, resolution: "III" }],
  4: [{ generators: "ABC", points: 8, resolution: "IV" }],
  5: [
    { generators: "ABCD", points: 16, resolution: "V" },
    { generators: "AB AC", points: 8, resolution: "III" },
  ],
  6: [
    { generators: "ABCDE", points: 32, resolution: "VI" },
    { generators: "ABC BCD", points: 16, resolution: "IV" },
    { generators: "AB AC BC", points: 8, resolution: "III" },
  ],
  7: [
    { generators: "ABC BCD ACD", points: 16, resolution: "IV" },
    { generators: "AB AC BC ABC", points: 8, resolution: "III" },
  ],
  8: [{ generators: "BCD ACD ABC ABD", points: 16, resolution: "IV" }],
};

export function fractionsOf(factors: number): (typeof FRACTIONS)[number] {
  return FRACTIONS[factors] ?? [];
}

/** Points of the design, the line as it stands not counted; undefined while it is none. */
export function pointCount(draft: ExperimentDraft): number | undefined {
  const levels = draft.factors.map((factor) => levelsOf(factor.levels));
  if (levels.length === 0 || levels.some((each) => each === undefined)) return undefined;
  if (draft.design === "cube") return draft.cubePoints;
  if (draft.design !== "full") return fractionsOf(levels.length).find(({ generators }) => generators === draft.design)?.points;
  return levels.reduce((product, each) => product * each!.length, 1);
}

/** The request of a draft; undefined while something is missing. */
export function requestOf(draft: ExperimentDraft): ExperimentRequest | undefined {
  if (pointCount(draft) === undefined) return undefined;
  const ends = draft.design !== "full";
  const factors = draft.factors.map(({ element, levels }): ExperimentFactor => {
    const values = levelsOf(levels)!;
    if (!ends || values.some((value) => typeof value !== "number")) return { element, values };
    const numbers = values as readonly number[];
    const range = { element, low: Math.min(...numbers), high: Math.max(...numbers) };
    return numbers.every(Number.isInteger) ? { ...range, whole: true } : range;
  });
  return {
    name: draft.name.trim() === "" ? "Experiment" : draft.name.trim(),
    kind: draft.kind,
    seed: draft.seed,
    ...(draft.kind === "study" ? { shifts: draft.shifts } : {}),
    kpi: draft.kpi,
    goal: draft.goal,
    factors,
    design:
      draft.design === "full"
        ? "full"
        : draft.design === "cube"
          ? { latinHypercube: draft.cubePoints }
          : { fraction: draft.design.split(" ") },
    replications:
      draft.stop === "count"
        ? { count: draft.count }
        : draft.stop === "precise"
          ? { relativeHalfWidth: draft.percent / 100, most: draft.count }
          : { indifference: draft.indifference, most: draft.count },
  };
}

/** Levels to begin with: the value as it stands and one on either side, within the range. */
export function proposedLevels({ value, step, min, max }: Factor): string {
  const by = Number.isInteger(value) && step >= 1 ? 1 : Math.max(step, Number((value * 0.1).toPrecision(1)));
  const round = (level: number): number => Number(level.toPrecision(6));
  return [...new Set([Math.max(min, round(value - by)), value, Math.min(max, round(value + by))])].join(", ");
}
