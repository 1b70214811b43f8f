import type { Instant } from "@doppelwerk/world";

/** What a station does, in the words of ISO 22400-2 and P7. `unknown` is an answer, never replaced by a guess. */
export const STATION_STATES = [
  "working",
  "idle",
  "blocked",
  "starved",
  "setUp",
  "failed",
  "microStop",
  "maintenance",
  "off",
  "break",
  "unknown",
] as const;
export type StationState = (typeof STATION_STATES)[number];

export const STATE_CAUSES = ["internal", "upstream", "downstream", "utility", "material", "operator", "unknown"] as const;
export type StateCause = (typeof STATE_CAUSES)[number];

/** Operation mode of OPC 40001-1 (Machinery). */
export type StationMode = "none" | "maintenance" | "setUp" | "processing" | "unknown";

/** A state as told by the mapping: what, why, and whether it was told or concluded. */
export interface MappedState {
  readonly mode: StationMode;
  readonly state: StationState;
  readonly cause: StateCause;
  /** Concluded from neighbours, the calendar or a lossy standard word; never shown as told. */
  readonly inferred: boolean;
}

/** A closed span of one state. A span never crosses a boundary of the shift calendar. */
export interface StateInterval extends MappedState {
  readonly station: string;
  /** Place of the station, from 0; absent for the station as a whole. */
  readonly place?: number;
  readonly from: Instant;
  readonly to: Instant;
  readonly mappingVersion: number;
  /** The vendor's own word while it lasted. */
  readonly word?: string;
  /** Product on the station when the span began. */
  readonly product?: string;
}

/** A stop or a wait, and since when. */
export interface HeldState {
  readonly state: StationState;
  readonly since: Instant;
}

/** The state that lasts now. */
export interface CurrentState extends MappedState {
  /** A stop or a wait that began before a break, or before its cause or word changed: in the break, and after it as long as it goes on. */
  readonly held?: HeldState;
  readonly station: string;
  readonly place?: number;
  readonly since: Instant;
  readonly mappingVersion: number;
  readonly word?: string;
  readonly product?: string;
  /** Silence beyond the alive interval or bad quality made it unknown. */
  readonly noData: boolean;
}

/** P8: a stop shorter than this is a micro-stop, seconds. */
export const MICRO_STOP_LIMIT_S = 300;

/** States in which a station is active in the sense of the active-period method: it holds the line up by itself. */
export function isActive(state: StationState): boolean {
  return state === "working" || state === "failed" || state === "microStop" || state === "setUp" || state === "maintenance";
}

/** What a break does not end: nobody knows in it whether a stop or a wait is over, and one that is there after it is the same. */
export function isHeldState(state: StationState): boolean {
  return isStop(state) || state === "maintenance" || state === "setUp" || state === "blocked" || state === "starved";
}

/** Whether a state is the same stop or wait: how long it lasts decides only later whether it is a micro-stop. */
export function isSameStop(a: StationState, b: StationState): boolean {
  return a === b || (isStop(a) && isStop(b));
}

/** States that are stops of the station itself and are classified by their length when they end. */
export function isStop(state: StationState): boolean {
  return state === "failed" || state === "microStop";
}
