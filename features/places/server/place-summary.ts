import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { zoneOffsetOf, type AlarmRule } from "@doppelwerk/operations";
import type { AlarmFold, Connections, DerivedSignals, PastReading } from "@doppelwerk/ports";
import { DAY, MINUTE, type Instant, type RecordId } from "@doppelwerk/world";
import type { Summary } from "../contract.ts";
import type {} from "../message-codes.ts";
import { causesOf } from "../model/causes.ts";
import type { PlaceFacts } from "../model/place-facts.ts";
import { shownPlace, sumPlaces } from "../model/place-sums.ts";
import type { Place } from "../model/place.ts";
import { pathTo, placesWithin } from "../model/readable-places.ts";
import type { FiguresOfLine } from "./line-figures.ts";
import type { MeterCounts } from "./meter-counts.ts";
import { alarmFacts, connectionFacts, placedSignals, shellOfAlarm, signalFact, valueFacts, type AskedFacts } from "./plant-facts.ts";
import { stationStates } from "./station-states.ts";

export interface SummaryPorts {
  /** What is known of the lines of the world at the instant. */
  lines(at: Instant): Promise<readonly FiguresOfLine[]>;
  readonly meters: MeterCounts;
  readonly alarms: AlarmFold | undefined;
  readonly connections: Connections | undefined;
  readonly reading: PastReading | undefined;
  readonly derived: DerivedSignals | undefined;
}

export interface SummaryRequest {
  readonly view: PlantView;
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
export async function placeSummary({ view, places, id, at, past }: SummaryRequest, ports: SummaryPorts): Promise<Summary> {
  const within = placesWithin(places, id);
  if (within.length === 0) throw new DoppelwerkError("DW_NOT_FOUND", message("places.noPlace", { id: id.slice(0, 200) }));
  const asked: AskedFacts = { view, within, at, past };
  const rules = (await ports.alarms?.rules()) ?? [];
  const lines = await ports.lines(at);
  const facts = await factsOf(asked, ports, rules, lines);
  const causes = causesOf(within, facts);
  const last = causes.length > 0 ? undefined : await lastAlarm(asked, ports.alarms, rules);
  const shift = facts.lines.find(({ figures, shell }) => figures.shift !== undefined && within.some((place) => place.shell === shell))
    ?.figures.shift;
  const reading = await ports.reading?.state();
  return {
    at,
    live: !past,
    path: pathTo(places, id).map(shownPlace),
    ...(shift && { shift }),
    ...sumPlaces(within, facts),
    stations: await stationStates(asked, ports.derived),
    causes: [...causes],
    ...(last && { last }),
    ...(reading?.done === false && { reading: reading.progress }),
  };
}

async function factsOf(
  asked: AskedFacts,
  ports: SummaryPorts,
  rules: readonly AlarmRule[],
  lines: readonly FiguresOfLine[],
): Promise<PlaceFacts> {
  const signals = await placedSignals(asked);
  const metersFrom =
    lines.find(({ figures }) => figures.shift !== undefined)?.figures.shift?.from ?? startOfDay(asked.at, lines[0]?.timeZone ?? "UTC");
  return {
    at: asked.at,
    lines: lines.flatMap(({ shell, figures }) => (shell === undefined ? [] : [{ shell, figures }])),
    alarms: await alarmFacts(ports.alarms, rules, asked),
    signals: signals.map(signalFact),
    connections: await connectionFacts(ports.connections, asked),
    values: valueFacts(signals, rules),
    meters: await ports.meters.of(signals, asked, metersFrom),
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
