import type { Instant } from "@doppelwerk/world";

/** What a place can be doing; seconds of a place are split among exactly these. */
export const placeStates = [
  "working",
  "starved",
  "blocked",
  "setUp",
  "failed",
  "microStop",
  "waitingOperator",
  "waitingMaterial",
  "waitingRepair",
  "outage",
  "break",
  "off",
] as const;

export type PlaceState = (typeof placeStates)[number];

/** Causes as P7 names them; what a real line's mapping tries to recover. */
export type StateCause = "internal" | "upstream" | "downstream" | "utility" | "material" | "operator" | "planned" | "unknown";

/**
 * What happens in a line, in order of (time, sequence). Given to the observer as it happens; kept by nobody.
 * `place` counts from 0; `serial` is the stable integer of the part; `product` is absent for parts of no product.
 */
export type LineEvent =
  | {
      readonly kind: "partCreated";
      readonly time: Instant;
      readonly serial: number;
      readonly product?: string;
      readonly station: string;
      readonly batch?: number;
    }
  | {
      readonly kind: "partIntoBuffer";
      readonly time: Instant;
      readonly serial: number;
      readonly product?: string;
      readonly station: string;
      readonly input: "main" | "assembly";
      readonly level: number;
    }
  /** The part arrived at the end of the conveyor and may be taken; sent only where the route has a travel time. */
  | {
      readonly kind: "partArrived";
      readonly time: Instant;
      readonly serial: number;
      readonly station: string;
      readonly input: "main" | "assembly";
    }
  | {
      readonly kind: "partOutOfBuffer";
      readonly time: Instant;
      readonly serial: number;
      readonly product?: string;
      readonly station: string;
      readonly input: "main" | "assembly";
      readonly level: number;
    }
  | {
      readonly kind: "partIntoPlace";
      readonly time: Instant;
      readonly serial: number;
      readonly product?: string;
      readonly station: string;
      readonly place: number;
      readonly carrier?: number;
    }
  /** The cycle ended. `cycleS` is the time worked on it, stops and waiting excluded; `passed` is false for a reject or scrap. */
  | {
      readonly kind: "cycleEnd";
      readonly time: Instant;
      readonly serial: number;
      readonly product?: string;
      readonly station: string;
      readonly place: number;
      readonly cycleS: number;
      readonly passed: boolean;
      readonly tries: number;
    }
  | {
      readonly kind: "partOutOfPlace";
      readonly time: Instant;
      readonly serial: number;
      readonly product?: string;
      readonly station: string;
      readonly place: number;
      readonly to?: string;
    }
  /** `serial` now contains `joined`, which ends as a part of its own. */
  | {
      readonly kind: "partJoined";
      readonly time: Instant;
      readonly serial: number;
      readonly joined: number;
      readonly station: string;
      readonly place: number;
    }
  | {
      readonly kind: "partRejected";
      readonly time: Instant;
      readonly serial: number;
      readonly product?: string;
      readonly station: string;
      readonly place: number;
      readonly tries: number;
      readonly to: string;
    }
  | {
      readonly kind: "partScrapped";
      readonly time: Instant;
      readonly serial: number;
      readonly product?: string;
      readonly station: string;
      readonly place: number;
      readonly reason: "maxTries" | "reject" | "process" | "stop";
    }
  | {
      readonly kind: "partFinished";
      readonly time: Instant;
      readonly serial: number;
      readonly product?: string;
      readonly station: string;
      readonly leadS: number;
    }
  | {
      readonly kind: "placeState";
      readonly time: Instant;
      readonly station: string;
      readonly place: number;
      readonly state: PlaceState;
      readonly previous: PlaceState;
      /** Absent while working. */ readonly cause?: StateCause;
      /** Id of the stop or effect behind it. */ readonly reason?: string;
    }
  | {
      readonly kind: "stopBegin";
      readonly time: Instant;
      readonly station: string;
      readonly place: number;
      readonly stop: string;
      readonly class: "failure" | "microStop";
      readonly reported: boolean;
    }
  | { readonly kind: "repairBegin"; readonly time: Instant; readonly station: string; readonly place: number; readonly stop: string }
  | {
      readonly kind: "stopEnd";
      readonly time: Instant;
      readonly station: string;
      readonly place: number;
      readonly stop: string;
      readonly class: "failure" | "microStop";
      readonly downS: number;
      readonly repairS: number;
    }
  | {
      readonly kind: "setUpBegin";
      readonly time: Instant;
      readonly station: string;
      readonly place: number;
      readonly from?: string;
      readonly to: string;
      readonly plannedS: number;
    }
  | { readonly kind: "setUpEnd"; readonly time: Instant; readonly station: string; readonly place: number; readonly to: string }
  | {
      readonly kind: "batchBegin";
      readonly time: Instant;
      readonly batch: number;
      readonly product: string;
      readonly size: number;
      readonly order?: string;
    }
  | { readonly kind: "shiftBegin"; readonly time: Instant; readonly shift: string; readonly end: Instant }
  | { readonly kind: "shiftEnd"; readonly time: Instant; readonly shift: string }
  | { readonly kind: "breakBegin"; readonly time: Instant; readonly shift: string; readonly end: Instant }
  | { readonly kind: "breakEnd"; readonly time: Instant; readonly shift: string }
  | { readonly kind: "effectBegin"; readonly time: Instant; readonly effect: string }
  | { readonly kind: "effectEnd"; readonly time: Instant; readonly effect: string }
  | {
      readonly kind: "carrierTaken";
      readonly time: Instant;
      readonly carrier: string;
      readonly index: number;
      readonly serial: number;
      readonly free: number;
    }
  | {
      readonly kind: "carrierReleased";
      readonly time: Instant;
      readonly carrier: string;
      readonly index: number;
      readonly serial: number;
      readonly free: number;
    }
  | { readonly kind: "kitUsed"; readonly time: Instant; readonly material: string; readonly station: string; readonly onHand: number }
  | {
      readonly kind: "kitsDelivered";
      readonly time: Instant;
      readonly material: string;
      readonly station: string;
      readonly kits: number;
      readonly onHand: number;
      readonly vehicle: number;
    }
  | {
      readonly kind: "vehicle";
      readonly time: Instant;
      readonly vehicle: number;
      readonly phase: "idle" | "loading" | "driving" | "unloading" | "returning" | "charging";
      readonly material?: string;
      /** Of this phase. */ readonly durationS: number;
      /** Share of the charge left, 0–1. */ readonly battery: number;
    };

export type LineEventKind = LineEvent["kind"];

/** Called for every event in order, inside `advanceTo`. It must not call back into the run. */
export type LineObserver = (event: LineEvent) => void;
