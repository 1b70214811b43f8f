import type { AlarmValue } from "@doppelwerk/ports";
import type { Instant, RecordId } from "@doppelwerk/world";
import type { Priority } from "./rule-kind.ts";

/** One annunciation of an alarm, as it is told: from its raise until it returned, or was raised again. */
export interface Occurrence {
  readonly rule: RecordId;
  /** When it was raised. */
  readonly since: Instant;
  readonly title: AlarmValue["title"];
  readonly station: string;
  readonly priority: Priority;
  readonly value?: string;
  /** It is no alarm: there is nothing to acknowledge by a link. */
  readonly isNotice?: true;
  /** No plant measured what it is concluded from. */
  readonly isSimulated?: true;
}

/** The key that the list of occurrences has. */
export const occurrenceKey = ({ rule, since }: Pick<Occurrence, "rule" | "since">): string => `${rule}@${since}`;

/** Nobody has to be told of an alarm that somebody put aside or acknowledged. */
export const isAttended = ({ state }: Pick<AlarmValue, "state">): boolean =>
  state !== "unacknowledged" && state !== "returnedUnacknowledged";

export function occurrenceOf({ rule, since, title, station, priority, value }: AlarmValue, isSimulated: boolean): Occurrence {
  return { rule, since, title, station, priority, ...(value !== undefined && { value }), ...(isSimulated && { isSimulated }) };
}

/** A person at a channel, or all who read a channel. */
export interface Target {
  readonly channel: string;
  readonly person?: string | undefined;
}

export const targetKey = ({ channel, person }: Target): string => `${channel}\n${person ?? ""}`;
