import { lossKey, type LossPiece } from "@doppelwerk/operations";
import type { Instant } from "@doppelwerk/world";
import { byKey } from "./by-key.ts";
import type { CodedStop } from "./coded-stops.ts";
import type { BudgetWithPieces } from "./losses-of-shifts.ts";
import { longestOf, type LossEntry, type LossSpan } from "./pareto.ts";
import type { SilentStop } from "./silent-stops.ts";

/** Which product a station had in work at an instant; undefined where that is not known. */
export type ProductAt = (station: string, at: Instant) => string | undefined;

/** The losses of the constraint, as its budget has them: they add up to what was lost. Silent stops are taken out of the loss of speed. */
export function entriesOfBudget(
  { budget, pieces }: BudgetWithPieces,
  silent: readonly SilentStop[],
  productAt: ProductAt,
): readonly LossEntry[] {
  const station = budget.station;
  const silentS = silent.reduce((sum, { from, to }) => sum + (to - from) / 1e6, 0);
  const entries = budget.rows.flatMap(({ state, station: waitsFor, stationState, cause, reason, seconds, units, count }): LossEntry[] => {
    const own = pieces.filter(
      (piece) =>
        lossKey(piece) ===
        lossKey({
          state,
          ...(waitsFor !== undefined && { station: waitsFor }),
          ...(cause !== undefined && { cause }),
          ...(reason && { reason: reason.code }),
        }),
    );
    const about = {
      station,
      state,
      isConstraint: true,
      ...(waitsFor !== undefined && { waitsFor }),
      ...(stationState !== undefined && { waitState: stationState }),
      ...(cause !== undefined && { cause }),
      ...(reason && { reason: reason.code }),
    };
    if (state === "speed") {
      const rest = seconds - silentS;
      return [{ ...about, seconds: rest, ...unitsOf(rest, budget.idealCycleS), count: 0, longest: [] }];
    }
    const all = own.reduce((sum, { from, to }) => sum + to - from, 0);
    if (all === 0) return [{ ...about, seconds, ...(units !== undefined && { units }), count: count ?? 0, longest: [] }];
    // the times of the tally are divided as the pieces are
    return [...byKey(own, ({ from }) => productAt(station, from))].map(([product, of]) => {
      const share = of.reduce((sum, { from, to }) => sum + to - from, 0) / all;
      return {
        ...about,
        ...(product !== undefined && { product }),
        seconds: seconds * share,
        ...(units !== undefined && { units: units * share }),
        count: occurrencesOf(of).length,
        longest: longestOf(occurrencesOf(of).map((span) => ({ station: waitsFor ?? station, ...span }))),
      };
    });
  });
  return silentS === 0 ? entries : [...entries, silentEntry(station, silent, true, budget.idealCycleS)];
}

/** Stops of a station that is not the constraint. Its waits are stops of others. */
export function entriesOfOther(
  station: string,
  stops: readonly CodedStop[],
  silent: readonly SilentStop[],
  productAt: ProductAt,
): readonly LossEntry[] {
  const own = stops.filter(({ state }) => !WAITS.has(state));
  const groups = byKey(own, ({ state, reason, from }) => `${state} ${reason ?? ""} ${productAt(station, from) ?? ""}`);
  const entries = [...groups.values()].map((of): LossEntry => {
    const [{ state, reason, from }] = of as [CodedStop];
    const product = productAt(station, from);
    return {
      station,
      state,
      isConstraint: false,
      ...(reason !== undefined && { reason }),
      ...(product !== undefined && { product }),
      seconds: of.reduce((sum, { seconds }) => sum + seconds, 0),
      count: of.length,
      longest: longestOf(of.map((stop): LossSpan => ({ station, from: stop.from, to: stop.to }))),
    };
  });
  return silent.length === 0 ? entries : [...entries, silentEntry(station, silent, false)];
}

const WAITS: ReadonlySet<string> = new Set(["blocked", "starved", "idle", "break"]);

function silentEntry(station: string, silent: readonly SilentStop[], isConstraint: boolean, idealCycleS?: number): LossEntry {
  const seconds = silent.reduce((sum, { from, to }) => sum + (to - from) / 1e6, 0);
  return {
    station,
    state: "silent",
    isConstraint,
    seconds,
    ...unitsOf(seconds, idealCycleS ?? 0),
    count: silent.length,
    longest: longestOf(silent.map((span) => ({ station, ...span }))),
  };
}

const unitsOf = (seconds: number, idealCycleS: number): { readonly units?: number } =>
  idealCycleS > 0 ? { units: seconds / idealCycleS } : {};

/** Pieces that touch are one occurrence. */
function occurrencesOf(pieces: readonly LossPiece[]): readonly { readonly from: Instant; readonly to: Instant }[] {
  const found: { from: Instant; to: Instant }[] = [];
  for (const { from, to } of pieces) {
    const last = found.at(-1);
    if (last?.to === from) last.to = to;
    else found.push({ from, to });
  }
  return found;
}
