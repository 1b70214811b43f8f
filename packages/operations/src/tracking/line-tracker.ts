import { SECOND, type Instant } from "@doppelwerk/world";
import type { LineDefinition, StationDefinition } from "../definition/line-definition.ts";
import { createLineRoutes } from "./line-routes.ts";
import { pictureOf } from "./tracker-snapshot.ts";
import type { PartEvent, TrackedPart, TrackerSnapshot, UnmatchedPart } from "./tracked-part.ts";

/**
 * P11: where every part is, from serial numbers at the few places that read them and counts between.
 * Readings come in order of time; a reading that contradicts the order of the flow is tolerated (a clock ahead, a lost reading, a hand at work)
 * and shows up in `missedReads`, `inversions` or `unmatched`, never as a part in two places.
 */
export interface LineTracker {
  /** The station works on this product from now on. */
  product(station: string, product: string | undefined): void;
  partIn(station: string, serial: string, at: Instant): void;
  partOut(station: string, serial: string, at: Instant): void;
  /** The serial of a sub-assembly is read where it is joined. */
  componentIn(station: string, serial: string, at: Instant): void;
  /** Parts counted into a station that reads no serials. */
  countedIn(station: string, count: number, at: Instant): void;
  /** Parts counted out of a station: moves parts where no serial is read on leaving, reconciles lost readings elsewhere. */
  countedOut(station: string, count: number, at: Instant): void;
  rejected(station: string, count: number, at: Instant): void;
  /** Parts that have arrived before the station, components apart. */
  buffered(station: string): number;
  occupied(station: string): number;
  /** Product of the part that a count or cycle time of this moment speaks of: the one that has just left, else the longest in place. */
  finishedProduct(station: string, at: Instant): string | undefined;
  at(instant: Instant): TrackerSnapshot;
  snapshot(): TrackerState;
  restore(state: TrackerState): void;
}

export interface TrackerState {
  parts: Record<string, TrackedPart>;
  /** Station → serials in the order in which they wait. */
  queues: Record<string, string[]>;
  /** Station → serial by place, "" = free. */
  places: Record<string, string[]>;
  stations: Record<string, StationMemory>;
  unmatched: UnmatchedPart[];
  missedReads: number;
  inversions: number;
  anonymous: number;
  began?: Instant;
}

interface StationMemory {
  product?: string;
  /** Counted parts minus parts read out; above the number of places a reading was lost. */
  drift: number;
  /** Rejects counted before the part was read out. */
  pendingRejects: Instant[];
  lastOut?: { serial: string; product?: string; at: Instant; rejected: boolean };
  readsComponents: boolean;
  /** Parts that came in before their component; the next ones to arrive are theirs. */
  owed: number;
}

/** A count and the reading of the same part may be this far apart. */
const SAME_PART = 5 * SECOND;
const JUST_LEFT = 2 * SECOND;
/** Clocks of two stations may differ by this much without a part being taken for re-inserted. */
const CLOCK_TOLERANCE = 90 * SECOND;
/** Until then parts are met that entered before anyone looked. */
const WARM_UP = 3 * 3600 * SECOND;
const MOST_UNMATCHED = 100;

/** Tracker of one line. `emit` is told what happens to parts; it must not call back. */
export function createLineTracker(definition: LineDefinition, emit: (event: PartEvent) => void): LineTracker {
  const routes = createLineRoutes(definition);
  let state = freshState(definition);

  const stationOf = (id: string): StationDefinition => routes.station(id);
  const memory = (id: string): StationMemory => state.stations[id]!;

  function unmatched(serial: string, station: string, at: Instant, why: UnmatchedPart["why"]): void {
    if ((why === "appeared" || why === "noOrigin") && at < (state.began ?? at) + WARM_UP) return;
    state.unmatched.push({ serial, station, at, why });
    if (state.unmatched.length > MOST_UNMATCHED) state.unmatched.shift();
    emit({ kind: "unmatched", serial, station, at, why });
  }

  function began(at: Instant): void {
    state.began ??= at;
  }

  /** A part nobody knew. At an entry it enters, elsewhere it appears. */
  function meet(serial: string, station: string, at: Instant, inferred: boolean): TrackedPart {
    const part: TrackedPart = {
      serial,
      station,
      phase: "queue",
      since: at,
      overtaken: 0,
      inferred,
      reworked: false,
      component: routes.isComponent(station),
      tries: {},
    };
    const product = memory(station).product;
    if (product !== undefined) part.product = product;
    state.parts[serial] = part;
    if (routes.isEntry(station)) {
      part.enteredAt = at;
      emit({ kind: "entered", serial, product, station, at, component: part.component });
    } else unmatched(serial, station, at, inferred ? "noOrigin" : "appeared");
    return part;
  }

  /** Takes a part from where it is held; those that waited before it have been passed. */
  function lift(part: TrackedPart): void {
    if (part.phase === "place") {
      const places = state.places[part.station]!;
      const index = places.indexOf(part.serial);
      if (index >= 0) places[index] = "";
      delete part.place;
      return;
    }
    const queue = state.queues[part.station]!;
    const index = queue.indexOf(part.serial);
    if (index < 0) return;
    queue.splice(index, 1);
    for (let before = index - 1; before >= 0; before--) overtake(queue[before]!, part);
  }

  /** FIFO reconciliation: a part passed by too many is no longer there. */
  function overtake(serial: string, by: TrackedPart): void {
    const part = state.parts[serial]!;
    if (part.component !== by.component || part.from !== by.from) return;
    part.overtaken += 1;
    if (part.overtaken <= 3 + stationOf(part.station).places) return;
    drop(part);
    unmatched(serial, part.station, by.since, "removed");
  }

  /** Takes a part from where it is held without saying that it passed others. */
  function detach(part: TrackedPart): void {
    const held = part.phase === "place" ? state.places[part.station]! : state.queues[part.station]!;
    const index = held.indexOf(part.serial);
    if (index < 0) return;
    if (part.phase === "place") held[index] = "";
    else held.splice(index, 1);
  }

  function drop(part: TrackedPart): void {
    detach(part);
    delete state.parts[part.serial];
  }

  function place(part: TrackedPart, station: string, at: Instant, inferred: boolean): void {
    const places = state.places[station]!;
    let index = places.indexOf("");
    if (index < 0) {
      // All places are taken, so a reading on the way out was lost: the longest there has left.
      const oldest = places.reduce((first, serial) => (state.parts[serial]!.since < state.parts[first]!.since ? serial : first));
      if (routes.readsOut(station)) state.missedReads += 1;
      index = places.indexOf(oldest);
      leave(state.parts[oldest]!, station, at, true);
    }
    if (part.station !== station) part.from = part.station;
    const queued = part.phase === "queue" && part.from !== undefined;
    const waitedS = part.phase === "queue" ? Math.max(0, at - part.since) / SECOND : 0;
    places[index] = part.serial;
    part.station = station;
    part.phase = "place";
    part.place = index;
    part.since = at;
    part.overtaken = 0;
    part.inferred = inferred;
    part.tries[station] = (part.tries[station] ?? 0) + 1;
    part.product ??= memory(station).product;
    emit({
      kind: "placed",
      serial: part.serial,
      product: part.product,
      station,
      at,
      ...(queued ? { from: part.from } : {}),
      waitedS,
      inferred,
    });
    if (!part.component) join(station, part, at);
  }

  /** Joins the next waiting component to a part that comes into an assembly station; in a station that reads components the reading does it. */
  function join(station: string, part: TrackedPart, at: Instant): void {
    if (!routes.joins(station) || routes.readsComponents(station) || memory(station).readsComponents || part.tries[station] !== 1) return;
    const serial = state.queues[station]!.find((candidate) => state.parts[candidate]!.component);
    const own = memory(station);
    if (serial === undefined) own.owed = Math.min(own.owed + 1, stationOf(station).places);
    else joined(state.parts[serial]!, station, at);
  }

  function componentIn(station: string, serial: string, at: Instant): void {
    began(at);
    const part = state.parts[serial];
    // One that nobody saw being made is simply part of the whole from now on.
    if (!part?.component) return;
    lift(part);
    delete state.parts[serial];
    emit({ kind: "joined", serial, station, at });
  }

  function joined(part: TrackedPart, station: string, at: Instant): void {
    drop(part);
    emit({ kind: "joined", serial: part.serial, station, at });
  }

  function enqueue(part: TrackedPart, station: string, at: Instant, inferred: boolean): void {
    part.from = part.station;
    part.station = station;
    part.phase = "queue";
    part.since = at;
    part.overtaken = 0;
    part.inferred = inferred;
    delete part.place;
    state.queues[station]!.push(part.serial);
    const own = memory(station);
    if (part.component && own.owed > 0 && !routes.isComponent(station)) {
      own.owed -= 1;
      joined(part, station, at);
      return;
    }
    if (!routes.readsIn(station)) pull(station, at);
  }

  /** Where nothing is read on entering, the next one goes in as soon as a place is free. */
  function pull(station: string, at: Instant): void {
    while (state.places[station]!.includes("")) {
      const serial = state.queues[station]!.find((candidate) => !state.parts[candidate]!.component || routes.isComponent(station));
      if (serial === undefined) return;
      const part = state.parts[serial]!;
      lift(part);
      place(part, station, at, true);
    }
  }

  function leave(part: TrackedPart, station: string, at: Instant, inferred: boolean): void {
    const inPlaceS = part.phase === "place" && part.station === station ? Math.max(0, at - part.since) / SECOND : 0;
    lift(part);
    part.station = station;
    const tries = part.tries[station] ?? 1;
    emit({ kind: "left", serial: part.serial, product: part.product, station, at, inPlaceS, tries, reworked: part.reworked, inferred });
    const own = memory(station);
    own.drift -= inferred && !routes.readsOut(station) ? 0 : 1;
    if (own.drift < -1) own.drift = -1;
    if (routes.isRework(station)) part.reworked = true;
    own.pendingRejects = own.pendingRejects.filter((time) => at - time <= SAME_PART);
    const rejected = own.pendingRejects.shift() !== undefined;
    own.lastOut = { serial: part.serial, ...(part.product === undefined ? {} : { product: part.product }), at, rejected };
    if (rejected) reject(part, station, at);
    else forward(part, station, at, inferred);
    if (!routes.readsIn(station)) pull(station, at);
  }

  function forward(part: TrackedPart, station: string, at: Instant, inferred: boolean): void {
    const next = routes.next(station);
    if (next !== undefined) return enqueue(part, next, at, inferred);
    delete state.parts[part.serial];
    emit({
      kind: "completed",
      serial: part.serial,
      product: part.product,
      station,
      at,
      enteredAt: part.enteredAt,
      reworked: part.reworked,
    });
  }

  function reject(part: TrackedPart, station: string, at: Instant): void {
    const tries = part.tries[station] ?? 1;
    emit({ kind: "rejected", serial: part.serial, product: part.product, station, at, tries });
    const definition = stationOf(station);
    if (definition.rejectTo === undefined || (definition.maxTries > 1 && tries >= definition.maxTries)) {
      delete state.parts[part.serial];
      emit({ kind: "scrapped", serial: part.serial, product: part.product, station, at });
      return;
    }
    enqueue(part, definition.rejectTo, at, true);
  }

  /** A reading that is late by a difference of clocks: the part has been seen further on only moments ago. */
  function isInversion(part: TrackedPart, station: string, at: Instant): boolean {
    if (at - part.since > CLOCK_TOLERANCE || part.station === station) return false;
    return part.from === station || (routes.order(part.station) > routes.order(station) && !routes.leadsBack(part.station, station));
  }

  function partIn(station: string, serial: string, at: Instant): void {
    began(at);
    const known = state.parts[serial];
    if (known && known.phase === "place" && known.station === station) {
      // Read again in the same place: another try where a station tries more than once, else the same reading.
      if (stationOf(station).maxTries > 1) known.tries[station] = (known.tries[station] ?? 1) + 1;
      return;
    }
    if (known && isInversion(known, station, at)) {
      state.inversions += 1;
      return;
    }
    const part = known ?? meet(serial, station, at, false);
    if (known) recover(known, station, at);
    lift(part);
    if (part.component && !routes.isComponent(station)) {
      memory(station).readsComponents = true;
      delete state.parts[serial];
      emit({ kind: "joined", serial, station, at });
      return;
    }
    place(part, station, at, false);
  }

  /** Notes what was missed of a part that comes from somewhere else than the queue before the station. */
  function recover(part: TrackedPart, station: string, at: Instant): void {
    if (part.phase === "queue" && part.station === station) return;
    const backwards = routes.order(part.station) > routes.order(station) && !routes.leadsBack(part.station, station);
    if (backwards) unmatched(part.serial, station, at, "reinserted");
    else state.missedReads += 1;
    if (routes.isRework(part.station) && part.phase === "place") part.reworked = true;
  }

  function partOut(station: string, serial: string, at: Instant): void {
    began(at);
    const known = state.parts[serial];
    if (known && isInversion(known, station, at)) {
      // It was taken for a lost reading when the part was seen further on.
      if (known.from === station && state.missedReads > 0) state.missedReads -= 1;
      memory(station).drift = Math.max(-1, memory(station).drift - 1);
      state.inversions += 1;
      return;
    }
    const last = memory(station).lastOut;
    if (!known && last?.serial === serial && at - last.at <= CLOCK_TOLERANCE) return;
    const part = known ?? meet(serial, station, at, false);
    if (known && !(known.station === station && (known.phase === "place" || !routes.readsIn(station)))) {
      if (known.station === station) state.missedReads += 1;
      else recover(known, station, at);
    }
    leave(part, station, at, false);
  }

  function countedIn(station: string, count: number, at: Instant): void {
    began(at);
    for (let index = 0; index < count; index++) {
      const serial = state.queues[station]!.find((candidate) => !state.parts[candidate]!.component || routes.isComponent(station));
      const part = serial === undefined ? meet(`?${++state.anonymous}`, station, at, true) : state.parts[serial]!;
      lift(part);
      place(part, station, at, true);
    }
  }

  function countedOut(station: string, count: number, at: Instant): void {
    began(at);
    const own = memory(station);
    if (!routes.readsOut(station)) {
      for (let index = 0; index < count; index++)
        leave(oldestIn(station) ?? meet(`?${++state.anonymous}`, station, at, true), station, at, true);
      return;
    }
    // Where the next part is read on its way in, that reading tells of a lost one better than a count can;
    // and where parts are tried more than once, counts are tests and not parts.
    if (routes.readsIn(station) || stationOf(station).maxTries > 1) return;
    own.drift += count;
    // Every place may hold a part that is counted, but cannot leave yet.
    const { places } = stationOf(station);
    while (own.drift > places) {
      const part = oldestIn(station);
      if (!part || at - part.since < SAME_PART) {
        own.drift = places;
        return;
      }
      state.missedReads += 1;
      leave(part, station, at, true);
    }
  }

  function oldestIn(station: string): TrackedPart | undefined {
    let oldest: TrackedPart | undefined;
    for (const serial of state.places[station]!) {
      const part = serial === "" ? undefined : state.parts[serial]!;
      if (part && (!oldest || part.since < oldest.since)) oldest = part;
    }
    if (oldest || routes.readsIn(station)) return oldest;
    const first = state.queues[station]![0];
    return first === undefined ? undefined : state.parts[first];
  }

  function rejected(station: string, count: number, at: Instant): void {
    began(at);
    const own = memory(station);
    for (let index = 0; index < count; index++) {
      const last = own.lastOut;
      const part = last && !last.rejected && at - last.at <= SAME_PART ? state.parts[last.serial] : undefined;
      if (!last || !part || part.phase !== "queue" || part.from !== station) {
        own.pendingRejects = [...own.pendingRejects.filter((time) => at - time <= SAME_PART), at];
        continue;
      }
      last.rejected = true;
      detach(part);
      part.station = station;
      reject(part, station, at);
    }
  }

  return {
    product: (station, product) => {
      if (product === undefined) delete memory(station).product;
      else memory(station).product = product;
    },
    partIn,
    partOut,
    componentIn,
    countedIn,
    countedOut,
    rejected,
    buffered: (station) =>
      state.queues[station]!.reduce((sum, serial) => sum + (state.parts[serial]!.component && !routes.isComponent(station) ? 0 : 1), 0),
    occupied: (station) => state.places[station]!.reduce((sum, serial) => sum + (serial === "" ? 0 : 1), 0),
    finishedProduct: (station, at) => {
      const last = memory(station).lastOut;
      return last && at - last.at <= JUST_LEFT ? last.product : oldestIn(station)?.product;
    },
    at: (instant) => pictureOf(state, definition, routes, instant),
    snapshot: () => JSON.parse(JSON.stringify(state)) as TrackerState,
    restore: (saved) => {
      state = JSON.parse(JSON.stringify(saved)) as TrackerState;
    },
  };
}

function freshState(definition: LineDefinition): TrackerState {
  const state: TrackerState = {
    parts: {},
    queues: {},
    places: {},
    stations: {},
    unmatched: [],
    missedReads: 0,
    inversions: 0,
    anonymous: 0,
  };
  for (const station of definition.stations) {
    state.queues[station.id] = [];
    state.places[station.id] = Array.from({ length: Math.max(1, station.places) }, () => "");
    state.stations[station.id] = { drift: 0, pendingRejects: [], readsComponents: false, owed: 0 };
  }
  return state;
}
