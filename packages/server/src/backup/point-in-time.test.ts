import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { openEvents, verifyEvents } from "@doppelwerk/storage/events";
import { openDataFolder, openFileChangeLog, readLogFolder } from "@doppelwerk/storage/files";
import { openSegmentHistory, verifyHistory } from "@doppelwerk/storage/segments";
import { openSqliteRecordStore } from "@doppelwerk/storage/sqlite";
import { createSeal } from "@doppelwerk/trust";
import { coreKinds, LIVE, openWorld, quality, type SampleBatch, type StoredEvent } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { restore } from "./restore.ts";
import { writeBackup } from "./write-backup.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-point-in-time-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const BASE = 1_790_000_000_000_000;
const SECOND = 1_000_000;
const COUNT = 40;
const SAMPLES = 100;

/** A change, an event and 100 samples in each of 40 seconds; logs of several files, groups of several changes, segments and what is in none yet. */
async function filled(data: string): Promise<void> {
  const folder = await openDataFolder(data, { owner: "test" });
  const log = await openFileChangeLog({ directory: folder.paths.changes, rotateBytes: 3_000 });
  const store = openSqliteRecordStore({ path: folder.paths.records, kinds: coreKinds });
  let [now, next] = [BASE, 0];
  const world = await openWorld({
    store,
    log,
    leaseEpoch: folder.epoch,
    clock: { now: () => now },
    ids: { next: (kind) => `${kind}:${++next}` },
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
  const history = await openSegmentHistory({ directory: folder.paths.history, headRows: 700, fanIn: 3 });
  const events = openEvents({ directory: folder.paths.events, fileEvents: 15 });
  const groups: Promise<unknown>[] = [];
  for (let second = 0; second < COUNT; second++) {
    now = BASE + second * SECOND;
    const record = { id: `note:${second}`, kind: "note", text: `second ${second} `.repeat(10) };
    groups.push(world.apply({ branch: LIVE, actor: "ann", reason: "r", changes: [{ op: "create", record }] }));
    if (second % 3 === 2) await Promise.all(groups.splice(0));
    await history.append(LIVE, batchOf(now), ["signal:a", "signal:b"]);
    await events.record([eventOf(second, now)]);
  }
  await Promise.all(groups);
  for (const part of [events, history, world, log]) await part.close();
  store.close();
  await folder.close();
}

const batchOf = (time: number): SampleBatch => ({
  origin: "measured",
  count: SAMPLES,
  signals: Uint32Array.from({ length: SAMPLES }, (_, n) => n % 2),
  sourceTimes: Float64Array.from({ length: SAMPLES }, (_, n) => time + n * 10_000),
  serverTimes: new Float64Array(SAMPLES).fill(time),
  values: Float64Array.from({ length: SAMPLES }, (_, n) => n),
  texts: new Map(),
  qualities: new Uint8Array(SAMPLES).fill(quality.good),
});

const eventOf = (number: number, known: number): StoredEvent => ({
  branch: LIVE,
  at: known,
  id: `e${number}`,
  subject: "shell:a",
  type: "part.made",
  version: 1,
  known,
  origin: "measured",
  keys: [{ name: "serial", value: `S${number}` }],
  payload: "{}",
});

test("[SV256] a backup is restored as the folder was at an instant: between any two changes, at none and at all of them; samples and events up to it alone", async () => {
  const identity = await generateX25519Identity();
  const recipients = { recipients: [await identityToRecipient(identity)] };
  const keys = { identities: [identity], passphrases: [] };
  const data = join(root, "data");
  await filled(data);
  const to = join(root, "backup.tar.age");
  await writeBackup({ data, to, recipients, version: "1.2.3" });
  const log = readLogFolder(join(data, "changes"));
  expect(log.files.length).toBeGreaterThan(2);
  const hashes = new Map<number, string>();
  for await (const { revision, hash } of log.read(0)) hashes.set(revision, hash);

  // half a second after a change: half of the samples of its second are there
  for (const seconds of [-1, 0, 7, 13, 19, 26, 33, COUNT]) {
    const into = join(root, `at-${seconds}`);
    const atMs = (BASE + seconds * SECOND) / 1_000 + 500;
    const report = await restore({ from: to, data: into, keys, version: "1.2.3", atMs });
    const kept = Math.min(COUNT, seconds + 1);
    expect(report.verified).toMatchObject({ findings: [], revisions: kept });
    if (kept > 0) expect(report.worlds[0]).toMatchObject({ revision: kept, hash: hashes.get(kept) });
    const until = kept === COUNT && seconds === COUNT ? COUNT * SAMPLES : kept === 0 ? 0 : (kept - 1) * SAMPLES + 51;
    expect(verifyHistory(join(into, "history"))).toMatchObject({ problems: [], samples: until });
    expect(verifyEvents(join(into, "events"))).toMatchObject({ findings: [], events: kept });
    const folder = await openDataFolder(into, { owner: "test" });
    // it continues as any other folder
    const again = await openFileChangeLog({ directory: folder.paths.changes });
    expect(await again.lastRevision()).toBe(kept);
    await again.close();
    await folder.close();
    rmSync(into, { recursive: true });
  }
  const late = restore({ from: to, data: join(root, "late"), keys, version: "1.2.3", atMs: Date.now() + 60_000 });
  await expect(late).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
}, 240_000);
