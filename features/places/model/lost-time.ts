import { budgetTimes, lossBudget, type BudgetFigures } from "@doppelwerk/operations";
import type { LineFigures } from "../contract.ts";

const MAX_LOSSES = 3;

/**
 * Of the constraint: planned busy time without that of which nothing is known and without the ideal time of the units that were good at the first pass.
 * It is the loss budget (O67) of the shift less its unknown time, and its rows by what the station did.
 */
export function lostTime(figures: BudgetFigures | undefined, constraint: string | undefined): Pick<LineFigures, "lostS" | "losses"> {
  if (figures === undefined || constraint === undefined || figures.plannedBusyS <= 0) return { losses: [] };
  const rows = lossBudget(budgetTimes({ ...figures, constraint }), []).rows.filter(({ state }) => state !== "unknown");
  const seconds = new Map<string, number>();
  for (const row of rows) seconds.set(row.state, (seconds.get(row.state) ?? 0) + row.seconds);
  const losses = [...seconds]
    .filter(([, spent]) => spent > 0)
    .map(([state, spent]) => ({ state, seconds: spent }))
    .toSorted((a, b) => b.seconds - a.seconds);
  return { losses: losses.slice(0, MAX_LOSSES), lostS: rows.reduce((sum, row) => sum + row.seconds, 0) };
}
