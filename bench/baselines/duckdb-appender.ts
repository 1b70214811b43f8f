import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { SampleBatch } from "@doppelwerk/world";

const PACKAGE = "@duckdb/node-api@1.5.6-r.1";
/** What one data chunk holds. */
const CHUNK_ROWS = 2_048;

/** What is used of the package, which is no dependency: 70 MB of native library. */
interface Chunk {
  rowCount: number;
  setColumnValues(column: number, values: ArrayLike<number>): void;
  reset(): void;
}
interface DuckDb {
  readonly INTEGER: unknown;
  readonly DOUBLE: unknown;
  readonly UTINYINT: unknown;
  readonly DuckDBDataChunk: { create(types: readonly unknown[], rows: number): Chunk };
  readonly DuckDBInstance: {
    create(path: string): Promise<{
      connect(): Promise<{
        run(sql: string): Promise<unknown>;
        createAppender(table: string): Promise<{ appendDataChunk(chunk: Chunk): void; flushSync(): void; closeSync(): void }>;
        closeSync(): void;
      }>;
      closeSync(): void;
    }>;
  };
}

export type Appending = (path: string, batches: readonly SampleBatch[], isDurable: boolean) => Promise<void>;

/** Installs DuckDB into a folder of the bench; undefined, said on stderr, where npm cannot. */
export function installDuckDb(folder: string): Appending | undefined {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  try {
    execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", PACKAGE], { cwd: folder, stdio: "ignore" });
    const duckdb = createRequire(join(folder, "package.json"))("@duckdb/node-api") as DuckDb;
    return (path, batches, isDurable) => append(duckdb, path, batches, isDurable);
  } catch (error) {
    console.error(`no DuckDB to compare with: ${(error as Error).message.split("\n")[0]}`);
    return undefined;
  }
}

/**
 * All columns a sample has, in chunks of typed arrays. Durable: the appender is flushed, which commits, after every batch; else once at the end. Then a
 * checkpoint, which makes the columns compressed ones.
 */
async function append(duckdb: DuckDb, path: string, batches: readonly SampleBatch[], isDurable: boolean): Promise<void> {
  const instance = await duckdb.DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run("CREATE TABLE samples (series INTEGER, time DOUBLE, server_time DOUBLE, value DOUBLE, quality UTINYINT)");
  const appender = await connection.createAppender("samples");
  const { INTEGER, DOUBLE, UTINYINT } = duckdb;
  const chunk = duckdb.DuckDBDataChunk.create([INTEGER, DOUBLE, DOUBLE, DOUBLE, UTINYINT], CHUNK_ROWS);
  for (const { count, signals, sourceTimes, serverTimes, values, qualities } of batches) {
    for (let start = 0; start < count; start += CHUNK_ROWS) {
      const end = Math.min(start + CHUNK_ROWS, count);
      chunk.reset();
      chunk.rowCount = end - start;
      for (const [column, numbers] of [signals, sourceTimes, serverTimes, values, qualities].entries())
        chunk.setColumnValues(column, numbers.subarray(start, end));
      appender.appendDataChunk(chunk);
    }
    if (isDurable) appender.flushSync();
  }
  appender.closeSync();
  await connection.run("CHECKPOINT");
  connection.closeSync();
  instance.closeSync();
  rmSync(path);
}
