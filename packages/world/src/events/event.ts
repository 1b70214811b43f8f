import type { BranchId } from "../change.ts";
import type { Instant } from "../instant.ts";
import type { RecordId } from "../record.ts";
import type { Origin } from "../signals/origin.ts";
import type { EventPayload } from "./event-kind.ts";

/** A structured fact: what happened to what, and when. Recorded for good, never changed, never merged. */
export interface EventRecord {
  readonly id: string;
  readonly branch: BranchId;
  /** The record that it happened to; who may read that record may read the event. */
  readonly subject: RecordId;
  readonly type: string;
  /** Version of the type that the payload has: that of its kind, unless it is unknown here, newer, or could not be brought up. */
  readonly version: number;
  /** When it happened at its source. */
  readonly at: Instant;
  /** When this server got to know it: later than `at` where it was late. */
  readonly known: Instant;
  readonly origin: Origin;
  readonly actor?: string;
  readonly payload: EventPayload;
  /** Values by which it is found. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
}

/** An event to record. What is recorded again with the same branch, instant and id is the same event: derive the id where it may be sent twice. */
export interface NewEvent extends Omit<EventRecord, "known" | "version" | "keys" | "branch"> {
  /** Absent = live. */
  readonly branch?: BranchId;
}

export interface EventQuery {
  readonly branch: BranchId;
  readonly subject?: RecordId;
  readonly types?: readonly string[];
  readonly key?: { readonly name: string; readonly value: string | number | boolean };
  /** from ≤ at < to; absent = without end. */
  readonly from?: Instant;
  readonly to?: Instant;
  /** Rewind: only what had happened, and was known, at this instant. */
  readonly knownAt?: Instant;
}

export interface EventPageQuery extends EventQuery {
  /** Default ascending. */
  readonly order?: "ascending" | "descending";
  /** 1 to MAX_EVENT_PAGE; default 100. */
  readonly limit?: number;
  /** `next` of the page before, with the same conditions. */
  readonly cursor?: string;
}

export interface EventPage {
  readonly events: readonly EventRecord[];
  /** Absent on the last page. */
  readonly next?: string;
}

export interface RecordedEvents {
  readonly recorded: number;
  /** Were there already. */
  readonly duplicates: number;
}

/** Reading events, as whoever holds it may. */
export interface EventReader {
  query(query: EventPageQuery): Promise<EventPage>;
  /** The newest of them. */
  latest(query: EventQuery): Promise<EventRecord | undefined>;
  count(query: EventQuery): Promise<number>;
}
