import type { LineInfo, Snapshot, StationSnapshot } from "@doppelwerk/client";
import type { Person } from "@doppelwerk/sync";
import type { BranchId } from "@doppelwerk/world";
import { placesUp, stateLook } from "@doppelwerk/ui";
import type { PartFrame, StationFrame, StationState, VehicleFrame, ViewerFrame } from "./viewer-frame.ts";

export interface FrameInput {
  readonly snapshot: Snapshot;
  readonly line: LineInfo;
  /** Robot part id → its station, from the stage. */
  readonly robots: ReadonlyMap<string, string>;
  readonly people: readonly Person[];
  readonly self: string | undefined;
  readonly branch: BranchId;
  readonly stale: boolean;
  readonly colourOf: (person: Person) => string;
  /** A state in words, for stations that measure no cycle. */
  readonly stateWord: (state: string) => string;
  /** Of a station of several places, how many are up. */
  readonly placesWord: (up: number, count: number) => string;
}

/** The 3D world at an instant, from the same snapshot as board and lists: WIP in 3D equals WIP in the table (P11). */
export function snapshotFrame(input: FrameInput): ViewerFrame {
  const { snapshot, line } = input;
  const stations = new Map<string, StationFrame>();
  const parts: PartFrame[] = [];
  const robots = new Map<string, number>();
  const order = new Map(line.stations.map((station, index) => [station.id, index]));
  const last = Math.max(1, line.stations.length - 1);
  const seen = new Set<string>();
  for (const station of snapshot.stations) {
    stations.set(station.id, stationFrame(station, input));
    const progress = (order.get(station.id) ?? 0) / last;
    const put = (serial: string, product: string, inferred: boolean, at: PartFrame["at"]): void => {
      if (seen.has(serial)) return;
      seen.add(serial);
      parts.push({ serial, product, at, progress, inferred });
    };
    station.places.forEach((place, index) => {
      if (place.serial !== undefined) put(place.serial, place.product ?? "", station.inferred, { station: station.id, place: index });
    });
    station.buffer.parts.forEach((part, slot) => put(part.serial, part.product, part.inferred, { bufferOf: station.id, slot }));
  }
  for (const [robot, stationId] of input.robots) {
    const station = snapshot.stations.find((candidate) => candidate.id === stationId);
    const phase = station === undefined ? undefined : cyclePhase(station, line, snapshot.instant);
    if (phase !== undefined) robots.set(robot, phase);
  }
  return { instant: snapshot.instant, stations, parts, vehicles: vehicles(snapshot), robots, pointers: pointers(input) };
}

function stationFrame(station: StationSnapshot, { snapshot, stale, line, stateWord, placesWord }: FrameInput): StationFrame {
  // What has returned to normal waits in the list for its acknowledgement; in the world it would cry wolf.
  const alarms = snapshot.alarms.filter(
    (alarm) =>
      alarm.station === station.id &&
      (alarm.state === "unacknowledged" || alarm.state === "acknowledged" || alarm.state === "latched") &&
      alarm.priority < 4,
  );
  const gravest = alarms.toSorted((a, b) => a.priority - b.priority)[0];
  const info = line.stations.find((candidate) => candidate.id === station.id);
  const places = placesUp(station);
  const value =
    places !== undefined
      ? placesWord(places.up, places.count)
      : isAlarmOfState(gravest) || station.lastCycleS === undefined
        ? stateWord(station.state)
        : `${station.lastCycleS.toFixed(1)}\u202fs`;
  const bodies = new Map<number, { state: StationState }>();
  if (station.places.length > 1) station.places.forEach((place, index) => bodies.set(index, { state: viewerState(place.state) }));
  return {
    state: viewerState(station.state),
    cause: station.cause,
    ...(gravest === undefined ? {} : { beacon: gravest.priority, acknowledged: gravest.state !== "unacknowledged" }),
    value,
    quality: stale ? "stale" : station.inferred ? "uncertain" : "good",
    ...(bodies.size === 0 ? {} : { places: bodies }),
    relevance:
      (info?.constraint === true ? 5 : 0) +
      (stateLook(station.state) === "failed" ? 3 : 0) +
      station.buffer.count / Math.max(1, station.buffer.capacity),
  };
}

/** The label says what the station does now. What was measured when the alarm was raised stands, with its unit, where alarms are listed. */
function isAlarmOfState(alarm: Snapshot["alarms"][number] | undefined): boolean {
  return alarm?.value !== undefined && /^[a-zA-Z]+$/.test(alarm.value);
}

/** The viewer draws no micro-stop of its own: a machine that stands for a moment is idle, its beacon says the rest. */
function viewerState(state: string): StationState {
  const look = stateLook(state);
  return look === "stopped" ? "idle" : look;
}

function cyclePhase(station: StationSnapshot, line: LineInfo, instant: number): number | undefined {
  if (stateLook(station.state) !== "running") return undefined;
  const info = line.stations.find((candidate) => candidate.id === station.id);
  const begun = station.places[0]?.since ?? station.since;
  const cycleS = station.lastCycleS ?? info?.idealCycleS;
  if (cycleS === undefined || cycleS <= 0) return undefined;
  return ((instant - begun) / 1e6 / cycleS) % 1;
}

function vehicles(snapshot: Snapshot): readonly VehicleFrame[] {
  return snapshot.agvs.map((vehicle) => ({
    id: vehicle.id,
    at: { floorX: vehicle.x, floorY: vehicle.y, headingDeg: vehicle.heading },
    loaded: vehicle.state === "loaded" || vehicle.state === "driving" || vehicle.state === "delivering",
  }));
}

function pointers({ people, self, branch, colourOf }: FrameInput): ViewerFrame["pointers"] {
  return people
    .filter(
      (person) =>
        person.id !== self &&
        person.presence.branch === branch &&
        person.presence.pointer !== undefined &&
        person.presence.view === "world",
    )
    .map((person) => ({ id: person.id, name: person.name, colour: colourOf(person), at: person.presence.pointer! }));
}
