import { z, type KindDeclaration } from "@doppelwerk/kit";
import type { CutAmounts } from "./attribution.ts";
import { groupOfState } from "./state-groups.ts";
import { NO_LABEL, type Timeline } from "./timeline.ts";

/** What is assumed on a branch of the time that was measured: orders begin later or earlier, and what stands uses more or less. */
export const ScenarioFields = z.object({
  /** By which orders begin later; below zero earlier. Whole quarter hours. */
  shiftMinutes: z.int().min(-1_440).max(1_440).multipleOf(15),
  /** Of what stations use while nothing is produced: 0.5 is half of it. */
  standbyFactor: z.number().min(0).max(5),
});
export type ScenarioFields = z.output<typeof ScenarioFields>;

export const NO_SCENARIO: ScenarioFields = { shiftMinutes: 0, standbyFactor: 1 };

export const energyScenario = {
  id: "energy.scenario",
  record: "energyScenario",
  version: 1,
  schema: ScenarioFields,
  upcast: {},
} satisfies KindDeclaration;

export function isNeutral({ shiftMinutes, standbyFactor }: ScenarioFields): boolean {
  return shiftMinutes === 0 && standbyFactor === 1;
}

/** The cuts of a station as a scenario has them: amounts while nothing is produced by its factor; what is not known of states stays as it was. */
export function scenarioAmounts(
  { amounts }: CutAmounts,
  { labels }: Timeline,
  stateColumn: number,
  states: readonly string[],
  { standbyFactor }: ScenarioFields,
): Float64Array {
  const changed = Float64Array.from(amounts);
  const column = labels[stateColumn]!;
  const isStanding = states.map((state) => !["producing", "unknown"].includes(groupOfState(state)));
  for (let cut = 0; cut < changed.length; cut++) if (column[cut] !== NO_LABEL && isStanding[column[cut]!]) changed[cut]! *= standbyFactor;
  return changed;
}

/** By how much each cut is moved, microseconds: with its order, and not at all where it is of none. */
export function scenarioShifts({ labels }: Timeline, orderColumn: number, { shiftMinutes }: ScenarioFields): Float64Array {
  return Float64Array.from(labels[orderColumn]!, (label) => (label === NO_LABEL ? 0 : shiftMinutes * 60_000_000));
}
