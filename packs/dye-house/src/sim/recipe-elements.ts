import type { RecipeStep } from "../model/documents.ts";

/** A recipe as its submodel has it, the way a line document gives it to a component. */
export interface RecipeElements {
  readonly Code: string;
  readonly Steps: readonly {
    readonly UnitProcedure?: string;
    readonly Phase: string;
    readonly Minutes?: number;
    readonly Temperature?: number;
    readonly Gradient?: number;
    readonly Litres?: number;
    readonly Tank?: string;
  }[];
}

export function stepsOf({ Steps }: RecipeElements): readonly RecipeStep[] {
  return Steps.map(({ UnitProcedure, Phase, Minutes, Temperature, Gradient, Litres, Tank }) => ({
    unit: UnitProcedure ?? "dye",
    phase: Phase,
    ...(Minutes !== undefined && { minutes: Minutes }),
    ...(Temperature !== undefined && { to: Temperature }),
    ...(Gradient !== undefined && { gradient: Gradient }),
    ...(Litres !== undefined && { litres: Litres }),
    ...(Tank !== undefined && { tank: Tank }),
  }));
}
