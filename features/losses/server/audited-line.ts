import type { AuditQuestion, FigureAudit, LineFlow, ShiftFigures } from "@doppelwerk/ports";
import type { Instant } from "@doppelwerk/world";
import { auditedLosses } from "../model/audited-losses.ts";
import { budgetWithPieces, type GivenReasons } from "../model/losses-of-shifts.ts";

/** The loss budget of the shift that is asked for, with what each row was computed of; none of a place. */
export async function auditedLine(
  { line, place, at, shift, span }: AuditQuestion,
  shifts: ShiftFigures | undefined,
  flow: Pick<LineFlow, "plannedStates">,
  given: (from: Instant, to: Instant) => GivenReasons,
): Promise<readonly FigureAudit[]> {
  if (shifts === undefined || place !== undefined || span === undefined || span.to <= span.from) return [];
  const found = await shifts.within(span.from, span.to, shift === undefined ? at : undefined, line);
  const asked = found && { ...found, shifts: found.shifts.filter(({ from }) => from === span.from) };
  const made = await budgetWithPieces(asked, (from, to) => flow.plannedStates(from, to, line), given(span.from, span.to));
  return made === undefined ? [] : auditedLosses(made);
}
