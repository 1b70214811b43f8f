import { SECOND, type Instant } from "@doppelwerk/world";
import type { LineDefinition } from "../definition/line-definition.ts";
import { mapState, mappingAt, type NeighbourHint, type StateMapping } from "../definition/state-mapping.ts";
import { isHeldState, isSameStop, isStop, type HeldState, type MappedState, type StateInterval } from "../definition/station-state.ts";
import type { ShiftCalendar } from "../shifts/shift-calendar.ts";

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

/** A span of one state, as far as it is known. */
export interface Piece extends MappedState {
  readonly from: Instant;
  readonly word?: string;
  readonly product?: string;
  readonly noData: boolean;
  readonly mappingVersion: number;
}

/** What a unit reported last, and the state that follows. Plain data, changed in place. */
export interface UnitMemory {
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
  held?: HeldState;
  /** A stop that has not ended: its pieces are classified together when it does (P8). */
  stop?: { from: Instant; pieces: StateInterval[] };
}

/** The state that follows from what a unit says, its neighbours and the calendar. */
export function resolvedState(
  unit: StateUnit,
  memory: UnitMemory,
  at: Instant,
  { calendar, hint }: { readonly calendar: ShiftCalendar; readonly hint: (station: string) => NeighbourHint },
): Omit<Piece, "from"> {
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
  const planned = untold ? told : inCalendar(waits ? { ...told, state: "idle", inferred: true } : told, at, calendar);
  return {
    ...planned,
    noData: untold,
    mappingVersion: mapping.version,
    ...(memory.word === undefined ? {} : { word: memory.word }),
    ...(memory.product === undefined ? {} : { product: memory.product }),
  };
}

/** Waiting without a told reason is the break in a break, and off outside of shifts: concluded. What is told stands: there is unplanned overtime (P13). */
function inCalendar(told: MappedState, at: Instant, calendar: ShiftCalendar): MappedState {
  if (calendar.empty || told.cause !== "unknown" || !(told.state === "idle" || told.state === "unknown")) return told;
  const kind = calendar.segmentAt(at).kind;
  if (kind === "planned") return told;
  return { mode: told.mode, state: kind === "break" ? "break" : "off", cause: "operator", inferred: true };
}

export function unitsOf(definition: LineDefinition): readonly StateUnit[] {
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

/** How soon after a break a station tells what it does: until then it waits by what it said in the break. */
const TOLD_AFTER: Instant = 5 * SECOND;

/** What of the state before is held in the next one: a break ends no stop and no wait, and a state that goes on after it is the same. */
export function heldIn(next: Piece, { current, held }: Pick<UnitMemory, "current" | "held">): HeldState | undefined {
  const isUntold = isWithoutWord(current) && next.from - current.from <= TOLD_AFTER;
  const before =
    current.state === "break" || isUntold
      ? held
      : isHeldState(current.state)
        ? { state: current.state, since: held !== undefined && isSameStop(held.state, current.state) ? held.since : current.from }
        : undefined;
  if (before === undefined) return undefined;
  return isShownHeld(next, before) || (current.state === "break" && isWithoutWord(next)) ? before : undefined;
}

/** Waiting or unknown without a reason, though it is heard. */
function isWithoutWord({ state, noData }: Piece): boolean {
  return !noData && (state === "idle" || state === "unknown");
}

/** Whether what is held is said beside the state: in a break, and where it goes on. */
export function isShownHeld({ state }: Pick<Piece, "state">, held: HeldState | undefined): boolean {
  return held !== undefined && (state === "break" || isSameStop(held.state, state));
}

export function freshUnit(): UnitMemory {
  return {
    heard: 0,
    silent: false,
    dirty: false,
    current: { from: -1, mode: "unknown", state: "unknown", cause: "unknown", inferred: false, noData: true, mappingVersion: 0 },
  };
}

export function isSame(a: Omit<Piece, "from">, b: Omit<Piece, "from">): boolean {
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

export function closedPiece(unit: StateUnit, piece: Piece, to: Instant): StateInterval | undefined {
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
export function classified(piece: StateInterval, long: boolean, ended: boolean): StateInterval {
  if (!isStop(piece.state)) return piece;
  if (long) return { ...piece, state: "failed" };
  return ended ? { ...piece, state: "microStop" } : piece;
}
