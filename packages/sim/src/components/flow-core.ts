import { message } from "@doppelwerk/messages";
import { RunError } from "../kernel/run-error.ts";
import type { EventList } from "../kernel/event-list.ts";
import type { CompiledFlow, FlowNode } from "./compiled-flow.ts";
import type { FlowMemory } from "./flow-memory.ts";

/** A flow in the course of a run: what never changes, what does, and what is to come. */
export interface FlowCore {
  readonly compiled: CompiledFlow;
  readonly memory: FlowMemory;
  readonly events: EventList;
  readonly acts: FlowActs;
}

/** What stations, vehicles and robots do when an item comes or goes. Set where a run is made, so that handing items on needs none of them. */
export interface FlowActs {
  /** The next thing a loaded place needs before and for its work. */
  readonly advance: (flow: FlowCore, place: number) => void;
  /** A station takes an item into its first open place. */
  readonly loadPlace: (flow: FlowCore, node: FlowNode, item: number) => void;
  /** An item waits at a transport. */
  readonly callVehicle: (flow: FlowCore, node: FlowNode) => void;
  /** The item of a vehicle was taken from it. */
  readonly vehicleGave: (flow: FlowCore, node: FlowNode, place: number) => void;
  readonly robotGripped: (flow: FlowCore, node: FlowNode, item: number) => void;
  /** The item of a robot was taken from it. */
  readonly robotGave: (flow: FlowCore, node: FlowNode) => void;
}

// Opcodes; the entity is given in brackets.
/** Set-up or work of a place ends, or is ended by a stop (place). */
export const SEGMENT = 1;
/** An item of a source arrives (node). */
export const ARRIVAL = 2;
/** The first item of a buffer or conveyor is ready (node). */
export const HEAD = 3;
/** The entrance of a conveyor is free (node). */
export const ENTRANCE = 4;
/** A calendar clock runs out (stop). */
export const STOP_DUE = 5;
/** A repair ends (stop). */
export const REPAIRED = 6;
/** A calendar turns on or off (calendar). */
export const CALENDAR = 7;
/** Operators have walked to a place (place). */
export const WALKED = 8;
/** A vehicle ends what it does (vehicle). */
export const VEHICLE = 9;
/** The first item of a batch has waited long enough (node). */
export const BATCH_WAIT = 10;
/** A custom component has set itself an alarm (node + 65536 · code). */
export const ALARM = 11;
/** The warm-up ends (0). */
export const WARM_UP = 12;
/** A step of the series ends (0). */
export const STEP = 13;
/** A tank has reached a level that something depends on (0). */
export const FLUID = 14;
/** A pipe opens or shuts (pipe). */
export const PIPE = 15;
/** A robot ends what it does (robot). */
export const ROBOT_DONE = 16;

/** At equal times: work that ends, then what moves and arrives, then stops, then the calendar, then the books. */
export const ORDER = { work: 1, move: 2, arrival: 3, stop: 4, calendar: 5, books: 9 } as const;

/** Steps at one instant after which a circle that takes no time is assumed. */
const MAX_STEPS = 1_000_000;

/** There may be room in a node: those that wait for it are asked within this instant. */
export function wakeSoon(memory: FlowMemory, node: number): void {
  if (memory.nodeAsked[node] === 1) return;
  memory.nodeAsked[node] = 1;
  memory.agenda[memory.agendaTail] = node << 1;
  memory.agendaTail = (memory.agendaTail + 1) & (memory.agenda.length - 1);
}

/** A place may have something to give: it is asked within this instant. */
export function offerSoon(memory: FlowMemory, place: number): void {
  if (memory.placeAsked[place] === 1) return;
  memory.placeAsked[place] = 1;
  memory.agenda[memory.agendaTail] = (place << 1) | 1;
  memory.agendaTail = (memory.agendaTail + 1) & (memory.agenda.length - 1);
}

/** Counts a step of the present instant; throws when there are so many that time cannot be moving on. */
export function countStep(flow: FlowCore, node: number): void {
  const { memory, events } = flow;
  if (memory.stepsAt !== events.now) {
    memory.stepsAt = events.now;
    memory.steps = 0;
  }
  if (++memory.steps > MAX_STEPS)
    throw new RunError(message("sim.flowNoProgress", { atS: events.now / 1e6, component: flow.compiled.nodes[node]?.id ?? "?" }));
}
