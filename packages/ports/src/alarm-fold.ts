import type { OperatorAction } from "@doppelwerk/operations";
import type { AlarmItem } from "@doppelwerk/sync";
import type { Instant, RecordId } from "@doppelwerk/world";
import { port } from "./token.ts";

/** An alarm with the signals that it was concluded from: who may not read every one of them does not see it. */
export interface ConcludedAlarm {
  readonly alarm: AlarmItem;
  readonly inputs: readonly RecordId[];
}

/** What the fold of a plant concludes of alarms (ISA-18.2). */
export interface AlarmFold {
  /** Everything that is not normal at the instant; without one: now. */
  at(instant: Instant | undefined): Promise<readonly ConcludedAlarm[]>;
  /** Every transition with from ≤ time < to, newest first. */
  transitions(from: Instant, to: Instant, station: string | undefined): Promise<readonly ConcludedAlarm[]>;
  /** The signals that an alarm is concluded from; undefined where there is no such alarm. */
  inputsOf(alarm: string): Promise<readonly RecordId[] | undefined>;
  /**
   * Judges and carries out an operator's act; resolves when it is stored durably. Errors: DW_NOT_FOUND, DW_CONFLICT in a state in which it cannot be
   * done, DW_UNAVAILABLE where it cannot be stored and therefore was not carried out.
   */
  act(action: OperatorAction): Promise<ConcludedAlarm>;
  /** Calls back with each transition as it is concluded; returns how to stop. */
  follow(listener: (concluded: ConcludedAlarm) => void): () => void;
}

export const alarmFold = port<AlarmFold>("flow.alarms", 1);
