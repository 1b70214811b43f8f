import type { PlantView } from "@doppelwerk/kit/server";
import type { AuditQuestion, FigureAudit, LineFlow, ShiftFold } from "@doppelwerk/ports";
import { auditedFigures } from "../model/audit/audited-figures.ts";
import { withUnits } from "./recorded-units.ts";

interface Sources {
  readonly fold: ShiftFold;
  readonly flow: LineFlow | undefined;
  readonly view: PlantView;
}

/** The figures of the shift that runs at the instant, with their inputs; outside of shifts those of the last one before it, or of what was produced since outside of any. */
export async function auditedShift(
  { line: id, place, at, shift: within }: AuditQuestion,
  { fold, flow, view }: Sources,
): Promise<readonly FigureAudit[]> {
  if (place !== undefined) return [];
  const [line, folded = []] = await Promise.all([fold.results(within === undefined ? at : undefined, id), flow?.folded()]);
  const definition = (id === undefined ? folded[0] : folded.find((each) => each.definition.id === id))?.definition;
  if (line === undefined || definition === undefined) return [];
  const { running, shifts, unplanned = [] } = line;
  const worked = unplanned.filter(({ oee, line: { completed } }) => completed > 0 || (oee?.produced ?? 0) > 0);
  // what is unplanned is known as it is now: before its end it is no figure of the instant
  const before = [
    ...shifts.filter((each) => at === undefined || each.from <= at),
    ...worked.filter((each) => at === undefined || each.to <= at),
  ];
  const shift =
    within === undefined
      ? (shifts.find((each) => each.id === running?.id) ?? before.toSorted((a, b) => a.from - b.from).at(-1))
      : (shifts.find((each) => each.from <= within && within < each.to) ?? worked.find((each) => each.from <= within && within <= each.to));
  if (shift === undefined) return [];
  return withUnits(auditedFigures(definition, shift), view, new Set(definition.stations.map((station) => station.id)));
}
