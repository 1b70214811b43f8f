import type { AlarmRule, OperatorAction } from "@doppelwerk/operations";
import type { AlarmItem } from "@doppelwerk/sync";
import type { Instant, RecordId } from "@doppelwerk/world";
import { z } from "zod";
import type { DerivedValue } from "./derived-signals.ts";
import { port } from "./token.ts";

/** The states of ISA-18.2 (IEC 62682, clause 5). */
const alarmStateShape = z.enum([
  "normal",
  "unacknowledged",
  "acknowledged",
  "returnedUnacknowledged",
  "latched",
  "shelved",
  "suppressedByDesign",
  "outOfService",
]);

/** One alarm as a list shows it, or one transition of it. Times are microseconds since 1970. */
export const alarmShape = z.object({
  id: z.string(),
  rule: z.string(),
  station: z.string(),
  title: z.object({ en: z.string(), zh: z.string() }),
  state: alarmStateShape,
  priority: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  since: z.int(),
  changed: z.int(),
  value: z.string().optional(),
  /** Number of the place of the station whose state raised it, from 1. */
  place: z.int().optional(),
  firstOut: z.boolean().optional(),
  by: z.string().optional(),
  reason: z.string().optional(),
  shelvedUntil: z.int().optional(),
  atPlant: z.object({ connection: z.string(), condition: z.string() }).optional(),
});
export type AlarmValue = z.output<typeof alarmShape>;

/** An alarm with the signals that it was concluded from: who may not read every one of them does not see it. */
export interface ConcludedAlarm {
  readonly alarm: AlarmItem;
  readonly inputs: readonly RecordId[];
}

/** What is concluded of alarms (ISA-18.2) from the signals of a plant and the states of its stations. */
export interface AlarmFold {
  /** Everything that is not normal at the instant, as far as it is known; without one: now. */
  at(instant?: Instant): Promise<readonly ConcludedAlarm[]>;
  /**
   * While the past is read for the first time: alarms raised before this instant are in no list unless present values show that they last, because it is not
   * known which of them are active. Undefined: all are known.
   */
  unknownBefore(): Promise<Instant | undefined>;
  /** Transitions with from ≤ time < to, newest first: every one, or the newest `max` of those whose inputs may all be read. */
  transitions(
    from: Instant,
    to: Instant,
    station: string | undefined,
    limits?: {
      readonly max?: number;
      mayRead?(signal: RecordId): boolean;
      isAsked?(alarm: { readonly rule: RecordId; readonly station?: string | undefined }): boolean;
    },
  ): Promise<readonly ConcludedAlarm[]>;
  /** The signals that an alarm is concluded from; undefined where there is no such alarm. */
  inputsOf(alarm: string): Promise<readonly RecordId[] | undefined>;
  /**
   * Judges and carries out an operator's act; resolves when it is stored durably. Errors: DW_NOT_FOUND, DW_CONFLICT in a state in which it cannot be
   * done, DW_UNAVAILABLE where it cannot be stored and therefore was not carried out.
   */
  act(action: OperatorAction): Promise<ConcludedAlarm>;
  /** Rules as they hold now: stored ones over the defaults. */
  rules(): Promise<readonly AlarmRule[]>;
  /** What the signals that keep the steps of alarms say as they stand. */
  current(): Promise<readonly DerivedValue[]>;
  /** Calls back with each transition as it is concluded; returns how to stop. */
  follow(listener: (concluded: ConcludedAlarm) => void): () => void;
}

export const alarmFold = port<AlarmFold>("flow.alarms", 1);
