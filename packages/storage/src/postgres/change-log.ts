import { message } from "@doppelwerk/messages";
import { DoppelwerkError, entryLine, upcastEntry, type ChangeLog, type LogEntry } from "@doppelwerk/world";
import { checkConsecutive } from "../memory/change-log.ts";
import type { PostgresDatabase } from "./database.ts";

export interface PostgresChangeLog extends ChangeLog {
  /** Calls back soon after entries were appended, by whichever process; may call for nothing. */
  follow(told: () => void): Promise<() => Promise<void>>;
}

/** Entries read at a time: at most so many, and no more than about so many characters after the first. */
const READ_ENTRIES = 500;
const READ_CHARACTERS = 8 << 20;

/**
 * The change log of one world in PostgreSQL, shared by processes. One statement appends, so that fencing, order and durability (`synchronous_commit`)
 * are PostgreSQL's own. Errors: DW_FENCED, DW_CONFLICT; DW_UNAVAILABLE, and then an append may have happened or not, which reading tells.
 */
export async function openPostgresChangeLog({
  database,
  world,
}: {
  readonly database: PostgresDatabase;
  readonly world: string;
}): Promise<PostgresChangeLog> {
  await database.query("INSERT INTO doppelwerk.worlds (world, last_revision, epoch) VALUES ($1, 0, 0) ON CONFLICT DO NOTHING", [world]);
  const head = async (): Promise<{ readonly revision: number; readonly epoch: number }> => {
    const [row] = await database.query<{ last_revision: string; epoch: number }>(
      "SELECT last_revision, epoch FROM doppelwerk.worlds WHERE world = $1",
      [world],
    );
    return { revision: Number(row?.last_revision ?? 0), epoch: row?.epoch ?? 0 };
  };
  return {
    lastRevision: async () => (await head()).revision,
    async append(entries, { expectedRevision, leaseEpoch }) {
      if (entries.length === 0) return;
      checkConsecutive(entries, expectedRevision);
      const [written] = await database.query<{ count: string }>(APPEND, [
        world,
        expectedRevision,
        expectedRevision + entries.length,
        leaseEpoch,
        entries.map(entryLine),
        channelOf(world),
      ]);
      if (Number(written!.count) === entries.length) return;
      const { revision, epoch } = await head();
      if (epoch > leaseEpoch) throw new DoppelwerkError("DW_FENCED", message("storage.anotherProcessOwnsWorldSinceLease", { epoch }));
      throw new DoppelwerkError("DW_CONFLICT", message("storage.logRevision", { lastRevision: revision, expectedRevision }));
    },
    read: (after) => readEntries(database, world, after),
    follow: (told) => database.listen(channelOf(world), told),
    async close() {},
  };
}

/** Fenced by the epoch of the row, which whoever takes the lease raises. */
const APPEND = `
  WITH head AS (
    UPDATE doppelwerk.worlds SET last_revision = $3, epoch = $4
    WHERE world = $1 AND last_revision = $2 AND epoch <= $4 RETURNING world
  ), written AS (
    INSERT INTO doppelwerk.changes (world, revision, entry)
    SELECT head.world, $2 + line.position, line.entry FROM head, unnest($5::text[]) WITH ORDINALITY AS line (entry, position)
    RETURNING revision
  )
  SELECT count(*) AS count, (SELECT pg_notify($6, '') FROM head) AS told FROM written`;

/** A stretch of entries that is not too long in characters. */
const READ = `
  SELECT revision, entry FROM (
    SELECT revision, entry, sum(length(entry)) OVER (ORDER BY revision) - length(entry) AS before
    FROM (SELECT revision, entry FROM doppelwerk.changes WHERE world = $1 AND revision > $2 ORDER BY revision LIMIT ${READ_ENTRIES}) AS page
  ) AS measured WHERE before < ${READ_CHARACTERS} ORDER BY revision`;

async function* readEntries(database: PostgresDatabase, world: string, after: number): AsyncGenerator<LogEntry> {
  for (let last = after; ;) {
    const rows = await database.query<{ revision: string; entry: string }>(READ, [world, last]);
    if (rows.length === 0) return;
    for (const { entry } of rows) yield upcastEntry(JSON.parse(entry));
    last = Number(rows.at(-1)!.revision);
  }
}

/** PostgreSQL cuts names at 63 bytes, so a long world shares its channel with others: followers may be told for nothing. */
function channelOf(world: string): string {
  return `doppelwerk ${world}`.slice(0, 20) + (world.length > 9 ? `#${world.length}` : "");
}
