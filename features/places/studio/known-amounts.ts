import type { PlaceSums, Summary } from "../contract.ts";

type Amounts = Pick<PlaceSums, "energy" | "cost" | "unknownMeters">;

/** A summary in which energy and cost are there only with an amount: what came without one is not known. */
export function withKnownAmounts(summary: Summary): Summary {
  const known = (sums: PlaceSums): PlaceSums => ({ ...knownOf(sums), lines: sums.lines.map(knownOf) });
  return { ...summary, rows: summary.rows.map(known), total: known(summary.total) };
}

function knownOf<Sums extends Amounts>(sums: Sums): Sums {
  const { energy, cost } = sums;
  const [hasEnergy, hasCost] = [energy === undefined || isAmount(energy.kWh), cost === undefined || isAmount(cost.amount)];
  if (hasEnergy && hasCost) return sums;
  const rest = { ...sums };
  if (!hasCost) delete rest.cost;
  if (!hasEnergy) {
    delete rest.energy;
    rest.unknownMeters ??= 1;
  }
  return rest;
}

function isAmount(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value);
}
