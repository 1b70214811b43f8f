import { SECOND, quality, type Instant } from "@doppelwerk/world";
import type { LineDefinition } from "../definition/line-definition.ts";
import type { ShiftCalendar } from "../shifts/shift-calendar.ts";
import { mappingAt, mapState, type NeighbourHint, type StateMapping } from "../definition/state-mapping.ts";
import { MICRO_STOP_LIMIT_S, isStop, type CurrentState, type MappedState, type StateInterval } from "../definition/station-state.ts";

/** Words and bits of one controller arrive one after the other: a state that lasts shorter than this is part of a change. */
const SETTLE: Instant = SECOND / 4;

export type RawRole = "ItemState" | "OperationMode" | "VendorState" | "Blocked" | "Starved";

/** A station, or one of its places, as something that has a state. */
export interface StateUnit {
  readonly station: string;
  readonly place?: number;
  readonly mapping: StateMapping;
  /** It tells its state in a word of its maker. */
  readonly tellsWord: boolean;
  /** Silence of the whole unit longer than this is no data; absent: only bad quality is. */
  readonly alive?: Instant;
}

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

interface Piece extends MappedState {
  readonly from: Instant;
  readonly word?: string;
  readonly product?: string;
  readonly noData: boolean;
  readonly mappingVersion: number;
}

interface UnitMemory {
  item?: string | number;
  mode?: string | number;
  word?: string;
  blocked?: boolean;
  starved?: boolean;
  product?: string;
  heard: Instant;
  silent: boolean;
  dirty: boolean;
  current: Piece;
  candidate?: Piece;
  /** A stop that has not ended: its pieces are classified together when it does (P8). */
  stop?: { from: Instant; pieces: StateInterval[] };
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
  const { calendar, hint, emit, changed } = options;
  const units = unitsOf(definition);
  let memories: UnitMemory[] = units.map(freshUnit);
  let boundary: Instant = -1;
  let due: Instant = Infinity;
  let anyDirty = false;
  /** When units come to be read by another version, in order of time. */
  const changeovers = units
    .flatMap(({ mapping }, index) => (mapping.later ?? []).map(({ from }) => ({ from, index })))
    .toSorted((a, b) => a.from - b.from);
  let mappedTo: Instant = -1;

  function resolve(index: number, at: Instant): Omit<Piece, "from"> {
    const unit = units[index]!;
    const memory = memories[index]!;
    const mapping = mappingAt(unit.mapping, at);
    const untold = memory.silent || (memory.item === undefined && memory.word === undefined);
    const raw = {
      itemState: memory.item,
      operationMode: memory.mode,
      // a machine without a word of its own may say words that are no standard's where the standard's would stand
      vendorState: memory.word ?? (unit.tellsWord || memory.item === undefined ? undefined : String(memory.item)),
      blocked: memory.blocked,
      starved: memory.starved,
    };
    const told: MappedState = untold
      ? { mode: "unknown", state: "unknown", cause: "unknown", inferred: false }
      : mapState(mapping, raw, unit.place === undefined && mapping.neighbours ? hint(unit.station) : undefined);
    // A place tells no more than its item state: one that does not execute and is not out of service waits.
    const waits = unit.place !== undefined && !untold && told.state === "unknown";
    const planned = untold ? told : inCalendar(waits ? { ...told, state: "idle", inferred: true } : told, at);
    return {
      ...planned,
      noData: untold,
      mappingVersion: mapping.version,
      ...(memory.word === undefined ? {} : { word: memory.word }),
      ...(memory.product === undefined ? {} : { product: memory.product }),
    };
  }

  /** Waiting without a told reason is the break in a break, and off outside of shifts: concluded. What is told stands: there is unplanned overtime (P13). */
  function inCalendar(told: MappedState, at: Instant): MappedState {
    if (calendar.empty || told.cause !== "unknown" || !(told.state === "idle" || told.state === "unknown")) return told;
    const kind = calendar.segmentAt(at).kind;
    if (kind === "planned") return told;
    return { mode: told.mode, state: kind === "break" ? "break" : "off", cause: "operator", inferred: true };
  }

  function evaluate(index: number, at: Instant): void {
    const memory = memories[index]!;
    memory.dirty = false;
    const resolved = resolve(index, at);
    if (memory.current.from < 0) {
      memory.current = { ...resolved, from: at };
      changed(index, at);
      return;
    }
    if (memory.candidate) {
      if (isSame(resolved, memory.current)) delete memory.candidate;
      else memory.candidate = { ...resolved, from: memory.candidate.from };
      return;
    }
    if (isSame(resolved, memory.current)) return;
    memory.candidate = { ...resolved, from: Math.max(at, memory.current.from) };
    due = Math.min(due, memory.candidate.from + SETTLE);
  }

  function commit(index: number, next: Piece): void {
    const memory = memories[index]!;
    close(index, next.from, isStop(next.state) || next.state === "maintenance");
    memory.current = next;
    delete memory.candidate;
    changed(index, next.from);
  }

  /** Ends the current piece at `to`; a stop goes on while the next state still is one. */
  function close(index: number, to: Instant, stopGoesOn: boolean): void {
    const memory = memories[index]!;
    const closed = closedPiece(units[index]!, memory.current, to);
    if (!memory.stop && isStop(memory.current.state)) memory.stop = { from: memory.current.from, pieces: [] };
    if (!memory.stop) {
      if (closed) emit(closed);
      return;
    }
    if (closed) memory.stop.pieces.push(closed);
    if (stopGoesOn) return;
    release(memory, to, true);
    delete memory.stop;
  }

  function release(memory: UnitMemory, to: Instant, ended: boolean): void {
    const stop = memory.stop!;
    const long = to - stop.from >= MICRO_STOP_LIMIT_S * SECOND;
    for (const piece of stop.pieces) emit(classified(piece, long, ended));
    stop.pieces = [];
  }

  function cross(at: Instant): void {
    for (let index = 0; index < units.length; index++) {
      const memory = memories[index]!;
      if (memory.current.from < 0) continue;
      if (memory.candidate && memory.candidate.from < at) commit(index, memory.candidate);
      delete memory.candidate;
      const next = { ...resolve(index, at), from: at };
      const goesOn = isStop(next.state) || (memory.stop !== undefined && next.state === "maintenance");
      const before = memory.current;
      close(index, at, goesOn);
      if (memory.stop) release(memory, at, false);
      memory.current = next;
      memory.dirty = false;
      if (!isSame(before, next)) changed(index, at);
    }
    boundary = calendar.segmentAt(at).to;
  }

  function fire(at: Instant): void {
    if (boundary >= 0 && boundary <= at) cross(boundary);
    for (const { from, index } of changeovers) {
      if (from <= mappedTo || from > at) continue;
      if (memories[index]!.current.from >= 0) evaluate(index, from);
    }
    mappedTo = Math.max(mappedTo, at);
    for (let index = 0; index < units.length; index++) {
      const memory = memories[index]!;
      const alive = units[index]!.alive;
      if (alive !== undefined && !memory.silent && memory.heard > 0 && memory.heard + alive <= at) {
        memory.silent = true;
        evaluate(index, memory.heard + alive);
      }
      if (memory.candidate && memory.candidate.from + SETTLE <= at) commit(index, memory.candidate);
    }
    schedule();
  }

  function nextChangeover(): Instant {
    return changeovers.find(({ from }) => from > mappedTo)?.from ?? Infinity;
  }

  function schedule(): void {
    due = Math.min(boundary < 0 ? Infinity : boundary, nextChangeover());
    for (let index = 0; index < units.length; index++) {
      const memory = memories[index]!;
      const alive = units[index]!.alive;
      if (memory.candidate) due = Math.min(due, memory.candidate.from + SETTLE);
      if (alive !== undefined && !memory.silent && memory.heard > 0) due = Math.min(due, memory.heard + alive);
    }
  }

  function heard(index: number, at: Instant): void {
    const memory = memories[index]!;
    const alive = units[index]!.alive;
    if (alive !== undefined && (memory.heard === 0 || memory.silent)) due = Math.min(due, at + alive);
    if (at > memory.heard) memory.heard = at;
    if (memory.silent) {
      memory.silent = false;
      touch(index);
    }
    if (memory.current.from < 0) due = Math.min(due, nextChangeover());
    if (boundary < 0 && !calendar.empty) {
      boundary = calendar.segmentAt(at).to;
      due = Math.min(due, boundary);
    }
  }

  function touch(index: number): void {
    memories[index]!.dirty = true;
    anyDirty = true;
  }

  return {
    units,
    due: () => due,
    fire,
    heard,
    touch,
    sample: (index, role, value, text, sampleQuality, at) => {
      const memory = memories[index]!;
      const good = sampleQuality !== quality.bad;
      const number = good && !Number.isNaN(value) ? value : undefined;
      const word = good ? text : undefined;
      if (role === "ItemState") memory.item = word ?? number;
      else if (role === "OperationMode") memory.mode = word ?? number;
      else if (role === "VendorState") memory.word = word ?? (number === undefined ? undefined : String(number));
      else if (role === "Blocked") memory.blocked = number === undefined ? undefined : number !== 0;
      else memory.starved = number === undefined ? undefined : number !== 0;
      heard(index, at);
      touch(index);
    },
    product: (station, product) => {
      for (let index = 0; index < units.length; index++) if (units[index]!.station === station) memories[index]!.product = product;
    },
    dirty: () => anyDirty,
    flush: (at) => {
      anyDirty = false;
      for (let index = 0; index < units.length; index++) if (memories[index]!.dirty) evaluate(index, at);
    },
    current: (index) => {
      const { current } = memories[index]!;
      const { from, ...rest } = current;
      const unit = units[index]!;
      return {
        station: unit.station,
        ...(unit.place === undefined ? {} : { place: unit.place }),
        since: Math.max(0, from),
        ...rest,
      };
    },
    open: (at) =>
      memories.flatMap((memory, index) => {
        const unit = units[index]!;
        const pieces = [...(memory.stop?.pieces ?? [])];
        const split = memory.candidate ? Math.min(memory.candidate.from, at) : at;
        for (const piece of [closedPiece(unit, memory.current, split), memory.candidate && closedPiece(unit, memory.candidate, at)])
          if (piece) pieces.push(piece);
        const stopFrom = memory.stop?.from ?? memory.current.from;
        return pieces.map((piece) => classified(piece, at - stopFrom >= MICRO_STOP_LIMIT_S * SECOND, false));
      }),
    snapshot: () =>
      JSON.parse(JSON.stringify({ units: memories, boundary, due: due === Infinity ? -1 : due, mappedTo })) as StateEngineState,
    restore: (state) => {
      memories = (JSON.parse(JSON.stringify(state)) as StateEngineState).units;
      boundary = state.boundary;
      due = state.due === -1 ? Infinity : state.due;
      mappedTo = state.mappedTo ?? -1;
      anyDirty = memories.some((memory) => memory.dirty);
    },
  };
}

function unitsOf(definition: LineDefinition): readonly StateUnit[] {
  const units: StateUnit[] = [];
  const alive = (aliveS: number | undefined) => (aliveS === undefined ? {} : { alive: aliveS * SECOND });
  for (const station of definition.stations) {
    const told = station.signals.ItemState ?? station.signals.VendorState;
    const tellsWord = station.signals.VendorState !== undefined;
    units.push({ station: station.id, mapping: station.mapping, tellsWord, ...alive(told?.aliveS) });
  }
  for (const station of definition.stations) {
    // A place only tells its item state: the bits and words are the station's.
    const { version } = station.mapping;
    const mapping = { version, words: {}, blockedBit: false, starvedBit: false, neighbours: false };
    station.placeSignals?.forEach((signal, place) =>
      units.push({ station: station.id, place, mapping, tellsWord: false, ...alive(signal.aliveS) }),
    );
  }
  return units;
}

function freshUnit(): UnitMemory {
  return {
    heard: 0,
    silent: false,
    dirty: false,
    current: { from: -1, mode: "unknown", state: "unknown", cause: "unknown", inferred: false, noData: true, mappingVersion: 0 },
  };
}

function isSame(a: Omit<Piece, "from">, b: Omit<Piece, "from">): boolean {
  return (
    a.state === b.state &&
    a.cause === b.cause &&
    a.mode === b.mode &&
    a.inferred === b.inferred &&
    a.word === b.word &&
    a.mappingVersion === b.mappingVersion &&
    a.noData === b.noData
  );
}

function closedPiece(unit: StateUnit, piece: Piece, to: Instant): StateInterval | undefined {
  if (piece.from < 0 || to <= piece.from) return undefined;
  const { from, mode, state, cause, inferred, word, product, mappingVersion } = piece;
  return {
    station: unit.station,
    ...(unit.place === undefined ? {} : { place: unit.place }),
    from,
    to,
    mode,
    state,
    cause,
    inferred,
    mappingVersion,
    ...(word === undefined ? {} : { word }),
    ...(product === undefined ? {} : { product }),
  };
}

/** P8: the stop as a whole decides; while it runs, what was told stands until it is too long for a micro-stop. */
function classified(piece: StateInterval, long: boolean, ended: boolean): StateInterval {
  if (!isStop(piece.state)) return piece;
  if (long) return { ...piece, state: "failed" };
  return ended ? { ...piece, state: "microStop" } : piece;
}
