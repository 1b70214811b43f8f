import type { AlarmRule, LocalText } from "@doppelwerk/operations";
import type { BranchId, Change, Instant, Principal, RecordId } from "@doppelwerk/world";
import type { Message } from "@doppelwerk/messages";
import { port } from "./token.ts";

/** A rule as it runs, with the signals that it is judged by. */
export interface RunningRule {
  readonly rule: AlarmRule;
  /** Somebody stored it; else it is as it is shipped. */
  readonly isStored: boolean;
  readonly inputs: readonly RecordId[];
}

/** One annunciation of an alarm, as its performance is judged. */
export interface RecordedAlarm {
  readonly rule: RecordId;
  readonly title: LocalText;
  readonly station?: string;
  readonly priority: 1 | 2 | 3 | 4;
  readonly raised: Instant;
  /** When its condition returned. */
  readonly returned?: Instant;
  readonly acknowledged?: Instant;
  /** When it no longer annunciated: returned, set aside or raised again; absent while it lasts. */
  readonly over?: Instant;
}

/** A time in which an alarm could not annunciate. */
export interface SetAside {
  readonly rule: RecordId;
  readonly title: LocalText;
  readonly station?: string;
  readonly priority: 1 | 2 | 3 | 4;
  readonly how: "shelved" | "suppressedByDesign" | "outOfService";
  readonly from: Instant;
  /** Absent: it is set aside at the end of what was asked. */
  readonly to?: Instant;
  /** Until when it is shelved. */
  readonly until?: Instant;
  /** The name of who did it. */
  readonly by?: string;
  readonly reason?: string;
}

export interface AlarmSpan {
  readonly alarms: readonly RecordedAlarm[];
  readonly aside: readonly SetAside[];
  /** While the past is read for the first time: how far, 0 to 1. Figures are not known until then. */
  readonly reading?: number;
}

/** What is recorded of alarms, and the rules that they are raised by, as far as a principal may read both. */
export interface AlarmRecord {
  /** Rules of a branch. */
  rules(principal: Principal, branch: BranchId): Promise<readonly RunningRule[]>;
  /** What lasted in [from, to), oldest first: annunciations that were raised in it or were not over when it began, and what was set aside. */
  between(principal: Principal, from: Instant, to: Instant): Promise<AlarmSpan>;
  /**
   * How often each of these rules would have been raised in [from, to), judged on the record by the engine that judges live; in their order. Nothing is
   * stored. Errors: DW_QUEUE_FULL, DW_UNAVAILABLE.
   */
  counted(
    principal: Principal,
    rules: readonly AlarmRule[],
    from: Instant,
    to: Instant,
    signal: { readonly aborted: boolean },
  ): Promise<readonly number[]>;
  /** What storing these values of a rule would change; a fault where it cannot be. Undefined: nothing. */
  changeTo(
    principal: Principal,
    branch: BranchId,
    rule: RecordId,
    values: Partial<AlarmRule>,
  ): Promise<{ readonly change: Change | undefined } | { readonly fault: Message }>;
}

export const alarmRecord = port<AlarmRecord>("alarms.record", 1);
