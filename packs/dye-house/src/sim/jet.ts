import type { ComponentStep, StationComponent } from "@doppelwerk/kit";
import type { RecipeStep } from "../model/documents.ts";
import { programmeOf, type Programme } from "../model/programme.ts";
import { stepsOf, type RecipeElements } from "./recipe-elements.ts";

/** A batch machine, as `package.json` declares it. */
interface JetParameters {
  readonly nominalKg: number;
  /** Of the nominal load, from and to; drawn for each lot. */
  readonly leastLoad: number;
  readonly mostLoad: number;
  /** Probabilities that a sample is off shade: the first one, and those after an addition. */
  readonly offShade: number;
  readonly offShadeAgain: number;
  /** Between two batches. */
  readonly changeMinutes: number;
  readonly recipes: readonly RecipeElements[];
}

const MINUTE = 60;
/** What follows a sample that is off shade: dyes from the kitchen, then time and another sample. */
const ADDITION: readonly ComponentStep[] = [{ seconds: 8 * MINUTE, holds: "dissolver" }, { seconds: 35 * MINUTE }];
const MAX_ADDITIONS = 2;
/** The pump needs a bath as for so much of the nominal load. */
const LEAST_BATH = 0.85;
/** kJ/kg of steam, and what of its heat is lost. */
const STEAM_HEAT = 2_100;
const LOSSES = 1.12;

/** A lot takes the machine for its programme, step by step; the dissolver of the kitchen is held while dyes are dosed. */
const jet: StationComponent<JetParameters> = {
  open({ parameters }) {
    const programmes = new Map(parameters.recipes.map((recipe) => [recipe.Code, stepsOf(recipe)]));
    return {
      begin({ product = "", rejects, part, random }) {
        const { nominalKg, leastLoad, mostLoad, changeMinutes } = parameters;
        const steps = programmes.get(product);
        if (steps === undefined) throw new Error(`there is no recipe ${product}`);
        const share = leastLoad + (mostLoad - leastLoad) * random();
        // what is dyed again is the same goods
        const loadKg = rejects > 0 && part["loadKg"]! > 0 ? part["loadKg"]! : nominalKg * share;
        const programme = programmeOf(withBath(steps, loadKg, nominalKg), loadKg, nominalKg);
        const change = { seconds: changeMinutes * (0.33 + 1.34 * random()) * MINUTE };
        const { done, additions, isOff } = judged(programme, parameters, random);
        return {
          steps: [change, ...done],
          outcome: isOff && rejects === 0 ? "rework" : "pass",
          part: { loadKg },
          uses: { goods: loadKg, water: programme.waterL, steam: steamOf(programme, loadKg, nominalKg), additions },
        };
      },
    };
  },
};
export default jet;

/** Litres of fills are those of the bath that the pump needs. */
function withBath(steps: readonly RecipeStep[], loadKg: number, nominalKg: number): readonly RecipeStep[] {
  const ratio = Math.max(1, (LEAST_BATH * nominalKg) / loadKg);
  return steps.map((step) => (step.phase === "fill" && step.litres !== undefined ? { ...step, litres: step.litres * ratio } : step));
}

/** The steps of a programme with the additions that its samples ask for; `isOff`: they did not help. */
function judged({ steps }: Programme, { offShade, offShadeAgain }: JetParameters, random: () => number) {
  const done: ComponentStep[] = [];
  let additions = 0;
  let isOff = false;
  for (const { phase, minutes, tank } of steps) {
    done.push({ seconds: minutes * MINUTE, ...(phase === "dose" && tank === "DYES" && { holds: "dissolver" }) });
    if (phase !== "sample") continue;
    isOff = random() < offShade;
    while (isOff && additions < MAX_ADDITIONS) {
      additions++;
      done.push(...ADDITION);
      isOff = random() < offShadeAgain;
    }
  }
  return { done, additions, isOff };
}

/** Steam that heats liquor, goods and machine, kg. */
function steamOf({ steps }: Programme, loadKg: number, nominalKg: number): number {
  let [level, steam] = [0, 0];
  for (const { phase, litres = 0, startC, endC } of steps) {
    if (phase === "fill" || phase === "dose") level += litres * loadKg;
    if (phase === "drain") level = 0;
    if (phase === "heat") steam += ((endC - startC) * (4.19 * level + 1.5 * loadKg + 2 * nominalKg) * LOSSES) / STEAM_HEAT;
  }
  return steam;
}
