import { message } from "@doppelwerk/messages";
import { LIVE, type BranchId } from "../change.ts";
import { DoppelwerkError } from "../error.ts";
import { MINUTE, type Instant } from "../instant.ts";
import type { Clock } from "../ports/clock.ts";
import type {
  EventDamage,
  EventCounts,
  EventExpiry,
  EventSelection,
  EventStore,
  StoredEvent,
  StoredEventQuery,
} from "../ports/event-store.ts";
import type { RecordId } from "../record.ts";
import type { Branch } from "../world.ts";
import { keysOf, keyText, upcastPayload, type EventKind, type EventPayload } from "./event-kind.ts";
import type { EventPage, EventPageQuery, EventQuery, EventReader, EventRecord, NewEvent, RecordedEvents } from "./event.ts";
import { eventSpans } from "./event-spans.ts";

/** Bytes of UTF-8 that a payload may have as JSON. */
export const MAX_PAYLOAD_BYTES = 65_536;
/** Of one call: what is more is recorded in several. */
export const MAX_EVENT_BATCH = 10_000;
export const MAX_BATCH_BYTES = 16 << 20;
export const MAX_EVENT_PAGE = 1_000;
const DEFAULT_PAGE = 100;
/** Read at a time where a first page was not full of what may be shown. */
const SCANNED_PAGE = 2_000;
/** The clock of a source may run so far ahead of ours. */
const MAX_AHEAD: Instant = MINUTE;
/** Any instant there is. */
const ALWAYS: Instant = 8_000_000_000_000_000;
/** Subjects that are known to exist; asked for again once there are more. */
const MAX_KNOWN_SUBJECTS = 100_000;

export interface EventOptions {
  readonly store: EventStore;
  readonly kinds: readonly EventKind[];
  /** A payload of an earlier version could not be brought up; the event is shown as it was stored. */
  readonly onFault?: (error: unknown, event: StoredEvent) => void;
}

export interface EventBookOptions extends EventOptions {
  readonly clock: Clock;
  branch(id: BranchId): Branch;
  /** Whether the record stands or stood on the branch. */
  exists(subject: RecordId, branch: BranchId): boolean;
}

/** The events of a world: what is recorded is checked, what is read is brought up to the version of its kind. */
export class EventBook implements EventReader {
  readonly #options: EventBookOptions;
  #kinds: ReadonlyMap<string, EventKind> = new Map();
  readonly #subjects = new Set<string>();
  readonly #text = new TextEncoder();
  #known: Instant = 0;

  constructor(options: EventBookOptions) {
    this.#options = options;
    this.declare(options.kinds);
  }

  /** What is recorded from now on is held to these. */
  declare(kinds: readonly EventKind[]): void {
    this.#kinds = new Map(kinds.map((kind) => [kind.type, kind]));
  }

  /** Resolves when all are durable; else none is. Errors: DW_INVALID, DW_NOT_FOUND (subject, branch), DW_CONFLICT (closed branch), DW_UNAVAILABLE. */
  async record(events: readonly NewEvent[]): Promise<RecordedEvents> {
    if (events.length === 0) return { recorded: 0, duplicates: 0 };
    if (events.length > MAX_EVENT_BATCH)
      throw new DoppelwerkError("DW_INVALID", message("world.callRecordsMostEvents", { max: MAX_EVENT_BATCH, count: events.length }));
    this.#known = Math.max(this.#known, this.#options.clock.now());
    let bytes = 0;
    const stored = events.map((event) => {
      const checked = this.#checked(event);
      bytes += checked.payload.length;
      return checked;
    });
    if (bytes > MAX_BATCH_BYTES)
      throw new DoppelwerkError("DW_INVALID", message("world.payloadsCallMostBytes", { max: MAX_BATCH_BYTES, bytes }));
    const recorded = await this.#options.store.record(stored);
    return { recorded, duplicates: events.length - recorded };
  }

  query(query: EventPageQuery): Promise<EventPage> {
    return this.pageOf(query, () => true);
  }

  /** Only events of subjects that `shows` keeps; a page is full while there are more of them, and says nothing of the others. */
  async pageOf(query: EventPageQuery, shows: (subject: RecordId) => boolean): Promise<EventPage> {
    const limit = query.limit ?? DEFAULT_PAGE;
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_EVENT_PAGE)
      throw new DoppelwerkError("DW_INVALID", message("world.pageEventsHolds1", { max: MAX_EVENT_PAGE, limit }));
    const selection = this.#selection(query);
    const shown: StoredEvent[] = [];
    let asked: StoredEventQuery = { ...selection, order: query.order ?? "ascending", limit: limit + 1, ...placeOf(query.cursor) };
    for (;;) {
      const rows = await this.#options.store.query(asked);
      for (const row of rows) if (shown.length <= limit && shows(row.subject)) shown.push(row);
      if (rows.length < asked.limit || shown.length > limit) break;
      asked = { ...asked, limit: SCANNED_PAGE, after: rows.at(-1)! };
    }
    const events = shown.slice(0, limit).map((event) => this.#read(event));
    const last = events.at(-1);
    return shown.length > limit && last !== undefined ? { events, next: `${last.at}:${last.id}` } : { events };
  }

  async latest(query: EventQuery): Promise<EventRecord | undefined> {
    return (await this.query({ ...query, order: "descending", limit: 1 })).events[0];
  }

  async count(query: EventQuery): Promise<number> {
    return this.countOf(query, () => true);
  }

  async countOf(query: EventQuery, shows: (subject: RecordId) => boolean): Promise<number> {
    let sum = 0;
    for (const [subject, count] of await this.#options.store.count(this.#selection(query))) if (shows(subject)) sum += count;
    return sum;
  }

  /** Removes events before an instant for good. */
  expire(expiry: EventExpiry): Promise<number> {
    return this.#options.store.expire(expiry);
  }

  counts(): EventCounts {
    return this.#options.store.counts();
  }

  damages(): readonly EventDamage[] {
    return this.#options.store.damages();
  }

  #selection({ branch, subject, types, key, from = 0, to = ALWAYS, knownAt }: EventQuery): EventSelection {
    const end = knownAt === undefined ? to : Math.min(to, knownAt + 1);
    return {
      spans: eventSpans((id) => this.#options.branch(id), branch, from, end),
      ...(subject === undefined ? {} : { subject }),
      ...(types === undefined ? {} : { types }),
      ...(key === undefined ? {} : { key: { name: key.name, value: keyText(key.value) } }),
      ...(knownAt === undefined ? {} : { knownAt }),
    };
  }

  #checked({ id, branch = LIVE, subject, type, at, origin, actor, payload }: NewEvent): StoredEvent {
    const kind = this.#kinds.get(type);
    if (kind === undefined) throw new DoppelwerkError("DW_INVALID", message("world.noTypeEventDeclared", { type }));
    if (!isName(id)) throw new DoppelwerkError("DW_INVALID", message("world.idEventTypeNot1200", { type, id }));
    if (!Number.isSafeInteger(at) || at < 0) throw new DoppelwerkError("DW_INVALID", message("world.instantWhole", { type, at }));
    this.#checkPlace(branch, type, at);
    this.#checkSubject(subject, branch);
    const text = this.#payloadText(type, payload);
    // Read back from its text: what is checked is what is stored, and the caller keeps his object.
    const stored = JSON.parse(text) as EventPayload;
    const findings = kind.parse?.(stored) ?? [];
    if (findings.length > 0)
      throw new DoppelwerkError("DW_INVALID", message("world.payloadEventType", { type, findings: findings.join("; ") }));
    return {
      branch,
      at,
      id,
      subject,
      type,
      version: kind.version,
      known: this.#known,
      origin,
      ...(actor === undefined ? {} : { actor }),
      keys: keysOf(kind, stored),
      payload: text,
    };
  }

  #checkPlace(id: BranchId, type: string, at: Instant): void {
    const branch = this.#options.branch(id);
    if (branch.closed !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("world.branchClosed", { as: branch.closed.as, id }));
    if (branch.parent !== undefined && at <= branch.instant)
      throw new DoppelwerkError("DW_INVALID", message("world.eventBranchLiesAfterFork", { type, at }));
    if (branch.parent === undefined && at > this.#known + MAX_AHEAD)
      throw new DoppelwerkError("DW_INVALID", message("world.eventCannotLieFuture", { type, at }));
  }

  /** A record that was once there is there for good, in its versions. */
  #checkSubject(subject: RecordId, branch: BranchId): void {
    const name = `${branch}\n${subject}`;
    if (this.#subjects.has(name)) return;
    if (!this.#options.exists(subject, branch)) throw new DoppelwerkError("DW_NOT_FOUND", message("world.noRecord", { id: subject }));
    if (this.#subjects.size >= MAX_KNOWN_SUBJECTS) this.#subjects.clear();
    this.#subjects.add(name);
  }

  #payloadText(type: string, payload: EventPayload): string {
    let text: string | undefined;
    try {
      text = JSON.stringify(payload);
    } catch (error) {
      throw new DoppelwerkError("DW_INVALID", message("world.payloadEventTypeNotJson", { type, reason: (error as Error).message }));
    }
    if (text === undefined || !text.startsWith("{"))
      throw new DoppelwerkError("DW_INVALID", message("world.payloadEventTypeNotJsonObject", { type }));
    const bytes = text.length * 3 <= MAX_PAYLOAD_BYTES ? text.length : this.#text.encode(text).length;
    if (bytes > MAX_PAYLOAD_BYTES)
      throw new DoppelwerkError("DW_INVALID", message("world.payloadEventTypeBytes", { type, bytes, max: MAX_PAYLOAD_BYTES }));
    return text;
  }

  #read(event: StoredEvent): EventRecord {
    const { keys, payload: text, version, ...rest } = event;
    const payload = JSON.parse(text) as EventPayload;
    const named: Record<string, string[]> = {};
    for (const { name, value } of keys) (named[name] ??= []).push(value);
    const kind = this.#kinds.get(event.type);
    if (kind !== undefined && version < kind.version)
      try {
        return { ...rest, keys: named, version: kind.version, payload: upcastPayload(kind, version, payload) };
      } catch (error) {
        this.#options.onFault?.(error, event);
      }
    return { ...rest, keys: named, version, payload };
  }
}

/** Without control characters and halves of surrogate pairs. */
function isName(text: string): boolean {
  return text.length > 0 && text.length <= 200 && !/[\p{Cc}\p{Surrogate}]/u.test(text);
}

/** A page begins after the event that the page before ended with: named by time and id, which say nothing of what is not shown. */
function placeOf(cursor: string | undefined): Pick<StoredEventQuery, "after"> {
  if (cursor === undefined) return {};
  const [, at, id] = /^(\d{1,16}):([^]+)$/.exec(cursor) ?? [];
  if (at === undefined || id === undefined) throw new DoppelwerkError("DW_INVALID", message("world.noCursorPageEvents", { cursor }));
  return { after: { at: Number(at), id } };
}
