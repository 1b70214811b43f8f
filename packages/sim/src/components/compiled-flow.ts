import type { ComponentDefinition } from "./component-definition.ts";
import type { FlowModel, FlowStop } from "./flow-model.ts";
import type { CompiledNetwork } from "./compile-network.ts";
import type { Route } from "./compile-route.ts";
import type { CompiledSetUp } from "./compile-set-up.ts";
import type { CompiledSource } from "./compile-source.ts";
import type { CompiledFluids } from "./compile-fluids.ts";
import type { CompiledTime } from "./flow-time.ts";
import type { CompiledRobots } from "./compile-robots.ts";

// Kinds of nodes.
export const SOURCE = 0;
export const SINK = 1;
export const BUFFER = 2;
export const STATION = 3;
/** A buffer out of which a gathering station takes by itself. */
export const PORT = 4;
export const CONVEYOR = 5;
export const TRANSPORT = 6;
export const CUSTOM = 7;
export const ROBOT = 8;

export const FIFO = 0;
export const LIFO = 1;
export const PRIORITY_ORDER = 2;

/** How a gathering station joins what it takes. */
export const ALONE = 0;
export const JOIN = 1;
export const PACK = 2;
export const BATCH = 3;

/** How a station opens what it worked on. */
export const WHOLE = 0;
export const UNPACK = 1;
export const DISASSEMBLE = 2;

export interface Need {
  /** Groups that may serve, those with the fewest skills first. */
  readonly groups: readonly number[];
  readonly count: number;
}

/** Litres drawn from a tank or poured into it. */
export interface CompiledDose {
  readonly tank: number;
  readonly litres: number;
}

export interface CompiledStop {
  readonly index: number;
  readonly model: FlowStop;
  readonly place: number;
  readonly node: number;
  /** 0 operating, 1 calendar, 2 cycles. */
  readonly clock: number;
  readonly between: CompiledTime;
  readonly duration: CompiledTime;
  readonly betweenStream: number;
  readonly durationStream: number;
  readonly need: Need | undefined;
  readonly polite: boolean;
  readonly maintenance: boolean;
}

/** One node of the flow. Every node has every field, so that the run reads them at fixed places. */
export interface FlowNode {
  readonly index: number;
  readonly id: string;
  readonly kind: number;
  readonly component: number;
  readonly capacity: number;
  readonly order: number;
  readonly dwell: CompiledTime | undefined;
  readonly dwellStream: number;
  readonly firstPlace: number;
  readonly places: number;
  targets: readonly number[];
  firstLink: number;
  route: Route | undefined;
  reject: Route | undefined;
  container: Route | undefined;
  parts: readonly { readonly product: number; readonly count: number; readonly route: Route }[];
  readonly time: CompiledTime | undefined;
  readonly timeByProduct: readonly (CompiledTime | undefined)[];
  readonly timeStream: number;
  readonly setUp: CompiledSetUp | undefined;
  readonly needs: readonly Need[];
  /** Stops by place. */
  stops: readonly (readonly number[])[];
  readonly hasStops: boolean;
  readonly calendar: number;
  readonly finishes: boolean;
  readonly before: boolean;
  readonly gathers: number;
  readonly ports: readonly number[];
  readonly counts: readonly number[];
  readonly batchMinimum: number;
  readonly batchWait: number;
  readonly opens: number;
  parent: number;
  /** The one node that everything goes to, where neither way nor limits leave a choice; −1 otherwise. */
  direct: number;
  /** Station: the slots that it alone takes from, where they hold nothing back; −1 otherwise. */
  feeder: number;
  /** Buffer: first in, first out, without dwell and limits, before one station. */
  swift: boolean;
  readonly scrap: number;
  readonly rejectByTry: readonly number[];
  readonly maxTries: number;
  readonly verdictStream: number;
  limitsIn: readonly number[];
  limitsOut: readonly number[];
  readonly counts2: "good" | "scrap";
  readonly source: CompiledSource | undefined;
  /** Conveyor: microseconds over its length and over one pitch. */
  readonly travel: number;
  readonly gap: number;
  readonly accumulating: boolean;
  readonly fleet: number;
  readonly robot: number;
  readonly takes: readonly CompiledDose[];
  readonly gives: readonly CompiledDose[];
  readonly point: number;
  points: ReadonlyMap<number, number>;
  readonly rank: number;
  readonly definition: ComponentDefinition | undefined;
  readonly parameters: Readonly<Record<string, number | string | boolean>>;
  readonly firstColumn: number;
  /** Simple enough for the short way through work: no needs, stops, set-up, calendar, gathering. */
  readonly plain: boolean;
}

export interface CompiledFlow {
  readonly model: FlowModel;
  readonly nodes: readonly FlowNode[];
  readonly nodesOfComponent: readonly (readonly number[])[];
  readonly placeNode: Int32Array<ArrayBuffer>;
  /** 1 where the place is the gripper of a robot. */
  readonly placeRobot: Uint8Array<ArrayBuffer>;
  readonly products: readonly string[];
  readonly productPriority: readonly number[];
  readonly routes: readonly Route[];
  readonly linkTarget: Int32Array<ArrayBuffer>;
  readonly linkPlace: Int32Array<ArrayBuffer>;
  readonly stops: readonly CompiledStop[];
  readonly calendars: readonly {
    readonly period: number;
    readonly toggles: readonly { readonly at: number; readonly on: boolean }[];
    readonly onAtStart: boolean;
  }[];
  readonly groups: readonly {
    readonly id: string;
    readonly count: number;
    readonly calendar: number;
    readonly walk: CompiledTime | undefined;
    readonly stream: number;
  }[];
  readonly limits: readonly { readonly id: string; readonly count: number; readonly from: number; readonly to: number }[];
  readonly network: CompiledNetwork;
  readonly fluids: CompiledFluids;
  readonly robots: CompiledRobots;
  readonly columns: number;
}
