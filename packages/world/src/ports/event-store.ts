import type { BranchId } from "../change.ts";
import type { Instant } from "../instant.ts";
import type { RecordId } from "../record.ts";
import type { Origin } from "../signals/origin.ts";

/** One value by which an event is found, such as serial, lot or order. */
export interface EventKey {
  readonly name: string;
  readonly value: string;
}

/** An event as a driver keeps it. (branch, at, id) names it: the same three twice are one event, the one recorded first. */
export interface StoredEvent {
  readonly branch: BranchId;
  /** When it happened at its source. */
  readonly at: Instant;
  readonly id: string;
  readonly subject: RecordId;
  readonly type: string;
  /** Version of the type that the payload has. */
  readonly version: number;
  /** When this server got to know it. */
  readonly known: Instant;
  readonly origin: Origin;
  readonly actor?: string;
  readonly keys: readonly EventKey[];
  /** A JSON object as text. */
  readonly payload: string;
}

/** A stretch of one branch, from ≤ at < to. */
export interface EventSpan {
  readonly branch: BranchId;
  readonly from: Instant;
  readonly to: Instant;
}

/** Every condition that is present must hold. */
export interface EventSelection {
  /** Ascending and apart in time: a branch reads its parent up to its fork, then itself. */
  readonly spans: readonly EventSpan[];
  readonly subject?: RecordId;
  readonly types?: readonly string[];
  readonly key?: EventKey;
  /** Only what was known at this instant. */
  readonly knownAt?: Instant;
}

/** In order of time, at one instant in order of arrival; descending is exactly the reverse. */
export interface StoredEventQuery extends EventSelection {
  readonly order: "ascending" | "descending";
  readonly limit: number;
  /** The event after which the page begins, in that order. Errors: DW_INVALID when it is no more. */
  readonly after?: Pick<StoredEvent, "at" | "id">;
}

export interface EventExpiry {
  /** Events with at < before go. */
  readonly before: Instant;
  /** Absent = of every branch. */
  readonly branch?: BranchId;
  /** Absent = of every type. */
  readonly types?: readonly string[];
}

/** Counted since the store was opened. `waiting`: events on their way to the disk now. */
export interface EventCounts {
  readonly recorded: number;
  readonly duplicates: number;
  readonly refused: number;
  readonly waiting: number;
}

/** What is missing of the events that were recorded. */
export interface EventDamage {
  readonly file: string;
  readonly why: string;
}

/**
 * Structured facts that are kept for good: append and read, never changed. A driver passes `eventStoreContract`.
 * Every call rejects with DW_UNAVAILABLE when the store cannot be reached or takes no more.
 */
export interface EventStore {
  /**
   * Resolves when all of them are durable, with how many were new; else none is. What waits is bounded: a call beyond the bound is refused whole
   * (DW_UNAVAILABLE), counted, and may be made again.
   */
  record(events: readonly StoredEvent[]): Promise<number>;
  query(query: StoredEventQuery): Promise<readonly StoredEvent[]>;
  /** How many there are of each subject. */
  count(selection: EventSelection): Promise<ReadonlyMap<RecordId, number>>;
  /** Removes for good and answers how many; nothing else ever removes an event. */
  expire(expiry: EventExpiry): Promise<number>;
  counts(): EventCounts;
  /** Found when the store was opened; the rest is served. */
  damages(): readonly EventDamage[];
  close(): Promise<void>;
}
