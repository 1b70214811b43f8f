import { DoppelwerkError, type Lease } from "@doppelwerk/world";
import type { PostgresDatabase } from "./database.ts";

export interface PostgresLeaseOptions {
  readonly database: PostgresDatabase;
  readonly world: string;
  /** A holder that was not heard of for so long may be replaced; default 4 s. */
  readonly expiresMs?: number;
  /** How often the holder says that it lives; default a quarter of that. */
  readonly beatMs?: number;
  /** Another process took the world over: nothing can be written any more. */
  readonly onLost?: (why: string) => void;
}

/**
 * Ownership of a world by one of several processes. It is kept by a heartbeat and by every append, on PostgreSQL's clock, so the machines' clocks do not matter, and its
 * epoch is checked by every append: a holder that slept, was cut off, or believes otherwise writes nothing. Errors: DW_UNAVAILABLE names the owner.
 */
export function createPostgresLease({ database, world, expiresMs = 4_000, beatMs = expiresMs / 4, onLost }: PostgresLeaseOptions): Lease {
  let timer: NodeJS.Timeout | undefined;
  let held: number | undefined;
  let beating = false;
  const beat = async (epoch: number): Promise<void> => {
    if (beating) return;
    beating = true;
    try {
      const kept = await database.query(
        "UPDATE doppelwerk.worlds SET beat = clock_timestamp() WHERE world = $1 AND epoch = $2 AND owner IS NOT NULL RETURNING epoch",
        [world, epoch],
      );
      if (held !== epoch || kept.length > 0) return;
      clearInterval(timer);
      held = undefined;
      onLost?.("another process took it over");
    } catch {
      // While PostgreSQL is away nobody can write, and nobody else can take the world either: who owns it shows when it is back.
    } finally {
      beating = false;
    }
  };
  return {
    async acquire(owner) {
      const [taken] = await database.query<{ epoch: number }>(
        `INSERT INTO doppelwerk.worlds AS known (world, last_revision, epoch, owner, beat) VALUES ($1, 0, 1, $2, clock_timestamp())
         ON CONFLICT (world) DO UPDATE SET epoch = known.epoch + 1, owner = $2, beat = clock_timestamp()
         WHERE known.owner IS NULL OR known.beat < clock_timestamp() - $3 * interval '1 millisecond'
         RETURNING epoch`,
        [world, owner, expiresMs],
      );
      if (taken === undefined) {
        const [holder] = await database.query<{ owner: string | null }>("SELECT owner FROM doppelwerk.worlds WHERE world = $1", [world]);
        throw new DoppelwerkError("DW_UNAVAILABLE", `the world ${world} is owned by ${holder?.owner ?? "another process"}`);
      }
      const epoch = (held = taken.epoch);
      timer = setInterval(() => void beat(epoch), beatMs).unref();
      return { epoch };
    },
    async release() {
      clearInterval(timer);
      const epoch = held;
      held = undefined;
      if (epoch !== undefined)
        await database.query("UPDATE doppelwerk.worlds SET owner = NULL WHERE world = $1 AND epoch = $2", [world, epoch]);
    },
  };
}
