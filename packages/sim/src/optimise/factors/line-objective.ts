import { reworkRate } from "../../experiments/comparison.ts";
import type { Outcome } from "../../experiments/replication.ts";

/** What a person may want of a line. `energy` and `cost` need figures that only he knows (`LinePrices`). */
export type LineGoal = "throughput" | "leadTime" | "wip" | "oee" | "rework" | "energy" | "cost";

export const lineGoals: readonly { readonly goal: LineGoal; readonly unit: string; readonly better: "higher" | "lower" }[] = [
  { goal: "throughput", unit: "/shift", better: "higher" },
  { goal: "leadTime", unit: "min", better: "lower" },
  { goal: "wip", unit: "parts", better: "lower" },
  { goal: "oee", unit: "%", better: "higher" },
  { goal: "rework", unit: "/100 units", better: "lower" },
  { goal: "energy", unit: "kWh/part", better: "lower" },
  { goal: "cost", unit: "/shift", better: "lower" },
];

/** Figures of the user, in a currency of his choice and kilowatts. Absent = nothing. */
export interface LinePrices {
  /** What a good part is worth beyond its material. */
  readonly part?: number;
  /** What a part inside costs a shift. */
  readonly wip?: number;
  readonly energyKwh?: number;
  /** Kilowatts of a place that works, and of one that waits, is set up or is down. */
  readonly workingKw?: number;
  readonly waitingKw?: number;
}

/** What a variant costs a shift for itself (places, buffers, people), and how long a shift is worked. */
export interface LineVariant {
  readonly costPerShift: number;
  readonly shiftH: number;
  /** Places of each station. */
  readonly places: Readonly<Record<string, number>>;
}

/** The value of a goal in one replication, in its unit; NaN where the outcome does not tell. */
export function lineGoalValue(goal: LineGoal, outcome: Outcome, prices: LinePrices, variant: LineVariant): number {
  switch (goal) {
    case "throughput":
      return outcome.goodPerShift;
    case "leadTime":
      return outcome.leadTimeS / 60;
    case "wip":
      return outcome.wip;
    case "oee":
      return 100 * (outcome.oee ?? Number.NaN);
    case "rework":
      return reworkRate(outcome);
    case "energy":
      return outcome.goodPerShift > 0 ? energyKwh(outcome, prices, variant) / outcome.goodPerShift : Infinity;
    case "cost":
      return (
        variant.costPerShift +
        (prices.wip ?? 0) * outcome.wip +
        (prices.energyKwh ?? 0) * energyKwh(outcome, prices, variant) -
        (prices.part ?? 0) * outcome.goodPerShift
      );
  }
}

/** Kilowatt-hours a shift: time in each state × power in it × places. */
function energyKwh(outcome: Outcome, prices: LinePrices, { shiftH, places }: LineVariant): number {
  let sum = 0;
  for (const [station, shares] of Object.entries(outcome.shares)) {
    const working = shares["working"] ?? 0;
    const waiting = Object.entries(shares).reduce((all, [state, share]) => (state === "working" || state === "off" ? all : all + share), 0);
    sum += (places[station] ?? 1) * shiftH * (working * (prices.workingKw ?? 0) + waiting * (prices.waitingKw ?? 0));
  }
  return sum;
}
