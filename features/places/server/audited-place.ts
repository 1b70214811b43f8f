import type { PlantView } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/kit";
import { createShiftCalendar, zoneOffsetOf } from "@doppelwerk/operations";
import type { AuditQuestion, FigureAudit } from "@doppelwerk/ports";
import { LIVE, type Instant, type RecordId } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { auditedEnergy, type AuditedMeter } from "../model/audited-energy.ts";
import { auditedForecast } from "../model/audited-forecast.ts";
import { auditedStop, auditedStops } from "../model/audited-stop.ts";
import { auditedSums } from "../model/audited-sums.ts";
import { costOf } from "../model/cost.ts";
import { sumPlaces } from "../model/place-sums.ts";
import type { Place } from "../model/place.ts";
import { placesWithin } from "../model/readable-places.ts";
import { costFacts } from "./cost-facts.ts";
import { forecastParts, type LinePorts } from "./line-figures.ts";
import { metersAmong, type CountedMeter, type MeterCounts } from "./meter-counts.ts";
import { placedSignals, type AskedFacts } from "./plant-facts.ts";
import { factsOf, type SummaryPorts } from "./place-summary.ts";

export interface AuditPorts extends SummaryPorts {
  readonly ofLines: LinePorts;
}

interface Request {
  readonly view: PlantView;
  /** Places of live that the caller may read. */
  readonly places: readonly Place[];
  readonly at: Instant;
  readonly past: boolean;
}

/** Of a place: sums of its lines, alarms, energy and cost. Of a line: what is due, its forecast, and energy and cost of its place. */
export async function auditedPlace(question: AuditQuestion, request: Request, ports: AuditPorts): Promise<readonly FigureAudit[]> {
  const { view, places, at, past } = request;
  const line = question.place === undefined ? await lineOf(question.line, ports.ofLines) : undefined;
  const id = question.place ?? places.find(({ shell }) => shell === line?.shell)?.id;
  const forecast = line === undefined || question.place !== undefined ? [] : await forecastOfLine(line.id, request, ports);
  const within = id === undefined ? [] : placesWithin(places, id);
  if (within.length === 0) return forecast;
  const asked: AskedFacts = { view, within, at, past };
  const isRead = (await ports.reading?.state())?.done !== false;
  const [lines, rules] = [await ports.lines(at, !isRead), (await ports.alarms?.rules()) ?? []];
  const known = await factsOf(asked, ports, { rules, lines, isRead });
  const from = known.metersFrom;
  const cost = await costFacts({ asked, branch: LIVE, places, lines, from, meters: known.meters }, ports.meters);
  const paid = isRead && cost ? costOf(within, cost).get(within[0]!.id) : undefined;
  const { total } = sumPlaces(within, known);
  const shells = new Set(within.map(({ shell }) => shell));
  const own = line === undefined || question.place !== undefined ? undefined : lines.find(({ shell }) => shell === line.shell)?.figures;
  const scrap = new Map(
    lines.flatMap(({ shell, figures }) => (shell !== undefined && shells.has(shell) ? [[shell, figures.scrap] as const] : [])),
  );
  const meters = await metersOf(asked, isRead ? ports.meters : undefined, from);
  return [
    ...forecast,
    ...(own === undefined ? auditedStops(total, at) : auditedStop(own, at)),
    ...(question.place === undefined
      ? []
      : auditedSums(
          total,
          known.alarms.filter(({ shell }) => shell !== undefined && shells.has(shell)),
          { from, to: at },
        )),
    ...auditedEnergy({ within, meters, from, at, prices: cost, cost: paid, scrap, isRead }),
  ];
}

async function lineOf(
  id: RecordId | undefined,
  { line: flow }: LinePorts,
): Promise<{ readonly id: RecordId; readonly shell: string | undefined } | undefined> {
  const folded = (await flow?.folded()) ?? [];
  const found = (id === undefined ? folded[0] : folded.find(({ definition }) => definition.id === id))?.definition;
  if (found === undefined) return undefined;
  const known = (await flow?.lines())?.lines.find((each) => each.id === found.id);
  return { id: found.id, shell: found.shell ?? known?.shell };
}

async function forecastOfLine(id: RecordId, { at, past }: Request, { ofLines }: AuditPorts): Promise<readonly FigureAudit[]> {
  const definition = (await ofLines.line?.folded())?.find((each) => each.definition.id === id)?.definition;
  if (definition === undefined) return [];
  const calendar = createShiftCalendar(definition.shifts, zoneOffsetOf(definition.timeZone));
  const planned = calendar.shiftAt(at);
  if (planned === undefined) return [];
  const shift = { from: planned.start, to: planned.end };
  const { taktS } = definition;
  const found = past ? undefined : await forecastParts(ofLines, { line: id, shift, at });
  return auditedForecast({
    shift,
    at,
    planned:
      taktS === undefined || taktS <= 0
        ? undefined
        : { untilS: calendar.plannedBetween(shift.from, at), wholeS: calendar.plannedBetween(shift.from, shift.to), taktS },
    forecast: found?.parts,
    why: found?.why,
  });
}

/** Without counts: that they are there, while what they counted is not known yet. */
async function metersOf(asked: AskedFacts, counts: MeterCounts | undefined, from: Instant): Promise<readonly AuditedMeter[]> {
  const placed = await placedSignals(asked);
  const byShell = new Map(asked.within.map((place) => [place.shell, place]));
  const records = new Map(placed.map(({ signal }) => [signal.id, signal]));
  const meters: readonly CountedMeter[] = counts === undefined ? metersAmong(placed) : await counts.counted(placed, asked, from);
  return meters.map((meter) => {
    const { name, names, shell } = records.get(meter.signal)!;
    const title = { en: names?.["en"] ?? name, zh: names?.["zh"] ?? names?.["zh-CN"] ?? name };
    const place = byShell.get(shell!)?.title ?? { en: "", zh: "" };
    return { ...meter, title: message("places.audit.meterAt", { place, meter: title }) };
  });
}
