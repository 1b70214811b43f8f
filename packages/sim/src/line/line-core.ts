import { SECOND } from "@doppelwerk/world/instant";
import type { EventList } from "../kernel/event-list.ts";
import { uniformAt } from "../random/philox.ts";
import { type Sampler, quantile } from "../random/sampler.ts";
import type { CompiledLine, CompiledStation } from "./compile-line.ts";
import type { LineObserver } from "./line-event.ts";
import type { ComponentMemory } from "./component-memory.ts";
import type { LineMemory } from "./line-memory.ts";

/** A line in the course of a run: what never changes, what does, and what is to come. */
export interface LineCore {
  readonly compiled: CompiledLine;
  readonly memory: LineMemory;
  /** Absent: no station has a component. */
  readonly work?: ComponentMemory;
  readonly events: EventList;
  readonly observer: LineObserver | undefined;
  readonly acts: LineActs;
  /** Absent: the line runs alone. */
  readonly ends?: LineEnds;
}

/** Buffers outside the line that its parts go to and come from (`src/plant`). Its state is that of the plant. */
export interface LineEnds {
  /** Whether the finished part of a place that leads out of the line may leave it now; else the place departs later, by the plant. */
  offer(line: LineCore, place: number): boolean;
  /** A part of this product index left the line from a station. */
  left(line: LineCore, station: number, product: number): void;
  /** The next part of a saturated source for its empty place, −1 for none. */
  bring(line: LineCore, station: CompiledStation, place: number): number;
  /** A place has what was brought. */
  brought(line: LineCore, station: number): void;
}

/** What a place does with a part. Set where a run is made, so that handing parts on and serving requests need nothing of the work. */
export interface LineActs {
  /** A part was put into a place. */
  readonly beginPart: (line: LineCore, place: number) => void;
  /** Gathers what the part in a place needs besides the place; then works. */
  readonly meetNeeds: (line: LineCore, place: number) => void;
}

// Opcodes of the line; the entity is given in brackets.
/** Set-up or work of a place ends, or is ended by a stop (place). */
export const SEGMENT = 1;
/** A repair or micro-stop ends (stop). */
export const REPAIRED = 2;
/** The clock of a whole station, or a calendar clock, runs out (stop). */
export const STOP_DUE = 3;
/** A part reaches the end of its way (part). */
export const ARRIVED = 4;
/** The next part of a source arrives (station). */
export const ARRIVAL = 5;
/** A shift or break begins or ends (0). */
export const CALENDAR = 6;
/** An effect begins or ends (effect). */
export const EFFECT = 7;
/** A carrier is back (kind of carrier × 65536 + index). */
export const CARRIER_BACK = 8;
/** A vehicle ends its phase (vehicle). */
export const VEHICLE = 9;
/** The warm-up ends (0). */
export const WARM_UP = 10;

/** At equal times: what moves, then work, then stops, then the calendar, so that a part finished as the shift ends counts to it. */
export const PRIORITY = { move: 1, work: 2, stop: 3, calendar: 5, warmUp: 9 } as const;

/** The whole state of a line, as its snapshots hold it. */
export function memoriesOf({ events, memory, work }: LineCore): object[] {
  return work === undefined ? [events, memory] : [events, memory, work];
}

/** A sample in whole microseconds: number `index` of a stream. */
export function draw(line: LineCore, sampler: Sampler, stream: number, index: number): number {
  return sampler.kind === 0
    ? Math.round(sampler.a * SECOND)
    : Math.round(quantile(sampler, uniformAt(line.memory.key, stream, index)) * SECOND);
}

/** Planned time passed since the start: the clock of lead times, buffers and parts inside, which stands still outside shifts and in breaks. */
export function plannedNow(line: LineCore): number {
  const { memory } = line;
  return memory.on === 1 ? memory.plannedBefore + line.events.now - memory.plannedSince : memory.plannedBefore;
}

/** Whether a place may work, load and deliver: not stopped, no outage, inside planned time or unattended. */
export function isAble(line: LineCore, place: number): boolean {
  const { memory, compiled } = line;
  const station = compiled.placeStation[place]!;
  return (
    memory.placeDownBy[place]! < 0 &&
    memory.stationDownBy[station]! < 0 &&
    memory.stationOutages[station] === 0 &&
    (memory.on === 1 || compiled.stations[station]!.unattended)
  );
}

/** Product id of an index; undefined for none. */
export function productOf(line: LineCore, product: number): string | undefined {
  return product < 0 ? undefined : line.compiled.products[product];
}

/** Product of the effects' factors at this moment. */
export function factorOf(line: LineCore, effects: readonly number[]): number {
  let factor = 1;
  for (let i = 0; i < effects.length; i++) {
    const effect = effects[i]!;
    const { model } = line.compiled.effects[effect]!;
    if (line.memory.effectActive[effect] === 0 || model.kind !== "factor") continue;
    const value = model.factor;
    if (value.kind === "constant") factor *= value.value;
    else {
      const turns = (line.events.now - (value.since ?? 0)) / (value.overS * SECOND);
      factor *= value.from + (value.to - value.from) * (turns - Math.floor(turns));
    }
  }
  return factor;
}
