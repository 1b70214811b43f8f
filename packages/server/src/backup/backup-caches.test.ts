import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { openDataFolder, openFileChangeLog } from "@doppelwerk/storage/files";
import { openSqliteRecordStore } from "@doppelwerk/storage/sqlite";
import { createSeal } from "@doppelwerk/trust";
import { coreKinds, LIVE, openWorld, type AccessGate } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Keys, Recipients } from "./encryption.ts";
import { restore } from "./restore.ts";
import { writeBackup } from "./write-backup.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-backup-caches-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const [version, cacheFromBytes] = ["1.2.3", 1];
let [recipients, keys]: [Recipients, Keys] = [{ recipients: [] }, { identities: [], passphrases: [] }];
beforeAll(async () => {
  const identity = await generateX25519Identity();
  recipients = { recipients: [await identityToRecipient(identity)] };
  keys = { identities: [identity], passphrases: [] };
});

/** Writes so many notes more, each a change. */
async function written(data: string, count: number): Promise<void> {
  const folder = await openDataFolder(data, { owner: "test" });
  const log = await openFileChangeLog({ directory: folder.paths.changes });
  const store = openSqliteRecordStore({ path: folder.paths.records, kinds: coreKinds });
  const gate: AccessGate = {
    classOf: () => "everyone",
    decide: () => ({ allowed: true }),
    mayRead: () => true,
    mayReadAll: () => true,
    mayChange: () => ({ allowed: true }),
  };
  let now = Date.now() * 1_000;
  const ids = { next: (kind: string) => `${kind}:${crypto.randomUUID()}` };
  const clock = { now: () => now++ };
  const world = await openWorld({ store, log, leaseEpoch: folder.epoch, clock, ids, seal: createSeal(), kinds: coreKinds, gate });
  const from = store.appliedRevision();
  for (let n = 0; n < count; n++) {
    const record = { id: `note:${from + n}`, kind: "note", text: crypto.randomUUID() };
    await world.apply({ branch: LIVE, actor: "ann", reason: "r", changes: [{ op: "create", record }] });
  }
  await world.close();
  await log.close();
  store.close();
  await folder.close();
}

const textsIn = (folder: string, count: number): readonly unknown[] => {
  const store = openSqliteRecordStore({ path: join(folder, "records.sqlite"), kinds: coreKinds });
  try {
    return Array.from({ length: count }, (_, n) => store.get([{ branch: LIVE, revision: count }], `note:${n}`)?.["text"]);
  } finally {
    store.close();
  }
};

test("[SV316] the record cache of a long change log is backed up and restored, caught up where the log grew since; it is sent again when the log grew by a quarter, and left out with --replay", async () => {
  const data = join(root, "data");
  const to = join(root, "backups");
  let total = 0;
  let next = 0;
  const grown = async (count: number) => {
    await written(data, count);
    total += count;
    return writeBackup({ data, to, recipients, version, cacheFromBytes });
  };
  const restored = async (more: { readonly replay?: boolean; readonly atMs?: number } = {}) => {
    const into = join(root, `restored-${next++}`);
    const report = await restore({ from: to, data: into, keys, version, ...more });
    expect(report.verified).toMatchObject({ findings: [], notices: [], revisions: total });
    expect(textsIn(into, total)).toEqual(textsIn(data, total));
    return report;
  };
  const first = await grown(200);
  expect((await restored()).verified.caches).toEqual([{ world: "default", revision: 200, compared: 200 }]);
  const little = await grown(10);
  expect(little).toMatchObject({ isIncremental: true });
  expect((await restored()).verified.caches).toMatchObject([{ revision: 200 }]);
  expect((await restored({ replay: true })).verified.caches).toEqual([]);
  const much = await grown(100);
  expect(much.sentBytes).toBeGreaterThan(little.sentBytes * 2);
  expect((await restored()).verified.caches).toMatchObject([{ revision: 310 }]);
  expect(first.sentBytes).toBeLessThan(200_000);

  // an earlier instant: the cache would know more than is left
  const into = join(root, "earlier");
  const report = await restore({ from: to, data: into, keys, version, atMs: Date.parse(first.instant) });
  expect(report).toMatchObject({ verified: { findings: [], revisions: 200 } });
  expect(textsIn(into, 200)).toEqual(textsIn(data, 200));
}, 120_000);

test("[SV316] a record cache that does not agree with its change log is made again, and the report says so; a short log has none in its backup", async () => {
  const data = join(root, "wrong");
  await written(data, 50);
  const right = textsIn(data, 50);
  const database = new DatabaseSync(join(data, "records.sqlite"));
  database.exec("UPDATE revisions SET hash = 'another' WHERE revision = 20");
  database.close();
  const from = join(root, "wrong.tar.age");
  await writeBackup({ data, to: from, recipients, version, cacheFromBytes });
  const into = join(root, "made-again");
  const { verified } = await restore({ from, data: into, keys, version });
  expect(verified.findings).toEqual([]);
  expect(verified.notices).toMatchObject([{ file: "records.sqlite", message: expect.stringMatching(/another revision 20/) }]);
  expect(verified.caches).toEqual([]);
  expect(textsIn(into, 50)).toEqual(right);

  const short = join(root, "short.tar.age");
  await writeBackup({ data, to: short, recipients, version });
  expect((await restore({ from: short, data: join(root, "short"), keys, version })).verified.caches).toEqual([]);
  expect(existsSync(join(root, "short", "records.sqlite"))).toBe(true);
  expect(readdirSync(join(data, "backup")).filter((name) => name.startsWith("staging"))).toEqual([]);
}, 120_000);
