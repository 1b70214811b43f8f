import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogEntry } from "@doppelwerk/world";
import { afterAll, describe, expect, test } from "vitest";
import { openFileChangeLog } from "./change-log.ts";
import { createFaultyLayer } from "./faulty-file-layer.ts";
import { checkpointPath, readCheckpoint } from "./log-checkpoint.ts";
import type { KnownHead } from "./log-head.ts";
import { nodeFileLayer } from "./node-file-layer.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-lost-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => join(root, String(++folders), "changes");
const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

const entryOf = (revision: number, reason = "test"): LogEntry => ({
  v: 1,
  revision,
  time: revision,
  branch: "live",
  actor: "a",
  reason,
  changes: [],
  hash: `${reason}-${revision}`,
});

async function written(count: number, rotateBytes = 1_000, reason = `test ${"z".repeat(80)}`): Promise<string> {
  const directory = newFolder();
  const log = await openFileChangeLog({ directory, rotateBytes });
  for (let revision = 1; revision <= count; revision++)
    await log.append([entryOf(revision, reason)], { expectedRevision: revision - 1, leaseEpoch: 1 });
  await log.close();
  return directory;
}

/** A copy of a log and its checkpoint that a test may spoil. */
function copyOf(directory: string): string {
  const copy = newFolder();
  cpSync(join(directory, ".."), join(copy, ".."), { recursive: true });
  return copy;
}

function bytesOf(directory: string): ReadonlyMap<string, string> {
  const names = readdirSync(join(directory, ".."), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(names.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), "hex")]));
}

async function refusalOf(directory: string, known: readonly KnownHead[] = []): Promise<unknown> {
  const before = bytesOf(directory);
  const error = await openFileChangeLog({ directory, known }).then(
    async (log) => {
      const last = await log.lastRevision();
      await log.close();
      return new Error(`it opened at revision ${last}`);
    },
    (reason: unknown) => reason,
  );
  expect(bytesOf(directory)).toEqual(before);
  return error;
}

describe("[ST30] a log that lacks what is known of it is refused, and nothing is touched", () => {
  test(`cut off anywhere (SEED=${seed})`, async () => {
    const whole = await written(60);
    const names = readdirSync(whole).filter((name) => name.endsWith(".log"));
    expect(names.length).toBeGreaterThan(2);
    const random = mulberry(seed);
    for (let round = 0; round < 40; round++) {
      const directory = copyOf(whole);
      const at = Math.floor(random() * names.length);
      for (const name of names.slice(at + 1)) rmSync(join(directory, name));
      const path = join(directory, names[at]!);
      const length = Math.floor(random() * readFileSync(path).length);
      truncateSync(path, length);
      expect(await refusalOf(directory), `SEED=${seed} round ${round}: ${names[at]} cut at ${length}`).toMatchObject({
        code: "DW_DAMAGED",
        message: expect.stringMatching(
          /the change log ends at revision \d+, but the checkpoint .* knows revision 60: \d+ revisions are missing; nothing was touched/,
        ),
      });
    }
  });

  test("deleted, emptied, or without its last file", async () => {
    const whole = await written(60);
    const damages: readonly ((directory: string) => void)[] = [
      (directory) => rmSync(directory, { recursive: true }),
      (directory) => readdirSync(directory).forEach((name) => rmSync(join(directory, name))),
      (directory) =>
        rmSync(
          join(
            directory,
            readdirSync(directory)
              .filter((name) => name.endsWith(".log"))
              .at(-1)!,
          ),
        ),
    ];
    for (const damage of damages) {
      const directory = copyOf(whole);
      damage(directory);
      expect(await refusalOf(directory)).toMatchObject({
        code: "DW_DAMAGED",
        message: expect.stringContaining("doppelwerk accept-loss"),
        details: { known: { revision: 60 } },
      });
    }
  });

  test("a file in the middle or at the beginning is missing", async () => {
    const whole = await written(60);
    for (const at of [0, 1]) {
      const directory = copyOf(whole);
      rmSync(join(directory, readdirSync(directory).filter((name) => name.endsWith(".log"))[at]!));
      expect(await refusalOf(directory)).toMatchObject({ code: "DW_DAMAGED", message: expect.stringContaining("is missing") });
    }
  });

  test("replaced by another one, as long or longer", async () => {
    const whole = await written(20);
    const other = await written(30, 1_000, "other");
    const directory = copyOf(whole);
    rmSync(directory, { recursive: true });
    cpSync(other, directory, { recursive: true });
    expect(await refusalOf(directory)).toMatchObject({
      code: "DW_DAMAGED",
      message: expect.stringContaining("revision 20 of the change log is not the one"),
    });
  });

  test("what the record cache knows counts too, where there is no checkpoint", async () => {
    const directory = await written(20);
    rmSync(checkpointPath(directory));
    const known = { revision: 21, hash: "x", from: "the record cache" };
    expect(await refusalOf(directory, [known])).toMatchObject({
      code: "DW_DAMAGED",
      message: expect.stringContaining("the record cache knows revision 21: 1 revisions are missing"),
    });
    expect(await refusalOf(directory, [{ ...known, revision: 20 }])).toMatchObject({ code: "DW_DAMAGED" });
    const log = await openFileChangeLog({ directory, known: [{ ...known, revision: 7, hash: entryOf(7, `test ${"z".repeat(80)}`).hash }] });
    await log.close();
  });
});

describe("[ST31] the checkpoint never keeps a whole log from opening", () => {
  test("a folder of an older release has none and gets one", async () => {
    const directory = await written(20);
    rmSync(checkpointPath(directory));
    await (await openFileChangeLog({ directory })).close();
    expect(readCheckpoint(nodeFileLayer, directory).head).toMatchObject({ revision: 20 });
  });

  test("one that is behind is brought up to the log, one that cannot be read is reported and written again", async () => {
    const directory = await written(20);
    const old = readFileSync(checkpointPath(directory));
    const log = await openFileChangeLog({ directory });
    await log.append([entryOf(21)], { expectedRevision: 20, leaseEpoch: 1 });
    await log.close();
    writeFileSync(checkpointPath(directory), old);
    await (await openFileChangeLog({ directory })).close();
    const whole = readFileSync(checkpointPath(directory));
    expect(readCheckpoint(nodeFileLayer, directory).head).toEqual({ revision: 21, hash: "test-21" });
    for (let at = 0; at < whole.length - 1; at++) {
      const flipped = Buffer.from(whole);
      flipped[at]! ^= 1;
      writeFileSync(checkpointPath(directory), flipped);
      const opened = await openFileChangeLog({ directory, layer: nodeFileLayer });
      expect(opened.checkpointDamage, `byte ${at}`).toMatch(/cannot be read/);
      await opened.close();
      expect(readFileSync(checkpointPath(directory)).equals(whole)).toBe(true);
    }
  });

  test("one of a newer release is refused", async () => {
    const directory = await written(3);
    const text = JSON.stringify({ version: 2, revision: 3, hash: "x" });
    writeFileSync(checkpointPath(directory), text);
    // Without its check it counts as unreadable, which costs nothing but the knowledge.
    expect(readCheckpoint(nodeFileLayer, directory).damage).toMatch(/cannot be read/);
  });

  test("a disk that refuses the checkpoint does not refuse the entry, and the next one brings it up", async () => {
    const layer = createFaultyLayer(mulberry(3));
    const directory = "/data/changes";
    const log = await openFileChangeLog({ directory, layer });
    await log.append([entryOf(1)], { expectedRevision: 0, leaseEpoch: 1 });
    layer.failNext("fsyncDirectory", 1);
    await log.append([entryOf(2)], { expectedRevision: 1, leaseEpoch: 1 });
    layer.limitBytes([...layer.contents().values()].reduce((sum, { length }) => sum + length, 150));
    await log.append([entryOf(3)], { expectedRevision: 2, leaseEpoch: 1 });
    layer.limitBytes(Infinity);
    await log.append([entryOf(4)], { expectedRevision: 3, leaseEpoch: 1 });
    expect(readCheckpoint(layer, directory).head?.revision).toBe(4);
  });

  test("while the log is written it follows within its time, and it is exact after closing", async () => {
    const directory = newFolder();
    const log = await openFileChangeLog({ directory });
    await log.append([entryOf(1)], { expectedRevision: 0, leaseEpoch: 1 });
    while (!existsSync(checkpointPath(directory))) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(readCheckpoint(nodeFileLayer, directory).head).toEqual({ revision: 1, hash: "test-1" });
    await log.append([entryOf(2)], { expectedRevision: 1, leaseEpoch: 1 });
    await log.close();
    expect(readCheckpoint(nodeFileLayer, directory).head?.revision).toBe(2);
  });

  test("what a killed process wrote is on disk before the log is opened, so that nothing that follows it is ever ahead", async () => {
    // The first life wrote an entry that was never synced, and its process was killed: the bytes are there, but only in memory.
    for (let round = 1; round <= 50; round++) {
      const layer = createFaultyLayer(mulberry(round));
      const directory = "/data/changes";
      const log = await openFileChangeLog({ directory, layer });
      await log.append([entryOf(1)], { expectedRevision: 0, leaseEpoch: 1 });
      layer.failNext("fsync", 1);
      layer.failNext("truncate", 1);
      await expect(log.append([entryOf(2)], { expectedRevision: 1, leaseEpoch: 1 })).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
      const again = await openFileChangeLog({ directory, layer });
      expect(await again.lastRevision()).toBe(2);
      const after = layer.afterPowerLoss();
      const last = await openFileChangeLog({ directory, layer: after });
      expect(await last.lastRevision()).toBe(2);
    }
  });
});

function mulberry(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
