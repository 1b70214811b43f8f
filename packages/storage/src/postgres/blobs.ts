import { createHash } from "node:crypto";
import type { Blobs } from "@doppelwerk/world";
import type { PostgresDatabase } from "./database.ts";

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
    async get(hash) {
      const [row] = await database.query<{ content_type: string; bytes: Buffer }>(
        "SELECT content_type, bytes FROM doppelwerk.blobs WHERE hash = $1",
        [hash],
      );
      return row && { bytes: new Uint8Array(row.bytes), contentType: row.content_type };
    },
    async close() {},
  };
}
