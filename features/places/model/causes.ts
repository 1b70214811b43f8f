import { MINUTE, type RecordId } from "@doppelwerk/world";
import type { AlarmItem } from "@doppelwerk/sync";
import type { Cause, LineFigures } from "../contract.ts";
import { chainedCauses, mostAtRiskFirst, unitsAtRisk } from "./cause-chains.ts";
import { isActive, isTroubled, isUnacknowledged, type PlaceFacts } from "./place-facts.ts";
import { rowsOf } from "./place-sums.ts";
import { isAreaOrAbove, isWorkCentre, type Place } from "./place.ts";

/** Stops that are shorter are micro-stops, not breakdowns (P8). */
const STOP_FROM = 5 * MINUTE;
const MAX_CHAIN = 6;
/** Of what is due: a line that is less behind varies as lines do. */
const BEHIND_SHARE = 0.05;
const STANDING: ReadonlySet<string> = new Set(["failed", "microStop", "starved", "blocked", "maintenance"]);
const PRIORITY_OF_STOP = 2;
const PRIORITY_OF_CONNECTION = 3;

/**
 * Why places in a tree need attention, in the order of `mostAtRiskFirst`. Alarms of one work centre are one cause, with the lines that follow it.
 * Diagnostic alarms (4) alone are none.
 * @param within the place, then everything in it
 */
export function causesOf(within: readonly Place[], facts: PlaceFacts): readonly Cause[] {
  const root = within[0]!.id;
  const rows = rowsOf(within);
  const rowOf = (place: RecordId): RecordId => rows.get(place) ?? root;
  const byShell = new Map(within.map((place) => [place.shell, place]));
  const centres = centresOf(within);
  const alarms = new Map<RecordId, AlarmItem[]>();
  for (const { shell, alarm } of facts.alarms) {
    const place = shell === undefined ? undefined : byShell.get(shell);
    if (place === undefined || !isActive(alarm)) continue;
    const centre = centres.get(place.id)!.id;
    alarms.set(centre, [...(alarms.get(centre) ?? []), alarm]);
  }
  const lines = new Map(
    facts.lines.flatMap(({ shell, figures }) => (byShell.has(shell) ? [[byShell.get(shell)!.id, figures] as const] : [])),
  );
  const places = new Map(within.map((place) => [place.id, place]));
  const causes = [...new Set([...alarms.keys(), ...lines.keys()])].flatMap((id) => {
    const found = causeAt(places.get(id)!, alarms.get(id) ?? [], lines.get(id), facts.at);
    return found === undefined ? [] : [{ ...found, row: rowOf(id) }];
  });
  return [...chainedCauses(causes, places), ...lostConnections(within, facts, rowOf)].toSorted(mostAtRiskFirst);
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

function causeAt(
  place: Place,
  alarms: readonly AlarmItem[],
  line: Omit<LineFigures, "id" | "title" | "alarms"> | undefined,
  at: number,
): Omit<Cause, "row"> | undefined {
  const urgent = alarms.filter(({ priority }) => priority < 4);
  const isStanding = line !== undefined && stands(line, at);
  const behind = line === undefined ? undefined : unitsBehind(line);
  if (urgent.length === 0 && !isStanding && behind === undefined) return undefined;
  const chain = urgent.toSorted((a, b) => a.since - b.since || Number(b.firstOut ?? false) - Number(a.firstOut ?? false));
  const priorities = [...urgent.map(({ priority }) => priority), ...(isStanding ? [PRIORITY_OF_STOP] : [])];
  const since = isStanding ? line.since : chain[0]?.since;
  const atRisk = line === undefined ? undefined : unitsAtRisk(line, isStanding ? (line.since ?? at) : undefined);
  const late = line?.good !== undefined && line.due !== undefined ? Math.max(0, line.due - line.good) : undefined;
  return {
    kind: isStanding ? "stopped" : urgent.length > 0 ? "alarm" : "behind",
    place: place.id,
    title: place.title,
    ...(priorities.length > 0 && { priority: Math.min(...priorities) as 1 | 2 | 3 }),
    ...(since !== undefined && { since }),
    ...(isStanding && { state: line.state }),
    ...(late !== undefined && { unitsBehind: late }),
    ...(atRisk !== undefined && { unitsAtRisk: atRisk }),
    ...(line?.unknownS !== undefined && (late !== undefined || atRisk !== undefined) && { atMost: true }),
    chain: chain.slice(0, MAX_CHAIN).map((alarm) => ({
      alarm: alarm.id,
      at: alarm.since,
      priority: alarm.priority,
      title: alarm.title,
      station: alarm.station,
      ...(alarm.value !== undefined && { value: alarm.value }),
      isAcknowledged: !isUnacknowledged(alarm),
    })),
    more: Math.max(0, alarms.length - Math.min(MAX_CHAIN, chain.length)),
  };
}

function stands({ state, since }: Pick<LineFigures, "state" | "since">, at: number): boolean {
  if (!STANDING.has(state)) return false;
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
