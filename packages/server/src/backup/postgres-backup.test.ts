import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { readEvents } from "@doppelwerk/storage/events";
import { readSamples } from "@doppelwerk/storage/segments";
import { createPostgresLease, openPostgres, type PostgresDatabase } from "@doppelwerk/storage/postgres";
import { blobHashes } from "@doppelwerk/storage/sqlite";
import { LIVE } from "@doppelwerk/world";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres, type PostgresServer } from "../../../../scripts/postgres-server.ts";
import { openWorlds, SYSTEM } from "../compose/index.ts";
import { renderEnglish } from "../messages/english.ts";
import { restore } from "./restore.ts";
import { writeBackup, type BackupReport } from "./write-backup.ts";

renderEnglish();
const root = mkdtempSync(join(tmpdir(), "doppelwerk-postgres-backup-"));
const data = join(root, "data");
const version = "1.2.3";
let server: PostgresServer;
let plant: PostgresDatabase;
let recipients: { readonly recipients: readonly string[] };
let keys: { readonly identities: readonly string[]; readonly passphrases: readonly string[] };

beforeAll(async () => {
  server = await startPostgres();
  plant = await database("plant");
  const identity = await generateX25519Identity();
  recipients = { recipients: [await identityToRecipient(identity)] };
  keys = { identities: [identity], passphrases: [] };
}, 300_000);
afterAll(async () => {
  await plant?.close();
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
});

async function database(name: string): Promise<PostgresDatabase> {
  const first = await openPostgres(server.url);
  await first.query(`CREATE DATABASE ${name}`);
  await first.close();
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return openPostgres(String(url));
}

/** Opens the worlds of the folder, does something in two of them, and closes them. */
async function worked(name: string): Promise<void> {
  const worlds = await openWorlds({
    dataDirectory: data,
    logger: pino({ level: "silent" }),
    workers: 1,
    postgres: plant.url,
    transparency: true,
  });
  if (!existsSync(join(data, "worlds", "north"))) await worlds.registry.create("north");
  for (const world of ["default", "north"]) {
    const entered = await worlds.registry.enter(world);
    const signal = { id: `signal:${name}-${world}`, kind: "signal", name, valueType: "double" };
    await entered.world.view(SYSTEM).apply({ branch: LIVE, reason: name, changes: [{ op: "create", record: signal }] });
    entered.leave();
  }
  await worlds.close();
}

const backUp = (to: string, more = {}): Promise<BackupReport> =>
  writeBackup({ data, to: join(root, to), recipients, version, shared: { url: plant.url }, ...more });
const entriesOf = async (of: PostgresDatabase): Promise<readonly object[]> =>
  of.query("SELECT world, revision, entry FROM doppelwerk.changes ORDER BY world, revision");
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

async function putBlob(bytes: Uint8Array): Promise<string> {
  const hash = sha256(bytes);
  await plant.query("INSERT INTO doppelwerk.blobs (hash, content_type, bytes) VALUES ($1, 'a/b', $2)", [hash, Buffer.from(bytes)]);
  return hash;
}

test("[SV368] worlds in PostgreSQL are backed up each with its own, files that no change names too; the next backup sends what is new, and a database of another past is sent anew", async () => {
  await worked("one");
  const unnamed = await putBlob(randomBytes(200_000));
  const first = await backUp("backups");
  expect(first).toMatchObject({ isIncremental: false, isOnline: false });
  expect(first.worlds.map(({ name }) => name)).toEqual(["default", "north"]);
  await worked("two");
  const second = await backUp("backups");
  expect(second.isIncremental).toBe(true);
  expect(second.sentBytes).toBeLessThan(first.sentBytes - 200_000);
  const mirrors = join(data, "backup", "mirrors");
  expect(readdirSync(mirrors)).toHaveLength(2);
  for (const name of readdirSync(mirrors)) expect(blobHashes(join(mirrors, name, "blobs.sqlite"))).toContain(unnamed);

  const restored = join(root, "filed");
  const report = await restore({ from: join(root, "backups"), data: restored, keys, version });
  expect(report).toMatchObject({ worlds: second.worlds, verified: { findings: [] } });
  expect(report.worlds[0]!.revision).toBeGreaterThan(first.worlds[0]!.revision);
  expect(blobHashes(join(restored, "blobs.sqlite"))).toContain(unnamed);

  // as after a restore of the database to an earlier moment and other work since
  const revision = second.worlds[0]!.revision;
  await plant.query("DELETE FROM doppelwerk.changes WHERE world = 'default' AND revision >= $1", [revision]);
  await plant.query("UPDATE doppelwerk.worlds SET last_revision = $1 WHERE world = 'default'", [revision - 1]);
  for (const end of ["", "-wal", "-shm"]) rmSync(join(data, `records.sqlite${end}`), { force: true });
  rmSync(join(data, "transparency"), { recursive: true });
  rmSync(join(root, "backups"), { recursive: true });
  await worked("three");
  const third = await backUp("backups");
  const other = await restore({ from: join(root, "backups"), data: join(root, "other"), keys, version });
  expect(other.worlds).toEqual(third.worlds);
  expect(other.worlds[0]!.hash).not.toBe(second.worlds[0]!.hash);
}, 300_000);

test("[SV368] a world that another server owns, a database without worlds, an address that nobody answers, and a file that was altered there are refused in one line; nothing is left", async () => {
  const lease = createPostgresLease({ database: plant, world: "default" });
  await lease.acquire("process 1 on another-machine");
  await expect(backUp("refused")).rejects.toMatchObject({
    code: "DW_CONFLICT",
    message: expect.stringMatching(/process 1 on another-machine/),
  });
  await lease.release();
  const empty = await database("empty");
  await expect(backUp("refused", { shared: { url: empty.url } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await empty.query("DROP SCHEMA doppelwerk CASCADE");
  await expect(backUp("refused", { shared: { url: empty.url } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await empty.close();
  const away = plant.url.replace(/:\d+\//, ":1/");
  await expect(backUp("refused", { shared: { url: away } })).rejects.toMatchObject({
    code: "DW_UNAVAILABLE",
    message: expect.not.stringMatching(/only-for-tests/),
  });
  const hash = await putBlob(randomBytes(1_000));
  await plant.query("UPDATE doppelwerk.blobs SET bytes = 'other' WHERE hash = $1", [hash]);
  await expect(backUp("refused")).rejects.toMatchObject({ code: "DW_DAMAGED", message: expect.stringContaining(hash) });
  await plant.query("DELETE FROM doppelwerk.blobs WHERE hash = $1", [hash]);
  expect(existsSync(join(root, "refused")) ? readdirSync(join(root, "refused")).filter((name) => name.endsWith(".age")) : []).toEqual([]);
  await expect(writeBackup({ data, to: join(root, "refused"), recipients, version })).rejects.toMatchObject({ code: "DW_INVALID" });
}, 120_000);

test("[SV369] a backup is restored into a new database with each entry as it was written, and its epochs; what is refused or only tried leaves the database as it was", async () => {
  const to = join(root, "into");
  const report = await backUp("into");
  const fresh = await database("fresh");
  await restore({ from: to, data: join(root, "moved"), keys, version, shared: { url: fresh.url } });
  expect(await entriesOf(fresh)).toEqual(await entriesOf(plant));
  const heads = "SELECT world, last_revision, epoch FROM doppelwerk.worlds ORDER BY world";
  expect(await fresh.query(heads)).toEqual(await plant.query(heads));
  const blobs = "SELECT hash, content_type, encode(sha256(bytes), 'hex') AS bytes FROM doppelwerk.blobs ORDER BY hash";
  expect(await fresh.query(blobs)).toEqual(await plant.query(blobs));
  for (const name of ["changes", "blobs.sqlite", "blobs-files", "worlds/north/changes"])
    expect(existsSync(join(root, "moved", name)), name).toBe(false);
  expect(readFileSync(join(root, "moved", "format.json"), "utf8")).toBe(readFileSync(join(data, "format.json"), "utf8"));
  // the next lease comes after the one that was backed up
  const lease = createPostgresLease({ database: fresh, world: "default" });
  const [home] = await plant.query<{ epoch: number }>("SELECT epoch FROM doppelwerk.worlds WHERE world = 'default'");
  expect(await lease.acquire("next")).toEqual({ epoch: home!.epoch + 1 });
  await lease.release();
  await expect(restore({ from: to, data: join(root, "twice"), keys, version, shared: { url: fresh.url } })).rejects.toMatchObject({
    code: "DW_CONFLICT",
  });
  expect(existsSync(join(root, "twice"))).toBe(false);
  await fresh.close();

  // a database that refuses in the middle
  const full = await database("bounded");
  await full.query("ALTER TABLE doppelwerk.blobs ADD CHECK (length(bytes) < 10)");
  await expect(restore({ from: to, data: join(root, "full"), keys, version, shared: { url: full.url } })).rejects.toMatchObject({
    code: "DW_UNAVAILABLE",
  });
  expect(existsSync(join(root, "full"))).toBe(false);
  expect(await entriesOf(full)).toEqual([]);
  // one that alters what it is given
  await full.query("ALTER TABLE doppelwerk.blobs DROP CONSTRAINT blobs_bytes_check");
  await full.query(
    `CREATE FUNCTION altered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.entry := replace(NEW.entry, 'one', 'eno'); RETURN NEW; END $$`,
  );
  await full.query("CREATE TRIGGER altered BEFORE INSERT ON doppelwerk.changes FOR EACH ROW EXECUTE FUNCTION altered()");
  await expect(restore({ from: to, data: join(root, "full"), keys, version, shared: { url: full.url } })).rejects.toMatchObject({
    code: "DW_DAMAGED",
  });
  expect(await entriesOf(full)).toEqual([]);
  await full.close();
  expect(report.worlds).toHaveLength(2);
}, 300_000);

test("[SV369] samples and events go from PostgreSQL into files and into PostgreSQL again as they were: values, texts, qualities, origins, both times", async () => {
  const worlds = await openWorlds({ dataDirectory: join(root, "timed"), logger: pino({ level: "silent" }), workers: 1 });
  await worlds.close();
  const { openPostgresHistory, openPostgresEvents } = await import("@doppelwerk/storage/postgres");
  const timed = await database("timed");
  await timed.query("INSERT INTO doppelwerk.worlds (world, last_revision, epoch) VALUES ('default', 0, 4)");
  const history = await openPostgresHistory({ database: await openPostgres(timed.url), world: "default" });
  const events = await openPostgresEvents({ database: await openPostgres(timed.url), world: "default" });
  const count = 12_000;
  const texts = new Map([
    [3, "läuft"],
    [4_711, ""],
    [11_999, "停止"],
  ]);
  await history.append(
    LIVE,
    {
      origin: "measured",
      origins: Uint8Array.from({ length: count }, (_, n) => n % 6),
      count,
      signals: Uint32Array.from({ length: count }, (_, n) => n % 3),
      sourceTimes: Float64Array.from({ length: count }, (_, n) => 1_790_000_000_000_000 + Math.floor(n / 7) * 1_000),
      serverTimes: Float64Array.from({ length: count }, (_, n) => 1_790_000_000_500_000 + n * 1_000),
      values: Float64Array.from({ length: count }, (_, n) => (n % 100 === 0 ? Number.NaN : n / 3)),
      qualities: Uint8Array.from({ length: count }, (_, n) => n % 3),
      texts,
    },
    ["signal:a", "signal:b", "signal:c"],
  );
  await events.record(
    Array.from({ length: 50 }, (_, n) => ({
      branch: LIVE,
      at: 1_790_000_000_000_000 + n,
      id: `e${n}`,
      subject: "shell:a",
      type: "part.made",
      version: 1,
      known: 1_790_000_001_000_000 + n,
      origin: "measured" as const,
      keys: n % 2 === 0 ? [] : [{ name: "serial", value: `S${n}` }],
      payload: `{"n":${n}}`,
      ...(n % 5 === 0 && { actor: "person:ann" }),
    })),
  );
  await history.close();
  await events.close();
  const shared = { url: timed.url, history: "postgres" as const };
  const to = join(root, "timed.age");
  await expect(writeBackup({ data: join(root, "timed"), to, recipients, version, shared: { url: timed.url } })).rejects.toMatchObject({
    code: "DW_INVALID",
  });
  await writeBackup({ data: join(root, "timed"), to, recipients, version, shared });
  const filed = join(root, "timed-filed");
  await restore({ from: to, data: filed, keys, version });
  expect([...readSamples(join(filed, "history"))].reduce((sum, { batch }) => sum + batch.count, 0)).toBe(count);
  expect([...readEvents(join(filed, "events"))].flat()).toHaveLength(50);
  const back = await database("back");
  await restore({ from: to, data: join(root, "timed-back"), keys, version, shared: { ...shared, url: back.url } });
  const samples = `SELECT branch, signal, time, value, mark, quality, server_time, text, origin FROM doppelwerk.samples
    JOIN doppelwerk.series ON id = series ORDER BY signal, time, arrival`;
  const kept = await back.query(samples);
  expect(kept).toHaveLength(count);
  expect(kept).toEqual(await timed.query(samples));
  const recorded =
    "SELECT branch, at, id, subject, type, version, known, origin, actor, keys, payload FROM doppelwerk.events ORDER BY arrival";
  expect(await back.query(recorded)).toEqual(await timed.query(recorded));
  const indexed = "SELECT name, value, at FROM doppelwerk.event_keys ORDER BY at";
  expect(await back.query(indexed)).toEqual(await timed.query(indexed));
  await timed.close();
  await back.close();
}, 300_000);
