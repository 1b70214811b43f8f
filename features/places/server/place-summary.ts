import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { zoneOffsetOf, type AlarmRule } from "@doppelwerk/operations";
import type { AlarmFold, Connections, DerivedSignals, PastReading } from "@doppelwerk/ports";
import { DAY, MINUTE, type BranchId, type Instant, type RecordId } from "@doppelwerk/world";
import type { AreaKpis, Summary } from "../contract.ts";
import type {} from "../message-codes.ts";
import { causesOf } from "../model/causes.ts";
import { costOf } from "../model/cost.ts";
import { energyOf } from "../model/energy.ts";
import type { PlaceFacts } from "../model/place-facts.ts";
import { energyFields, shellsWithValues, shownPlace, sumPlaces } from "../model/place-sums.ts";
import type { Place } from "../model/place.ts";
import { pathTo, placesWithin } from "../model/readable-places.ts";
import { areaKpis } from "./area-kpis.ts";
import { costFacts } from "./cost-facts.ts";
import type { FiguresOfLine } from "./line-figures.ts";
import type { MeterCounts } from "./meter-counts.ts";
import { alarmFacts, connectionFacts, placedSignals, shellOfAlarm, signalFact, valueFacts, type AskedFacts } from "./plant-facts.ts";
import { stationStates } from "./station-states.ts";

export interface SummaryPorts {
  /** What is known of the lines of the world at the instant; `reading`: while the past is still read. */
  lines(at: Instant, reading: boolean): Promise<readonly FiguresOfLine[]>;
  readonly meters: MeterCounts;
  readonly alarms: AlarmFold | undefined;
  readonly connections: Connections | undefined;
  readonly reading: PastReading | undefined;
  readonly derived: DerivedSignals | undefined;
}

export interface SummaryRequest {
  readonly view: PlantView;
  readonly branch: BranchId;
  /** Places of the branch that the principal may read. */
  readonly places: readonly Place[];
  readonly id: RecordId;
  readonly at: Instant;
  readonly past: boolean;
}

/** How far back the alarm that was active last is looked for. */
const LAST_WITHIN = 7 * DAY;
const MAX_TRANSITIONS = 500;

/** A place with its rows. Throws DW_NOT_FOUND where the branch has no such place, or the principal may not read it. */
export async function placeSummary({ view, branch, places, id, at, past }: SummaryRequest, ports: SummaryPorts): Promise<Summary> {
  const within = placesWithin(places, id);
  if (within.length === 0) throw new DoppelwerkError("DW_NOT_FOUND", message("places.noPlace", { id: id.slice(0, 200) }));
  const asked: AskedFacts = { view, within, at, past };
  const rules = (await ports.alarms?.rules()) ?? [];
  const reading = await ports.reading?.state();
  const isRead = reading?.done !== false;
  const lines = await ports.lines(at, !isRead);
  const known = await factsOf(asked, ports, { rules, lines, isRead });
  const cost = await costFacts({ asked, branch, places, lines, from: known.metersFrom, meters: known.meters }, ports.meters);
  // what was metered is not known before the past is read
  const facts = { ...known, ...(cost && isRead && { cost }) };
  const causes = causesOf(within, facts);
  const alarmsUnknownBefore = await ports.alarms?.unknownBefore();
  // after the last one that is known others may have come
  const isLast = causes.length === 0 && alarmsUnknownBefore === undefined;
  const last = !isLast ? undefined : await lastAlarm(asked, ports.alarms, rules);
  const shift = facts.lines.find(({ figures, shell }) => figures.shift !== undefined && within.some((place) => place.shell === shell))
    ?.figures.shift;
  return {
    at,
    live: !past,
    path: pathTo(places, id).map(shownPlace),
    ...(shift && { shift }),
    ...sumPlaces(within, facts),
    stations: await stationStates(asked, ports.derived),
    causes: [...causes],
    ...(last && { last }),
    priced: cost !== undefined,
    ...(reading?.done === false && { reading: reading.progress }),
    ...(alarmsUnknownBefore !== undefined && { alarmsUnknownBefore }),
  };
}

/** KPIs of what belongs to no line in a place. Throws DW_NOT_FOUND as `placeSummary` does. */
export async function placeKpis({ view, branch, places, id, at, past }: SummaryRequest, ports: SummaryPorts): Promise<AreaKpis> {
  const within = placesWithin(places, id);
  if (within.length === 0) throw new DoppelwerkError("DW_NOT_FOUND", message("places.noPlace", { id: id.slice(0, 200) }));
  const asked: AskedFacts = { view, within, at, past };
  const isRead = (await ports.reading?.state())?.done !== false;
  const lines = await ports.lines(at, !isRead);
  const from = countedFrom(lines, at);
  const meters = isRead ? await ports.meters.of(await placedSignals(asked), asked, from) : [];
  const energy = energyOf(within, meters).get(id);
  const shells = new Set(lines.flatMap(({ shell }) => shell ?? []));
  const facts = await costFacts({ asked, branch, places, lines, from, meters }, ports.meters);
  const cost = isRead && facts && costOf(within, facts).get(id);
  return {
    from,
    at,
    ...energyFields(energy, from),
    ...(cost && { cost }),
    ...(await areaKpis({ ...asked, above: pathTo(places, id) }, isRead ? from : at, shells)),
  };
}

/** The beginning of the shift of the first line that is in one, else of the day. */
function countedFrom(lines: readonly FiguresOfLine[], at: Instant): Instant {
  return lines.find(({ figures }) => figures.shift !== undefined)?.figures.shift?.from ?? startOfDay(at, lines[0]?.timeZone ?? "UTC");
}

/** What features know of places at an instant; cost apart. */
export async function factsOf(
  asked: AskedFacts,
  ports: SummaryPorts,
  { rules, lines, isRead }: { readonly rules: readonly AlarmRule[]; readonly lines: readonly FiguresOfLine[]; readonly isRead: boolean },
): Promise<PlaceFacts> {
  const signals = await placedSignals(asked);
  const metersFrom = countedFrom(lines, asked.at);
  const ofLines = lines.flatMap(({ shell, figures }) => (shell === undefined ? [] : [{ shell, figures }]));
  const shown = shellsWithValues(asked.within, ofLines);
  return {
    at: asked.at,
    lines: ofLines,
    alarms: await alarmFacts(ports.alarms, rules, asked),
    signals: signals.map(signalFact),
    connections: await connectionFacts(ports.connections, asked),
    values: valueFacts(
      signals.filter(({ shell }) => shown.has(shell)),
      rules,
    ),
    // while the past is read, what was counted since an instant is not known: the reading before it may be days old
    meters: isRead ? await ports.meters.of(signals, asked, metersFrom) : [],
    metersFrom,
  };
}

function startOfDay(at: Instant, timeZone: string): Instant {
  const offset = zoneOffsetOf(timeZone)(at) * MINUTE;
  return Math.floor((at + offset) / DAY) * DAY - offset;
}

/** The alarm of these places that returned to normal last. */
async function lastAlarm(asked: AskedFacts, fold: AlarmFold | undefined, rules: readonly AlarmRule[]): Promise<Summary["last"]> {
  const { view, within, at } = asked;
  const limits = { max: MAX_TRANSITIONS, mayRead: (signal: RecordId) => view.mayReadSignal(signal) };
  const transitions = (await fold?.transitions(at - LAST_WITHIN, at, undefined, limits)) ?? [];
  const shellOf = shellOfAlarm(rules, asked);
  const byShell = new Map(within.map((place) => [place.shell, place]));
  for (const { alarm, inputs } of transitions) {
    if (alarm.priority > 3 || (alarm.state !== "normal" && alarm.state !== "returnedUnacknowledged")) continue;
    const place = byShell.get(shellOf(alarm, inputs) ?? "");
    if (place !== undefined) return { title: alarm.title, place: place.id, at: alarm.changed };
  }
  return undefined;
}
