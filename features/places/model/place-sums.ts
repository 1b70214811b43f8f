import type { Instant, RecordId } from "@doppelwerk/world";
import type { LineFigures, Place as ShownPlace, PlaceSums } from "../contract.ts";
import { costOf, type PlaceCost } from "./cost.ts";
import { energyOf, type PlaceEnergy } from "./energy.ts";
import { isActiveAlarm } from "@doppelwerk/sync";
import { isTroubled, isUnacknowledged, type ConnectionFact, type PlaceFacts } from "./place-facts.ts";
import type { Place } from "./place.ts";
import { placesWithin } from "./readable-places.ts";

/** Values that the row of an area shows, and those of a place that has no rows. */
const [MAX_ROW_VALUES, MAX_PLACE_VALUES] = [4, 24];

export interface SummedPlaces {
  readonly rows: PlaceSums[];
  readonly total: PlaceSums;
}

/** Of each place of a tree the row that it counts in: itself where it stands right in the root, else that of its parent; undefined of the root itself. */
export function rowsOf(within: readonly Place[]): ReadonlyMap<RecordId, RecordId | undefined> {
  const root = within[0]?.id;
  const rows = new Map<RecordId, RecordId | undefined>();
  for (const { id, parent } of within) rows.set(id, id === root ? undefined : parent === root ? id : rows.get(parent!));
  return rows;
}

/** Shells of which values are shown: not those in a row with lines, whose counts and states say more. */
export function shellsWithValues(within: readonly Place[], lines: readonly { readonly shell: string }[]): ReadonlySet<string> {
  const rows = rowsOf(within);
  const ofLines = new Set(lines.map(({ shell }) => shell));
  const withLines = new Set(within.flatMap(({ id, shell }) => (ofLines.has(shell) ? (rows.get(id) ?? []) : [])));
  return new Set(within.flatMap(({ id, shell }) => (withLines.has(rows.get(id) ?? "") ? [] : [shell])));
}

/**
 * Sums of a place and of each place right in it. Counts, times, energy and alarms add up, OEE never does (P6). A connection that several rows use counts in
 * each of them, and once in the total.
 * @param within the place, then everything in it, as `placesWithin` gives it
 */
export function sumPlaces(within: readonly Place[], facts: PlaceFacts): SummedPlaces {
  const root = within[0]!;
  const rows = rowsOf(within);
  const byShell = new Map(within.map((place) => [place.shell, place]));
  const energy = energyOf(within, facts.meters);
  const cost = facts.cost === undefined ? new Map<RecordId, PlaceCost>() : costOf(within, facts.cost);
  const total = new Sums(root, within.length - 1);
  const sums = new Map(within.filter(({ id }) => rows.get(id) === id).map((place) => [place.id, new Sums(place, -1)]));
  for (const { id } of within) sums.get(rows.get(id) ?? "")?.contain();
  /** The sums that something at a shell counts in. */
  const at = (shell: string | undefined): readonly Sums[] => {
    const place = shell === undefined ? undefined : byShell.get(shell);
    const row = place && sums.get(rows.get(place.id) ?? "");
    return place === undefined ? [] : row === undefined ? [total] : [row, total];
  };
  const used = new Map(facts.connections.map((connection) => [connection.id, connection]));
  const active = facts.alarms.filter(({ alarm }) => isActiveAlarm(alarm));
  for (const { shell, figures } of facts.lines) {
    const place = byShell.get(shell);
    if (place === undefined) continue;
    const [paid, metered] = [cost.get(place.id), energy.get(place.id)];
    const shells = new Set(placesWithin(within, place.id).map((inside) => inside.shell));
    const alarms = noAlarms();
    for (const { shell: of, alarm } of active) if (of !== undefined && shells.has(of)) countAlarm(alarms, alarm);
    const line = {
      ...figures,
      id: place.id,
      title: place.title,
      alarms,
      ...energyFields(metered, facts.metersFrom),
      ...(paid && { cost: paid }),
    };
    for (const sum of at(shell)) sum.addLine(line);
  }
  for (const { shell, alarm } of active) for (const sum of at(shell)) countAlarm(sum.alarms, alarm);
  for (const { shell, connection, health } of facts.signals)
    for (const sum of at(shell)) sum.addSignal(health, connection === undefined ? undefined : used.get(connection));
  for (const { shell, value } of facts.values) for (const sum of at(shell)) sum.values.push({ ...value, of: byShell.get(shell)!.title });
  const shown = (sum: Sums, max: number): PlaceSums => {
    const paid = cost.get(sum.place.id);
    return { ...sum.shown(energy.get(sum.place.id), facts.metersFrom, max), ...(paid && { cost: paid }) };
  };
  const shownRows = [...sums.values()].map((sum) => shown(sum, MAX_ROW_VALUES));
  return { rows: shownRows, total: shown(total, shownRows.length === 0 ? MAX_PLACE_VALUES : 0) };
}

/** What is known of the energy of a place since an instant. */
export function energyFields(energy: PlaceEnergy | undefined, from: Instant): Pick<PlaceSums, "energy" | "unknownMeters"> {
  if (energy === undefined) return {};
  const { unknown, late, silent = 0, kWh, since, unallocatedKWh, isOwn } = energy;
  return {
    ...(kWh !== undefined && {
      energy: {
        kWh,
        ...(unallocatedKWh !== undefined && { unallocatedKWh }),
        from,
        ...(since !== undefined && { since }),
        ...(late > 0 && { lateMeters: late }),
        ...(silent > 0 && { silentMeters: silent }),
        ...(isOwn && { isOwn }),
      },
    }),
    ...(unknown > 0 && { unknownMeters: unknown }),
  };
}

export function shownPlace({ id, shell, title, kind, parent, layout }: Place): ShownPlace {
  const { submodel: _, ...position } = layout ?? { submodel: undefined };
  return {
    id,
    name: title.en,
    kind,
    parent: parent ?? null,
    title,
    shell,
    ...(layout && { layout: position as NonNullable<ShownPlace["layout"]> }),
  };
}

class Sums {
  readonly place: Place;
  readonly values: PlaceSums["values"][number][] = [];
  readonly alarms = noAlarms();
  readonly #lines: LineFigures[] = [];
  readonly #signals = { total: 0, good: 0, uncertain: 0, bad: 0, silent: 0 };
  readonly #connections = new Map<RecordId, ConnectionFact>();
  #contains: number;

  constructor(place: Place, contains: number) {
    this.place = place;
    this.#contains = contains;
  }

  contain(): void {
    this.#contains++;
  }

  addLine(line: LineFigures): void {
    this.#lines.push(line);
  }

  addSignal(health: "good" | "uncertain" | "bad" | "silent", connection: ConnectionFact | undefined): void {
    this.#signals.total++;
    this.#signals[health]++;
    if (connection !== undefined) this.#connections.set(connection.id, connection);
  }

  shown(energy: PlaceEnergy | undefined, from: number, maxValues: number): PlaceSums {
    const connections = [...this.#connections.values()];
    const forecast = forecastOf(this.#lines);
    const noForecast = noForecastOf(this.#lines);
    const unknownS = this.#lines.reduce((sum, line) => sum + (line.unknownS ?? 0), 0);
    return {
      place: shownPlace(this.place),
      contains: this.#contains,
      lines: this.#lines,
      ...sumOf("good", this.#lines),
      ...sumOf("due", this.#lines),
      ...sumOf("plan", this.#lines),
      ...sumOf("lostS", this.#lines),
      ...(unknownS > 0 && { unknownS }),
      ...(forecast && { forecast }),
      ...(noForecast && { noForecast }),
      alarms: this.alarms,
      signals: this.#signals,
      connections: {
        total: connections.length,
        connected: connections.filter(({ state }) => state === "connected").length,
        troubled: connections.filter(isTroubled).map(({ id, name, state }) => ({ id, name, state })),
      },
      ...energyFields(energy, from),
      values: this.#lines.length > 0 ? [] : this.values.toSorted(mostTelling).slice(0, maxValues),
    };
  }
}

type AlarmCounts = PlaceSums["alarms"];

const noAlarms = (): AlarmCounts => ({ p1: 0, p2: 0, p3: 0, p4: 0, unacknowledged: 0 });

function countAlarm(counts: AlarmCounts, alarm: PlaceFacts["alarms"][number]["alarm"]): void {
  counts[`p${alarm.priority}`]++;
  if (isUnacknowledged(alarm)) counts.unacknowledged++;
}

type Summed = "good" | "due" | "plan" | "lostS";

/** A sum over lines of which one is not known is not known: it would be read as the whole. */
function sumOf(name: Summed, lines: readonly LineFigures[]): Partial<Record<Summed, number>> {
  const values = lines.map((line) => line[name]);
  if (values.length === 0 || values.some((value) => value === undefined)) return {};
  return { [name]: values.reduce<number>((sum, value) => sum + value!, 0) };
}

/** Medians of a sum are not the sum of medians, but near it; an interval of several lines would need their dependence. */
function forecastOf(lines: readonly LineFigures[]): PlaceSums["forecast"] {
  const forecasts = lines.map(({ forecast }) => forecast);
  if (forecasts.length === 0 || forecasts.some((forecast) => forecast === undefined)) return undefined;
  const median = forecasts.reduce((sum, forecast) => sum + forecast!.median, 0);
  const [only] = forecasts;
  return forecasts.length > 1
    ? { median }
    : { median, ...(only!.low !== undefined && { low: only!.low }), ...(only!.high !== undefined && { high: only!.high }) };
}

/** Of the first line without one; it is coming as long as that of one of them is. */
function noForecastOf(lines: readonly LineFigures[]): PlaceSums["noForecast"] {
  const missing = lines.flatMap(({ noForecast }) => noForecast ?? []);
  return missing.find(({ isComing }) => isComing) ?? missing[0];
}

/** Beyond a limit first, then those that alarms watch, then those with a band, in the order of their names. */
function mostTelling(a: PlaceSums["values"][number], b: PlaceSums["values"][number]): number {
  const rank = ({ state, isAlarmed, low, high }: typeof a): number =>
    state === "low" || state === "high" ? 0 : isAlarmed ? 1 : low !== undefined || high !== undefined ? 2 : 3;
  return rank(a) - rank(b) || (a.name < b.name ? -1 : 1);
}
