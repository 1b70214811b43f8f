import { Worker } from "node:worker_threads";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type Lease } from "@doppelwerk/world";
import type { PostgresDatabase } from "./database.ts";
import type { HeartbeatData } from "./heartbeat-thread.ts";

export interface PostgresLeaseOptions {
  readonly database: PostgresDatabase;
  readonly world: string;
  /** A holder that was not heard of for so long may be replaced; default 6 s. */
  readonly expiresMs?: number;
  /** How often the holder says that it lives; default a sixth of that. */
  readonly beatMs?: number;
  /** Another process took the world over: nothing can be written any more. */
  readonly onLost?: (why: string) => void;
}

/** A holder whose main thread gave no sign for so long hangs, and is given up by its own heartbeat. */
const SILENT_MS = 30_000;

/**
 * Ownership of a world by one of several processes. It is kept by a heartbeat on PostgreSQL's clock, so the machines' clocks do not matter. The heartbeat has a
 * row, a connection and a thread of its own: neither a long append nor a long turn of the main thread holds it up. Its epoch is checked by every append:
 * a holder that slept, was cut off, or believes otherwise writes nothing. Errors: DW_UNAVAILABLE names the owner.
 */
export function createPostgresLease({ database, world, expiresMs = 6_000, beatMs = expiresMs / 6, onLost }: PostgresLeaseOptions): Lease {
  let stop: (() => Promise<void>) | undefined;
  let held: number | undefined;
  return {
    async acquire(owner) {
      // Looked at without a lock first: who stands by looks often, and the holder's heartbeat must not wait for that.
      const [seen] = await database.query<{ owner: string | null }>(HOLDER, [world, expiresMs]);
      const [taken] = seen === undefined ? await database.query<{ epoch: number }>(TAKE, [world, owner, expiresMs]) : [];
      if (taken === undefined) {
        const holder = seen ?? (await database.query<{ owner: string | null }>(HOLDER, [world, expiresMs]))[0];
        throw new DoppelwerkError(
          "DW_UNAVAILABLE",
          message("storage.worldOwnedByAnother", { world, owner: holder?.owner ?? "another process" }),
        );
      }
      const { epoch } = taken;
      held = epoch;
      stop = startHeartbeat({ url: database.url, world, epoch, beatMs, silentMs: SILENT_MS }, () => {
        if (held !== epoch) return;
        held = undefined;
        onLost?.("another process took it over");
      });
      return { epoch };
    },
    async release() {
      const epoch = held;
      held = undefined;
      await stop?.();
      if (epoch !== undefined)
        await database.query("UPDATE doppelwerk.leases SET owner = NULL WHERE world = $1 AND epoch = $2", [world, epoch]);
    },
  };
}

/** Who holds a lease that is not over. */
const HOLDER = `
  SELECT owner FROM doppelwerk.leases
  WHERE world = $1 AND owner IS NOT NULL AND beat >= clock_timestamp() - $2 * interval '1 millisecond'`;

/** Takes a lease that is free or over, and with it the log: an append of the one before is either in it already or refused. */
const TAKE = `
  WITH taken AS (
    INSERT INTO doppelwerk.leases AS known (world, epoch, owner, beat)
    SELECT $1, 1 + coalesce((SELECT epoch FROM doppelwerk.worlds WHERE world = $1), 0), $2, clock_timestamp()
    ON CONFLICT (world) DO UPDATE SET epoch = greatest(known.epoch + 1, excluded.epoch), owner = $2, beat = clock_timestamp()
    WHERE known.owner IS NULL OR known.beat < clock_timestamp() - $3 * interval '1 millisecond'
    RETURNING epoch
  )
  INSERT INTO doppelwerk.worlds AS log (world, last_revision, epoch) SELECT $1, 0, epoch FROM taken
  ON CONFLICT (world) DO UPDATE SET epoch = greatest(log.epoch, excluded.epoch)
  RETURNING epoch`;

/** Begins to beat until it is stopped or the lease is another's, which `lost` hears. */
function startHeartbeat(data: Omit<HeartbeatData, "signs">, lost: () => void): () => Promise<void> {
  const signs = new Int32Array(new SharedArrayBuffer(4));
  const sign = setInterval(() => Atomics.add(signs, 0, 1), data.beatMs).unref();
  let isOver = false;
  let worker: Worker | undefined;
  const start = (): void => {
    if (isOver) return;
    worker = new Worker(new URL("./heartbeat-thread.ts", import.meta.url), {
      workerData: { ...data, signs } satisfies HeartbeatData,
      name: "lease",
      resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 },
    });
    worker.unref();
    worker.on("error", () => {}); // It is begun again; if that does not help the lease ends, and who takes it is told.
    worker.on("exit", () => setTimeout(start, data.beatMs).unref());
    worker.once("message", () => {
      void end();
      lost();
    });
  };
  const end = async (): Promise<void> => {
    isOver = true;
    clearInterval(sign);
    await worker?.terminate();
  };
  start();
  return end;
}
