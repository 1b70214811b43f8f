import type { RecipeStep } from "./documents.ts";

/** How fast a machine fills and drains where nothing else is known, L/kg of its nominal load and minute. */
const FILL_RATE = 1.5;
const DRAIN_RATE = 2;
const FRESH_C = 20;
const DOSE_MINUTES = 10;
const HOLD_MINUTES = 10;

/** What a recipe needs of a machine, step by step. */
export interface ProgrammeStep extends RecipeStep {
  /** From the beginning of the batch, minutes. */
  readonly from: number;
  readonly minutes: number;
  /** At its beginning and end, °C. */
  readonly startC: number;
  readonly endC: number;
}

export interface Programme {
  readonly steps: readonly ProgrammeStep[];
  readonly minutes: number;
  /** Fresh water, L. */
  readonly waterL: number;
}

/** A recipe in a machine, when nothing has to be waited for: minutes, temperatures and water as the recipe says. */
export function programmeOf(steps: readonly RecipeStep[], loadKg: number, nominalKg: number): Programme {
  let [from, temperature, level, waterL] = [0, FRESH_C + 5, 0, 0];
  const planned = steps.map((step): ProgrammeStep => {
    const litres = (step.litres ?? 0) * loadKg;
    const startC = temperature;
    const minutes = minutesOf(step, { startC, litres, level, nominalKg });
    if (step.phase === "fill" || step.phase === "rinse") {
      temperature = (startC * level + FRESH_C * litres) / Math.max(1, level + litres);
      waterL += litres;
    }
    if (step.phase === "fill" || step.phase === "dose") level += litres;
    if (step.phase === "drain") level = 0;
    if (step.phase === "heat" || step.phase === "cool") temperature = step.to ?? startC;
    const one = { ...step, from, minutes, startC, endC: temperature };
    from += minutes;
    return one;
  });
  return { steps: planned, minutes: from, waterL };
}

interface Situation {
  readonly startC: number;
  readonly litres: number;
  readonly level: number;
  readonly nominalKg: number;
}

function minutesOf({ phase, minutes, to, gradient }: RecipeStep, { startC, litres, level, nominalKg }: Situation): number {
  if (phase === "fill") return litres / (FILL_RATE * nominalKg);
  if (phase === "drain") return level / (DRAIN_RATE * nominalKg);
  if (phase === "heat" || phase === "cool") return Math.abs((to ?? startC) - startC) / (gradient ?? 2);
  return minutes ?? (phase === "dose" ? DOSE_MINUTES : HOLD_MINUTES);
}
