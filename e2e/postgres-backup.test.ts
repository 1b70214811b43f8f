import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPostgres } from "@doppelwerk/storage/postgres";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startPostgres, type PostgresServer } from "../scripts/postgres-server.ts";
import { connectPush, pushSamples, samplesDigest } from "./pushed-samples.ts";
import { eventually, runCommand, startServer, type Program } from "./running-site.ts";

// Backups of a server whose world is in PostgreSQL, while it runs and records.
const root = mkdtempSync(join(tmpdir(), "doppelwerk-postgres-backup-"));
const identity = join(root, "key.txt");
const stops: (() => Promise<unknown>)[] = [];
let postgres: PostgresServer;
let recipient = "";
const AMPLE_MS = 400_000;
const SIGNALS = 10;

beforeAll(async () => {
  postgres = await startPostgres();
  recipient = (await runCommand(["backup-key", "--out", identity])).stdout.trim();
}, AMPLE_MS);
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
afterAll(async () => {
  await postgres?.stop();
  rmSync(root, { recursive: true, force: true });
});

async function rows(url: string, text: string): Promise<readonly object[]> {
  const opened = await openPostgres(url);
  try {
    return await opened.query(text);
  } finally {
    await opened.close();
  }
}

async function database(name: string): Promise<string> {
  await rows(postgres.url, `CREATE DATABASE ${name}`);
  const url = new URL(postgres.url);
  url.pathname = `/${name}`;
  return String(url);
}

async function serving(data: string, ...args: readonly string[]): Promise<Program & { readonly url: string }> {
  const server = await startServer(data, args);
  stops.push(() => server.stop("SIGKILL"));
  return { ...server, url: String(server.ready["url"]) };
}

const SUBMODEL = Buffer.from("urn:example:counted").toString("base64url");
const elements = (url: string): string => `${url}/api/v3/submodels/${SUBMODEL}/submodel-elements`;

async function makeDocuments(url: string, bytes: Uint8Array): Promise<void> {
  const submodel = {
    modelType: "Submodel",
    id: "urn:example:counted",
    submodelElements: [
      { modelType: "Property", idShort: "Count", valueType: "xs:long", value: "0" },
      { modelType: "File", idShort: "Manual", contentType: "application/pdf" },
    ],
  };
  const headers = { "content-type": "application/json" };
  expect((await fetch(`${url}/api/v3/submodels`, { method: "POST", headers, body: JSON.stringify(submodel) })).status).toBe(201);
  const form = new FormData();
  form.set("fileName", "manual.pdf");
  form.set("file", new Blob([new Uint8Array(bytes)], { type: "application/pdf" }), "manual.pdf");
  expect((await fetch(`${elements(url)}/Manual/attachment`, { method: "PUT", body: form })).ok).toBe(true);
}

const countIn = async (url: string): Promise<number> => Number(await (await fetch(`${elements(url)}/Count/$value`)).json());
const manualIn = async (url: string): Promise<Buffer> =>
  Buffer.from(await (await fetch(`${elements(url)}/Manual/attachment`)).arrayBuffer());

/** Counts one value upwards until it is stopped; what was acknowledged when. */
function counting(url: string): { readonly acknowledged: { value: number; atMs: number }[]; stop(): Promise<void> } {
  const acknowledged: { value: number; atMs: number }[] = [];
  let isStopped = false;
  const run = async (): Promise<void> => {
    for (let value = 1; !isStopped; value++) {
      const body = JSON.stringify(String(value));
      const answer = await fetch(`${elements(url)}/Count/$value`, {
        method: "PATCH",
        headers: { "content-type": "application/json" },
        body,
      });
      expect(answer.status).toBe(204);
      acknowledged.push({ value, atMs: Date.now() });
    }
  };
  const running = run();
  return {
    acknowledged,
    async stop() {
      isStopped = true;
      await running;
    },
  };
}

interface Backup {
  readonly id: string;
  readonly instant: string;
  readonly bytes: number;
  readonly sentBytes: number;
}

const backing = (data: string, to: string, ...more: readonly string[]) =>
  runCommand(["backup", "--data", data, "--to", to, "--recipient", recipient, "--json", ...more]);
const restoring = (from: string, ...more: readonly string[]) => runCommand(["restore", from, "--identity", identity, "--json", ...more]);

test(
  "[E179] a server whose world is in PostgreSQL is backed up while it records, also what is new alone; the backup is restored into files and into a new database with all that was acknowledged before, and as it was at an earlier instant",
  async () => {
    const plant = await database("plant");
    const data = join(root, "data");
    const there = ["--postgres", plant, "--history", "postgres"];
    const { url } = await serving(data, ...there);
    const manual = randomBytes(1_500_000);
    await makeDocuments(url, manual);
    const from = Date.now() * 1_000;
    const pushing = pushSamples(url, await connectPush(url, SIGNALS), SIGNALS, 2_000);
    const counted = counting(url);
    await eventually(() => (pushing.acknowledged.length > 10 && counted.acknowledged.length > 20 ? true : undefined), "records");

    const to = join(root, "backups");
    const refused = await backing(data, to);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/is in PostgreSQL: name it/)]);
    const unsaid = await backing(data, to, "--postgres", plant);
    expect([unsaid.code, unsaid.stderr]).toEqual([1, expect.stringMatching(/--history postgres/)]);
    const backUp = async (): Promise<Backup> => {
      const { code, stdout, stderr } = await backing(data, to, ...there);
      expect(code, stderr).toBe(0);
      return JSON.parse(stdout) as Backup;
    };
    const first = await backUp();
    expect(first).toMatchObject({ isOnline: true, isIncremental: false });
    const known = counted.acknowledged.length;
    await eventually(() => (counted.acknowledged.length > known + 30 ? true : undefined), "changes");
    const second = await backUp();
    expect(second).toMatchObject({ isOnline: true, isIncremental: true });
    // the file of 1.5 MB and the log before are sent already
    expect(second.sentBytes).toBeLessThan(second.bytes - 1_500_000);

    // the folder of a server that stands by lacks what the folder of the owner has
    const standby = join(root, "standby");
    expect((await runCommand(["accounts", "create", "mara", "--role", "administrator", "--data", standby])).code).toBe(0);
    const elsewhere = await backing(standby, join(root, "no-backups"), ...there);
    expect([elsewhere.code, elsewhere.stderr]).toEqual([1, expect.stringMatching(/process \d+ on .* owns the world/)]);

    await counted.stop();
    await pushing.stop();
    const countBefore = (instant: string): number => counted.acknowledged.findLast(({ atMs }) => atMs < Date.parse(instant))!.value;
    const rowsBefore = pushing.acknowledged.findLast(({ atMs }) => atMs < Date.parse(second.instant))!.upTo;
    const digest = await samplesDigest(url, pushing.id, from, rowsBefore);
    expect(digest.rows).toBeGreaterThan(1_000);
    const expectSame = async (at: string): Promise<void> => {
      expect(await countIn(at)).toBeGreaterThanOrEqual(countBefore(second.instant));
      expect((await manualIn(at)).equals(manual)).toBe(true);
      expect(await samplesDigest(at, pushing.id, from, rowsBefore)).toEqual(digest);
    };

    const filed = join(root, "filed");
    const intoFiles = await restoring(to, "--data", filed);
    expect(intoFiles.code, intoFiles.stderr).toBe(0);
    expect(JSON.parse(intoFiles.stdout)).toMatchObject({ backup: second.id, verified: { findings: [] } });
    expect(existsSync(join(filed, "changes"))).toBe(true);
    await expectSame((await serving(filed)).url);

    const [fresh, tried] = [await database("fresh"), await database("tried")];
    const drilled = await restoring(to, "--drill", "--postgres", tried, "--history", "postgres");
    expect(drilled.code, drilled.stderr).toBe(0);
    expect(await rows(tried, "SELECT count(*)::int AS count FROM doppelwerk.worlds")).toEqual([{ count: 0 }]);
    const moved = join(root, "moved");
    const intoDatabase = await restoring(to, "--data", moved, "--postgres", fresh, "--history", "postgres");
    expect(intoDatabase.code, intoDatabase.stderr).toBe(0);
    expect(readdirSync(moved)).not.toContain("changes");
    await expectSame((await serving(moved, "--postgres", fresh, "--history", "postgres")).url);
    const again = await restoring(to, "--data", join(root, "again"), "--postgres", fresh);
    expect([again.code, again.stderr]).toEqual([1, expect.stringMatching(/holds worlds already/)]);
    expect(existsSync(join(root, "again"))).toBe(false);

    const early = join(root, "early");
    const earlier = await restoring(to, "--data", early, "--at", first.instant, "--postgres", tried, "--history", "postgres");
    expect(earlier.code, earlier.stderr).toBe(0);
    const then = await countIn((await serving(early, "--postgres", tried, "--history", "postgres")).url);
    expect(then).toBeGreaterThanOrEqual(countBefore(first.instant));
    expect(then).toBeLessThan(countBefore(second.instant));
  },
  AMPLE_MS,
);
