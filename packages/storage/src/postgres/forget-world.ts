import type { PostgresDatabase } from "./database.ts";
import { createPostgresLease } from "./lease.ts";

/** Rows of one statement: each ends long before a statement may not take longer. */
const ROWS = 50_000;

/** Every table that holds rows of worlds, those that others refer to last. */
const TABLES = [
  ["samples", "series IN (SELECT id FROM doppelwerk.series WHERE world = $1)"],
  ["series", "world = $1"],
  ["event_keys", "world = $1"],
  ["events", "world = $1"],
  ["changes", "world = $1"],
  ["worlds", "world = $1"],
  ["leases", "world = $1"],
] as const;

/** A world that is about to go: nobody else opens it meanwhile. */
export interface HeldWorld {
  /** Removes its rows, for good. Called again it removes what an earlier call left. Files stay: they may be those of other worlds too. */
  forget(): Promise<void>;
  release(): Promise<void>;
}

/** Errors: DW_UNAVAILABLE where PostgreSQL is away, or another process owns the world. */
export async function holdPostgresWorld(database: PostgresDatabase, world: string, owner: string): Promise<HeldWorld> {
  const lease = createPostgresLease({ database, world });
  await lease.acquire(owner);
  return {
    async forget() {
      for (const [table, condition] of TABLES) {
        const [known] = await database.query<{ found: string | null }>("SELECT to_regclass($1)::text AS found", [`doppelwerk.${table}`]);
        if (known?.found == null) continue;
        const statement = `DELETE FROM doppelwerk.${table} WHERE ctid IN (SELECT ctid FROM doppelwerk.${table} WHERE ${condition} LIMIT ${ROWS}) RETURNING 1 AS gone`;
        while ((await database.query(statement, [world])).length === ROWS);
      }
    },
    release: () => lease.release(),
  };
}
