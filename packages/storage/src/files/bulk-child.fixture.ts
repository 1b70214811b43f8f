import { createSeal } from "@doppelwerk/trust";
import { coreKinds, DoppelwerkError, LIVE, openWorld } from "@doppelwerk/world";
import { openSqliteRecordStore } from "../sqlite/index.ts";
import { openDataFolder, openFileChangeLog } from "./index.ts";

// A bulk load: many records a transaction until so many transactions are acknowledged or one is refused. Says both on stdout and ends in good order.
const directory = process.argv[2]!;
const [rotateBytes, batchChanges, most] = process.argv.slice(3).map(Number) as [number, number, number];
const RECORDS = 500;
const folder = await openDataFolder(directory, { owner: `child ${process.pid}` });
const log = await openFileChangeLog({ directory: folder.paths.changes, rotateBytes });
const store = openSqliteRecordStore({ path: folder.paths.records, kinds: coreKinds, batchChanges });
const world = await openWorld({
  store,
  log,
  leaseEpoch: folder.epoch,
  clock: { now: () => Date.now() * 1000 },
  ids: { next: (kind) => `${kind}:${crypto.randomUUID()}` },
  seal: createSeal(),
  kinds: coreKinds,
  gate: { decide: () => ({ allowed: true }), mayRead: () => true, mayChange: () => ({ allowed: true }) },
});
const first = world.revision();
for (let part = first; part < first + most; part++) {
  const changes = Array.from({ length: RECORDS }, (_, i) => ({
    op: "create" as const,
    record: { id: `note:${part}-${i}`, kind: "note", text: Array.from({ length: 4 }, () => crypto.randomUUID()).join() },
  }));
  try {
    await world.apply({ branch: LIVE, actor: "actor:child", reason: `part ${part}`, changes });
    process.stdout.write(`acknowledged ${part}\n`);
  } catch (error) {
    process.stdout.write(`refused ${error instanceof DoppelwerkError ? error.code : String(error)}\n`);
    break;
  }
}
// Reading goes on whatever the disk says.
process.stdout.write(`reads ${world.reader(LIVE).query({ kind: "note", limit: 1 }).length}\n`);
await world.close();
await log.close();
store.close();
await folder.close();
