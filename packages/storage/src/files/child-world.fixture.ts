import { createSeal } from "@doppelwerk/trust";
import { coreKinds, LIVE, openWorld } from "@doppelwerk/world";
import { openSqliteRecordStore } from "../sqlite/index.ts";
import { openDataFolder, openFileChangeLog } from "./index.ts";

interface ChildWorldOptions {
  /** Bytes after which the log begins another file. */
  readonly rotateBytes: number;
  readonly batchChanges: number;
  readonly fan?: number;
}

/** The durable world of a process that a test ends in bad order, with a way to write notes into it. */
export async function openChildWorld(directory: string, { rotateBytes, ...cache }: ChildWorldOptions) {
  const folder = await openDataFolder(directory, { owner: `child ${process.pid}` });
  const log = await openFileChangeLog({ directory: folder.paths.changes, rotateBytes });
  const store = openSqliteRecordStore({ path: folder.paths.records, kinds: coreKinds, ...cache });
  const world = await openWorld({
    store,
    log,
    leaseEpoch: folder.epoch,
    clock: { now: () => Date.now() * 1000 },
    ids: { next: (kind) => `${kind}:${crypto.randomUUID()}` },
    seal: createSeal(),
    kinds: coreKinds,
    gate: {
      classOf: () => "everyone",
      decide: () => ({ allowed: true }),
      mayRead: () => true,
      mayReadAll: () => true,
      mayChange: () => ({ allowed: true }),
    },
  });
  return {
    world,
    writeNotes: (reason: string, notes: readonly { readonly id: string; readonly text: string }[]) =>
      world.apply({
        branch: LIVE,
        actor: "actor:child",
        reason,
        changes: notes.map((note) => ({ op: "create" as const, record: { ...note, kind: "note" } })),
      }),
    async close(): Promise<void> {
      await world.close();
      await log.close();
      store.close();
      await folder.close();
    },
  };
}
