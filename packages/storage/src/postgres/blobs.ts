import { createHash, randomUUID } from "node:crypto";
import type { Blobs, StagedBlob } from "@doppelwerk/world";
import type { PostgresDatabase } from "./database.ts";

/** Bytes that travel at once while a file comes in. */
const MAX_PIECE = 1_000_000;

/** Content-addressed files in PostgreSQL. Errors: DW_UNAVAILABLE; a file is at most 1 GB, PostgreSQL's own limit. */
export function createPostgresBlobs(database: PostgresDatabase): Blobs {
  return {
    async put(bytes, contentType) {
      const hash = createHash("sha256").update(bytes).digest("hex");
      await database.query("INSERT INTO doppelwerk.blobs (hash, content_type, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", [
        hash,
        contentType,
        Buffer.from(bytes),
      ]);
      return { hash };
    },
    async stage(pieces) {
      const upload = randomUUID();
      const remove = async () => void (await database.query("DELETE FROM doppelwerk.staged WHERE upload = $1", [upload]));
      const hash = createHash("sha256");
      let [size, count] = [0, 0];
      const send = async (held: readonly Uint8Array[]) => {
        const bytes = Buffer.concat(held);
        await database.query("INSERT INTO doppelwerk.staged (upload, piece, bytes) VALUES ($1, $2, $3)", [upload, count++, bytes]);
      };
      try {
        await database.query("DELETE FROM doppelwerk.staged WHERE at < clock_timestamp() - interval '1 day'");
        for await (const held of gathered(pieces)) {
          for (const piece of held) {
            hash.update(piece);
            size += piece.length;
          }
          await send(held);
        }
      } catch (error) {
        // Where PostgreSQL is gone its rows wait for the next day.
        await Promise.allSettled([remove()]);
        throw error;
      }
      const hex = hash.digest("hex");
      return {
        hash: hex,
        size,
        ...stagedIn(database, { upload, count, hash: hex }),
        drop: remove,
      };
    },
    async get(hash) {
      const [row] = await database.query<{ content_type: string; bytes: Buffer }>(
        "SELECT content_type, bytes FROM doppelwerk.blobs WHERE hash = $1",
        [hash],
      );
      return row && { bytes: new Uint8Array(row.bytes), contentType: row.content_type };
    },
    async open(hash) {
      const [row] = await database.query<{ content_type: string; size: string }>(
        "SELECT content_type, length(bytes) AS size FROM doppelwerk.blobs WHERE hash = $1",
        [hash],
      );
      if (row === undefined) return undefined;
      const size = Number(row.size);
      return { contentType: row.content_type, size, pieces: () => stretches(database, hash, size) };
    },
    async usage() {
      const [row] = await database.query<{ files: string; bytes: string }>(
        "SELECT count(*) AS files, coalesce(sum(length(bytes)), 0) AS bytes FROM doppelwerk.blobs",
        [],
      );
      return { files: Number(row!.files), bytes: Number(row!.bytes) };
    },
    async close() {},
  };
}

interface StagedRows {
  readonly upload: string;
  /** Of pieces. */
  readonly count: number;
  readonly hash: string;
}

function stagedIn(database: PostgresDatabase, { upload, count, hash }: StagedRows): Pick<StagedBlob, "bytes" | "pieces" | "keep"> {
  return {
    async bytes() {
      const rows = await database.query<{ bytes: Buffer }>("SELECT bytes FROM doppelwerk.staged WHERE upload = $1 ORDER BY piece", [
        upload,
      ]);
      return new Uint8Array(Buffer.concat(rows.map(({ bytes }) => bytes)));
    },
    async *pieces() {
      for (let piece = 0; piece < count; piece++) {
        const [row] = await database.query<{ bytes: Buffer }>("SELECT bytes FROM doppelwerk.staged WHERE upload = $1 AND piece = $2", [
          upload,
          piece,
        ]);
        if (row !== undefined) yield row.bytes;
      }
    },
    async keep(contentType) {
      await database.query(
        `INSERT INTO doppelwerk.blobs (hash, content_type, bytes)
         SELECT $1, $2, coalesce(string_agg(bytes, ''::bytea ORDER BY piece), ''::bytea) FROM doppelwerk.staged WHERE upload = $3
         ON CONFLICT DO NOTHING`,
        [hash, contentType, upload],
      );
    },
  };
}

/** Each stretch is cut out of a value that PostgreSQL unpacks whole: few large ones. */
const STRETCH_BYTES = 8_000_000;

async function* stretches(database: PostgresDatabase, hash: string, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < size; at += STRETCH_BYTES) {
    const [row] = await database.query<{ bytes: Buffer }>(
      "SELECT substring(bytes FROM $2::int FOR $3::int) AS bytes FROM doppelwerk.blobs WHERE hash = $1",
      [hash, at + 1, STRETCH_BYTES],
    );
    yield row!.bytes;
  }
}

/** Small pieces together, as many as travel at once. */
async function* gathered(pieces: AsyncIterable<Uint8Array>): AsyncIterable<readonly Uint8Array[]> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    held.push(piece);
    size += piece.length;
    if (size < MAX_PIECE) continue;
    yield held;
    [held, size] = [[], 0];
  }
  if (held.length > 0) yield held;
}
