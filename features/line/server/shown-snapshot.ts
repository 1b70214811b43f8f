import { earlierStates } from "@doppelwerk/operations";
import type {
  CurrentState,
  EarlierState,
  LineDefinition,
  LineReadings,
  PartAt,
  ShiftResult,
  StationDefinition,
} from "@doppelwerk/operations";
import type { AlarmItem } from "@doppelwerk/sync";
import { MINUTE } from "@doppelwerk/world";
import type { Instant, RecordId } from "@doppelwerk/world";
import type { Snapshot, StationSnapshot } from "../contract.ts";
import type { LineOfShells } from "./line-of-shells.ts";

export interface SnapshotExtras {
  readonly live: boolean;
  /** How far the past is read, 0 to 1; absent when all of it is. */
  readonly reading?: number;
  /** There is no past from before. */
  readonly watchedSince?: Instant;
  /** What is counted over a time that is not read yet is unknown, not what was counted so far. */
  readonly countsMissing?: boolean;
  readonly alarms: readonly AlarmItem[];
  /** Alarms raised before it are not known: the past is still being read. */
  readonly alarmsUnknownBefore?: Instant | undefined;
  readonly agvs: Snapshot["agvs"];
  /** Last cycle of a station in seconds, by station id. */
  lastCycleS(station: StationDefinition): number | undefined;
}

/** The line at the engine's instant, as every screen reads it (P11). */
export function shownSnapshot(engine: LineReadings, extras: SnapshotExtras): Snapshot {
  const instant = engine.now();
  const picture = engine.parts();
  const states = engine.states();
  const known: KnownStates = { states, earlier: earlierStates(engine) };
  const parts = Map.groupBy(picture.parts, (part) => part.at.station);
  const shift = engine.calendar.shiftAt(instant);
  const missing = extras.countsMissing === true;
  const result = shift && !missing ? engine.shift(shift.id) : undefined;
  const end = endOfLine(engine.definition);
  return {
    instant,
    live: extras.live,
    ...(extras.reading === undefined ? {} : { reading: extras.reading }),
    ...(extras.watchedSince === undefined ? {} : { watchedSince: extras.watchedSince }),
    stations: engine.definition.stations.map((station) =>
      shownStation(
        engine.definition,
        station,
        known,
        parts.get(station.id) ?? [],
        extras,
        result && goodOf(result, station.id, { states, end }),
      ),
    ),
    wip: {
      error: missing ? 0 : picture.wip.error,
      // an empty line of which nothing was ever received is not known to be empty
      value: missing || (picture.wip.value === 0 && heardNothing(states)) ? undefined : picture.wip.value,
      unmatched: missing
        ? []
        : picture.unmatched
            .filter(({ at }) => at > instant - 8 * 60 * MINUTE)
            .map(({ serial, station, why }) => `${serial} ${why} at ${station}`),
    },
    shift: shift && {
      name: shift.name,
      from: shift.start,
      to: shift.end,
      ...(result === undefined || (result.line.completed === 0 && heardNothing(states)) ? { good: undefined } : outputOf(result)),
      ...(end === undefined ? {} : { countedAt: end }),
      due: dueAt(engine, shift.start, instant),
      plan: dueAt(engine, shift.start, shift.end),
    },
    alarms: [...extras.alarms],
    ...(extras.alarmsUnknownBefore === undefined ? {} : { alarmsUnknownBefore: extras.alarmsUnknownBefore }),
    agvs: extras.agvs,
  };
}

/** A world without a line: alarms alone. */
export function snapshotWithoutLine(
  instant: Instant,
  { live, alarms, alarmsUnknownBefore }: Pick<SnapshotExtras, "live" | "alarms" | "alarmsUnknownBefore">,
): Snapshot {
  return {
    instant,
    live,
    ...(alarmsUnknownBefore === undefined ? {} : { alarmsUnknownBefore }),
    stations: [],
    wip: { error: 0, value: undefined, unmatched: [] },
    shift: undefined,
    alarms: [...alarms],
    agvs: [],
  };
}

type Counts = Pick<StationSnapshot, "good" | "reworked">;

function outputOf({ line: { completed, firstPass, scrapped } }: ShiftResult): Counts & { readonly scrap: number } {
  return { good: completed, reworked: completed - firstPass, scrap: scrapped };
}

/** The one station from which good units leave the line; undefined where they leave from several. */
function endOfLine({ stations, flows }: LineDefinition): string | undefined {
  const leading = new Set(flows.filter(({ kind }) => kind !== "reject").map(({ from }) => from));
  const rejects = new Set(flows.filter(({ kind }) => kind === "reject").map(({ to }) => to));
  const ends = stations.filter(({ id }) => !leading.has(id) && !rejects.has(id));
  return ends.length === 1 ? ends[0]!.id : undefined;
}

/**
 * Good units of the shift so far; undefined where nothing was counted and nothing is known of the station for all of the time (P14). At the end of the line
 * they are what left the line, so that its row is the output of the line.
 */
function goodOf(
  result: ShiftResult,
  station: string,
  { states, end }: { readonly states: readonly CurrentState[]; readonly end: string | undefined },
): Counts | undefined {
  const own = result.stations.find((candidate) => candidate.station === station);
  if (!own) return undefined;
  const counts: Counts = station === end ? outputOf(result) : { good: own.good + own.reworkedGood, reworked: own.reworkedGood };
  if (counts.good! > 0 || own.produced > 0) return counts;
  const unknown = own.plannedBusyS > 0 ? own.unknownS >= own.plannedBusyS : stateOf(states, station) === "unknown";
  return unknown ? undefined : counts;
}

function heardNothing(states: readonly CurrentState[]): boolean {
  return states.every(({ state }) => state === "unknown");
}

function stateOf(states: readonly CurrentState[], station: string): string {
  return states.find((state) => state.station === station && state.place === undefined)?.state ?? "unknown";
}

/** Parts due by takt in planned time. */
function dueAt(engine: LineReadings, from: Instant, to: Instant): number {
  const takt = engine.definition.taktS;
  return takt === undefined || takt <= 0 ? 0 : Math.floor(engine.calendar.plannedBetween(from, to) / takt);
}

interface KnownStates {
  readonly states: readonly CurrentState[];
  readonly earlier: ReadonlyMap<string, readonly EarlierState[]>;
}

function shownPlace(
  { states, earlier }: KnownStates,
  own: CurrentState | undefined,
  { station, place }: { readonly station: string; readonly place: number },
  part: PartAt | undefined,
): StationSnapshot["places"][number] {
  const state = states.find((candidate) => candidate.station === station && candidate.place === place);
  const spans = earlier.get(`${station}/${place}`);
  return {
    state: state?.state ?? own?.state ?? "unknown",
    ...(state === undefined ? {} : { stateSince: state.since, inferred: state.inferred }),
    ...(spans === undefined ? {} : { earlier: [...spans] }),
    serial: part?.serial,
    product: part?.product,
    since: part?.since,
  };
}

function shownStation(
  definition: LineDefinition,
  station: StationDefinition,
  known: KnownStates,
  parts: readonly PartAt[],
  extras: SnapshotExtras,
  counts: Counts | undefined,
): StationSnapshot {
  const own = known.states.find((state) => state.station === station.id && state.place === undefined);
  const spans = known.earlier.get(station.id);
  const placed = parts.filter((part) => part.at.kind === "place");
  const waiting = parts.filter((part) => part.at.kind !== "place" && !part.component);
  const alarm = extras.alarms
    .filter((item) => item.station === station.id && item.state !== "shelved" && item.state !== "suppressedByDesign")
    .map(({ priority }) => priority);
  return {
    id: station.id,
    state: own?.state ?? "unknown",
    cause: own?.cause ?? "unknown",
    inferred: own?.inferred ?? true,
    since: own?.since ?? 0,
    ...(own?.held && { held: own.held }),
    mode: own?.mode ?? "unknown",
    ...(spans === undefined ? {} : { earlier: [...spans] }),
    places: Array.from({ length: station.places }, (_, place) => {
      const part = placed.find((candidate) => candidate.at.kind === "place" && candidate.at.place === place);
      return shownPlace(known, own, { station: station.id, place }, part);
    }),
    buffer: {
      count: waiting.length,
      capacity: station.buffer,
      parts: waiting.map(({ serial, product, inferred }) => ({ serial, product: product ?? "", inferred })),
    },
    good: counts?.good,
    reworked: counts?.reworked,
    lastCycleS: extras.lastCycleS(station),
    ...(alarm.length === 0 ? {} : { alarm: Math.min(...alarm) as 1 | 2 | 3 | 4 }),
  };
}

/** Vehicles, from the values of their signals. */
export function shownVehicles(
  agvs: LineOfShells["agvs"],
  valueOf: (id: RecordId) => number | string | boolean | undefined,
): Snapshot["agvs"] {
  return agvs.map(({ id, signals }) => ({
    id,
    x: numberOf(valueOf(signals["x"] ?? "")) ?? 0,
    y: numberOf(valueOf(signals["y"] ?? "")) ?? 0,
    heading: numberOf(valueOf(signals["heading"] ?? "")) ?? 0,
    state: String(valueOf(signals["state"] ?? "") ?? "unknown"),
    battery: numberOf(valueOf(signals["battery"] ?? "")) ?? Number.NaN,
  }));
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && !Number.isNaN(value) ? value : undefined;
}
