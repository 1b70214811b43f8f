import type { LineDefinition, ShiftResult } from "@doppelwerk/operations";
import type { FigureAudit } from "@doppelwerk/ports";
import { oeeFigures } from "./oee-figures.ts";
import { outputFigures } from "./output-figures.ts";
import { timeFigures } from "./time-figures.ts";

/** The figures of a shift with all that they were computed of, so that each can be computed again by hand. */
export function auditedFigures(definition: LineDefinition, shift: ShiftResult): readonly FigureAudit[] {
  const { oee } = shift;
  const found = [
    ...outputFigures(definition, shift),
    ...(oee === undefined ? [] : [...oeeFigures(definition, oee), ...timeFigures(shift, oee)]),
  ];
  return found.map((figure) => ({ ...figure, from: shift.from, to: shift.to }));
}
