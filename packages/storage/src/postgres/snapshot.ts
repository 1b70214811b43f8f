import { message } from "@doppelwerk/messages";
import { DoppelwerkError, upcastEntry, type LogEntry } from "@doppelwerk/world";
import pg from "pg";
import { FORMAT, placeOf, refused } from "./database.ts";

/** Where the change log of a world ends, and who owns the world. */
export interface SharedHead {
  readonly revision: number;
  /** Of the last entry; undefined for an empty log. */
  readonly hash: string | undefined;
  readonly epoch: number;
  /** Who holds its lease; undefined where nobody does. */
  readonly owner: string | undefined;
}

const CONNECT_MS = 5_000;
/** Rows of one answer. */
const PAGE_ROWS = 5_000;
/** A shorter page where entries are long: at most about so many characters. */
const PAGE_ENTRIES = 500;
/** A holder that was not heard of for so long holds nothing, as in `createPostgresLease`. */
const EXPIRES_MS = 6_000;
/** Each stretch is cut out of a value that PostgreSQL unpacks whole: few large ones. */
const STRETCH_BYTES = 8_000_000;

export interface SharedBlob {
  readonly contentType: string;
  readonly size: number;
  pieces(): AsyncIterable<Uint8Array>;
}

export interface SharedSeries {
  readonly id: number;
  readonly branch: string;
  readonly signal: string;
}

/** A sample as it lies in its row. */
export interface SharedSample {
  readonly time: string;
  readonly value: number;
  readonly quality: number;
  readonly origin: number;
  readonly server_time: string;
  readonly text: string | null;
}

export interface SharedEvent {
  readonly branch: string;
  readonly at: string;
  readonly id: string;
  readonly subject: string;
  readonly type: string;
  readonly version: number;
  readonly known: string;
  readonly origin: string;
  readonly actor: string | null;
  readonly keys: string;
  readonly payload: string;
}

/**
 * What PostgreSQL holds of worlds, as it was at one instant (repeatable read), whatever is written meanwhile; nothing is written or locked. The instant is that of
 * the first question. Errors: DW_UNAVAILABLE; DW_NOT_FOUND where Doppelwerk keeps nothing there, DW_FORMAT_NEWER.
 */
export class PostgresSnapshot {
  readonly #client: pg.Client;
  readonly #url: string;
  #cursors = 0;

  private constructor(client: pg.Client, url: string) {
    this.#client = client;
    this.#url = url;
  }

  static async open(url: string): Promise<PostgresSnapshot> {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
      application_name: "doppelwerk backup",
    });
    // what breaks while nothing is asked is told by the next question
    client.on("error", () => {});
    const snapshot = new PostgresSnapshot(client, url);
    try {
      await client.connect();
      await snapshot.#rows("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      await snapshot.#rows("SET LOCAL statement_timeout = 0");
      await snapshot.#checkFormat();
      return snapshot;
    } catch (error) {
      await snapshot.close();
      throw error instanceof DoppelwerkError ? error : refused(error, url);
    }
  }

  /** Undefined for a world of which nothing is there. */
  async head(world: string): Promise<SharedHead | undefined> {
    const [row] = await this.#rows<{ last_revision: string; epoch: number; entry: string | null }>(
      `SELECT last_revision, epoch, (SELECT entry FROM doppelwerk.changes WHERE changes.world = worlds.world AND revision = last_revision) AS entry
       FROM doppelwerk.worlds WHERE world = $1`,
      [world],
    );
    if (row === undefined) return undefined;
    const [lease] = (await this.#has("leases"))
      ? await this.#rows<{ owner: string }>(
          `SELECT owner FROM doppelwerk.leases WHERE world = $1 AND owner IS NOT NULL AND beat >= clock_timestamp() - $2 * interval '1 millisecond'`,
          [world, EXPIRES_MS],
        )
      : [];
    const revision = Number(row.last_revision);
    return {
      revision,
      hash: row.entry === null ? undefined : (JSON.parse(row.entry) as LogEntry).hash,
      epoch: row.epoch,
      owner: lease?.owner,
    };
  }

  /** The hash of the entry of a revision. */
  async hashAt(world: string, revision: number): Promise<string | undefined> {
    const [row] = await this.#rows<{ entry: string }>("SELECT entry FROM doppelwerk.changes WHERE world = $1 AND revision = $2", [
      world,
      revision,
    ]);
    return row && (JSON.parse(row.entry) as LogEntry).hash;
  }

  /** Entries after a revision, some hundreds at a time. */
  async *entries(world: string, after: number): AsyncGenerator<readonly { readonly line: string; readonly entry: LogEntry }[]> {
    const rows = this.#pages<{ entry: string }>(
      "SELECT entry FROM doppelwerk.changes WHERE world = $1 AND revision > $2 ORDER BY revision",
      [world, after],
      PAGE_ENTRIES,
    );
    for await (const page of rows) yield page.map(({ entry: line }) => ({ line, entry: upcastEntry(JSON.parse(line)) }));
  }

  /** Hashes of the files of all worlds. */
  async blobHashes(): Promise<ReadonlySet<string>> {
    return new Set((await this.#rows<{ hash: string }>("SELECT hash FROM doppelwerk.blobs")).map(({ hash }) => hash));
  }

  async blob(hash: string): Promise<SharedBlob | undefined> {
    const [row] = await this.#rows<{ content_type: string; size: string }>(
      "SELECT content_type, length(bytes) AS size FROM doppelwerk.blobs WHERE hash = $1",
      [hash],
    );
    if (row === undefined) return undefined;
    const size = Number(row.size);
    return { contentType: row.content_type, size, pieces: () => this.#stretches(hash, size) };
  }

  async hasSamples(world: string): Promise<boolean> {
    if (!(await this.#has("samples"))) return false;
    const [row] = await this.#rows<{ found: boolean }>(
      "SELECT EXISTS (SELECT FROM doppelwerk.samples WHERE series IN (SELECT id FROM doppelwerk.series WHERE world = $1)) AS found",
      [world],
    );
    return row!.found;
  }

  async series(world: string): Promise<readonly SharedSeries[]> {
    if (!(await this.#has("series"))) return [];
    return this.#rows<SharedSeries>("SELECT id, branch, signal FROM doppelwerk.series WHERE world = $1 ORDER BY id", [world]);
  }

  /** Ascending in time, of one time in order of arrival. */
  samples(series: number): AsyncGenerator<readonly SharedSample[]> {
    return this.#pages<SharedSample>(
      "SELECT time, value, quality, origin, server_time, text FROM doppelwerk.samples WHERE series = $1 ORDER BY time, arrival",
      [series],
    );
  }

  /** In order of arrival. */
  async *events(world: string): AsyncGenerator<readonly SharedEvent[]> {
    if (!(await this.#has("events"))) return;
    yield* this.#pages<SharedEvent>(
      "SELECT branch, at, id, subject, type, version, known, origin, actor, keys, payload FROM doppelwerk.events WHERE world = $1 ORDER BY arrival",
      [world],
    );
  }

  /** Never rejects: what was only read needs no end. */
  async close(): Promise<void> {
    await this.#client.end().catch(() => {
      // the connection is gone already
    });
  }

  async #checkFormat(): Promise<void> {
    if (!(await this.#has("format")))
      throw new DoppelwerkError("DW_NOT_FOUND", message("storage.databaseHoldsNothing", { url: placeOf(this.#url) }));
    const [format] = await this.#rows<{ version: number }>("SELECT version FROM doppelwerk.format");
    if ((format?.version ?? 0) > FORMAT)
      throw new DoppelwerkError(
        "DW_FORMAT_NEWER",
        message("storage.databaseWrittenNewerDoppelwerkFormat", { version: format!.version, format: FORMAT }),
      );
  }

  async #has(table: string): Promise<boolean> {
    const [row] = await this.#rows<{ found: boolean }>("SELECT to_regclass($1) IS NOT NULL AS found", [`doppelwerk.${table}`]);
    return row!.found;
  }

  async *#stretches(hash: string, size: number): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < size; at += STRETCH_BYTES) {
      const [row] = await this.#rows<{ bytes: Buffer }>(
        "SELECT substring(bytes FROM $2::int FOR $3::int) AS bytes FROM doppelwerk.blobs WHERE hash = $1",
        [hash, at + 1, STRETCH_BYTES],
      );
      yield row!.bytes;
    }
  }

  async *#pages<Row extends object>(text: string, values: readonly unknown[], rows = PAGE_ROWS): AsyncGenerator<readonly Row[]> {
    const cursor = `pages_${this.#cursors++}`;
    await this.#rows(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${text}`, values);
    for (;;) {
      const page = await this.#rows<Row>(`FETCH ${rows} FROM ${cursor}`);
      if (page.length > 0) yield page;
      if (page.length < rows) break;
    }
    await this.#rows(`CLOSE ${cursor}`);
  }

  async #rows<Row extends object>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    try {
      return (await this.#client.query<Row>(text, [...values])).rows;
    } catch (error) {
      throw refused(error, this.#url);
    }
  }
}
