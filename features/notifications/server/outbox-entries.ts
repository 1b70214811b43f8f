import type { Instant, RecordId } from "@doppelwerk/world";
import type { Occurrence, Target } from "../model/occurrence.ts";

/** One occurrence under one notification rule, kept while the alarm is in the list. */
export interface Escalation {
  readonly id: string;
  readonly occurrence: Occurrence;
  /** The notification rule. */
  readonly by: RecordId;
  /** Steps that were carried out, repetitions of the last one among them. */
  readonly done: number;
  /** When the next step is due; undefined: none is. */
  readonly due: Instant | undefined;
  /** Those who were told of it. */
  readonly told: readonly Target[];
  /** Somebody acknowledged it, put it aside, or it expired: nothing more is due. */
  readonly isOver: boolean;
}

/** What is to be told to a target, on its way. */
export interface Item {
  readonly id: string;
  readonly target: Target;
  readonly occurrence: Occurrence;
  readonly by: RecordId;
  readonly what: "raised" | "returned";
  /** From 1; repetitions count on. */
  readonly step: number;
  readonly at: Instant;
  readonly expires: Instant;
  readonly maxPerHour: number;
}

/** A message with what it tells, from before it is sent for the first time until somebody took it. */
export interface Mailing {
  readonly id: string;
  readonly target: Target;
  readonly made: Instant;
  readonly items: readonly Item[];
  /** Alarms beyond those that are kept. */
  readonly more: number;
  /** Alarms that expired before they could be delivered. */
  readonly expired: number;
  /** Nobody knows whether it arrived: it is sent again as it was. */
  readonly isUnsure: boolean;
}
