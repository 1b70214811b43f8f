import type { Instant } from "@doppelwerk/world";
import { byKey } from "./by-key.ts";
import { rowKey } from "./row-key.ts";

export const PARETO_BY = ["reason", "station", "state", "product"] as const;
export type ParetoBy = (typeof PARETO_BY)[number];

export interface LossSpan {
  readonly station: string;
  readonly from: Instant;
  readonly to: Instant;
}

/** What a loss of one shift is, and how much of it there was. */
export interface LossEntry {
  /** Where it happened. */
  readonly station: string;
  readonly state: string;
  /** Of a wait of the constraint: the station that it waited for, what that one did, or a cause without a station. */
  readonly waitsFor?: string;
  readonly waitState?: string;
  readonly cause?: string;
  /** Code. */
  readonly reason?: string;
  /** That was in work when it began; absent where that is not known. */
  readonly product?: string;
  /** It is in the loss budget, which adds up; other stations lose nothing that the line does not lose at its constraint. */
  readonly isConstraint: boolean;
  readonly seconds: number;
  readonly units?: number;
  readonly count: number;
  /** The longest first. */
  readonly longest: readonly LossSpan[];
}

export interface ParetoSum {
  readonly seconds: number;
  readonly units?: number;
  readonly count: number;
}

/** A row has what all of its losses have in common. */
export interface ParetoRow extends ParetoSum {
  readonly key: string;
  readonly station?: string;
  readonly state?: string;
  readonly waitsFor?: string;
  readonly waitState?: string;
  readonly cause?: string;
  readonly reason?: string;
  readonly product?: string;
  readonly isConstraint: boolean;
  readonly longest: readonly LossSpan[];
  /** Of the period before. */
  readonly before: ParetoSum;
}

/** Occurrences that a row leads to. */
export const MAX_LONGEST = 5;
/** Rows of their own, however losses are grouped: nobody gives them a reason one by one. */
const ALONE: ReadonlySet<string> = new Set(["microStop", "speed", "silent", "reject", "rework", "unknown"]);

type Common = Omit<ParetoRow, "key" | "before" | "seconds" | "units" | "count" | "longest">;

function commonOf(entry: LossEntry, by: ParetoBy, constraint: string): Common {
  const { station, state, waitsFor, waitState, cause, reason, product, isConstraint } = entry;
  const at = waitsFor ?? station;
  if (by === "station") return { station: at, isConstraint, ...(ALONE.has(state) && { state }) };
  if (ALONE.has(state)) return { state, isConstraint };
  if (by === "state") return { state, isConstraint };
  if (by === "product") return { ...(product !== undefined && { product }), isConstraint };
  if (reason !== undefined) return { reason, isConstraint };
  // without a reason it is named by where it happened
  return {
    state,
    isConstraint,
    ...(isConstraint && station === constraint ? {} : { station }),
    ...(waitsFor !== undefined && { waitsFor }),
    ...(waitState !== undefined && { waitState }),
    ...(cause !== undefined && { cause }),
  };
}

const keyOf = ({ state = "", station, waitsFor, cause, reason, product, isConstraint }: Common): string =>
  [
    rowKey({ state, station: waitsFor, cause, ...(reason !== undefined && { reason: { code: reason, title: { en: "", zh: "" } } }) }),
    station ?? "",
    product ?? "",
    isConstraint ? "" : "other",
  ].join(" ");

/** Rows of losses of a period beside those of the one before: those of the constraint first, the largest first. */
export function paretoRows(
  entries: readonly LossEntry[],
  earlier: readonly LossEntry[],
  by: ParetoBy,
  constraint: string,
): readonly ParetoRow[] {
  const [now, then] = [grouped(entries, by, constraint), grouped(earlier, by, constraint)];
  const keys = new Set([...now.keys(), ...then.keys()]);
  return [...keys]
    .map((key): ParetoRow => {
      const [own, before] = [now.get(key) ?? [], then.get(key) ?? []];
      return {
        key,
        ...commonOf((own[0] ?? before[0])!, by, constraint),
        ...sumOf(own),
        longest: longestOf(own.flatMap(({ longest }) => longest)),
        before: sumOf(before),
      };
    })
    .filter(({ seconds, before }) => Math.abs(seconds) >= 1 || Math.abs(before.seconds) >= 1)
    .toSorted((a, b) => Number(b.isConstraint) - Number(a.isConstraint) || b.seconds - a.seconds || b.before.seconds - a.before.seconds);
}

function grouped(entries: readonly LossEntry[], by: ParetoBy, constraint: string): ReadonlyMap<string, readonly LossEntry[]> {
  return byKey(entries, (entry) => keyOf(commonOf(entry, by, constraint)));
}

function sumOf(entries: readonly LossEntry[]): ParetoSum {
  const known = entries.filter(({ units }) => units !== undefined);
  return {
    seconds: entries.reduce((sum, { seconds }) => sum + seconds, 0),
    count: entries.reduce((sum, { count }) => sum + count, 0),
    ...(known.length > 0 && { units: known.reduce((sum, { units = 0 }) => sum + units, 0) }),
  };
}

export function longestOf(spans: readonly LossSpan[]): readonly LossSpan[] {
  return spans.toSorted((a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from).slice(0, MAX_LONGEST);
}
