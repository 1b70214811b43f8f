import pg from "pg";
import { copyIn } from "./copy-in.ts";
import { openPostgres, refused, type PostgresDatabase, type PostgresSession } from "./database.ts";

/** Statements that begin and end a transaction, as part of one that is open already. */
const NESTED: Readonly<Record<string, string>> = {
  BEGIN: "SAVEPOINT nested",
  COMMIT: "RELEASE nested",
  ROLLBACK: "ROLLBACK TO nested",
};

/**
 * The tables of a database, all written in one transaction: kept where `work` answers true, and as if nothing had been where it answers false or fails.
 * Errors: DW_UNAVAILABLE, DW_FORMAT_NEWER, and those of `work`.
 */
export async function inTransaction(url: string, work: (database: PostgresDatabase) => Promise<boolean>): Promise<void> {
  // makes what is missing
  await (await openPostgres(url)).close();
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    application_name: "doppelwerk restore",
  });
  // what breaks while nothing is asked is told by the next question
  client.on("error", () => {});
  const database = databaseIn(client, url);
  try {
    await client.connect().catch((error: unknown) => {
      throw refused(error, url);
    });
    await database.query("BEGIN");
    await database.query("SET LOCAL statement_timeout = 0");
    const isKept = await work(database);
    await database.query(isKept ? "COMMIT" : "ROLLBACK");
  } finally {
    // not committed = rolled back
    await client.end().catch(() => {
      // the connection is gone already
    });
  }
}

/** One connection as a database; statements wait for one another. */
function databaseIn(client: pg.Client, url: string): PostgresDatabase {
  const query = async <Row extends object>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> => {
    try {
      return (await client.query<Row>(text, [...values])).rows;
    } catch (error) {
      throw refused(error, url);
    }
  };
  const session: PostgresSession = {
    query: async (text) => void (await query(NESTED[text] ?? text)),
    async copyIn(statement, data) {
      // refused rows do not end the transaction
      await query("SAVEPOINT copied");
      try {
        await copyIn(client, statement, data);
        await query("RELEASE copied");
      } catch (error) {
        await query("ROLLBACK TO copied");
        throw refused(error, url);
      }
    },
  };
  return {
    url,
    query,
    session: (work) => work(session),
    listen: () => Promise.reject(new Error("nothing is told within a transaction")),
    async close() {},
  };
}
