import type { LocalText } from "@doppelwerk/operations";
import type { Instant, Principal } from "@doppelwerk/world";
import { port } from "./token.ts";

/** The last stop of a station, as it is said now. */
export interface AskedReason {
  readonly from: Instant;
  readonly to: Instant;
  readonly seconds: number;
  readonly state: string;
  readonly lasts: boolean;
  /** Code of its reason; absent while nobody gave one. */
  readonly reason?: string;
  /** People are asked: it is longer than a micro-stop, and no wait for another station. */
  readonly isAsked: boolean;
}

export interface OfferedReason {
  readonly code: string;
  readonly title: LocalText;
  /** Of its group. */
  readonly group: LocalText;
}

/** Reasons of stops, for whoever stands at the station. */
export interface StopReasons {
  /** The last stop within eight hours, and the reasons that may be given at this station, the most frequent first. Errors: DW_NOT_FOUND of a station that is not there. */
  at(principal: Principal, station: string): Promise<{ readonly stop?: AskedReason; readonly reasons: readonly OfferedReason[] }>;
  /**
   * Gives the stop that begins at `from` its reason. Given again it changes nothing. Errors: DW_NOT_FOUND of a stop or reason that is not there, DW_CONFLICT
   * where somebody gave another one, DW_FORBIDDEN.
   */
  give(principal: Principal, stop: { readonly station: string; readonly from: Instant; readonly reason: string }): Promise<void>;
}

export const stopReasons = port<StopReasons>("losses.stopReasons", 1);
