import { SECOND, type Instant } from "@doppelwerk/world";
import type { LineDefinition } from "../definition/line-definition.ts";
import type { LineRoutes } from "./line-routes.ts";
import type { TrackerState } from "./tracker-state.ts";
import type { PartAt, PartCount, PartPosition, StationWip, TrackedPart, TrackerSnapshot } from "./tracked-part.ts";

/** The picture at an instant; the state stands as of its last reading at or before it. */
export function pictureOf(state: TrackerState, definition: LineDefinition, routes: LineRoutes, instant: Instant): TrackerSnapshot {
  const parts: PartAt[] = [];
  const stations: Record<string, StationWip> = {};
  let error = 0;
  for (const station of definition.stations) {
    const places = state.places[station.id]!.filter((serial) => serial !== "").map((serial) => state.parts[serial]!);
    const waiting = state.queues[station.id]!.map((serial) => state.parts[serial]!);
    for (const part of places)
      parts.push(partAt(part, station.id, { kind: "place", station: station.id, place: part.place ?? 0 }, instant));
    const slots = { main: 0, component: 0 };
    for (const part of waiting) parts.push(partAt(part, station.id, waitingAt(part, station.id, routes, slots, instant), instant));
    const own = waiting.filter((part) => !part.component || routes.isComponent(station.id));
    const wip: StationWip = {
      places: { value: places.length, error: places.filter((part) => part.inferred).length },
      buffer: { value: own.length, error: uncertain(own, station.buffer + station.places) },
      components: waiting.length - own.length,
    };
    stations[station.id] = wip;
    error += wip.places.error + wip.buffer.error;
  }
  const carriers = definition.carriers && carriersOf(parts, definition.carriers, routes, error);
  return {
    instant,
    parts,
    wip: { value: parts.length, error },
    stations,
    ...(carriers ? { carriers } : {}),
    unmatched: [...state.unmatched],
    missedReads: state.missedReads,
    inversions: state.inversions,
  };
}

/** Parts passed by others, not read, or more than there is room for. */
function uncertain(parts: readonly TrackedPart[], room: number): number {
  const doubtful = parts.filter((part) => part.overtaken > 0 || part.serial.startsWith("?")).length;
  return Math.min(parts.length, Math.max(doubtful, parts.length - room));
}

function waitingAt(
  part: TrackedPart,
  station: string,
  routes: LineRoutes,
  slots: { main: number; component: number },
  instant: Instant,
): PartPosition {
  const travelS = part.from === undefined ? 0 : (routes.flow(part.from, station)?.travelS ?? 0);
  const elapsedS = (instant - part.since) / SECOND;
  if (part.from !== undefined && elapsedS < travelS) {
    return { kind: "path", path: `${part.from}>${station}`, from: part.from, station, fraction: Math.max(0, elapsedS) / travelS };
  }
  const slot = part.component && !routes.isComponent(station) ? slots.component++ : slots.main++;
  return { kind: "buffer", station, slot };
}

function partAt(part: TrackedPart, station: string, at: PartPosition, instant: Instant): PartAt {
  return {
    serial: part.serial,
    product: part.product,
    enteredAt: part.enteredAt,
    since: part.since,
    at,
    inferred: part.inferred || part.overtaken > 0,
    reworked: part.reworked,
    component: part.component,
    tries: part.tries[station] ?? 0,
    ...(part.enteredAt === undefined ? {} : { ageS: (instant - part.enteredAt) / SECOND }),
  };
}

function carriersOf(
  parts: readonly PartAt[],
  carriers: NonNullable<LineDefinition["carriers"]>,
  routes: LineRoutes,
  error: number,
): TrackerSnapshot["carriers"] {
  const first = routes.order(carriers.from);
  const last = routes.order(carriers.to);
  const used = parts.filter((part) => {
    if (part.component) return false;
    if (routes.isRework(part.at.station)) return true;
    const order = routes.order(part.at.station);
    if (part.at.kind === "place") return order >= first && order <= last;
    return order > first && order <= last;
  }).length;
  const free: PartCount = { value: Math.max(0, carriers.count - used), error };
  return { total: carriers.count, used, free };
}
