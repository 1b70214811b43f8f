import type { LineDefinition, StateMapping, StationState } from "@doppelwerk/operations";
import type { Instant, Principal, RecordId } from "@doppelwerk/world";
import type { StopSignal } from "./aas-events.ts";
import { port } from "./token.ts";

/** A state of a station as it was concluded, until the next one begins. */
export interface ConcludedState {
  readonly from: Instant;
  readonly state: StationState;
  /** The raw word that stood, where one did. */
  readonly word?: string;
}

/** What another mapping makes of the record of a station. */
export interface MappingEffect {
  readonly from: Instant;
  readonly to: Instant;
  /** Seconds in each state, as it is read now and as it would be. */
  readonly states: readonly { readonly state: StationState; readonly beforeS: number; readonly afterS: number }[];
  /** Of each shift that the span covers whole. */
  readonly shifts: readonly {
    readonly id: string;
    readonly day: string;
    readonly name: string;
    readonly availability?: { readonly before: number; readonly after: number };
    readonly oee?: { readonly before: number; readonly after: number };
  }[];
}

export interface MappingTrial {
  readonly definition: LineDefinition;
  readonly station: string;
  readonly mapping: StateMapping;
  readonly from: Instant;
  readonly to: Instant;
}

/** The stations of lines and what is concluded of their raw words (P7). */
export interface StationStates {
  /**
   * A line as the documents of live describe it now, as far as the principal may read them; the first where none is named. Errors: DW_NOT_FOUND.
   */
  line(principal: Principal, line?: RecordId): Promise<LineDefinition>;
  /** Every line, in their order. */
  lines(principal: Principal): Promise<readonly LineDefinition[]>;
  /** States of the station itself in [from, to), the one that is not over included, in order of time. */
  concluded(station: string, from: Instant, to: Instant): Promise<readonly ConcludedState[]>;
  /** Folds the recorded span twice, as the line is and with the other mapping. Nothing is written. Rejects when the signal ends. */
  effect(trial: MappingTrial, signal: StopSignal): Promise<MappingEffect>;
}

export const stationStates = port<StationStates>("flow.stationStates", 1);
