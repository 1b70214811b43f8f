import { changeLogContract } from "@doppelwerk/world/contract/change-log";
import type { ChangeLog, LogEntry } from "@doppelwerk/world";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openFileChangeLog } from "./change-log.ts";
import { crc32c } from "./crc32c.ts";
import { createFaultyLayer, PowerLoss, type FaultyLayer } from "./faulty-file-layer.ts";
import type { FileLayer } from "./file-layer.ts";
import { nodeFileLayer } from "./node-file-layer.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-log-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => join(root, String(++folders));

describe("[ST1] the file log keeps the contract of its port", () => {
  describe.each([
    ["in its own thread", {}],
    ["in this thread, small files", { layer: nodeFileLayer, rotateBytes: 4000 }],
  ])("%s", (_name, options) => {
    const cases = changeLogContract(() => {
      const directory = newFolder();
      return {
        open: () => openFileChangeLog({ directory, ...options }),
        async reopen(log) {
          await log.close();
          return openFileChangeLog({ directory, ...options });
        },
      };
    });
    for (const { title, run } of cases) test(title, run);
  });
});

test("[ST5] checksums are CRC-32C (RFC 3720, B.4)", () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
});

describe("[ST7] damage is refused where it is, and nothing is touched", () => {
  const damages: readonly (readonly [string, (bytes: Buffer, middle: number) => void])[] = [
    ["one flipped bit in an entry", (bytes, middle) => void (bytes[middle + 60]! ^= 1)],
    ["a flipped bit in a length", (bytes, middle) => void (bytes[middle + 8]! ^= 64)],
    ["a sector of zeros", (bytes, middle) => void bytes.fill(0, middle, middle + 512)],
    ["a foreign file head", (bytes) => void bytes.write("SQLite", 0)],
  ];
  test.each(damages)("%s", async (_name, damage) => {
    const directory = newFolder();
    const offsets = await filledLog(directory, 40);
    const path = join(directory, readdirSync(directory)[0]!);
    const bytes = readFileSync(path);
    damage(bytes, offsets[20]!);
    writeFileSync(path, bytes);
    const error = await openFileChangeLog({ directory }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: "DW_DAMAGED", message: expect.stringContaining(path) });
    expect((error as { details: { offset: number } }).details.offset).toBeOneOf([0, offsets[20], offsets[19]]);
    expect(readdirSync(directory)).toHaveLength(1);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test("in a file that was found whole before, when something wrote to it since", async () => {
    const directory = newFolder();
    await filledLog(directory, 100, 4000);
    const name = readdirSync(directory)
      .filter((file) => file.endsWith(".log"))
      .sort()[1]!;
    const bytes = readFileSync(join(directory, name));
    bytes[200]! ^= 1;
    writeFileSync(join(directory, name), bytes);
    await expect(openFileChangeLog({ directory })).rejects.toMatchObject({ code: "DW_DAMAGED", message: expect.stringContaining(name) });
  });

  test("a missing file in between", async () => {
    const directory = newFolder();
    await filledLog(directory, 100, 4000);
    const names = readdirSync(directory).sort();
    expect(names.length).toBeGreaterThan(3);
    rmSync(join(directory, names[1]!));
    await expect(openFileChangeLog({ directory })).rejects.toMatchObject({
      code: "DW_DAMAGED",
      message: expect.stringContaining("is missing"),
    });
  });

  test("damage that comes while the log is open is found when it is read", async () => {
    const directory = newFolder();
    const log = await openFileChangeLog({ directory });
    for (let revision = 1; revision <= 3; revision++)
      await log.append([entryOf(revision)], { expectedRevision: revision - 1, leaseEpoch: 1 });
    const path = join(directory, readdirSync(directory)[0]!);
    const bytes = readFileSync(path);
    bytes[bytes.length - 20]! ^= 4;
    writeFileSync(path, bytes);
    await expect(revisions(log)).rejects.toMatchObject({ code: "DW_DAMAGED" });
    await log.close();
  });
});

test("[ST17] opening reads the last file, and of the full ones only those that were not found whole before", async () => {
  const directory = newFolder();
  await filledLog(directory, 100, 4000);
  const openings = async (): Promise<readonly string[]> => {
    const opened: string[] = [];
    const layer: FileLayer = {
      ...nodeFileLayer,
      open(path, mode) {
        opened.push(basename(path));
        return nodeFileLayer.open(path, mode);
      },
    };
    const log = await openFileChangeLog({ directory, layer, rotateBytes: 4000 });
    const files = opened.filter((name) => name.endsWith(".log"));
    expect(await revisions(log)).toHaveLength(100);
    await log.close();
    return [...new Set(files)];
  };
  const names = readdirSync(directory).filter((file) => file.endsWith(".log"));
  expect(names.length).toBeGreaterThan(3);
  expect(await openings()).toEqual([names.at(-1)]);
  writeFileSync(join(directory, "checked.json"), "{ torn");
  expect(await openings()).toEqual(names);
  expect(await openings()).toEqual([names.at(-1)]);
});

test("[ST8] a torn tail is cut off, kept aside and reported; the log goes on", async () => {
  const directory = newFolder();
  await filledLog(directory, 5);
  const path = join(directory, readdirSync(directory)[0]!);
  const whole = readFileSync(path);
  appendFileSync(path, whole.subarray(8, 8 + 50));
  const log = await openFileChangeLog({ directory });
  expect(log.tornTail).toMatchObject({ bytes: 50, offset: whole.length });
  expect(readFileSync(join(directory, log.tornTail!.keptAs)).equals(whole.subarray(8, 58))).toBe(true);
  expect(await revisions(log)).toEqual([1, 2, 3, 4, 5]);
  await log.append([entryOf(6)], { expectedRevision: 5, leaseEpoch: 1 });
  await log.close();
  const again = await openFileChangeLog({ directory });
  expect(again.tornTail).toBeUndefined();
  expect(await revisions(again)).toEqual([1, 2, 3, 4, 5, 6]);
  await again.close();
});

describe("[ST9] every acknowledged change survives a power loss at any point", () => {
  const seeds = Array.from({ length: 400 }, (_, i) => i + 1);
  test.each([seeds.slice(0, 200), seeds.slice(200)].map((part) => [part[0], part]))("seeds from %i", async (_first, part) => {
    for (const seed of part as number[]) await surviveLosses(seed);
  });
});

async function surviveLosses(seed: number): Promise<void> {
  const random = mulberry(seed);
  let layer = createFaultyLayer(random);
  const acknowledged: string[] = [];
  // What a refused or unanswered append may still have left behind.
  const attempted = new Map<number, Set<string>>();
  for (let life = 0; life < 4; life++) {
    layer.shortWrites(random() < 0.5);
    layer.failPowerAfter(1 + Math.floor(random() * 60));
    try {
      const log = await openFileChangeLog({ directory: "/log", layer, rotateBytes: 3000 });
      const found = await all(log);
      expectKept(found, acknowledged, attempted, seed);
      acknowledged.splice(0, acknowledged.length, ...found.map(textOf));
      for (let group = 0; ; group++) {
        const revision = acknowledged.length;
        const entries = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, i) =>
          entryOf(revision + 1 + i, `${seed}/${life}/${group} ${"x".repeat(Math.floor(random() * 900))}`),
        );
        for (const entry of entries) attempted.set(entry.revision, (attempted.get(entry.revision) ?? new Set()).add(textOf(entry)));
        if (random() < 0.1) layer.failNext(random() < 0.5 ? "write" : "fsync", 1);
        try {
          await log.append(entries, { expectedRevision: revision, leaseEpoch: life + 1 });
          acknowledged.push(...entries.map(textOf));
        } catch (error) {
          if (isPowerLoss(error)) throw error;
          expect(error, `seed ${seed}`).toMatchObject({ code: "DW_UNAVAILABLE" });
          // Refused while the power is on means gone for good.
          if ((await log.lastRevision()) === revision) for (const entry of entries) attempted.get(entry.revision)!.delete(textOf(entry));
        }
      }
    } catch (error) {
      if (!isPowerLoss(error)) throw error;
    }
    layer = layer.afterPowerLoss();
  }
  const log = await openFileChangeLog({ directory: "/log", layer, rotateBytes: 3000 });
  expectKept(await all(log), acknowledged, attempted, seed);
}

function expectKept(
  found: readonly LogEntry[],
  acknowledged: readonly string[],
  attempted: ReadonlyMap<number, ReadonlySet<string>>,
  seed: number,
): void {
  expect(found.slice(0, acknowledged.length).map(textOf), `seed ${seed}: acknowledged entries`).toEqual(acknowledged);
  for (const entry of found.slice(acknowledged.length))
    expect(attempted.get(entry.revision)?.has(textOf(entry)), `seed ${seed}: an entry nobody wrote`).toBe(true);
}

describe("[ST10] a disk that refuses leaves nothing half-done", () => {
  const refusals: readonly (readonly [string, (layer: FaultyLayer) => void, (layer: FaultyLayer) => void])[] = [
    ["full disk", (layer) => layer.limitBytes(900), (layer) => layer.limitBytes(Infinity)],
    ["EIO on write", (layer) => layer.failNext("write", 1), () => {}],
    ["EIO on fsync", (layer) => layer.failNext("fsync", 1), () => {}],
    ["EIO on fsync and on the repair", (layer) => (layer.failNext("fsync", 3), layer.failNext("truncate", 2)), () => {}],
  ];
  test.each(refusals)("%s", async (_name, breakIt, mendIt) => {
    const layer = createFaultyLayer(mulberry(7));
    const log = await openFileChangeLog({ directory: "/log", layer });
    await log.append([entryOf(1)], { expectedRevision: 0, leaseEpoch: 1 });
    breakIt(layer);
    await expect(log.append([entryOf(2, unpackable(2_000))], { expectedRevision: 1, leaseEpoch: 1 })).rejects.toMatchObject({
      code: "DW_UNAVAILABLE",
    });
    expect(await revisions(log)).toEqual([1]);
    mendIt(layer);
    for (let attempt = 0; attempt < 5; attempt++) {
      const last = await log.lastRevision().catch(() => undefined);
      if (last !== undefined) break;
    }
    await log.append([entryOf(2, "again")], { expectedRevision: 1, leaseEpoch: 1 });
    const again = await openFileChangeLog({ directory: "/log", layer: layer.afterPowerLoss() });
    expect((await all(again)).map(({ reason }) => reason)).toEqual(["test", "again"]);
  });
});

test("[ST11] a log written by a newer version is refused when it is read", async () => {
  const directory = newFolder();
  const log = await openFileChangeLog({ directory, layer: nodeFileLayer });
  await log.append([{ ...entryOf(1), v: 2 } as unknown as LogEntry], { expectedRevision: 0, leaseEpoch: 1 });
  await expect(revisions(log)).rejects.toMatchObject({ code: "DW_FORMAT_NEWER" });
  await log.close();
});

test("[ST24] entries are compressed, and a payload that does not unpack is damage even where its checksum is right", async () => {
  const directory = newFolder();
  const log = await openFileChangeLog({ directory, layer: nodeFileLayer });
  await log.append([entryOf(1, "z".repeat(20_000))], { expectedRevision: 0, leaseEpoch: 1 });
  const path = join(directory, readdirSync(directory)[0]!);
  const bytes = readFileSync(path);
  expect(bytes.length).toBeLessThan(500);
  expect(await revisions(log)).toEqual([1]);
  await log.close();
  bytes[8 + 28]! ^= 0xff; // the magic of zstd
  bytes.writeUInt32LE(crc32c(bytes, 8 + 8), 8 + 4);
  writeFileSync(path, bytes);
  await expect(openFileChangeLog({ directory, layer: nodeFileLayer })).rejects.toMatchObject({
    code: "DW_DAMAGED",
    details: { file: path, offset: 8 },
  });
});

test("[ST12] a log that something else wrote to is fenced, not written over", async () => {
  const directory = newFolder();
  const log = await openFileChangeLog({ directory });
  await log.append([entryOf(1)], { expectedRevision: 0, leaseEpoch: 1 });
  const other = await openFileChangeLog({ directory });
  await other.append([entryOf(2, "other")], { expectedRevision: 1, leaseEpoch: 2 });
  await expect(log.append([entryOf(2, "ours")], { expectedRevision: 1, leaseEpoch: 1 })).rejects.toMatchObject({ code: "DW_FENCED" });
  await log.close();
  await other.close();
  const again = await openFileChangeLog({ directory });
  expect((await all(again)).map(({ reason }) => reason)).toEqual(["test", "other"]);
  await again.close();
});

function entryOf(revision: number, reason = "test"): LogEntry {
  return { v: 1, revision, time: revision, branch: "live", actor: "a", reason, changes: [], hash: String(revision) };
}

/** A text that hardly gets shorter by packing. */
function unpackable(length: number): string {
  const next = mulberry(length);
  return Array.from({ length }, () => String.fromCharCode(33 + Math.floor(next() * 90))).join("");
}

function textOf(entry: LogEntry): string {
  return JSON.stringify(entry);
}

/** Writes entries one a group; answers where each frame begins. */
async function filledLog(directory: string, count: number, rotateBytes?: number): Promise<readonly number[]> {
  const log = await openFileChangeLog({ directory, layer: nodeFileLayer, ...(rotateBytes === undefined ? {} : { rotateBytes }) });
  const offsets: number[] = [];
  for (let revision = 1; revision <= count; revision++) {
    offsets.push(revision === 1 ? 8 : readFileSync(join(directory, readdirSync(directory).sort()[0]!)).length);
    await log.append([entryOf(revision, "z".repeat(100))], { expectedRevision: revision - 1, leaseEpoch: 1 });
  }
  await log.close();
  return offsets;
}

async function all(log: ChangeLog): Promise<LogEntry[]> {
  const read: LogEntry[] = [];
  for await (const entry of log.read(0)) read.push(entry);
  return read;
}

async function revisions(log: ChangeLog): Promise<number[]> {
  return (await all(log)).map(({ revision }) => revision);
}

function isPowerLoss(error: unknown): boolean {
  return error instanceof PowerLoss || (error instanceof Error && error.message.includes("the power failed"));
}

function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
