import { MINUTE, type RecordId } from "@doppelwerk/world";
import type { AlarmItem } from "@doppelwerk/sync";
import type { Cause, LineFigures } from "../contract.ts";
import { chainedCauses, mostLostFirst } from "./cause-chains.ts";
import { isActiveAlarm } from "@doppelwerk/sync";
import { isTroubled, isUnacknowledged, type PlaceFacts } from "./place-facts.ts";
import { rowsOf } from "./place-sums.ts";
import { isAreaOrAbove, isWorkCentre, type Place } from "./place.ts";

/** Stops that are shorter are micro-stops, not breakdowns (P8). */
const STOP_FROM = 5 * MINUTE;
const MAX_CHAIN = 6;
/** Of what is due: a line that is less behind varies as lines do. */
const BEHIND_SHARE = 0.05;
export const STOP_STATES: ReadonlySet<string> = new Set(["failed", "microStop", "starved", "blocked", "maintenance"]);
/** Of the constraint itself: time that no other station explains. */
const OWN_STOPS: ReadonlySet<string> = new Set(["failed", "microStop", "maintenance", "setUp"]);
/** Shorter losses are no reason. */
const LEAST_LOSS_S = 30;
const PRIORITY_OF_STOP = 2;
const PRIORITY_OF_CONNECTION = 3;

/**
 * Why places in a tree need attention, in the order of `mostLostFirst`. Alarms of one work centre are one cause, with the lines that follow it; those of a
 * station that has cost its line units are one of their own. Diagnostic alarms (4) alone are none.
 * @param within the place, then everything in it
 */
export function causesOf(within: readonly Place[], facts: PlaceFacts): readonly Cause[] {
  const root = within[0]!.id;
  const rows = rowsOf(within);
  const rowOf = (place: RecordId): RecordId => rows.get(place) ?? root;
  const byShell = new Map(within.map((place) => [place.shell, place]));
  const centres = centresOf(within);
  const alarms = new Map<RecordId, PlacedAlarm[]>();
  for (const { shell, alarm, began } of facts.alarms) {
    const place = shell === undefined ? undefined : byShell.get(shell);
    if (place === undefined || !isActiveAlarm(alarm)) continue;
    const centre = centres.get(place.id)!.id;
    alarms.set(centre, [...(alarms.get(centre) ?? []), { ...alarm, standsAt: place, ...(began !== undefined && { began }) }]);
  }
  const lines = new Map(
    facts.lines.flatMap(({ shell, figures }) => (byShell.has(shell) ? [[byShell.get(shell)!.id, figures] as const] : [])),
  );
  const places = new Map(within.map((place) => [place.id, place]));
  const causes = [...new Set([...alarms.keys(), ...lines.keys()])].flatMap((id) =>
    causesAt(places.get(id)!, alarms.get(id) ?? [], lines.get(id), facts.at).map((found) => ({ ...found, row: rowOf(id) })),
  );
  return [...chainedCauses(causes, places), ...lostConnections(within, facts, rowOf)].toSorted(mostLostFirst);
}

/** Of each place the work centre or area that it belongs to: itself, or the nearest one above. */
function centresOf(within: readonly Place[]): ReadonlyMap<RecordId, Place> {
  const centres = new Map<RecordId, Place>();
  for (const place of within) {
    const above = place.parent === undefined ? undefined : centres.get(place.parent);
    const isCentre = isWorkCentre(place.kind) || isAreaOrAbove(place.kind) || above === undefined;
    centres.set(place.id, isCentre ? place : above);
  }
  return centres;
}

type Line = Omit<LineFigures, "id" | "title" | "alarms">;
type PlacedAlarm = AlarmItem & { readonly standsAt: Place; readonly began?: number };
type Found = Omit<Cause, "row">;

/** Of a work centre or area: that it stands, with the alarms of its stop; stations that have cost it units; other alarms; that it is behind. */
function causesAt(place: Place, alarms: readonly PlacedAlarm[], line: Line | undefined, at: number): readonly Found[] {
  const isStanding = line !== undefined && stands(line, at);
  const apart = line === undefined ? new Map<string, readonly PlacedAlarm[]>() : alarmsOfCostly(alarms, line, isStanding);
  const rest = alarms.filter(({ station }) => !apart.has(station));
  const stations = [...apart].flatMap(([station, own]) => alarmCause(place, own, unitsLostTo(line!, station)) ?? []);
  const stop = isStanding ? stopCause(place, rest, line) : undefined;
  const others = isStanding ? undefined : alarmCause(place, rest, undefined);
  const behind = line === undefined ? undefined : behindCause(place, line, isStanding);
  return [stop, ...stations, others, behind].filter((cause) => cause !== undefined);
}

/** Alarms by station, of stations that have cost the line at least a unit in its shift, without those that are the reason of its present stop. */
function alarmsOfCostly(alarms: readonly PlacedAlarm[], line: Line, isStanding: boolean): ReadonlyMap<string, readonly PlacedAlarm[]> {
  const ofStop = new Set(isStanding ? [line.station, ...(line.waits ?? []).map(({ station }) => station)] : []);
  const found = new Map<string, readonly PlacedAlarm[]>();
  for (const alarm of alarms) {
    const { station } = alarm;
    if (station === "" || ofStop.has(station) || Math.round(unitsLostTo(line, station) ?? 0) < 1) continue;
    found.set(station, [...(found.get(station) ?? []), alarm]);
  }
  return found;
}

/** What the loss budget of the shift has for a station: of the constraint its own stops, of another the waits for it. */
function unitsLostTo({ budget = [], station: constraint }: Line, station: string): number | undefined {
  const rows = budget.filter((row) =>
    row.station === undefined ? station === constraint && OWN_STOPS.has(row.state) : row.station === station,
  );
  const units = rows.flatMap((row) => row.units ?? []);
  return units.length === 0 ? undefined : units.reduce((sum, each) => sum + each, 0);
}

function stopCause(place: Place, alarms: readonly PlacedAlarm[], { state, since, stop, waits }: Line): Found {
  const { priority, chain, more } = chainOf(alarms);
  return {
    kind: "stopped",
    place: place.id,
    title: place.title,
    priority: Math.min(priority ?? PRIORITY_OF_STOP, PRIORITY_OF_STOP) as 1 | 2,
    ...(since !== undefined && { since }),
    state,
    // all that a line is behind is no matter of one stop
    ...(stop && { unitsLost: stop.units }),
    ...(waits && { waits }),
    chain,
    more,
  };
}

/** Alarms that are one cause; undefined where none of them is urgent. */
function alarmCause(place: Place, alarms: readonly PlacedAlarm[], unitsLost: number | undefined): Found | undefined {
  const { priority, chain, more, urgent } = chainOf(alarms);
  const [first] = urgent;
  if (priority === undefined || first === undefined) return undefined;
  const isOfOne = first.station !== "" && first.standsAt !== place && urgent.every(({ station }) => station === first.station);
  return {
    kind: "alarm",
    place: place.id,
    title: place.title,
    ...(isOfOne && { station: { id: first.station, place: first.standsAt.id, title: first.standsAt.title } }),
    priority,
    // what it is of began before the alarm, by the delay of its rule
    since: first.began ?? first.since,
    ...(unitsLost !== undefined && { unitsLost }),
    chain,
    more,
  };
}

/** A line that is far behind, with what took most of its time; none beside a stop that has cost half of it or more, which is the reason then. */
function behindCause(place: Place, line: Line, isStanding: boolean): Found | undefined {
  const behind = unitsBehind(line);
  if (behind === undefined || (isStanding && behind < 2 * (line.stop?.units ?? 0))) return undefined;
  const mostly = line.budget?.filter(({ state }) => state !== "unknown").toSorted((a, b) => b.seconds - a.seconds)[0];
  return {
    kind: "behind",
    place: place.id,
    title: place.title,
    unitsLost: behind,
    ...(mostly && mostly.seconds >= LEAST_LOSS_S && { mostly }),
    chain: [],
    more: 0,
  };
}

/** Urgent alarms, oldest first, and how urgent they are; `more`: those beyond the chain. */
function chainOf(alarms: readonly PlacedAlarm[]): Pick<Cause, "chain" | "more"> & {
  readonly priority: 1 | 2 | 3 | undefined;
  readonly urgent: readonly PlacedAlarm[];
} {
  const urgent = alarms
    .filter(({ priority }) => priority < 4)
    .toSorted((a, b) => a.since - b.since || Number(b.firstOut ?? false) - Number(a.firstOut ?? false));
  const chain = urgent.slice(0, MAX_CHAIN).map((alarm) => ({
    alarm: alarm.id,
    at: alarm.since,
    ...(alarm.began !== undefined && { began: alarm.began }),
    priority: alarm.priority,
    title: alarm.title,
    station: alarm.station,
    place: alarm.standsAt.id,
    ...(alarm.value !== undefined && { value: alarm.value }),
    isAcknowledged: !isUnacknowledged(alarm),
  }));
  const priority = urgent.length === 0 ? undefined : (Math.min(...urgent.map((alarm) => alarm.priority)) as 1 | 2 | 3);
  return { priority, urgent, chain, more: alarms.length - chain.length };
}

function stands({ state, since }: Pick<LineFigures, "state" | "since">, at: number): boolean {
  if (!STOP_STATES.has(state)) return false;
  return state === "failed" || (since !== undefined && at - since >= STOP_FROM);
}

/** Undefined where it is not so far behind that it needs attention by that alone, or may not be: of a part of the shift nothing is known. */
function unitsBehind({ good, due, unknownS }: Pick<LineFigures, "good" | "due" | "unknownS">): number | undefined {
  if (unknownS !== undefined || good === undefined || due === undefined || due <= 0) return undefined;
  return due - good >= Math.max(3, due * BEHIND_SHARE) ? due - good : undefined;
}

/** Each once, in the row that most of its signals are of. */
function lostConnections(within: readonly Place[], facts: PlaceFacts, rowOf: (place: RecordId) => RecordId): readonly Cause[] {
  const lost = new Map(facts.connections.filter(isTroubled).map((connection) => [connection.id, connection]));
  if (lost.size === 0) return [];
  const byShell = new Map(within.map((place) => [place.shell, place.id]));
  const uses = new Map<RecordId, Map<RecordId, number>>();
  for (const { shell, connection } of facts.signals) {
    const place = byShell.get(shell);
    if (place === undefined || connection === undefined || !lost.has(connection)) continue;
    const rows = uses.get(connection) ?? new Map<RecordId, number>();
    uses.set(connection, rows.set(rowOf(place), (rows.get(rowOf(place)) ?? 0) + 1));
  }
  return [...uses].map(([id, rows]) => {
    const [row] = [...rows].toSorted(([, a], [, b]) => b - a)[0]!;
    const { name, state, since } = lost.get(id)!;
    return {
      kind: "connection",
      row,
      place: row,
      title: { en: name, zh: name },
      priority: PRIORITY_OF_CONNECTION,
      since,
      state,
      chain: [],
      more: 0,
    };
  });
}
