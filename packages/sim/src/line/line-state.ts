import type { Instant } from "@doppelwerk/world";

/**
 * The line at an instant: what a forecast starts from (P15) and what a run hands back. Everything absent is empty, idle or fresh.
 * Times are seconds. A remaining time is used as it is; where only the elapsed one is known, the remainder is sampled from the
 * distribution conditional on what has elapsed, again in each replication.
 */
export interface LineState {
  readonly instant: Instant;
  readonly places?: readonly PlaceCondition[];
  readonly buffers?: readonly BufferCondition[];
  /** Carriers on their way back; those under parts follow from the parts. */
  readonly carriers?: readonly { readonly carrier: string; readonly returningS: readonly number[] }[];
  readonly personnel?: readonly { readonly pool: string; readonly count: number }[];
  readonly materials?: readonly { readonly material: string; readonly onHand: number }[];
  readonly vehicles?: readonly VehicleCondition[];
  readonly program?: ProgramCondition;
  /** Serial the next part gets; default one more than the greatest serial in the state. */
  readonly nextSerial?: number;
}

export interface PartCondition {
  /** Stable integer identity; a fresh one when absent. */
  readonly serial?: number;
  /** Product id; absent for parts of no product. */
  readonly product?: string;
  /** When the part came into the line; the instant of the state when absent (its lead time is then a lower bound and left out of statistics). */
  readonly enteredAt?: Instant;
  /** Rejections so far, all stations together. */
  readonly rejects?: number;
  /** Visits to each inspecting station so far. */
  readonly triesByStation?: Readonly<Record<string, number>>;
  /** Kinds of carriers under the part; derived from its position when absent. */
  readonly carriers?: readonly string[];
  /** Number of the carrier of each kind, where it is known (RFID). */
  readonly carrierIndex?: Readonly<Record<string, number>>;
}

export interface PlaceCondition {
  readonly station: string;
  /** From 0. */
  readonly place: number;
  readonly part?: PartCondition;
  /** Of the part: waiting for what it needs (second part, kits, operators), in set-up, in work (default), or finished and unable to leave. */
  readonly phase?: "waiting" | "setUp" | "work" | "blocked";
  /** While waiting: the second part has been joined already. */
  readonly assembled?: boolean;
  /** While blocked: the station it is to go to, where that is not the next one (a reject). */
  readonly to?: string;
  /** Of the cycle, or of the set-up in that phase. Neither: a cycle caught at a random moment. */
  readonly elapsedS?: number;
  readonly remainingS?: number;
  /** The stop the place is in now. */
  readonly stop?: {
    readonly id: string;
    readonly phase: "waitingRepair" | "repair";
    readonly elapsedS?: number;
    readonly remainingS?: number;
  };
  /** Progress of each stop's clock since the last one: operating seconds, calendar seconds or parts. */
  readonly sinceStop?: Readonly<Record<string, number>>;
  /** Remaining progress to the next stop where it is known (a run's own state). */
  readonly untilStop?: Readonly<Record<string, number>>;
  /** Product last worked on, for set-ups. */
  readonly lastProduct?: string;
}

export interface BufferCondition {
  readonly station: string;
  readonly input?: "main" | "assembly";
  /** First to leave comes first; `arrivesInS` for one that is still travelling. */
  readonly parts: readonly (PartCondition & { readonly arrivesInS?: number })[];
}

export interface VehicleCondition {
  readonly vehicle: number;
  readonly phase: "idle" | "loading" | "driving" | "unloading" | "returning" | "charging";
  readonly material?: string;
  readonly remainingS?: number;
  /** Seconds used of the charge. */
  readonly usedS?: number;
}

export interface ProgramCondition {
  /** Current batch or order. */
  readonly product?: string;
  readonly remaining?: number;
  /** Size of the current batch. */
  readonly size?: number;
  /** Parts of the current batch that were released, where what remains is not known; `all` false: there may have been more. */
  readonly released?: { readonly count: number; readonly all: boolean };
  /** Index of the current order in the list of an order program. */
  readonly order?: number;
  /** Batches begun so far, for labels. */
  readonly batch?: number;
}
