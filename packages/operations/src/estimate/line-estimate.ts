import { SECOND, type Instant } from "@doppelwerk/world";
import type { LineDefinition, StationDefinition } from "../definition/line-definition.ts";
import type { CurrentState, StationState } from "../definition/station-state.ts";
import type { PartAt, TrackerSnapshot } from "../tracking/tracked-part.ts";

/** How a piece of the initial state is known (P15). */
export type Evidence = "measured" | "inferred" | "assumed";

/** One thing a forecast starts from, with the reason why it is believed; the screen lists these. */
export interface EstimateNote {
  readonly evidence: Evidence;
  readonly station?: string;
  readonly what: "places" | "buffer" | "components" | "state" | "operatingTime" | "carriers" | "program" | "parts";
  readonly count: number;
  readonly reason:
    | "read"
    | "counted"
    | "order"
    | "silent"
    | "told"
    | "neighbours"
    | "observedSinceStop"
    | "noStopSeen"
    | "partsOnLine"
    | "lastProduct"
    | "noReading";
}

export interface PlaceEstimate {
  readonly station: string;
  readonly place: number;
  readonly serial?: string;
  readonly product?: string;
  readonly enteredAt?: Instant;
  readonly tries: number;
  readonly reworked: boolean;
  /** Of the part in the place. */
  readonly elapsedS?: number;
  readonly state: StationState;
  /** The state has lasted this long: what residual repair and set-up times are conditioned on. */
  readonly stateS: number;
  readonly evidence: Evidence;
}

export interface BufferEstimate {
  readonly station: string;
  /** First to leave comes first. */
  readonly parts: readonly (PartAt & { readonly arrivesInS?: number })[];
}

/** The line at an instant as a forecast needs it. */
export interface LineEstimate {
  readonly instant: Instant;
  readonly places: readonly PlaceEstimate[];
  readonly buffers: readonly BufferEstimate[];
  /** Operating seconds since the last stop of each class, by station and place (absent place: the station as a whole). */
  readonly sinceStop: readonly {
    readonly station: string;
    readonly place?: number;
    readonly failureS: number;
    readonly microStopS: number;
    readonly evidence: Evidence;
  }[];
  readonly carriersFree?: number;
  /** Product released last at the head of the line. */
  readonly product?: string;
  /** Parts of it released one after the other, as far as they are still on the line; `all` when the part of another product before them is seen too. */
  readonly released?: { readonly count: number; readonly all: boolean };
  readonly notes: readonly EstimateNote[];
}

export interface OperatingTime {
  readonly station: string;
  readonly place?: number;
  readonly failureS: number;
  readonly microStopS: number;
  /** A stop of the station was seen, so that the time counts from its end. */
  readonly seen: boolean;
}

/**
 * P15: the initial state of a forecast from the tracker's picture, the current states and the operating times at one instant.
 * Nothing is made up silently: what is concluded or assumed says so in `notes`.
 */
export function estimateLine(
  definition: LineDefinition,
  parts: TrackerSnapshot,
  states: readonly CurrentState[],
  operating: readonly OperatingTime[],
): LineEstimate {
  const notes: EstimateNote[] = [];
  const places = definition.stations.flatMap((station) => placesOf(station, parts, states, notes));
  const buffers = definition.stations
    .map((station) => bufferOf(definition, station, parts, notes))
    .filter((buffer) => buffer.parts.length > 0);
  const sinceStop = definition.stations.flatMap((station) => {
    const own = operating.filter((entry) => entry.station === station.id);
    if (own.length === 0) notes.push({ evidence: "assumed", station: station.id, what: "operatingTime", count: 1, reason: "noStopSeen" });
    return own.map((entry) => {
      const evidence: Evidence = entry.seen ? "inferred" : "assumed";
      notes.push({
        evidence,
        station: entry.station,
        what: "operatingTime",
        count: 1,
        reason: entry.seen ? "observedSinceStop" : "noStopSeen",
      });
      return {
        station: entry.station,
        ...(entry.place === undefined ? {} : { place: entry.place }),
        failureS: entry.failureS,
        microStopS: entry.microStopS,
        evidence,
      };
    });
  });
  const product = productOf(definition, parts, states);
  notes.push(
    product === undefined
      ? { evidence: "assumed", what: "program", count: 1, reason: "noReading" }
      : { evidence: "inferred", what: "program", count: 1, reason: "lastProduct" },
  );
  if (parts.carriers) notes.push({ evidence: "inferred", what: "carriers", count: parts.carriers.free.value, reason: "partsOnLine" });
  if (parts.wip.error > 0) notes.push({ evidence: "inferred", what: "parts", count: parts.wip.error, reason: "order" });
  return {
    instant: parts.instant,
    places,
    buffers,
    sinceStop,
    ...(parts.carriers ? { carriersFree: parts.carriers.free.value } : {}),
    ...(product === undefined ? {} : { product, released: releasedOf(product, parts) }),
    notes,
  };
}

function placesOf(
  station: StationDefinition,
  parts: TrackerSnapshot,
  states: readonly CurrentState[],
  notes: EstimateNote[],
): readonly PlaceEstimate[] {
  const whole = states.find((state) => state.station === station.id && state.place === undefined);
  const inPlace = parts.parts.filter((part) => part.at.kind === "place" && part.at.station === station.id);
  const inferred = inPlace.filter((part) => part.inferred).length;
  if (inPlace.length > inferred)
    notes.push({ evidence: "measured", station: station.id, what: "places", count: inPlace.length - inferred, reason: "read" });
  if (inferred > 0) notes.push({ evidence: "inferred", station: station.id, what: "places", count: inferred, reason: "order" });
  const known = whole !== undefined && !whole.noData;
  notes.push({
    evidence: !known ? "assumed" : whole.inferred ? "inferred" : "measured",
    station: station.id,
    what: "state",
    count: 1,
    reason: !known ? "silent" : whole.inferred ? "neighbours" : "told",
  });
  return Array.from({ length: station.places }, (_, place) => {
    const own = states.find((state) => state.station === station.id && state.place === place) ?? whole;
    const part = inPlace.find((candidate) => candidate.at.kind === "place" && candidate.at.place === place);
    return {
      station: station.id,
      place,
      ...(part
        ? {
            serial: part.serial,
            product: part.product,
            enteredAt: part.enteredAt,
            elapsedS: Math.max(0, parts.instant - part.since) / SECOND,
          }
        : {}),
      tries: part?.tries ?? 0,
      reworked: part?.reworked ?? false,
      state: own?.state ?? "unknown",
      stateS: own ? Math.max(0, parts.instant - own.since) / SECOND : 0,
      evidence: part ? (part.inferred ? "inferred" : "measured") : known ? "measured" : "assumed",
    };
  });
}

function bufferOf(definition: LineDefinition, station: StationDefinition, parts: TrackerSnapshot, notes: EstimateNote[]): BufferEstimate {
  const waiting = parts.parts.filter((part) => part.at.kind !== "place" && part.at.station === station.id);
  const joins = definition.flows.some((flow) => flow.kind === "assembly" && flow.to === station.id);
  // Where a second part is joined, the two kinds wait in stores of their own.
  for (const what of ["buffer", "components"] as const) {
    const own = waiting.filter((part) => (joins && part.component ? "components" : "buffer") === what);
    const doubtful = own.filter((part) => part.inferred).length;
    if (own.length > doubtful)
      notes.push({ evidence: "measured", station: station.id, what, count: own.length - doubtful, reason: "read" });
    if (doubtful > 0) notes.push({ evidence: "inferred", station: station.id, what, count: doubtful, reason: "counted" });
  }
  return {
    station: station.id,
    parts: waiting.map((part) => {
      if (part.at.kind !== "path") return part;
      const { from, fraction } = part.at;
      const travelS = definition.flows.find((flow) => flow.from === from && flow.to === station.id)?.travelS ?? 0;
      return { ...part, arrivesInS: Math.max(0, (1 - fraction) * travelS) };
    }),
  };
}

/** How far the run of a product has come. Parts are asked in the order in which they entered, newest first. */
function releasedOf(product: string, parts: TrackerSnapshot): { readonly count: number; readonly all: boolean } {
  const entered = parts.parts
    .filter((part) => part.product !== undefined && part.enteredAt !== undefined && !part.component)
    .toSorted((a, b) => b.enteredAt! - a.enteredAt!);
  const other = entered.findIndex((part) => part.product !== product);
  return { count: other < 0 ? entered.length : other, all: other >= 0 };
}

/** The product at the head of the main flow: what was released last. */
function productOf(definition: LineDefinition, parts: TrackerSnapshot, states: readonly CurrentState[]): string | undefined {
  const newest = parts.parts
    .filter((part) => part.product !== undefined && part.enteredAt !== undefined && !part.component)
    .reduce<PartAt | undefined>((last, part) => (!last || part.enteredAt! > last.enteredAt! ? part : last), undefined);
  if (newest?.product !== undefined) return newest.product;
  const first = definition.stations.find((station) => states.some((state) => state.station === station.id && state.product !== undefined));
  return states.find((state) => state.station === first?.id)?.product;
}
