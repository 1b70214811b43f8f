import { DoppelwerkError, type Lease } from "@doppelwerk/world";
import type { PostgresDatabase } from "./database.ts";

export interface PostgresLeaseOptions {
  readonly database: PostgresDatabase;
  readonly world: string;
  /** A holder that was not heard of for so long may be replaced; default 4 s. */
  readonly expiresMs?: number;
  /** How often the holder says that it lives; default a quarter of that. */
  readonly beatMs?: number;
  /** Another process took the world over, or PostgreSQL could not be reached for longer than the lease lasts: nothing can be written any more. */
  readonly onLost?: (why: string) => void;
}

/**
 * Ownership of a world by one of several processes. It is kept by a heartbeat on PostgreSQL's clock, so the machines' clocks do not matter, and its
 * epoch is checked by every append: a holder that slept, was cut off, or believes otherwise writes nothing. Errors: DW_UNAVAILABLE names the owner.
 */
export function createPostgresLease({ database, world, expiresMs = 4_000, beatMs = expiresMs / 4, onLost }: PostgresLeaseOptions): Lease {
  let timer: NodeJS.Timeout | undefined;
  let held: number | undefined;
  const lose = (why: string): void => {
    clearInterval(timer);
    held = undefined;
    onLost?.(why);
  };
  const beat = async (epoch: number, heardAt: { ms: number }): Promise<void> => {
    // An answer may never come, so its absence counts by itself.
    if (performance.now() - heardAt.ms > expiresMs) return lose("PostgreSQL did not answer for longer than the lease lasts");
    try {
      const kept = await database.query(
        "UPDATE doppelwerk.worlds SET beat = clock_timestamp() WHERE world = $1 AND epoch = $2 AND owner IS NOT NULL RETURNING epoch",
        [world, epoch],
      );
      if (held !== epoch) return;
      if (kept.length === 0) lose("another process took the world over");
      else heardAt.ms = performance.now();
    } catch {
      // Whether it is gone for good shows at the next beats.
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
      const heardAt = { ms: performance.now() };
      timer = setInterval(() => void beat(epoch, heardAt), beatMs).unref();
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
