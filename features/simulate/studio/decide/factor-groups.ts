import type { Factor } from "@doppelwerk/client";

/** What may be changed on one of the lines that a run would be of. */
export interface FactorsOfLine {
  readonly line: string | undefined;
  readonly factors: readonly Factor[];
}

/** Factors under one heading. */
export interface FactorGroup {
  /** Unique in the list. */
  readonly id: string;
  readonly line: string | undefined;
  /** Grouped by station: its id; absent of what belongs to the line as a whole. */
  readonly station?: string | undefined;
  /** Grouped by kind. */
  readonly kind?: Factor["group"] | undefined;
  readonly factors: readonly Factor[];
}

export type FactorGrouping = "station" | "kind";

const KINDS: readonly Factor["group"][] = ["places", "buffer", "cycle", "repair", "interval", "operators", "carriers", "other"];

/** Under headings by station in the order of the line, or by kind; `first` are stations whose groups lead. A factor of several lines stands once. */
export function factorGroups(
  lines: readonly FactorsOfLine[],
  grouping: FactorGrouping,
  first: readonly (string | undefined)[] = [],
): readonly FactorGroup[] {
  const seen = new Set<string>();
  return lines.flatMap(({ line, factors }) => {
    const own = factors.filter(({ element }) => !seen.has(element) && seen.add(element));
    const groups = [...Map.groupBy(own, (factor) => (grouping === "kind" ? factor.group : (factor.station ?? "")))].map(
      ([key, of]): FactorGroup => ({
        id: `${line ?? ""} ${key}`,
        line,
        ...(grouping === "kind" ? { kind: key as Factor["group"] } : { station: key === "" ? undefined : key }),
        factors: of,
      }),
    );
    return grouping === "kind"
      ? groups.toSorted((a, b) => KINDS.indexOf(a.kind!) - KINDS.indexOf(b.kind!))
      : groups.toSorted((a, b) => rankOf(a, first) - rankOf(b, first));
  });
}

/** Those that lead in their order, then the rest as it was. */
function rankOf({ station }: FactorGroup, first: readonly (string | undefined)[]): number {
  const at = station === undefined ? -1 : first.indexOf(station);
  return at === -1 ? first.length : at;
}

/** Factors whose station or name in either language holds every word of the text. */
export function foundFactors(lines: readonly FactorsOfLine[], text: string): readonly FactorsOfLine[] {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return lines;
  return lines.map(({ line, factors }) => ({
    line,
    factors: factors.filter(({ station, label }) => {
      const name = `${station ?? ""} ${label.en} ${label.zh}`.toLowerCase();
      return words.every((word) => name.includes(word));
    }),
  }));
}
