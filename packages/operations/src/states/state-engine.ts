import { SECOND, quality, type Instant } from "@doppelwerk/world";
import type { LineDefinition } from "../definition/line-definition.ts";
import type { NeighbourHint } from "../definition/state-mapping.ts";
import { MICRO_STOP_LIMIT_S, isStop, type CurrentState, type StateInterval } from "../definition/station-state.ts";
import type { ShiftCalendar } from "../shifts/shift-calendar.ts";
import {
  classified,
  closedPiece,
  freshUnit,
  heldIn,
  isShownHeld,
  isSame,
  resolvedState,
  unitsOf,
  type Piece,
  type StateUnit,
  type UnitMemory,
} from "./unit-state.ts";

/** Words and bits of one controller arrive one after the other: a state that lasts shorter than this is part of a change. */
const SETTLE: Instant = SECOND / 4;

export type RawRole = "ItemState" | "OperationMode" | "VendorState" | "Blocked" | "Starved";

export interface StateEngine {
  readonly units: readonly StateUnit[];
  /** Lower bound of the next instant at which `fire` has work. */
  due(): Instant;
  fire(at: Instant): void;
  /** One sample of a raw role; evaluated by the next `flush`. */
  sample(unit: number, role: RawRole, value: number, text: string | undefined, sampleQuality: number, at: Instant): void;
  heard(unit: number, at: Instant): void;
  product(station: string, product: string | undefined): void;
  /** Something the neighbour rule depends on has changed at this station. */
  touch(unit: number): void;
  dirty(): boolean;
  flush(at: Instant): void;
  current(unit: number): CurrentState;
  /** What is open up to `at`: the pieces of a stop not classified yet, and the current state. */
  open(at: Instant): StateInterval[];
  snapshot(): StateEngineState;
  restore(state: StateEngineState): void;
}

export interface StateEngineState {
  readonly units: UnitMemory[];
  readonly boundary: Instant;
  readonly due: Instant;
  /** Up to here versions of the mapping were changed over; absent in states from before there were any. */
  readonly mappedTo?: Instant;
}

export interface StateEngineOptions {
  readonly calendar: ShiftCalendar;
  /** What the neighbours let one conclude about a waiting station. */
  readonly hint: (station: string) => NeighbourHint;
  readonly emit: (interval: StateInterval) => void;
  /** Told after each committed change. */
  readonly changed: (unit: number, at: Instant) => void;
}

/** P7, P8, P14: raw words and bits of every unit to closed state intervals and the current state. */
export function createStateEngine(definition: LineDefinition, options: StateEngineOptions): StateEngine {
  return new UnitStates(definition, options);
}

class UnitStates implements StateEngine {
  readonly units: readonly StateUnit[];
  readonly #options: StateEngineOptions;
  /** When units come to be read by another version, in order of time. */
  readonly #changeovers: readonly { readonly from: Instant; readonly index: number }[];
  #memories: UnitMemory[];
  #boundary: Instant = -1;
  #due: Instant = Infinity;
  #anyDirty = false;
  #mappedTo: Instant = -1;

  constructor(definition: LineDefinition, options: StateEngineOptions) {
    this.units = unitsOf(definition);
    this.#options = options;
    this.#memories = this.units.map(freshUnit);
    this.#changeovers = this.units
      .flatMap(({ mapping }, index) => (mapping.later ?? []).map(({ from }) => ({ from, index })))
      .toSorted((a, b) => a.from - b.from);
  }

  due(): Instant {
    return this.#due;
  }

  fire(at: Instant): void {
    const memories = this.#memories;
    if (this.#boundary >= 0 && this.#boundary <= at) this.#cross(this.#boundary);
    for (const { from, index } of this.#changeovers) {
      if (from <= this.#mappedTo || from > at) continue;
      if (memories[index]!.current.from >= 0) this.#evaluate(index, from);
    }
    this.#mappedTo = Math.max(this.#mappedTo, at);
    for (let index = 0; index < memories.length; index++) {
      const memory = memories[index]!;
      const { alive } = this.units[index]!;
      if (alive !== undefined && !memory.silent && memory.heard > 0 && memory.heard + alive <= at) {
        memory.silent = true;
        this.#evaluate(index, memory.heard + alive);
      }
      if (memory.candidate && memory.candidate.from + SETTLE <= at) this.#commit(index, memory.candidate);
    }
    this.#schedule();
  }

  // oxlint-disable-next-line max-params -- once a sample, without an object
  sample(index: number, role: RawRole, value: number, text: string | undefined, sampleQuality: number, at: Instant): void {
    const memory = this.#memories[index]!;
    const good = sampleQuality !== quality.bad;
    const number = good && !Number.isNaN(value) ? value : undefined;
    const word = good ? text : undefined;
    if (role === "ItemState") memory.item = word ?? number;
    else if (role === "OperationMode") memory.mode = word ?? number;
    else if (role === "VendorState") memory.word = word ?? (number === undefined ? undefined : String(number));
    else if (role === "Blocked") memory.blocked = number === undefined ? undefined : number !== 0;
    else memory.starved = number === undefined ? undefined : number !== 0;
    this.heard(index, at);
    this.touch(index);
  }

  heard(index: number, at: Instant): void {
    const memory = this.#memories[index]!;
    const { alive } = this.units[index]!;
    if (alive !== undefined && (memory.heard === 0 || memory.silent)) this.#due = Math.min(this.#due, at + alive);
    if (at > memory.heard) memory.heard = at;
    if (memory.silent) {
      memory.silent = false;
      this.touch(index);
    }
    if (memory.current.from < 0) this.#due = Math.min(this.#due, this.#nextChangeover());
    const { calendar } = this.#options;
    if (this.#boundary < 0 && !calendar.empty) {
      this.#boundary = calendar.segmentAt(at).to;
      this.#due = Math.min(this.#due, this.#boundary);
    }
  }

  product(station: string, product: string | undefined): void {
    for (let index = 0; index < this.units.length; index++)
      if (this.units[index]!.station === station) this.#memories[index]!.product = product;
  }

  touch(index: number): void {
    this.#memories[index]!.dirty = true;
    this.#anyDirty = true;
  }

  dirty(): boolean {
    return this.#anyDirty;
  }

  flush(at: Instant): void {
    this.#anyDirty = false;
    for (let index = 0; index < this.#memories.length; index++) if (this.#memories[index]!.dirty) this.#evaluate(index, at);
  }

  current(index: number): CurrentState {
    const { current, held } = this.#memories[index]!;
    const { from, ...rest } = current;
    const unit = this.units[index]!;
    return {
      station: unit.station,
      ...(unit.place === undefined ? {} : { place: unit.place }),
      since: Math.max(0, from),
      ...rest,
      ...(held && isShownHeld(current, held) && { held }),
    };
  }

  open(at: Instant): StateInterval[] {
    return this.#memories.flatMap((memory, index) => {
      const unit = this.units[index]!;
      const pieces = [...(memory.stop?.pieces ?? [])];
      const split = memory.candidate ? Math.min(memory.candidate.from, at) : at;
      for (const piece of [closedPiece(unit, memory.current, split), memory.candidate && closedPiece(unit, memory.candidate, at)])
        if (piece) pieces.push(piece);
      const stopFrom = memory.stop?.from ?? memory.current.from;
      return pieces.map((piece) => classified(piece, at - stopFrom >= MICRO_STOP_LIMIT_S * SECOND, false));
    });
  }

  snapshot(): StateEngineState {
    const due = this.#due === Infinity ? -1 : this.#due;
    const state = { units: this.#memories, boundary: this.#boundary, due, mappedTo: this.#mappedTo };
    return JSON.parse(JSON.stringify(state)) as StateEngineState;
  }

  restore(state: StateEngineState): void {
    this.#memories = (JSON.parse(JSON.stringify(state)) as StateEngineState).units;
    this.#boundary = state.boundary;
    this.#due = state.due === -1 ? Infinity : state.due;
    this.#mappedTo = state.mappedTo ?? -1;
    this.#anyDirty = this.#memories.some((memory) => memory.dirty);
  }

  #resolve(index: number, at: Instant): Omit<Piece, "from"> {
    return resolvedState(this.units[index]!, this.#memories[index]!, at, this.#options);
  }

  #evaluate(index: number, at: Instant): void {
    const memory = this.#memories[index]!;
    memory.dirty = false;
    const resolved = this.#resolve(index, at);
    if (memory.current.from < 0) {
      memory.current = { ...resolved, from: at };
      this.#options.changed(index, at);
      return;
    }
    if (memory.candidate) {
      if (isSame(resolved, memory.current)) delete memory.candidate;
      else memory.candidate = { ...resolved, from: memory.candidate.from };
      return;
    }
    if (isSame(resolved, memory.current)) return;
    memory.candidate = { ...resolved, from: Math.max(at, memory.current.from) };
    this.#due = Math.min(this.#due, memory.candidate.from + SETTLE);
  }

  #commit(index: number, next: Piece): void {
    const memory = this.#memories[index]!;
    this.#close(index, next.from, isStop(next.state) || next.state === "maintenance");
    this.#become(memory, next);
    delete memory.candidate;
    this.#options.changed(index, next.from);
  }

  #become(memory: UnitMemory, next: Piece): void {
    const held = heldIn(next, memory);
    memory.current = next;
    if (held === undefined) delete memory.held;
    else memory.held = held;
  }

  /** Ends the current piece at `to`; a stop goes on while the next state still is one. */
  #close(index: number, to: Instant, stopGoesOn: boolean): void {
    const memory = this.#memories[index]!;
    const closed = closedPiece(this.units[index]!, memory.current, to);
    if (!memory.stop && isStop(memory.current.state)) memory.stop = { from: memory.current.from, pieces: [] };
    if (!memory.stop) {
      if (closed) this.#options.emit(closed);
      return;
    }
    if (closed) memory.stop.pieces.push(closed);
    if (stopGoesOn) return;
    this.#release(memory, to, true);
    delete memory.stop;
  }

  #release(memory: UnitMemory, to: Instant, ended: boolean): void {
    const stop = memory.stop!;
    const long = to - stop.from >= MICRO_STOP_LIMIT_S * SECOND;
    for (const piece of stop.pieces) this.#options.emit(classified(piece, long, ended));
    stop.pieces = [];
  }

  /** A boundary of the calendar: no span crosses it. */
  #cross(at: Instant): void {
    for (let index = 0; index < this.units.length; index++) {
      const memory = this.#memories[index]!;
      if (memory.current.from < 0) continue;
      if (memory.candidate && memory.candidate.from < at) this.#commit(index, memory.candidate);
      delete memory.candidate;
      const next = { ...this.#resolve(index, at), from: at };
      const goesOn = isStop(next.state) || (memory.stop !== undefined && next.state === "maintenance");
      const before = memory.current;
      this.#close(index, at, goesOn);
      if (memory.stop) this.#release(memory, at, false);
      this.#become(memory, next);
      memory.dirty = false;
      if (!isSame(before, next)) this.#options.changed(index, at);
    }
    this.#boundary = this.#options.calendar.segmentAt(at).to;
  }

  #nextChangeover(): Instant {
    return this.#changeovers.find(({ from }) => from > this.#mappedTo)?.from ?? Infinity;
  }

  #schedule(): void {
    this.#due = Math.min(this.#boundary < 0 ? Infinity : this.#boundary, this.#nextChangeover());
    for (let index = 0; index < this.#memories.length; index++) {
      const memory = this.#memories[index]!;
      const { alive } = this.units[index]!;
      if (memory.candidate) this.#due = Math.min(this.#due, memory.candidate.from + SETTLE);
      if (alive !== undefined && !memory.silent && memory.heard > 0) this.#due = Math.min(this.#due, memory.heard + alive);
    }
  }
}
