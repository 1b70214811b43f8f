import {
  cursorGone,
  type EventCounts,
  type EventDamage,
  type EventExpiry,
  type EventKey,
  type EventSelection,
  type EventSpan,
  type EventStore,
  type Origin,
  type RecordId,
  type StoredEvent,
  type StoredEventQuery,
} from "@doppelwerk/world";
import { WaitingEvents } from "../events/waiting-events.ts";
import type { PostgresDatabase } from "./database.ts";

/** Events of one statement: more wait for the next. */
const GROUP_EVENTS = 20_000;
const EXPIRE_ROWS = 5_000;

/** Two processes may start at once, hence the lock. */
const TABLES = `
  SELECT pg_advisory_xact_lock(7243014903);
  CREATE TABLE IF NOT EXISTS doppelwerk.events (
    world text NOT NULL, branch text NOT NULL, at bigint NOT NULL, id text NOT NULL, arrival bigserial, subject text NOT NULL, type text NOT NULL,
    version integer NOT NULL, known bigint NOT NULL, origin text NOT NULL, actor text, keys text NOT NULL, payload text NOT NULL,
    PRIMARY KEY (world, branch, at, id)
  );
  CREATE INDEX IF NOT EXISTS event_subjects ON doppelwerk.events (world, branch, subject, at, arrival);
  CREATE INDEX IF NOT EXISTS event_types ON doppelwerk.events (world, branch, type, at, arrival);
  CREATE TABLE IF NOT EXISTS doppelwerk.event_keys (
    world text NOT NULL, branch text NOT NULL, name text NOT NULL, value text NOT NULL, at bigint NOT NULL, arrival bigint NOT NULL,
    PRIMARY KEY (world, branch, name, value, at, arrival)
  );
`;

const INSERT = `
  WITH made AS (
    INSERT INTO doppelwerk.events (world, branch, at, id, subject, type, version, known, origin, actor, keys, payload)
    SELECT $1, branch, at, id, subject, type, version, known, origin, actor, keys, payload
    FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::integer[], $8::bigint[], $9::text[], $10::text[], $11::text[], $12::text[])
      WITH ORDINALITY AS arriving (branch, at, id, subject, type, version, known, origin, actor, keys, payload, place)
    ORDER BY place ON CONFLICT DO NOTHING RETURNING branch, at, id, arrival
  ), keyed AS (
    INSERT INTO doppelwerk.event_keys (world, branch, name, value, at, arrival)
    SELECT $1, branch, name, value, at, arrival
    FROM unnest($13::text[], $14::bigint[], $15::text[], $16::text[], $17::text[]) AS keys (branch, at, id, name, value) JOIN made USING (branch, at, id)
    ON CONFLICT DO NOTHING
  )
  SELECT branch, at, id FROM made`;

const EXPIRE = `
  WITH gone AS (
    DELETE FROM doppelwerk.events USING unnest($2::text[], $3::bigint[], $4::text[]) AS expired (branch, at, id)
    WHERE events.world = $1 AND events.branch = expired.branch AND events.at = expired.at AND events.id = expired.id RETURNING events.arrival
  ), unkeyed AS (
    DELETE FROM doppelwerk.event_keys USING unnest($5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[]) AS expired (branch, name, value, at, arrival)
    WHERE event_keys.world = $1 AND event_keys.branch = expired.branch AND event_keys.name = expired.name AND event_keys.value = expired.value
      AND event_keys.at = expired.at AND event_keys.arrival = expired.arrival
  )
  SELECT count(*) AS count FROM gone`;

interface EventRow {
  readonly branch: string;
  readonly at: string;
  readonly id: string;
  readonly arrival: string;
  readonly subject: string;
  readonly type: string;
  readonly version: number;
  readonly known: string;
  readonly origin: Origin;
  readonly actor: string | null;
  readonly keys: string;
  readonly payload: string;
}

interface Call {
  readonly events: readonly StoredEvent[];
  readonly answer: PromiseWithResolvers<number>;
}

/** The events of one world in PostgreSQL, for worlds whose history is there. Errors: DW_UNAVAILABLE. */
export async function openPostgresEvents({
  database,
  world,
}: {
  readonly database: PostgresDatabase;
  readonly world: string;
}): Promise<EventStore> {
  await database.query(TABLES);
  return new PostgresEvents(database, world);
}

class PostgresEvents implements EventStore {
  readonly #database: PostgresDatabase;
  readonly #world: string;
  readonly #waiting = new WaitingEvents();
  #queue: Call[] = [];
  #writing: Promise<void> | undefined;

  constructor(database: PostgresDatabase, world: string) {
    this.#database = database;
    this.#world = world;
  }

  async record(events: readonly StoredEvent[]): Promise<number> {
    if (events.length === 0) return 0;
    return this.#waiting.through(events, () => {
      const answer = Promise.withResolvers<number>();
      this.#queue.push({ events, answer });
      this.#writing ??= this.#writeAll().finally(() => (this.#writing = undefined));
      return answer.promise;
    });
  }

  async query({ spans, after, ...query }: StoredEventQuery): Promise<readonly StoredEvent[]> {
    const ordered = query.order === "ascending" ? spans : spans.toReversed();
    const begin = after === undefined ? 0 : ordered.findIndex(({ from, to }) => from <= after.at && after.at < to);
    if (begin < 0) return [];
    const found: StoredEvent[] = [];
    for (const [index, span] of ordered.slice(begin).entries()) {
      const place = index === 0 && after !== undefined ? await this.#placeOf(span, after) : undefined;
      found.push(...(await this.#querySpan(span, { ...query, limit: query.limit - found.length }, place)));
      if (found.length >= query.limit) break;
    }
    return found;
  }

  async count({ spans, ...selection }: EventSelection): Promise<ReadonlyMap<RecordId, number>> {
    const counts = new Map<RecordId, number>();
    for (const span of spans) {
      const { from, where, values } = this.#conditions(span, selection);
      const rows = await this.#database.query<{ subject: string; count: string }>(
        `SELECT events.subject, count(*) AS count FROM ${from} WHERE ${where.join(" AND ")} GROUP BY events.subject`,
        values,
      );
      for (const { subject, count } of rows) counts.set(subject, (counts.get(subject) ?? 0) + Number(count));
    }
    return counts;
  }

  async expire({ before, branch, types }: EventExpiry): Promise<number> {
    for (let removed = 0; ;) {
      const rows = await this.#database.query<EventRow>(
        `SELECT branch, at, id, arrival, keys FROM doppelwerk.events WHERE world = $1 AND at < $2 AND ($3::text IS NULL OR branch = $3)
           AND ($4::text[] IS NULL OR type = ANY ($4)) LIMIT ${EXPIRE_ROWS}`,
        [this.#world, before, branch ?? null, types ?? null],
      );
      if (rows.length === 0) return removed;
      const keys = rows.flatMap((row) => keysFrom(row.keys).map((key) => ({ ...key, row })));
      const [gone] = await this.#database.query<{ count: string }>(EXPIRE, [
        this.#world,
        ...(["branch", "at", "id"] as const).map((column) => rows.map((row) => row[column])),
        keys.map(({ row }) => row.branch),
        keys.map(({ name }) => name),
        keys.map(({ value }) => value),
        ...(["at", "arrival"] as const).map((column) => keys.map(({ row }) => row[column])),
      ]);
      removed += Number(gone!.count);
    }
  }

  counts(): EventCounts {
    return this.#waiting.counts();
  }

  damages(): readonly EventDamage[] {
    return [];
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#database.close();
  }

  /** One statement at a time: two at once could wait for each other's events. What comes meanwhile is one group. */
  async #writeAll(): Promise<void> {
    while (this.#queue.length > 0) {
      const group: Call[] = [];
      for (let events = 0; this.#queue.length > 0 && events < GROUP_EVENTS; events += group.at(-1)!.events.length)
        group.push(this.#queue.shift()!);
      try {
        const made = await this.#insert(group.flatMap(({ events }) => events));
        for (const { events, answer } of group)
          answer.resolve(events.reduce((sum, event) => sum + (made.delete(nameOf(event)) ? 1 : 0), 0));
      } catch (error) {
        for (const { answer } of group) answer.reject(error);
      }
    }
  }

  /** Names of those that were new. */
  async #insert(events: readonly StoredEvent[]): Promise<Set<string>> {
    const first = new Map<string, StoredEvent>();
    for (const event of events) if (!first.has(nameOf(event))) first.set(nameOf(event), event);
    const rows = [...first.values()];
    const keys = rows.flatMap((event) => event.keys.map((key) => ({ ...key, event })));
    const made = await this.#database.query<Pick<EventRow, "branch" | "at" | "id">>(INSERT, [
      this.#world,
      ...(["branch", "at", "id", "subject", "type", "version", "known", "origin"] as const).map((column) => rows.map((row) => row[column])),
      rows.map(({ actor }) => actor ?? null),
      rows.map((row) => JSON.stringify(row.keys.flatMap(({ name, value }) => [name, value]))),
      rows.map(({ payload }) => payload),
      ...(["branch", "at", "id"] as const).map((column) => keys.map(({ event }) => event[column])),
      keys.map(({ name }) => name),
      keys.map(({ value }) => value),
    ]);
    return new Set(made.map(({ branch, at, id }) => nameOf({ branch, at: Number(at), id })));
  }

  async #querySpan(
    span: EventSpan,
    { order, limit, ...selection }: Omit<StoredEventQuery, "after" | "spans">,
    after: { readonly at: number; readonly arrival: string } | undefined,
  ): Promise<readonly StoredEvent[]> {
    const { from, where, values } = this.#conditions(span, selection);
    const [direction, beyond] = order === "ascending" ? ["ASC", ">"] : ["DESC", "<"];
    if (after !== undefined) {
      where.push(`(events.at, events.arrival) ${beyond} ($${values.length + 1}, $${values.length + 2})`);
      values.push(after.at, after.arrival);
    }
    values.push(limit);
    const rows = await this.#database.query<EventRow>(
      `SELECT events.* FROM ${from} WHERE ${where.join(" AND ")} ORDER BY events.at ${direction}, events.arrival ${direction} LIMIT $${values.length}`,
      values,
    );
    return rows.map(eventOf);
  }

  #conditions(
    { branch, from, to }: EventSpan,
    { subject, types, key, knownAt }: Omit<EventSelection, "spans">,
  ): { readonly from: string; readonly where: string[]; readonly values: unknown[] } {
    const values: unknown[] = [this.#world, branch, from, to];
    const where = ["events.world = $1", "events.branch = $2", "events.at >= $3", "events.at < $4"];
    const need = (condition: string, value: unknown): void => void where.push(condition.replace("?", `$${values.push(value)}`));
    if (subject !== undefined) need("events.subject = ?", subject);
    if (types !== undefined) need("events.type = ANY (?::text[])", types);
    if (knownAt !== undefined) need("events.known <= ?", knownAt);
    if (key === undefined) return { from: "doppelwerk.events", where, values };
    need("event_keys.name = ?", key.name);
    need("event_keys.value = ?", key.value);
    where.push("event_keys.at >= $3", "event_keys.at < $4");
    return { from: "doppelwerk.event_keys JOIN doppelwerk.events USING (world, branch, at, arrival)", where, values };
  }

  async #placeOf(
    { branch }: EventSpan,
    { at, id }: Pick<StoredEvent, "at" | "id">,
  ): Promise<{ readonly at: number; readonly arrival: string }> {
    const [row] = await this.#database.query<Pick<EventRow, "arrival">>(
      "SELECT arrival FROM doppelwerk.events WHERE world = $1 AND branch = $2 AND at = $3 AND id = $4",
      [this.#world, branch, at, id],
    );
    if (row === undefined) throw cursorGone();
    return { at, arrival: row.arrival };
  }
}

function eventOf({ at, known, actor, keys, arrival: _arrival, ...row }: EventRow): StoredEvent {
  const { branch, id, subject, type, version, origin, payload } = row;
  const event = { branch, at: Number(at), id, subject, type, version, known: Number(known), origin };
  return { ...event, ...(actor === null ? {} : { actor }), keys: keysFrom(keys), payload };
}

function keysFrom(text: string): readonly EventKey[] {
  const flat = JSON.parse(text) as readonly string[];
  return Array.from({ length: flat.length / 2 }, (_, i) => ({ name: flat[2 * i]!, value: flat[2 * i + 1]! }));
}

function nameOf({ branch, at, id }: Pick<StoredEvent, "branch" | "at" | "id">): string {
  return `${branch}\n${at}\n${id}`;
}
