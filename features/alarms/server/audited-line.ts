import type { PlantView } from "@doppelwerk/kit/server";
import type { AlarmFold, AuditQuestion, ConcludedAlarm, FigureAudit, LineFlow } from "@doppelwerk/ports";
import type { Instant } from "@doppelwerk/world";
import { MAX_OCCURRENCES } from "../contract.ts";
import { auditedAlarms } from "../model/audited-alarms.ts";
import { isOfLine } from "./alarms-of-line.ts";
import { readOccurrences } from "./fold/occurrence-page.ts";
import { shownOccurrence, type OccurrenceReading } from "./fold/shown-occurrence.ts";

interface Sources {
  readonly view: PlantView;
  readonly fold: Pick<AlarmFold, "at"> & { reading(mayRead: (signal: string) => boolean): OccurrenceReading };
  readonly flow: Pick<LineFlow, "folded">;
  readonly now: Instant;
}

/** Counts of the alarms of a line, of those that the caller may read; none of a place, which has counts of its own. */
export async function auditedAlarmsOf(
  { line, place, at, shift, span }: AuditQuestion,
  { view, fold, flow, now }: Sources,
): Promise<readonly FigureAudit[]> {
  if (place !== undefined) return [];
  const lines = await flow.folded();
  const isAsked = isOfLine(lines, line ?? lines[0]?.definition.id);
  const mayRead = (signal: string): boolean => view.mayReadSignal(signal);
  const knownAt = async (instant: Instant | undefined) =>
    (await fold.at(instant))
      .filter(({ inputs }: ConcludedAlarm) => inputs.every(mayRead))
      .map(({ alarm }) => alarm)
      .filter(isAsked);
  const end = shift === undefined ? at : Math.min(span?.to ?? now, now);
  const known = await knownAt(end);
  const counts = { at: end ?? now, known, span };
  if (span === undefined || span.to <= span.from) return auditedAlarms({ ...counts, span: undefined, occurrences: [], knownAtEnd: [] });
  const reading = fold.reading(mayRead);
  const ofLine = (rule: { readonly id: string; readonly station?: string }): boolean => isAsked({ rule: rule.id, station: rule.station });
  const read = await readOccurrences(reading, { ...span, limit: MAX_OCCURRENCES, isAsked: ofLine });
  const occurrences = read.occurrences.map((each) => shownOccurrence(each, read.firstOutOf, reading));
  return auditedAlarms({ ...counts, occurrences, knownAtEnd: await knownAt(Math.min(span.to, now)) });
}
