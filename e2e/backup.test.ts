import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { connectPush, pushSamples, samplesDigest, type Pushing } from "./pushed-samples.ts";
import { eventually, runCommand, startServer, type Program } from "./running-site.ts";

// Backups of a server that runs and records, by processes that are killed on the way.
const root = mkdtempSync(join(tmpdir(), "doppelwerk-backup-"));
const stops: (() => Promise<unknown>)[] = [];
const identity = join(root, "key.txt");
const main = join(dirname(dirname(fileURLToPath(import.meta.url))), "apps/doppelwerk/src/main.ts");
let recipient = "";

const SIGNALS = 20;
const PER_SECOND = 10_000;
const AMPLE_MS = 300_000;

beforeAll(async () => {
  const { stdout, code, stderr } = await runCommand(["backup-key", "--out", identity]);
  expect(code, stderr).toBe(0);
  recipient = stdout.trim();
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Recorded {
  readonly server: Program;
  readonly url: string;
  readonly data: string;
  readonly pushing: Pushing;
  readonly from: number;
}

/** A server that takes 10,000 samples a second, and has taken some. */
async function recording(name: string, rows: number): Promise<Recorded> {
  const data = join(root, name);
  const server = await startServer(data);
  stops.push(() => server.stop("SIGKILL"));
  const url = String(server.ready["url"]);
  const from = Date.now() * 1_000;
  const pushing = pushSamples(url, await connectPush(url, SIGNALS), SIGNALS, PER_SECOND);
  stops.push(() => pushing.stop());
  await eventually(() => (pushing.acknowledged.length * 500 >= rows ? true : undefined), "samples");
  return { server, url, data, pushing, from };
}

interface Backup {
  readonly id: string;
  readonly instant: string;
  readonly sentBytes: number;
  readonly bytes: number;
  readonly isIncremental: boolean;
  readonly isOnline: boolean;
  readonly key: string;
  readonly worlds: readonly { readonly name: string; readonly revision: number; readonly hash: string }[];
}

async function backUp(data: string, to: string, ...more: readonly string[]): Promise<Backup> {
  const { code, stdout, stderr } = await runCommand(["backup", "--data", data, "--to", to, "--recipient", recipient, "--json", ...more]);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Backup;
}

const restoring = (from: string, ...more: readonly string[]) => runCommand(["restore", from, "--identity", identity, ...more]);

/** Samples that were acknowledged before an instant have source times before this one. */
function acknowledgedBefore({ acknowledged }: Pushing, instant: string): number {
  return acknowledged.findLast(({ atMs }) => atMs < Date.parse(instant))!.upTo;
}

async function expectSame({ url, pushing, from }: Recorded, instant: string, restored: string): Promise<void> {
  const before = acknowledgedBefore(pushing, instant);
  const server = await startServer(restored);
  stops.push(() => server.stop("SIGKILL"));
  const found = await samplesDigest(String(server.ready["url"]), pushing.id, from, before);
  expect(found.rows).toBeGreaterThan(1_000);
  expect(found).toEqual(await samplesDigest(url, pushing.id, from, before));
}

test(
  "[E107] a backup of a server that takes 10,000 samples a second has all that was acknowledged before it; a further one sends what is new; restored it is verified and the same",
  async () => {
    const recorded = await recording("busy", 150_000);
    const { data, pushing, server } = recorded;
    const to = join(root, "busy-backups");
    const first = await backUp(data, to);
    expect(first).toMatchObject({ isOnline: true, isIncremental: false });
    await eventually(() => (Date.now() - Date.parse(first.instant) > 8_000 ? true : undefined), "more samples");
    const second = await backUp(data, to);
    expect(second).toMatchObject({ isOnline: true, isIncremental: true, key: first.key });
    expect(second.sentBytes).toBeLessThan(second.bytes * 0.8);
    await pushing.stop();
    const restored = join(root, "busy-restored");
    const { code, stdout, stderr } = await restoring(to, "--data", restored, "--key", second.key, "--json");
    expect(code, stderr).toBe(0);
    const report = JSON.parse(stdout) as {
      readonly backup: string;
      readonly worlds: Backup["worlds"];
      readonly verified: { findings: unknown[] };
    };
    expect(report).toMatchObject({ backup: second.id, worlds: second.worlds, verified: { findings: [] } });
    await expectSame(recorded, second.instant, restored);
    // the first one is still there, for who wants to go back to it
    const earlier = await restoring(to, "--drill", "--at", first.instant, "--json");
    expect(earlier.code, earlier.stderr).toBe(0);
    expect(JSON.parse(earlier.stdout)).toMatchObject({ backup: first.id });
    await server.stop();
    const verified = JSON.parse((await runCommand(["verify", data, "--json"])).stdout) as {
      readonly lastHash: string;
      readonly findings: unknown[];
    };
    expect(verified.findings).toEqual([]);
    expect(verified.lastHash).toBe(second.worlds[0]!.hash);
  },
  AMPLE_MS,
);

/** A backup that takes some time, as its process. */
function slowBackup(
  data: string,
  to: string,
): { readonly child: ChildProcess; readonly ended: Promise<{ code: number | null; stdout: string }> } {
  const words = ["backup", "--data", data, "--to", to, "--recipient", recipient, "--limit", "1", "--json"];
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...words], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let stdout = "";
  child.stdout.on("data", (text: Buffer) => (stdout += text.toString()));
  return { child, ended: new Promise((resolve) => child.once("close", (code) => resolve({ code, stdout }))) };
}

const partIn = (folder: string): string | undefined =>
  existsSync(folder) ? readdirSync(folder).find((name) => name.endsWith(".part")) : undefined;

test(
  "[E108] a server that is killed while it is backed up leaves the backup whole; a backup that is killed leaves nothing that looks like one, and the next is whole",
  async () => {
    const recorded = await recording("killed", 200_000);
    const { data, server } = recorded;
    const half = join(root, "killed-half");
    const { child, ended } = slowBackup(data, half);
    await eventually(() => partIn(half), "a part of the archive");
    child.kill("SIGKILL");
    await ended;
    expect(partIn(half)).toBeDefined();
    const none = await restoring(half, "--drill");
    expect(none).toMatchObject({ code: 1 });
    expect(none.stderr).toMatch(/there is no backup/);
    // while the next one runs, the server is killed
    const next = slowBackup(data, half);
    await eventually(
      () =>
        readdirSync(join(data, "backup")).find((name) => name.startsWith("staging-") && readdirSync(join(data, "backup", name)).length > 5),
      "a capture",
    );
    await eventually(() => partIn(half), "a part of the archive");
    server.child.kill("SIGKILL");
    const { code, stdout } = await next.ended;
    expect(code).toBe(0);
    expect(partIn(half)).toBeUndefined();
    expect(readdirSync(join(data, "backup")).filter((name) => name.startsWith("staging-"))).toEqual([]);
    const restored = join(root, "killed-restored");
    const answer = await restoring(half, "--data", restored);
    expect(answer.code, answer.stderr).toBe(0);
    await server.stop();
    const again = await startServer(data);
    stops.push(() => again.stop("SIGKILL"));
    await expectSame({ ...recorded, url: String(again.ready["url"]) }, (JSON.parse(stdout) as Backup).instant, restored);
  },
  AMPLE_MS,
);

test(
  "[E109] what cannot be restored is refused in one line and leaves nothing: a flipped bit of any part, a wrong key, another server, a folder that is not empty",
  async () => {
    const data = join(root, "small");
    const server = await startServer(data);
    await server.stop();
    const [folder, file] = [join(root, "small-backups"), join(root, "small.tar.age")];
    await backUp(data, folder);
    const { key } = await backUp(data, file);
    const to = join(root, "refused");
    const refused = async (words: readonly string[], reason: RegExp): Promise<void> => {
      const answer = await runCommand(["restore", ...words]);
      expect(answer.stderr).toMatch(reason);
      expect(answer.code).toBe(1);
      expect(answer.stderr.trim().split("\n")).toHaveLength(1);
      expect(existsSync(to)).toBe(false);
    };
    const bytes = readFileSync(file);
    const flipped = join(root, "flipped.tar.age");
    for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 12)) {
      const copy = Buffer.from(bytes);
      copy[at]! ^= 1 << (at % 8);
      writeFileSync(flipped, copy);
      await refused([flipped, "--identity", identity, "--data", to], /damaged|no key that was given opens/);
    }
    writeFileSync(flipped, bytes.subarray(0, bytes.length - 100));
    await refused([flipped, "--identity", identity, "--data", to], /damaged or cut short/);
    const other = join(root, "other-key.txt");
    await runCommand(["backup-key", "--out", other]);
    await refused([file, "--identity", other, "--data", to], /no key that was given opens/);
    await refused([file, "--identity", identity, "--data", to, "--key", key.replace("doppelwerk", "otherwerk")], /signed by another key/);
    await refused([file, "--data", to], /name what opens the backup/);
    const full = join(root, "full");
    mkdirSync(full);
    writeFileSync(join(full, "notes.txt"), "mine");
    const answer = await restoring(file, "--data", full);
    expect(answer).toMatchObject({ code: 1 });
    expect(answer.stderr).toMatch(/empty folder only/);
    expect(readdirSync(full)).toEqual(["notes.txt"]);
  },
  AMPLE_MS,
);

test(
  "[E109] what cannot be backed up is refused in one line: a folder of others, the data folder itself, a symbolic link in it",
  async () => {
    const data = join(root, "linked");
    await (await startServer(data)).stop();
    const refused = async (to: string, reason: RegExp): Promise<void> => {
      const answer = await runCommand(["backup", "--data", data, "--to", to, "--recipient", recipient]);
      expect(answer.stderr).toMatch(reason);
      expect(answer.code).toBe(1);
    };
    await refused(join(data, "backups"), /does not go into the data folder/);
    await refused(join(root, "full"), /holds other things/);
    await refused(join(root, "small-backups"), /another server/);
    symlinkSync("/etc/hostname", join(data, "features", "evil.json"));
    await refused(join(root, "linked-backups"), /symbolic link/);
    expect(readdirSync(join(root, "linked-backups"))).toEqual(["doppelwerk-backups.json"]);
  },
  AMPLE_MS,
);

/** A disk of its own that is soon full. */
const mounts = spawnSync("unshare", ["-Urm", "mount", "-t", "tmpfs", "tmpfs", root]).status === 0;

test.skipIf(!mounts)("[E109] a backup that finds no room is refused in one line and leaves nothing that looks like one", async () => {
  const data = join(root, "no-room");
  await (await startServer(data)).stop();
  writeFileSync(join(data, "features", "large.bin"), randomBytes(4 << 20));
  const disk = join(root, "disk");
  mkdirSync(disk);
  const script = 'mount -t tmpfs -o size=1m tmpfs "$0" && { "$@"; code=$?; ls "$0/backups"; exit $code; }';
  const words = [process.execPath, "--disable-warning=ExperimentalWarning", main, "backup", "--data", data, "--to", join(disk, "backups")];
  const { status, stdout, stderr } = spawnSync("unshare", ["-Urm", "sh", "-c", script, disk, ...words, "--recipient", recipient], {
    encoding: "utf8",
  });
  expect(stderr).toMatch(/no space left.*DW_UNAVAILABLE/i);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(status).toBe(1);
  expect(stdout.trim()).toBe("doppelwerk-backups.json");
  expect(readdirSync(join(data, "backup")).filter((name) => name.startsWith("staging-"))).toEqual([]);
});

test(
  "[E110] a server whose secrets are sealed starts with its key alone, its connectors open theirs, and a backup of it is restored with the key",
  async () => {
    const data = join(root, "sealed");
    const [key, other] = [join(root, "seal.key"), join(root, "other-seal.key")];
    for (const out of [key, other]) expect((await runCommand(["seal-key", "--out", out])).code).toBe(0);
    const secret = "seven green pumps";
    const plain = await startServer(data);
    const put = (url: string, path: string, body: unknown) =>
      fetch(`${url}/api/doppelwerk/v1${path}`, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    expect((await put(String(plain.ready["url"]), "/secrets/broker", { username: "plant", password: secret })).ok).toBe(true);
    await plain.stop();
    const file = join(data, "connectors", "secrets", "broker.json");
    expect(readFileSync(file, "utf8")).toMatch(secret);
    const sealed = await runCommand(["seal", "--data", data, "--seal-key-file", key]);
    expect(sealed.code, sealed.stderr).toBe(0);
    expect(sealed.stdout).toMatch(/connectors\/secrets\/broker\.json/);
    expect(readFileSync(file, "utf8")).not.toMatch(secret);

    const refused = async (words: readonly string[], reason: RegExp): Promise<void> => {
      const answer = await runCommand(words);
      expect(answer.stderr).toMatch(reason);
      expect(answer.stderr.trim().split("\n")).toHaveLength(1);
      expect(answer.code).toBe(1);
    };
    const serve = ["serve", "--data", data, "--port", "0", "--no-open"];
    await refused(serve, /no key is given/);
    await refused([...serve, "--seal-key-file", other], /is the key/);
    await refused(["backup", "--data", data, "--to", join(root, "sealed-backups"), "--recipient", recipient], /no key is given/);

    const server = await startServer(data, ["--seal-key-file", key]);
    stops.push(() => server.stop("SIGKILL"));
    const url = String(server.ready["url"]);
    // the process of the connector opens its secret: what fails is the broker, which is not there
    const made = await fetch(`${url}/api/doppelwerk/v1/connections`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ url: "mqtt://127.0.0.1:1", name: "broker", protocol: "mqtt", secret: "broker" }),
    });
    expect(await made.json()).toMatchObject({ error: { reason: { code: "connectors.connectionRefused" } } });
    expect(await (await fetch(`${url}/api/doppelwerk/v1/protection`)).json()).toMatchObject({ sealed: true });
    expect((await put(url, "/secrets/second", { token: secret })).ok).toBe(true);
    expect(readFileSync(join(data, "connectors", "secrets", "second.json"), "utf8")).not.toMatch(secret);

    const to = join(root, "sealed-backups");
    const { instant } = await backUp(data, to, "--seal-key-file", key);
    expect(await (await fetch(`${url}/api/doppelwerk/v1/protection`)).json()).toMatchObject({ sealed: true, lastBackup: { instant, to } });
    const restored = join(root, "sealed-restored");
    await refused(["restore", to, "--identity", identity, "--data", restored], /no key is given/);
    expect(existsSync(restored)).toBe(false);
    const answer = await restoring(to, "--data", restored, "--seal-key-file", key);
    expect(answer.code, answer.stderr).toBe(0);
    const verified = await runCommand(["verify", restored, "--seal-key-file", key]);
    expect(verified.code, verified.stdout).toBe(0);
  },
  AMPLE_MS,
);

test(
  "[E111] a backup is restored as the server was between two changes; its transparency log stays whole, says what is no more, and the server continues",
  async () => {
    const recorded = await recording("earlier", 150_000);
    const { data, url, server, pushing } = recorded;
    const change = async (name: string): Promise<void> => {
      const made = await fetch(`${url}/api/doppelwerk/v1/connections`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          url: `push:${name}`,
          name,
          protocol: "push",
          secret: "push",
          settings: { signals: [{ address: name, valueType: "integer" }] },
        }),
      });
      expect(made.status, await made.clone().text()).toBe(201);
    };
    await change("before");
    await eventually(() => (pushing.acknowledged.at(-1)!.atMs > Date.now() - 1_000 ? true : undefined), "samples");
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const at = new Date();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await change("after");
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const to = join(root, "earlier-backups");
    await backUp(data, to);
    await pushing.stop();
    const restored = join(root, "earlier-restored");
    const answer = await restoring(to, "--data", restored, "--at", at.toISOString());
    expect(answer.code, answer.stderr).toBe(0);
    const again = await startServer(restored);
    stops.push(() => again.stop("SIGKILL"));
    const restoredUrl = String(again.ready["url"]);
    const connections = (await (await fetch(`${restoredUrl}/api/doppelwerk/v1/connections`)).json()) as readonly {
      readonly name: string;
    }[];
    expect(connections.map(({ name }) => name).toSorted()).toEqual(["before", "push"]);
    const end = at.getTime() * 1_000;
    const samples = await samplesDigest(restoredUrl, pushing.id, recorded.from, end);
    expect(samples.rows).toBeGreaterThan(1_000);
    expect(samples).toEqual(await samplesDigest(url, pushing.id, recorded.from, end));
    expect(await samplesDigest(restoredUrl, pushing.id, recorded.from, end + 60_000_000)).toMatchObject({ rows: samples.rows });
    await again.stop();
    await server.stop();
    const verified = await runCommand(["verify", restored]);
    expect(verified.code, verified.stdout).toBe(0);
  },
  AMPLE_MS,
);

/** SHA-256 of every file in it. */
function contentOf(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length), createHash("sha256").update(readFileSync(path)).digest("hex")];
    }),
  );
}

test(
  "[E112] a data folder with any part of a newer format is refused in one line, before anything in it is written; with the former part the folder is good",
  async () => {
    const data = join(root, "newer");
    const { server, pushing } = await recording("newer", 150_000);
    await pushing.stop();
    await server.stop();
    expect((await runCommand(["accounts", "create", "mara", "--role", "administrator", "--data", data])).code).toBe(0);
    const firstIn = (folder: string, pattern: RegExp): string => {
      const name = readdirSync(join(data, folder)).find((each) => pattern.test(each));
      return join(folder, name ?? `no file ${String(pattern)}`);
    };
    const json = (more: object) => (): string => JSON.stringify(more);
    const byte =
      (at: number, value: number) =>
      (bytes: Buffer): Buffer =>
        Buffer.from(bytes).fill(value, at, at + 1);
    const raised =
      (field: string) =>
      (bytes: Buffer): string =>
        JSON.stringify({ ...(JSON.parse(bytes.toString()) as object), [field]: 99 });
    const nine = "9".charCodeAt(0);
    const parts: readonly (readonly [string, (bytes: Buffer) => Buffer | string])[] = [
      ["format.json", raised("format")],
      [firstIn("changes", /\.log$/), byte(7, 2)],
      [firstIn("history", /\.seg$/), byte(6, nine)],
      [firstIn("history", /\.wal$/), byte(6, nine)],
      ["jobs/format.json", raised("format")],
      ["transparency/key.json", raised("version")],
      ["transparency/salts.json", raised("version")],
      ["transparency/log/journal", byte(7, 2)],
      ["events/manifest.json", json({ format: 99, files: [], lost: [] })],
      ["accounts.json", raised("version")],
      ["machines.json", json({ version: 99, machines: [] })],
      ["providers.json", json({ version: 99, providers: [] })],
      ["sealed.json", json({ format: 99, key: "" })],
    ];
    const refusals: string[] = [];
    for (const [path, change] of parts) {
      const to = join(data, path);
      const before = existsSync(to) ? readFileSync(to) : undefined;
      mkdirSync(dirname(to), { recursive: true });
      writeFileSync(to, change(before ?? Buffer.alloc(0)));
      const newer = contentOf(data);
      const { code, stderr } = await runCommand(["serve", "--data", data, "--port", "0", "--no-open"]);
      expect(code, `${path}: ${stderr}`).toBe(1);
      refusals.push(`${path}: ${stderr.trim()}`);
      expect(contentOf(data), path).toEqual(newer);
      if (before === undefined) rmSync(to);
      else writeFileSync(to, before);
    }
    expect(refusals.filter((line) => !/^[^\n]*newer[^\n]*\(DW_FORMAT_NEWER\)$/.test(line))).toEqual([]);
    const good = await runCommand(["verify", data]);
    expect(good.code, good.stdout).toBe(0);
  },
  AMPLE_MS,
);
