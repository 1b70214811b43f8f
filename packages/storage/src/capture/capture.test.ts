import { createHash } from "node:crypto";
import { fork, type ChildProcess } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, expect, test } from "vitest";
import { createSeal } from "@doppelwerk/trust";
import { coreKinds, LIVE } from "@doppelwerk/world";
import { openEvents, verifyEvents } from "../events/index.ts";
import { readLogFolder } from "../files/index.ts";
import { openSegmentHistory, verifyHistory } from "../segments/index.ts";
import { createLogHash, newSigningKey, signingKeyOf, TileLog, verifyEd25519, verifyTileLog } from "../tile-log/index.ts";
import { nodeFileLayer } from "../files/node-file-layer.ts";
import { cachedHashes, cacheDifference, openSqliteRecordStore, settleCache } from "../sqlite/index.ts";
import { verifyRestored } from "../verify/index.ts";
import {
  captureChangeLog,
  captureEvents,
  captureHistory,
  captureRest,
  captureTileLog,
  holdRecordCache,
  Staging,
  type CapturedFile,
} from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-capture-"));
const children: ChildProcess[] = [];
const CAPTURES = process.env["SOAK"] === undefined ? 6 : 60;

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A process that writes without end, and what it said last. */
function writer(fixture: string, ...args: readonly string[]): { said: string; lines: string[] } {
  const child = fork(fileURLToPath(new URL(fixture, import.meta.url)), args, { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  children.push(child);
  const heard = { said: "", lines: [] as string[] };
  let rest = "";
  child.stdout!.on("data", (text: Buffer) => {
    const lines = (rest + text.toString()).split("\n");
    rest = lines.pop()!;
    heard.lines.push(...lines);
    heard.said = lines.at(-1) ?? heard.said;
  });
  child.on("message", (message) => (heard.said = String(message)));
  return heard;
}

/** The captured bytes as a folder. */
function restored(files: readonly CapturedFile[], name: string): string {
  const folder = join(root, name);
  for (const { path, source, length } of files) {
    const to = join(folder, path);
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(source, to);
    expect(statSync(to).size).toBeGreaterThanOrEqual(length);
    truncateSync(to, length);
  }
  return folder;
}

/** Captures again and again, while a process writes; `look` gets what the writer had said before. */
async function capturing(
  heard: { readonly said: string },
  data: string,
  capture: (staging: Staging) => readonly CapturedFile[] | Promise<readonly CapturedFile[]>,
  look: (folder: string, said: string) => void | Promise<void>,
): Promise<void> {
  for (let turn = 0; turn < CAPTURES; turn++) {
    const said = heard.said;
    await expect.poll(() => heard.said !== said).toBe(true);
    const before = heard.said;
    const staging = new Staging(data, join(data, `staging-${turn}`));
    const files = await capture(staging);
    // the writer goes on, replaces and removes files: what was captured stays
    const after = heard.said;
    await expect.poll(() => heard.said !== after).toBe(true);
    const folder = restored(files, `${data.slice(root.length + 1)}-${turn}`);
    staging.dispose();
    expect(existsSync(staging.directory)).toBe(false);
    await look(folder, before);
  }
}

test("[ST67] a history that is written, merged and flushed meanwhile is captured whole: every sample acknowledged before is there, no file is damaged or cut short", async () => {
  const data = join(root, "history");
  const heard = writer("../segments/kill-child.fixture.ts", join(data, "history"), "0");
  await capturing(
    heard,
    data,
    (staging) => captureHistory(data, staging),
    async (folder, said) => {
      expect(verifyHistory(join(folder, "history")).problems).toEqual([]);
      const history = await openSegmentHistory({ directory: join(folder, "history") });
      const extent = await history.extent({ branch: "live", signal: "signal:a" });
      await history.close();
      expect(extent!.count).toBeGreaterThanOrEqual(Number(said));
      expect(extent).toMatchObject({ first: 0, last: (extent!.count - 1) * 1000 });
    },
  );
});

test("[ST68] a change log is captured up to a whole group: every acknowledged change is there, its head is told, the checkpoint knows no more", async () => {
  const data = join(root, "changes");
  const heard = writer("../files/kill-child.fixture.ts", data, "0");
  await expect.poll(() => heard.lines.includes("ready")).toBe(true);
  let head: ReturnType<typeof captureChangeLog>["head"] | undefined;
  let acknowledged: readonly string[] = [];
  await capturing(
    heard,
    data,
    (staging) => {
      acknowledged = heard.lines.slice(heard.lines.indexOf("ready") + 1);
      const captured = captureChangeLog(data, staging);
      head = captured.head;
      return captured.files;
    },
    async (folder) => {
      const log = readLogFolder(join(folder, "changes"));
      expect(log).toMatchObject({ damage: undefined, tail: undefined, lastRevision: head!.revision });
      expect(log.head()!.hash).toBe(head!.hash);
      expect(
        log.checkpoint.head === undefined ? undefined : log.problemWith({ ...log.checkpoint.head, from: "the checkpoint" }),
      ).toBeUndefined();
      const there = new Set<string>();
      for await (const { changes } of log.read(0)) for (const change of changes) if (change.op === "create") there.add(change.record.id);
      expect(acknowledged.filter((name) => !there.has(`note:${name}`))).toEqual([]);
    },
  );
});

test("[ST73] a record cache that is written meanwhile is read whole while it is held: it follows the change log that is captured after it, at a revision that was there", async () => {
  const data = join(root, "caches");
  const heard = writer("../files/kill-child.fixture.ts", data, "0");
  await expect.poll(() => heard.lines.includes("ready")).toBe(true);
  let revisions = 0;
  await capturing(
    heard,
    data,
    async (staging) => {
      const held = holdRecordCache(data, staging);
      if (held === undefined) return captureChangeLog(data, staging).files;
      const { files } = captureChangeLog(data, staging);
      // the server writes and moves pages into the file meanwhile
      const said = heard.lines.length;
      await expect.poll(() => heard.lines.length > said + 60).toBe(true);
      const copies: CapturedFile[] = [];
      for (const { path, length, mode, readInto } of held.files) {
        const bytes = Buffer.alloc(length);
        expect(await readInto(bytes, 0)).toBe(length);
        const source = staging.newPath();
        writeFileSync(source, bytes);
        copies.push({ path, source, length, mode, grows: false, stamp: "" });
      }
      held.release();
      return [...files, ...copies];
    },
    async (folder) => {
      const path = join(folder, "records.sqlite");
      if (!existsSync(path)) return;
      settleCache(path);
      const store = openSqliteRecordStore({ path, kinds: coreKinds });
      const log = readLogFolder(join(folder, "changes"));
      const sha256Of = (pieces: readonly Uint8Array[]): string => createHash("sha256").update(Buffer.concat(pieces)).digest("hex");
      const seal = { seal: createSeal(), sha256Of };
      const verified = verifyRestored({ lines: log.lines(0), store, cached: cachedHashes(path), seal, random: Math.random });
      expect(verified).toMatchObject({ findings: [], revisions: log.lastRevision });
      expect(verified.cacheProblem).toBeUndefined();
      expect(store.appliedRevision()).toBe(log.lastRevision);
      store.close();
      const fresh = join(folder, "fresh.sqlite");
      const replayed = openSqliteRecordStore({ path: fresh, kinds: coreKinds });
      for await (const entry of log.read(0)) replayed.apply([entry]);
      replayed.close();
      const [cache, made] = [new DatabaseSync(path), new DatabaseSync(fresh)];
      expect(cacheDifference(cache, made)).toBeUndefined();
      cache.close();
      made.close();
      revisions = Math.max(revisions, verified.compared);
    },
  );
  expect(revisions).toBeGreaterThan(0);
}, 120_000);

test("[ST69] events are captured with all that were recorded before; nothing is missed in what was captured", async () => {
  const data = join(root, "events");
  const heard = writer("../events/kill-child.fixture.ts", join(data, "events"), "0", "2000");
  await expect.poll(() => Number(heard.said) > 0).toBe(true);
  await capturing(
    heard,
    data,
    (staging) => captureEvents(data, staging, () => false),
    async (folder, said) => {
      expect(verifyEvents(join(folder, "events")).findings).toEqual([]);
      const store = openEvents({ directory: join(folder, "events"), fileEvents: 2_000 });
      const counts = await store.count({ spans: [{ branch: LIVE, from: 0, to: 8e15 }] });
      await store.close();
      expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(Number(said));
      expect(store.damages()).toEqual([]);
    },
  );
});

test("[ST70] a log of proof that goes on is captured whole: what it signed is in it", () => {
  const data = join(root, "proof");
  const directory = join(data, "log");
  const { key, sign } = signingKeyOf("log.test/1", newSigningKey());
  mkdirSync(data);
  const log = new TileLog({ layer: nodeFileLayer, directory, hash: createLogHash(), key, sign, verify: verifyEd25519, foldBundles: 2 });
  const entries = (count: number) => Array.from({ length: count }, (_, n) => Buffer.from(`entry ${n} ${Math.random()}`));
  for (let turn = 0; turn < 12; turn++) {
    log.append(entries(300));
    if (turn % 3 === 0) log.checkpoint();
    const size = log.size;
    const staging = new Staging(data, join(data, `staging-${turn}`));
    const files = captureTileLog(directory, staging);
    log.append(entries(700));
    log.checkpoint();
    const folder = restored(files, `proof-${turn}`);
    staging.dispose();
    const verified = verifyTileLog(nodeFileLayer, join(folder, "log"), createLogHash(), key, verifyEd25519);
    expect(verified).toMatchObject({ findings: [], size });
  }
  log.close();
});

test("[ST71] a symbolic link is refused; a damaged group in the middle of a change log too, for what follows it would be left out", async () => {
  const data = join(root, "links");
  mkdirSync(join(data, "features"), { recursive: true });
  writeFileSync(join(data, "features", "one.json"), "{}");
  writeFileSync(join(data, "features", "two.json.new"), "half");
  const staging = new Staging(data, join(data, "staging"));
  const skip = (path: string): boolean => path === "staging";
  expect((await captureRest(data, staging, skip, () => false)).map(({ path }) => path)).toEqual(["features/one.json"]);
  symlinkSync("/etc/passwd", join(data, "features", "three.json"));
  await expect(captureRest(data, staging, skip, () => false)).rejects.toMatchObject({ code: "DW_INVALID" });
  symlinkSync("/etc", join(data, "history"));
  expect(() => captureHistory(data, staging)).toThrow(/symbolic link/);

  const heard = writer("../files/kill-child.fixture.ts", join(data, "world"), "0");
  await expect.poll(() => heard.lines.length).toBeGreaterThan(40);
  for (const child of children.splice(0)) child.kill("SIGKILL");
  const changes = join(data, "world", "changes");
  const last = join(
    changes,
    readdirSync(changes)
      .filter((name) => name.endsWith(".log"))
      .toSorted()
      .at(-1)!,
  );
  const bytes = readFileSync(last);
  bytes[bytes.length >> 2]! ^= 1;
  writeFileSync(last, bytes);
  expect(() => captureChangeLog(join(data, "world"), staging)).toThrow(/damaged at byte/);
});
