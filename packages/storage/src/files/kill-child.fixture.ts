import { flushCompileCache } from "node:module";
import { createSeal } from "@doppelwerk/trust";
import { coreKinds, LIVE, openWorld } from "@doppelwerk/world";
import { openSqliteRecordStore } from "../sqlite/index.ts";
import { openDataFolder, openFileChangeLog } from "./index.ts";

// Opens a folder and writes without end, saying each acknowledged name on stdout, until it is killed.
process.stdout.write("opening\n");
const folder = await openDataFolder(process.argv[2]!, { owner: `child ${process.pid}` });
const log = await openFileChangeLog({ directory: folder.paths.changes, rotateBytes: 40_000 });
const store = openSqliteRecordStore({ path: folder.paths.records, kinds: coreKinds, batchChanges: 8, fan: 3 });
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
const round = process.argv[3];
// A killed process writes no compile cache, and without one most of the test is parsing.
if (round === "0") flushCompileCache();
process.stdout.write("ready\n");
await Promise.all(
  Array.from({ length: 8 }, async (_, writer) => {
    for (let i = 0; ; i++) {
      const name = `${round}-${writer}-${i}`;
      await world.apply({
        branch: LIVE,
        actor: "actor:child",
        reason: "write",
        changes: [{ op: "create", record: { id: `note:${name}`, kind: "note", text: "x".repeat(50 + (i % 200)) } }],
      });
      process.stdout.write(`${name}\n`);
    }
  }),
);
