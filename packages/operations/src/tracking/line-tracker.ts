import { SECOND, type Instant } from "@doppelwerk/world";
import type { LineDefinition, StationDefinition } from "../definition/line-definition.ts";
import { createLineRoutes, type LineRoutes } from "./line-routes.ts";
import type { PartEvent, TrackedPart, TrackerSnapshot, UnmatchedPart } from "./tracked-part.ts";
import { pictureOf } from "./tracker-snapshot.ts";
import { freshTracker, type StationMemory, type TrackerState } from "./tracker-state.ts";

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

/** A count and the reading of the same part may be this far apart. */
const SAME_PART = 5 * SECOND;
const JUST_LEFT = 2 * SECOND;
/** Clocks of two stations may differ by this much without a part being taken for re-inserted. */
const CLOCK_TOLERANCE = 90 * SECOND;
/** Until then parts are met that entered before anyone looked. */
const WARM_UP = 3 * 3600 * SECOND;
const MAX_UNMATCHED = 100;

/** Tracker of one line. `emit` is told what happens to parts; it must not call back. */
export function createLineTracker(definition: LineDefinition, emit: (event: PartEvent) => void): LineTracker {
  return new Tracker(definition, emit);
}

class Tracker implements LineTracker {
  readonly #definition: LineDefinition;
  readonly #emit: (event: PartEvent) => void;
  readonly #routes: LineRoutes;
  #state: TrackerState;

  constructor(definition: LineDefinition, emit: (event: PartEvent) => void) {
    this.#definition = definition;
    this.#emit = emit;
    this.#routes = createLineRoutes(definition);
    this.#state = freshTracker(definition);
  }

  product(station: string, product: string | undefined): void {
    if (product === undefined) delete this.#memory(station).product;
    else this.#memory(station).product = product;
  }

  buffered(station: string): number {
    const { parts, queues } = this.#state;
    return queues[station]!.reduce((sum, serial) => sum + (parts[serial]!.component && !this.#routes.isComponent(station) ? 0 : 1), 0);
  }

  occupied(station: string): number {
    return this.#state.places[station]!.reduce((sum, serial) => sum + (serial === "" ? 0 : 1), 0);
  }

  finishedProduct(station: string, at: Instant): string | undefined {
    const last = this.#memory(station).lastOut;
    return last && at - last.at <= JUST_LEFT ? last.product : this.#oldestIn(station)?.product;
  }

  at(instant: Instant): TrackerSnapshot {
    return pictureOf(this.#state, this.#definition, this.#routes, instant);
  }

  snapshot(): TrackerState {
    return JSON.parse(JSON.stringify(this.#state)) as TrackerState;
  }

  restore(state: TrackerState): void {
    this.#state = JSON.parse(JSON.stringify(state)) as TrackerState;
  }

  #stationOf(id: string): StationDefinition {
    return this.#routes.station(id);
  }

  #memory(id: string): StationMemory {
    return this.#state.stations[id]!;
  }

  #unmatched(serial: string, station: string, at: Instant, why: UnmatchedPart["why"]): void {
    if ((why === "appeared" || why === "noOrigin") && at < (this.#state.began ?? at) + WARM_UP) return;
    this.#state.unmatched.push({ serial, station, at, why });
    if (this.#state.unmatched.length > MAX_UNMATCHED) this.#state.unmatched.shift();
    this.#emit({ kind: "unmatched", serial, station, at, why });
  }

  #began(at: Instant): void {
    this.#state.began ??= at;
  }

  /** A part nobody knew. At an entry it enters, elsewhere it appears. */
  #meet(serial: string, station: string, at: Instant, inferred: boolean): TrackedPart {
    const part: TrackedPart = {
      serial,
      station,
      phase: "queue",
      since: at,
      overtaken: 0,
      inferred,
      reworked: false,
      component: this.#routes.isComponent(station),
      tries: {},
    };
    const product = this.#memory(station).product;
    if (product !== undefined) part.product = product;
    this.#state.parts[serial] = part;
    if (this.#routes.isEntry(station)) {
      part.enteredAt = at;
      this.#emit({ kind: "entered", serial, product, station, at, component: part.component });
    } else this.#unmatched(serial, station, at, inferred ? "noOrigin" : "appeared");
    return part;
  }

  /** Takes a part from where it is held; those that waited before it have been passed. */
  #lift(part: TrackedPart): void {
    if (part.phase === "place") {
      const places = this.#state.places[part.station]!;
      const index = places.indexOf(part.serial);
      if (index >= 0) places[index] = "";
      delete part.place;
      return;
    }
    const queue = this.#state.queues[part.station]!;
    const index = queue.indexOf(part.serial);
    if (index < 0) return;
    queue.splice(index, 1);
    for (let before = index - 1; before >= 0; before--) this.#overtake(queue[before]!, part);
  }

  /** FIFO reconciliation: a part passed by too many is no longer there. */
  #overtake(serial: string, by: TrackedPart): void {
    const part = this.#state.parts[serial]!;
    if (part.component !== by.component || part.from !== by.from) return;
    part.overtaken += 1;
    if (part.overtaken <= 3 + this.#stationOf(part.station).places) return;
    this.#drop(part);
    this.#unmatched(serial, part.station, by.since, "removed");
  }

  /** Takes a part from where it is held without saying that it passed others. */
  #detach(part: TrackedPart): void {
    const held = part.phase === "place" ? this.#state.places[part.station]! : this.#state.queues[part.station]!;
    const index = held.indexOf(part.serial);
    if (index < 0) return;
    if (part.phase === "place") held[index] = "";
    else held.splice(index, 1);
  }

  #drop(part: TrackedPart): void {
    this.#detach(part);
    delete this.#state.parts[part.serial];
  }

  #place(part: TrackedPart, station: string, at: Instant, inferred: boolean): void {
    const places = this.#state.places[station]!;
    let index = places.indexOf("");
    if (index < 0) {
      // All places are taken, so a reading on the way out was lost: the longest there has left.
      const oldest = places.reduce((first, serial) =>
        this.#state.parts[serial]!.since < this.#state.parts[first]!.since ? serial : first,
      );
      if (this.#routes.readsOut(station)) this.#state.missedReads += 1;
      index = places.indexOf(oldest);
      this.#leave(this.#state.parts[oldest]!, station, at, true);
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
    part.product ??= this.#memory(station).product;
    this.#emit({
      kind: "placed",
      serial: part.serial,
      product: part.product,
      station,
      at,
      ...(queued ? { from: part.from } : {}),
      waitedS,
      inferred,
    });
    if (!part.component) this.#join(station, part, at);
  }

  /** Joins the next waiting component to a part that comes into an assembly station; in a station that reads components the reading does it. */
  #join(station: string, part: TrackedPart, at: Instant): void {
    if (
      !this.#routes.joins(station) ||
      this.#routes.readsComponents(station) ||
      this.#memory(station).readsComponents ||
      part.tries[station] !== 1
    )
      return;
    const serial = this.#state.queues[station]!.find((candidate) => this.#state.parts[candidate]!.component);
    const own = this.#memory(station);
    if (serial === undefined) own.owed = Math.min(own.owed + 1, this.#stationOf(station).places);
    else this.#joined(this.#state.parts[serial]!, station, at);
  }

  componentIn(station: string, serial: string, at: Instant): void {
    this.#began(at);
    const part = this.#state.parts[serial];
    // One that nobody saw being made is simply part of the whole from now on.
    if (!part?.component) return;
    this.#lift(part);
    delete this.#state.parts[serial];
    this.#emit({ kind: "joined", serial, station, at });
  }

  #joined(part: TrackedPart, station: string, at: Instant): void {
    this.#drop(part);
    this.#emit({ kind: "joined", serial: part.serial, station, at });
  }

  #enqueue(part: TrackedPart, station: string, at: Instant, inferred: boolean): void {
    part.from = part.station;
    part.station = station;
    part.phase = "queue";
    part.since = at;
    part.overtaken = 0;
    part.inferred = inferred;
    delete part.place;
    this.#state.queues[station]!.push(part.serial);
    const own = this.#memory(station);
    if (part.component && own.owed > 0 && !this.#routes.isComponent(station)) {
      own.owed -= 1;
      this.#joined(part, station, at);
      return;
    }
    if (!this.#routes.readsIn(station)) this.#pull(station, at);
  }

  /** Where nothing is read on entering, the next one goes in as soon as a place is free. */
  #pull(station: string, at: Instant): void {
    while (this.#state.places[station]!.includes("")) {
      const serial = this.#state.queues[station]!.find(
        (candidate) => !this.#state.parts[candidate]!.component || this.#routes.isComponent(station),
      );
      if (serial === undefined) return;
      const part = this.#state.parts[serial]!;
      this.#lift(part);
      this.#place(part, station, at, true);
    }
  }

  #leave(part: TrackedPart, station: string, at: Instant, inferred: boolean): void {
    const inPlaceS = part.phase === "place" && part.station === station ? Math.max(0, at - part.since) / SECOND : 0;
    this.#lift(part);
    part.station = station;
    const wasReworked = part.reworked;
    const tries = part.tries[station] ?? 1;
    this.#emit({
      kind: "left",
      serial: part.serial,
      product: part.product,
      station,
      at,
      inPlaceS,
      tries,
      reworked: part.reworked,
      inferred,
    });
    const own = this.#memory(station);
    own.drift -= inferred && !this.#routes.readsOut(station) ? 0 : 1;
    if (own.drift < -1) own.drift = -1;
    if (this.#routes.isRework(station)) part.reworked = true;
    own.pendingRejects = own.pendingRejects.filter((time) => at - time <= SAME_PART);
    const rejected = own.pendingRejects.shift() !== undefined;
    own.lastOut = { serial: part.serial, ...(part.product === undefined ? {} : { product: part.product }), at, rejected };
    if (rejected) this.#reject(part, station, at, wasReworked ? at : undefined);
    else this.#forward(part, station, at, inferred);
    if (!this.#routes.readsIn(station)) this.#pull(station, at);
  }

  #forward(part: TrackedPart, station: string, at: Instant, inferred: boolean): void {
    const next = this.#routes.next(station);
    if (next !== undefined) return this.#enqueue(part, next, at, inferred);
    delete this.#state.parts[part.serial];
    this.#emit({
      kind: "completed",
      serial: part.serial,
      product: part.product,
      station,
      at,
      enteredAt: part.enteredAt,
      reworked: part.reworked,
    });
  }

  #reject(part: TrackedPart, station: string, at: Instant, reworkedLeftAt: Instant | undefined): void {
    const tries = part.tries[station] ?? 1;
    this.#emit({
      kind: "rejected",
      serial: part.serial,
      product: part.product,
      station,
      at,
      tries,
      ...(reworkedLeftAt === undefined ? {} : { reworkedLeftAt }),
    });
    const definition = this.#stationOf(station);
    if (definition.rejectTo === undefined || (definition.maxTries > 1 && tries >= definition.maxTries)) {
      delete this.#state.parts[part.serial];
      this.#emit({ kind: "scrapped", serial: part.serial, product: part.product, station, at });
      return;
    }
    this.#enqueue(part, definition.rejectTo, at, true);
  }

  /** A reading that is late by a difference of clocks: the part has been seen further on only moments ago. */
  #isInversion(part: TrackedPart, station: string, at: Instant): boolean {
    if (at - part.since > CLOCK_TOLERANCE || part.station === station) return false;
    return (
      part.from === station ||
      (this.#routes.order(part.station) > this.#routes.order(station) && !this.#routes.leadsBack(part.station, station))
    );
  }

  partIn(station: string, serial: string, at: Instant): void {
    this.#began(at);
    const known = this.#state.parts[serial];
    if (known && known.phase === "place" && known.station === station) {
      // Read again in the same place: another try where a station tries more than once, else the same reading.
      if (this.#stationOf(station).maxTries > 1) known.tries[station] = (known.tries[station] ?? 1) + 1;
      return;
    }
    if (known && this.#isInversion(known, station, at)) {
      this.#state.inversions += 1;
      return;
    }
    const part = known ?? this.#meet(serial, station, at, false);
    if (known) this.#recover(known, station, at);
    this.#lift(part);
    if (part.component && !this.#routes.isComponent(station)) {
      this.#memory(station).readsComponents = true;
      delete this.#state.parts[serial];
      this.#emit({ kind: "joined", serial, station, at });
      return;
    }
    this.#place(part, station, at, false);
  }

  /** Notes what was missed of a part that comes from somewhere else than the queue before the station. */
  #recover(part: TrackedPart, station: string, at: Instant): void {
    if (part.phase === "queue" && part.station === station) return;
    const backwards = this.#routes.order(part.station) > this.#routes.order(station) && !this.#routes.leadsBack(part.station, station);
    if (backwards) this.#unmatched(part.serial, station, at, "reinserted");
    else this.#state.missedReads += 1;
    if (this.#routes.isRework(part.station) && part.phase === "place") part.reworked = true;
  }

  partOut(station: string, serial: string, at: Instant): void {
    this.#began(at);
    const known = this.#state.parts[serial];
    if (known && this.#isInversion(known, station, at)) {
      // It was taken for a lost reading when the part was seen further on.
      if (known.from === station && this.#state.missedReads > 0) this.#state.missedReads -= 1;
      this.#memory(station).drift = Math.max(-1, this.#memory(station).drift - 1);
      this.#state.inversions += 1;
      return;
    }
    const last = this.#memory(station).lastOut;
    if (!known && last?.serial === serial && at - last.at <= CLOCK_TOLERANCE) return;
    const part = known ?? this.#meet(serial, station, at, false);
    if (known && !(known.station === station && (known.phase === "place" || !this.#routes.readsIn(station)))) {
      if (known.station === station) this.#state.missedReads += 1;
      else this.#recover(known, station, at);
    }
    this.#leave(part, station, at, false);
  }

  countedIn(station: string, count: number, at: Instant): void {
    this.#began(at);
    for (let index = 0; index < count; index++) {
      const serial = this.#state.queues[station]!.find(
        (candidate) => !this.#state.parts[candidate]!.component || this.#routes.isComponent(station),
      );
      const part = serial === undefined ? this.#meet(`?${++this.#state.anonymous}`, station, at, true) : this.#state.parts[serial]!;
      this.#lift(part);
      this.#place(part, station, at, true);
    }
  }

  countedOut(station: string, count: number, at: Instant): void {
    this.#began(at);
    const own = this.#memory(station);
    if (!this.#routes.readsOut(station)) {
      for (let index = 0; index < count; index++)
        this.#leave(this.#oldestIn(station) ?? this.#meet(`?${++this.#state.anonymous}`, station, at, true), station, at, true);
      return;
    }
    // Where the next part is read on its way in, that reading tells of a lost one better than a count can;
    // and where parts are tried more than once, counts are tests and not parts.
    if (this.#routes.readsIn(station) || this.#stationOf(station).maxTries > 1) return;
    own.drift += count;
    // Every place may hold a part that is counted, but cannot leave yet.
    const { places } = this.#stationOf(station);
    while (own.drift > places) {
      const part = this.#oldestIn(station);
      if (!part || at - part.since < SAME_PART) {
        own.drift = places;
        return;
      }
      this.#state.missedReads += 1;
      this.#leave(part, station, at, true);
    }
  }

  #oldestIn(station: string): TrackedPart | undefined {
    let oldest: TrackedPart | undefined;
    for (const serial of this.#state.places[station]!) {
      const part = serial === "" ? undefined : this.#state.parts[serial]!;
      if (part && (!oldest || part.since < oldest.since)) oldest = part;
    }
    if (oldest || this.#routes.readsIn(station)) return oldest;
    const first = this.#state.queues[station]![0];
    return first === undefined ? undefined : this.#state.parts[first];
  }

  rejected(station: string, count: number, at: Instant): void {
    this.#began(at);
    const own = this.#memory(station);
    for (let index = 0; index < count; index++) {
      const last = own.lastOut;
      const part = last && !last.rejected && at - last.at <= SAME_PART ? this.#state.parts[last.serial] : undefined;
      if (!last || !part || part.phase !== "queue" || part.from !== station) {
        own.pendingRejects = [...own.pendingRejects.filter((time) => at - time <= SAME_PART), at];
        continue;
      }
      last.rejected = true;
      this.#detach(part);
      part.station = station;
      this.#reject(part, station, at, part.reworked ? last.at : undefined);
    }
  }
}
