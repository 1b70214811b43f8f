import { hash } from "node:crypto";
import {
  checkPercentiles,
  codeOfOrigin,
  originOfCode,
  StateFold,
  type BranchId,
  type Buckets,
  type Extent,
  type Instant,
  type Quality,
  type RecordId,
  type SampleAt,
  type SampleBatch,
  type SampleColumns,
  type SeriesKey,
  type StateDurations,
  type ThinnableHistory,
} from "@doppelwerk/world";
import { Filling } from "../segments/fill-buckets.ts";
import { CopyRows } from "./copy-in.ts";
import type { PostgresDatabase, PostgresSession } from "./database.ts";

/** Rows read at a time where a question goes over many. */
const PAGE_ROWS = 50_000;
const ROW_BYTES = 82;
const UNIQUE_VIOLATION = "23505";
/** What PostgreSQL's bigint and a JavaScript number both hold. */
const LARGEST = Number.MAX_SAFE_INTEGER;

/** Two processes may start at once, hence the lock. `mark` is a hash of the text: an index takes no long ones. */
const TABLES = `
  SELECT pg_advisory_xact_lock(7243014902);
  CREATE TABLE IF NOT EXISTS doppelwerk.series (
    id serial PRIMARY KEY, world text NOT NULL, branch text NOT NULL, signal text NOT NULL, UNIQUE (world, branch, signal)
  );
  CREATE TABLE IF NOT EXISTS doppelwerk.samples (
    series integer NOT NULL, time bigint NOT NULL, value float8 NOT NULL, mark bigint NOT NULL, quality smallint NOT NULL,
    server_time bigint NOT NULL, text text, arrival bigserial, PRIMARY KEY (series, time, value, mark)
  );
  ALTER TABLE doppelwerk.samples ADD COLUMN IF NOT EXISTS origin smallint NOT NULL DEFAULT 0;
`;
const COLUMNS = "series, time, value, mark, quality, server_time, text, origin";
const STAGE = `CREATE TEMP TABLE IF NOT EXISTS arriving (series integer, time bigint, value float8, mark bigint, quality smallint, server_time bigint,
  text text, origin smallint, row bigserial) ON COMMIT DELETE ROWS`;

interface SampleRow {
  readonly time: string;
  readonly value: number;
  readonly quality: number;
  /** Code; 0 = as the signal says, and in rows of earlier versions. */
  readonly origin: number;
  readonly text: string | null;
  readonly arrival: string;
}

/**
 * The history of one world in PostgreSQL, shared by processes: rows by binary COPY, one row a sample. For plants whose samples must outlive a machine;
 * it takes about a hundred times the place of segments. Errors: DW_UNAVAILABLE.
 */
export async function openPostgresHistory({
  database,
  world,
}: {
  readonly database: PostgresDatabase;
  readonly world: string;
}): Promise<ThinnableHistory> {
  await database.query(TABLES);
  return new PostgresHistory(database, world);
}

class PostgresHistory implements ThinnableHistory {
  readonly #database: PostgresDatabase;
  readonly #world: string;
  readonly #ids = new Map<string, number>();

  constructor(database: PostgresDatabase, world: string) {
    this.#database = database;
    this.#world = world;
  }

  async append(branch: BranchId, batch: SampleBatch, signalIds: readonly RecordId[]): Promise<void> {
    if (batch.count === 0) return;
    const used = [...new Set(batch.signals.subarray(0, batch.count))];
    for (const index of used) if (signalIds[index] === undefined) throw new Error(`no signal id for index ${index}`);
    await this.#makeIds(
      branch,
      used.map((index) => signalIds[index]!),
    );
    const data = this.#rowsOf(branch, batch, signalIds);
    try {
      await this.#database.session((session) => session.copyIn(`COPY doppelwerk.samples (${COLUMNS}) FROM STDIN (FORMAT binary)`, data));
    } catch (error) {
      if ((error as { readonly details?: { readonly code?: string } }).details?.code !== UNIQUE_VIOLATION) throw error;
      // some are there already: sort them out on the way
      await this.#database.session((session) => appendNew(session, data));
    }
  }

  async raw(key: SeriesKey, from: Instant, to: Instant, limit = Number.POSITIVE_INFINITY): Promise<SampleColumns> {
    const rows: SampleRow[] = [];
    for await (const page of this.#pages(key, from, to)) {
      for (const row of page) if (rows.length < limit) rows.push(row);
      if (rows.length >= limit) break;
    }
    const texts = new Map<number, string>();
    rows.forEach(({ text }, at) => text !== null && texts.set(at, text));
    return {
      times: Float64Array.from(rows, ({ time }) => Number(time)),
      values: Float64Array.from(rows, ({ value }) => value),
      qualities: Uint8Array.from(rows, ({ quality }) => quality),
      origins: Uint8Array.from(rows, ({ origin }) => origin),
      texts,
    };
  }

  async at(keys: readonly SeriesKey[], instant: Instant): Promise<(SampleAt | undefined)[]> {
    await this.#findIds(keys);
    const answers: (SampleAt | undefined)[] = keys.map(() => undefined);
    const rows = await this.#database.query<SampleRow & { readonly place: string }>(
      `SELECT asked.place, last.* FROM unnest($1::integer[]) WITH ORDINALITY AS asked (series, place)
       CROSS JOIN LATERAL (SELECT time, value, quality, origin, text FROM doppelwerk.samples WHERE series = asked.series AND time <= $2
         ORDER BY time DESC, arrival DESC LIMIT 1) AS last`,
      [keys.map((key) => this.#ids.get(nameOf(key)) ?? -1), whole(instant)],
    );
    for (const { place, time, value, quality, origin: code, text } of rows) {
      const origin = originOfCode(code);
      const sample = { value, quality: quality as Quality, time: Number(time), ...(origin !== undefined && { origin }) };
      answers[Number(place) - 1] = text === null ? sample : { ...sample, text };
    }
    return answers;
  }

  async buckets(key: SeriesKey, from: Instant, to: Instant, count: number, percentiles: readonly number[] = []): Promise<Buckets> {
    checkPercentiles(percentiles);
    const filling = new Filling(from, Math.max(1, Math.floor((to - from) / count)), count, percentiles);
    const [before] = await this.at([key], from - 1);
    filling.begin(before);
    for await (const page of this.#pages(key, from, filling.end)) {
      const times = Float64Array.from(page, ({ time }) => Number(time));
      filling.rows({
        count: page.length,
        times,
        values: Float64Array.from(page, ({ value }) => value),
        qualities: Uint8Array.from(page, ({ quality, origin }) => quality | (origin << 2)),
        serverTimes: times,
        texts: undefined,
      });
    }
    return filling.finish();
  }

  async durations(key: SeriesKey, from: Instant, to: Instant, count: number): Promise<StateDurations> {
    const fold = new StateFold(from, to, count);
    const [before] = await this.at([key], from - 1);
    fold.begin(before);
    for await (const page of this.#pages(key, from, fold.end))
      for (const { time, value, quality, text } of page) fold.take(Number(time), value, quality, text ?? undefined);
    return fold.finish();
  }

  async extent(key: SeriesKey): Promise<Extent | undefined> {
    await this.#findIds([key]);
    const [row] = await this.#database.query<{ first: string | null; last: string; count: string }>(
      "SELECT min(time) AS first, max(time) AS last, count(*) AS count FROM doppelwerk.samples WHERE series = $1",
      [this.#ids.get(nameOf(key)) ?? -1],
    );
    if (row === undefined || row.first === null) return undefined;
    return { first: Number(row.first), last: Number(row.last), count: Number(row.count) };
  }

  async mark(): Promise<number> {
    const [row] = await this.#database.query<{ mark: string }>("SELECT coalesce(max(arrival), 0) + 1 AS mark FROM doppelwerk.samples");
    return Number(row!.mark);
  }

  async drop(drops: readonly { readonly key: SeriesKey; readonly before: Instant }[], mark: number): Promise<void> {
    await this.#findIds(drops.map(({ key }) => key));
    await this.#database.query(
      `DELETE FROM doppelwerk.samples USING unnest($1::integer[], $2::bigint[]) AS gone (series, before)
       WHERE samples.series = gone.series AND time < gone.before AND arrival < $3`,
      [drops.map(({ key }) => this.#ids.get(nameOf(key)) ?? -1), drops.map(({ before }) => whole(before)), mark],
    );
  }

  async close(): Promise<void> {
    await this.#database.close();
  }

  /** Ascending, of one time in order of arrival. */
  async *#pages(key: SeriesKey, from: Instant, to: Instant): AsyncGenerator<readonly SampleRow[]> {
    await this.#findIds([key]);
    const id = this.#ids.get(nameOf(key));
    if (id === undefined) return;
    for (let [time, arrival] = [whole(Math.ceil(from)), "0"]; ;) {
      const rows = await this.#database.query<SampleRow>(
        `SELECT time, value, quality, origin, text, arrival FROM doppelwerk.samples
         WHERE series = $1 AND time >= $2 AND time < $3 AND (time, arrival) > ($2, $4) ORDER BY time, arrival LIMIT ${PAGE_ROWS}`,
        [id, time, whole(Math.ceil(to)), arrival],
      );
      if (rows.length > 0) yield rows;
      if (rows.length < PAGE_ROWS) return;
      [time, arrival] = [rows.at(-1)!.time, rows.at(-1)!.arrival];
    }
  }

  #rowsOf(branch: BranchId, batch: SampleBatch, signalIds: readonly RecordId[]): Buffer {
    const ids = signalIds.map((signal) => this.#ids.get(nameOf({ branch, signal })));
    const rows = new CopyRows(batch.count, ROW_BYTES);
    const origin = codeOfOrigin(batch.origin);
    for (let row = 0; row < batch.count; row++) {
      const time = batch.sourceTimes[row]!;
      if (!Number.isSafeInteger(time)) throw new Error(`a time that is no whole number of microseconds: ${time}`);
      const text = batch.texts.get(row);
      rows.row(8);
      rows.int32(ids[batch.signals[row]!]!);
      rows.int64(time);
      rows.float64(batch.values[row]!);
      rows.int64(text === undefined ? 0 : markOf(text));
      rows.int16(batch.qualities[row]!);
      rows.int64(Math.floor(batch.serverTimes[row]!));
      rows.text(text?.replaceAll("\u0000", "\ufffd"));
      rows.int16(batch.origins?.[row] ?? origin);
    }
    return rows.end();
  }

  async #makeIds(branch: BranchId, signals: readonly RecordId[]): Promise<void> {
    const unknown = signals.filter((signal) => !this.#ids.has(nameOf({ branch, signal })));
    if (unknown.length === 0) return;
    await this.#database.query(
      "INSERT INTO doppelwerk.series (world, branch, signal) SELECT $1, $2, unnest($3::text[]) ON CONFLICT DO NOTHING",
      [this.#world, branch, unknown.map(storable)],
    );
    await this.#findIds(unknown.map((signal) => ({ branch, signal })));
  }

  /** Series that do not exist yet stay without a number. */
  async #findIds(keys: readonly SeriesKey[]): Promise<void> {
    const unknown = keys.filter((key) => !this.#ids.has(nameOf(key)));
    if (unknown.length === 0) return;
    const rows = await this.#database.query<{ id: number; place: string }>(
      `SELECT id, place FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS asked (branch, signal, place)
       JOIN doppelwerk.series ON series.world = $1 AND series.branch = asked.branch AND series.signal = asked.signal`,
      [this.#world, unknown.map(({ branch }) => branch), unknown.map(({ signal }) => storable(signal))],
    );
    for (const { id, place } of rows) this.#ids.set(nameOf(unknown[Number(place) - 1]!), id);
  }
}

async function appendNew(session: PostgresSession, data: Buffer): Promise<void> {
  await session.query(STAGE);
  await session.query("BEGIN");
  try {
    await session.copyIn(`COPY pg_temp.arriving (${COLUMNS}) FROM STDIN (FORMAT binary)`, data);
    await session.query(
      `INSERT INTO doppelwerk.samples (${COLUMNS}) SELECT ${COLUMNS} FROM pg_temp.arriving ORDER BY row ON CONFLICT DO NOTHING`,
    );
    await session.query("COMMIT");
  } catch (error) {
    await session.query("ROLLBACK").catch(() => {
      // the connection is gone, and with it the transaction; the first error is the one to show
    });
    throw error;
  }
}

/** Never 0, which is no text. */
function markOf(text: string): number {
  return Number.parseInt(hash("sha256", text, "hex").slice(0, 13), 16) + 1;
}

/** PostgreSQL's texts hold no NUL. */
function storable(text: string): string {
  return text.replaceAll("\u0000", "\ufffd");
}

function whole(time: number): string {
  return String(Math.floor(Math.max(-LARGEST, Math.min(LARGEST, time))));
}

function nameOf({ branch, signal }: SeriesKey): string {
  return `${branch}\n${signal}`;
}
