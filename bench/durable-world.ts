import { hash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { openDataFolder, openFileChangeLog } from "@doppelwerk/storage/files";
import { openSqliteRecordStore } from "@doppelwerk/storage/sqlite";
import { createAccessGate, createSeal } from "@doppelwerk/trust";
import { coreKinds, openWorld } from "@doppelwerk/world";

/** The one who asks in the benches: an administrator, so that rights are looked at and nothing is refused. */
export const BENCH_PERSON = { id: "person:bench", name: "Bench", verified: false, roles: ["administrator"] };

/** Clock of the benches, µs since 1970. */
export const benchClock = { now: () => Date.now() * 1_000 };

/** A world in the embedded store below `directory` with the parts the server opens: durable log, record store, seal, rights by role. */
export async function openDurableWorld(directory: string) {
  const folder = await openDataFolder(directory, { owner: "bench" });
  const log = await openFileChangeLog({ directory: folder.paths.changes });
  const store = openSqliteRecordStore({ path: folder.paths.records, kinds: coreKinds });
  let next = 0;
  const ids = { next: (kind: string) => `${kind}:01a2b3c4-0000-7000-8000-${String(++next).padStart(12, "0")}` };
  const world = await openWorld({
    store,
    log,
    leaseEpoch: folder.epoch,
    clock: benchClock,
    ids,
    seal: createSeal((text) => hash("sha256", text, "hex")),
    kinds: coreKinds,
    gate: createAccessGate({ rolesOf: ({ roles }) => roles }),
    turn: () => setImmediate(),
  });
  return {
    world,
    ids,
    async close(): Promise<void> {
      await world.close();
      await log.close();
      store.close();
      await folder.close();
    },
  };
}
