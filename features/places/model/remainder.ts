import type { PlaceSums } from "../contract.ts";

/** What the meter of a place counts beyond its rows, so that rows and remainder add up to it as they are shown. */
export interface Remainder {
  /** Whole kWh; absent: not known. */
  readonly kWh?: number;
  /** Some of it may be of a row of which energy is a lower bound or not known. */
  readonly isUpperBound: boolean;
  readonly cost?: { readonly currency: string; readonly amount: number; readonly isUpperBound: boolean };
}

type Row = Pick<PlaceSums, "energy" | "unknownMeters" | "cost" | "lines">;

/** Undefined where the place has no meter of its own, or nothing in it is metered: then its energy is the sum of the rows. */
export function remainderOf(rows: readonly Row[], total: Row): Remainder | undefined {
  const isMetered = ({ energy, unknownMeters = 0 }: Row): boolean => energy !== undefined || unknownMeters > 0;
  if (total.energy?.isOwn !== true || !rows.some(isMetered)) return undefined;
  const isUpperBound = rows.some(isIncomplete);
  // what began later than the shift says nothing of what was used before it
  if (isIncomplete(total)) return { isUpperBound };
  const kWh = rows.reduce((rest, { energy }) => rest - Math.round(energy?.kWh ?? 0), Math.round(total.energy.kWh));
  const cost = costBeyond(rows, total);
  return { kWh, isUpperBound, ...(cost && { cost }) };
}

function isIncomplete({ energy, unknownMeters = 0 }: Row): boolean {
  return unknownMeters > 0 || energy?.since !== undefined || energy?.lateMeters !== undefined || energy?.silentMeters !== undefined;
}

function costBeyond(rows: readonly Row[], { cost }: Row): Remainder["cost"] {
  if (cost === undefined || cost.atLeast === true) return undefined;
  const paid = rows.flatMap((row) => row.cost ?? []);
  if (paid.some(({ currency }) => currency !== cost.currency)) return undefined;
  // a row that uses nothing that is metered or rejected has no cost; of any other a dash is a part of what is left
  const isUpperBound = rows.some((row) =>
    row.cost === undefined ? row.lines.length > 0 || row.energy !== undefined || (row.unknownMeters ?? 0) > 0 : row.cost.atLeast === true,
  );
  const amount = paid.reduce((rest, each) => rest - asShown(each.amount), asShown(cost.amount));
  return { currency: cost.currency, amount: Math.round(amount * 100) / 100, isUpperBound };
}

/** Digits that an amount of money is shown with: whole units from a hundred on, as nobody reads cents of a shift. */
export function moneyDigits(amount: number): number {
  return Math.abs(amount) >= 100 ? 0 : 2;
}

function asShown(amount: number): number {
  return Number(amount.toFixed(moneyDigits(amount)));
}
