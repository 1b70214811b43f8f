import type { LineDefinition, ShiftResult } from "@doppelwerk/operations";
import type { FigureAudit } from "@doppelwerk/ports";
import { oeeFigures } from "./oee-figures.ts";
import { outputFigures } from "./output-figures.ts";
import { timeFigures } from "./time-figures.ts";

/** The figures of a shift with all that they were computed of, so that each can be computed again by hand. */
export function auditedFigures(definition: LineDefinition, shift: ShiftResult): readonly FigureAudit[] {
  const { oee } = shift;
  if (!shift.planned) return unplannedFigures(definition, shift);
  const found = [
    ...outputFigures(definition, shift),
    ...(oee === undefined ? [] : [...oeeFigures(definition, oee), ...timeFigures(shift, oee)]),
  ];
  return found.map((figure) => ({ ...figure, from: shift.from, to: shift.to }));
}

/** Outside of any shift there is no planned time that anything could be divided by: counts alone. */
function unplannedFigures(definition: LineDefinition, shift: ShiftResult): readonly FigureAudit[] {
  const { oee, from, to } = shift;
  return [...outputFigures(definition, shift), ...(oee === undefined ? [] : oeeFigures(definition, oee))]
    .filter(({ unit }) => unit === "units")
    .map((figure) => ({ ...figure, from, to }));
}
