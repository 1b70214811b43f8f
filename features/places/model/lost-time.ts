import { budgetTimes, lossBudget, type BudgetFigures, type LossOccurrences } from "@doppelwerk/operations";
import type { LineFigures, Loss } from "../contract.ts";

const MAX_LOSSES = 3;
/** Rows of the budget that are looked at, and the shortest of them. */
const [MAX_ROWS, LEAST_S] = [20, 1];

/**
 * Of the constraint: planned busy time without that of which nothing is known and without the ideal time of the units that were good at the first pass.
 * It is the loss budget (O67) of the shift less its unknown time, and its rows by what the station did.
 */
export function lostTime(figures: BudgetFigures | undefined, constraint: string | undefined): Pick<LineFigures, "lostS" | "losses"> {
  if (figures === undefined || constraint === undefined || figures.plannedBusyS <= 0) return { losses: [] };
  const seconds = secondsByState(figures, constraint);
  const losses = [...seconds]
    .filter(([, spent]) => spent > 0)
    .map(([state, spent]) => ({ state, seconds: spent }))
    .toSorted((a, b) => b.seconds - a.seconds);
  return { losses: losses.slice(0, MAX_LOSSES), lostS: [...seconds.values()].reduce((sum, spent) => sum + spent, 0) };
}

/** The rows of the loss budget with the stations that were waited for, longest first; undefined where there is no budget. */
export function budgetRows(figures: BudgetFigures, constraint: string, causes: readonly LossOccurrences[]): Loss[] | undefined {
  if (figures.plannedBusyS <= 0) return undefined;
  return lossBudget(budgetTimes({ ...figures, constraint }), causes)
    .rows.filter(({ state, seconds }) => state !== "unknown" && seconds >= LEAST_S)
    .slice(0, MAX_ROWS)
    .map(({ state, station, stationState, cause, seconds, units }) => ({
      state,
      ...(station !== undefined && { station }),
      ...(stationState !== undefined && { stationState }),
      ...(cause !== undefined && { cause }),
      seconds,
      ...(units !== undefined && { units }),
    }));
}

/** What the loss budget has for a state; undefined where there is no budget, or it has not seen that state yet. */
export function secondsLostTo(state: string, figures: BudgetFigures, constraint: string | undefined): number | undefined {
  return constraint === undefined || figures.plannedBusyS <= 0 ? undefined : secondsByState(figures, constraint).get(state);
}

function secondsByState(figures: BudgetFigures, constraint: string): ReadonlyMap<string, number> {
  const seconds = new Map<string, number>();
  for (const row of lossBudget(budgetTimes({ ...figures, constraint }), []).rows)
    if (row.state !== "unknown") seconds.set(row.state, (seconds.get(row.state) ?? 0) + row.seconds);
  return seconds;
}
