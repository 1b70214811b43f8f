import { message as messageOf } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import pg from "pg";
import { copyIn } from "./copy-in.ts";

/** A PostgreSQL that holds worlds. */
export interface PostgresDatabase {
  /** With its password: for connections of other threads, never for a message. */
  readonly url: string;
  /** Rows of one statement. Errors: DW_UNAVAILABLE with PostgreSQL's own words, never with the address's password. */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** Statements of one connection, one after another. Errors as `query`. */
  session<T>(work: (session: PostgresSession) => Promise<T>): Promise<T>;
  /** Calls back at every notification of a channel until the returned function is called; comes back by itself after a broken connection. */
  listen(channel: string, told: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface PostgresSession {
  query(text: string): Promise<void>;
  /** `COPY … FROM STDIN (FORMAT binary)` with all its data. */
  copyIn(statement: string, data: Buffer): Promise<void>;
}

export const FORMAT = 2;
const CONNECTIONS = 4;
const CONNECT_MS = 5_000;
const STATEMENT_MS = 60_000;
const RELISTEN_MS = 500;

/**
 * Connects and makes the tables where they are missing, in a schema of their own. Errors: DW_UNAVAILABLE (not reachable, not allowed),
 * DW_FORMAT_NEWER (the tables were made by a newer Doppelwerk; nothing is touched).
 */
export async function openPostgres(url: string): Promise<PostgresDatabase> {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    // Where the network swallows the answer, PostgreSQL's own limit is never heard of.
    query_timeout: STATEMENT_MS + CONNECT_MS,
    keepAlive: true,
    application_name: "doppelwerk",
  });
  // An idle connection that breaks is replaced at the next query, which then reports what is wrong.
  pool.on("error", () => {});
  const listeners = new Set<pg.Client>();
  const database: PostgresDatabase = {
    url,
    async query<Row extends object>(text: string, values: readonly unknown[] = []) {
      try {
        return (await pool.query<Row>(text, [...values])).rows;
      } catch (error) {
        throw refused(error, url);
      }
    },
    async session(work) {
      const client = await pool.connect().catch((error: unknown) => {
        throw refused(error, url);
      });
      let broken = false;
      const asked = async (statement: Promise<unknown>): Promise<void> => {
        try {
          await statement;
        } catch (error) {
          // without a code it was not PostgreSQL that refused: the connection is gone
          broken ||= (error as { readonly code?: string }).code === undefined;
          throw refused(error, url);
        }
      };
      try {
        return await work({ query: (text) => asked(client.query(text)), copyIn: (text, data) => asked(copyIn(client, text, data)) });
      } finally {
        client.release(broken);
      }
    },
    listen: (channel, told) => listen(url, channel, told, listeners),
    async close() {
      await Promise.all([...listeners].map((client) => ended(client)));
      await pool.end();
    },
  };
  try {
    await createTables(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function createTables(database: PostgresDatabase): Promise<void> {
  const [known] = await database.query<{ present: boolean }>("SELECT to_regclass('doppelwerk.format') IS NOT NULL AS present");
  if (!known!.present) await database.query(tables);
  const [format] = await database.query<{ version: number }>("SELECT version FROM doppelwerk.format");
  if ((format?.version ?? 0) > FORMAT)
    throw new DoppelwerkError(
      "DW_FORMAT_NEWER",
      messageOf("storage.databaseWrittenNewerDoppelwerkFormat", { version: format!.version, format: FORMAT }),
    );
  if (format!.version < FORMAT) await database.query(fromFormat1);
  const [place] = await database.query<{ present: boolean }>("SELECT to_regclass('doppelwerk.staged') IS NOT NULL AS present");
  if (!place!.present) await database.query(`${LOCK} ${staged}`);
}

/** One string is one transaction; the lock lets two processes start at once. */
const LOCK = "SELECT pg_advisory_xact_lock(7243014901);";
const leases = `CREATE TABLE IF NOT EXISTS doppelwerk.leases (world text PRIMARY KEY, epoch integer NOT NULL, owner text, beat timestamptz);`;

/** Pieces of files that are on their way in, no part of the format: nothing in it outlives a day. */
const staged = `CREATE TABLE IF NOT EXISTS doppelwerk.staged (
    upload uuid NOT NULL, piece integer NOT NULL, bytes bytea NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (upload, piece)
  );`;

const tables = `
  ${LOCK}
  CREATE SCHEMA IF NOT EXISTS doppelwerk;
  CREATE TABLE IF NOT EXISTS doppelwerk.worlds (
    world text PRIMARY KEY, last_revision bigint NOT NULL, epoch integer NOT NULL
  );
  ${leases}
  CREATE TABLE IF NOT EXISTS doppelwerk.changes (
    world text NOT NULL, revision bigint NOT NULL, entry text NOT NULL, PRIMARY KEY (world, revision)
  );
  CREATE TABLE IF NOT EXISTS doppelwerk.blobs (hash text PRIMARY KEY, content_type text NOT NULL, bytes bytea NOT NULL);
  CREATE TABLE IF NOT EXISTS doppelwerk.format (version integer NOT NULL);
  INSERT INTO doppelwerk.format SELECT ${FORMAT} WHERE NOT EXISTS (SELECT FROM doppelwerk.format);
`;

/**
 * In format 1 the lease was part of the row of the log. Its columns stay: a process of then that still runs keeps its lease as long as it was written here last,
 * and is fenced, and told so, by who takes it.
 */
const fromFormat1 = `
  ${LOCK}
  ${leases}
  INSERT INTO doppelwerk.leases SELECT world, epoch, owner, beat FROM doppelwerk.worlds ON CONFLICT DO NOTHING;
  UPDATE doppelwerk.format SET version = ${FORMAT} WHERE version = 1;
`;

async function listen(url: string, channel: string, told: () => void, listeners: Set<pg.Client>): Promise<() => Promise<void>> {
  let stopped = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  const again = (): void => {
    if (client) listeners.delete(client);
    client = undefined;
    if (!stopped) timer ??= setTimeout(() => void connect().catch(again), RELISTEN_MS);
  };
  const connect = async (): Promise<void> => {
    timer = undefined;
    const made = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS, keepAlive: true });
    made.on("error", again);
    made.on("end", again);
    made.on("notification", told);
    client = made;
    listeners.add(made);
    await made.connect();
    await made.query(`LISTEN ${made.escapeIdentifier(channel)}`);
    // What was told while nobody listened.
    told();
  };
  await connect().catch((error: unknown) => {
    stopped = true;
    throw refused(error, url);
  });
  return async () => {
    stopped = true;
    clearTimeout(timer);
    const last = client;
    client = undefined;
    if (last) listeners.delete(last);
    if (last) await ended(last);
  };
}

/** Never rejects: a connection that broke has nothing left to end. */
async function ended(client: pg.Client): Promise<void> {
  await client.end().catch(() => {
    // see above
  });
}

export function refused(error: unknown, url: string): DoppelwerkError {
  if (error instanceof DoppelwerkError) return error;
  const { message, code } = error as { readonly message?: string; readonly code?: string };
  const why = message !== undefined && message !== "" ? message : (code ?? "no answer");
  return new DoppelwerkError("DW_UNAVAILABLE", messageOf("storage.postgreSQLRefused", { why, url: placeOf(url) }), { code: code ?? null });
}

/** Host, port and database of an address, without who and with which password. */
export function placeOf(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `${hostname}:${port || 5432}${pathname}`;
  } catch {
    return "the address given";
  }
}
