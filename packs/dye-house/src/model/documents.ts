import type { LocalText } from "@doppelwerk/kit";
import type { TrackedMachine } from "./batch-tracker.ts";

// The documents of the pack, as their kinds in package.json describe them.

/** Where something stands on the plan, m; y to the north. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** `dyeHouse.machine`: a batch machine and the signals that tell of it. */
export interface MachineDocument extends TrackedMachine {
  readonly id: string;
  readonly kind: "dyeHouse.machine";
  readonly name: string;
  readonly title: LocalText;
  /** AAS id of its shell. */
  readonly shell: string;
  readonly place?: Place;
  /** Litres a kilogram at the nominal load. */
  readonly liquorRatio: number;
  readonly capacityL: number;
  readonly batchSignal?: string;
  readonly recipeSignal?: string;
  readonly loadSignal?: string;
  readonly stepSignal?: string;
  readonly functionSignal?: string;
  readonly temperatureSignal?: string;
  readonly setpointSignal?: string;
  readonly levelSignal?: string;
  readonly waterSignal?: string;
  readonly steamSignal?: string;
  readonly energySignal?: string;
}

/** `dyeHouse.range`: what lots pass continuously, a washing range or a stenter. */
export interface RangeDocument {
  readonly id: string;
  readonly kind: "dyeHouse.range";
  readonly name: string;
  readonly title: LocalText;
  readonly shell: string;
  readonly place?: Place;
  readonly rangeKind: "washer" | "stenter";
  /** Nominal, m/min. */
  readonly speed: number;
  readonly batchSignal?: string;
  readonly speedSignal?: string;
  readonly lengthSignal?: string;
  readonly moistureSignal?: string;
  readonly waterSignal?: string;
  readonly steamSignal?: string;
  readonly gasSignal?: string;
  readonly zone1Signal?: string;
  readonly zone2Signal?: string;
  readonly zone3Signal?: string;
  readonly zone4Signal?: string;
  readonly zone5Signal?: string;
  readonly set1Signal?: string;
  readonly set2Signal?: string;
  readonly set3Signal?: string;
  readonly set4Signal?: string;
  readonly set5Signal?: string;
}

/** `dyeHouse.tank`: a tank of the dye kitchen. */
export interface TankDocument {
  readonly id: string;
  readonly kind: "dyeHouse.tank";
  readonly name: string;
  readonly title: LocalText;
  readonly shell: string;
  readonly place?: Place;
  readonly capacityL: number;
  readonly levelSignal?: string;
  readonly temperatureSignal?: string;
  readonly flowSignal?: string;
}

/** A phase of a recipe, as engineering describes it. */
export interface RecipeStep {
  /** Unit procedure of ISA-88: `prepare`, `dye`, `wash`. */
  readonly unit: string;
  readonly phase: string;
  readonly minutes?: number;
  /** °C. */
  readonly to?: number;
  /** K/min. */
  readonly gradient?: number;
  /** L/kg. */
  readonly litres?: number;
  readonly tank?: string;
}

/** `dyeHouse.recipe`: a master recipe. */
export interface RecipeDocument {
  readonly id: string;
  readonly kind: "dyeHouse.recipe";
  readonly code: string;
  readonly title: LocalText;
  readonly steps: readonly RecipeStep[];
}

/** `dyeHouse.lot`: goods of one shade, to be dyed together. */
export interface LotDocument {
  readonly id: string;
  readonly kind: "dyeHouse.lot";
  readonly code: string;
  readonly recipe: string;
  /** Weighed, kg. */
  readonly loadKg: number;
  readonly article?: string;
  readonly colour?: string;
}

/** `dyeHouse.assignment`: which machine dyes a lot, and when. */
export interface AssignmentDocument {
  readonly id: string;
  readonly kind: "dyeHouse.assignment";
  readonly lot: string;
  readonly machine: string;
  /** Planned beginning, µs. */
  readonly start: number;
}
