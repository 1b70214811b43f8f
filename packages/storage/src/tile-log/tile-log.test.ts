import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createMerkleHash,
  inclusionText,
  isConsistent,
  isIncluded,
  MerkleFrontier,
  parseTilePath,
  verifyInclusion,
} from "@doppelwerk/trust/log";
import { afterAll, expect, test } from "vitest";
import { testKey, verifyEd25519 } from "../../../trust/src/log/ed25519.fixture.ts";
import { createFaultyLayer, PowerLoss, type FaultyLayer } from "../files/faulty-file-layer.ts";
import type { FileLayer } from "../files/file-layer.ts";
import { nodeFileLayer } from "../files/node-file-layer.ts";
import { newSigningKey, signingKeyOf, startTileLog, TileLog, verifyTileLog } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-tile-log-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const hash = createMerkleHash((bytes) => new Uint8Array(createHash("sha256").update(bytes).digest()));
const { key, sign } = testKey("plant.example/log", 1);
const encoder = new TextEncoder();
const DIRECTORY = "/log";

const open = (layer: FileLayer, directory = DIRECTORY) =>
  new TileLog({ layer, directory, hash, key, sign, verify: verifyEd25519, foldBundles: 2 });
const verified = (layer: FileLayer, directory = DIRECTORY) => verifyTileLog(layer, directory, hash, key, verifyEd25519);
const entriesFrom = (first: number, count: number): readonly Uint8Array[] =>
  Array.from({ length: count }, (_, n) => encoder.encode(`entry ${first + n} ${"x".repeat((first + n) % 40)}`));

function rootOf(count: number): Uint8Array {
  const frontier = new MerkleFrontier(hash);
  for (const entry of entriesFrom(0, count)) frontier.append(hash.leaf(entry), () => {});
  return frontier.root();
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
}

test("[ST62] a log is the same after any number of openings; every entry has its proof, every earlier size is consistent", () => {
  const directory = join(root, "openings");
  const counts = [1, 255, 1, 8_000, 300, 66_000, 5];
  let size = 0;
  for (const count of counts) {
    const log = open(nodeFileLayer, directory);
    expect(log.size).toBe(size);
    expect(log.append(entriesFrom(size, count))).toBe(size);
    const before = size;
    size += count;
    expect(log.root()).toEqual(rootOf(size));
    if (before > 0) expect(isConsistent(hash, before, size, log.consistency(before), rootOf(before), log.root())).toBe(true);
    for (const index of [0, before, size - 1, Math.floor(size / 2)]) {
      expect(log.entry(index)).toEqual(entriesFrom(index, 1)[0]);
      expect(isIncluded(hash, hash.leaf(log.entry(index)!), index, size, log.inclusion(index), log.root())).toBe(true);
    }
    expect([log.entry(size), log.entry(-1), log.entry(0.5)]).toEqual([undefined, undefined, undefined]);
    log.close();
    expect(verified(nodeFileLayer, directory)).toEqual({ size, signed: size, findings: [] });
  }
});

test("[ST62] a proof of the log verifies without it", () => {
  const layer = createFaultyLayer(seeded(1));
  const log = open(layer);
  log.append(entriesFrom(0, 600));
  const text = inclusionText({ index: 300, path: log.inclusion(300), note: log.checkpoint() });
  expect(verifyInclusion(hash, text, log.entry(300)!, [key], verifyEd25519)).toMatchObject({ isIncluded: true, size: 600 });
});

test("[ST62] tiles and bundles are served at every width that the log has, and no other", () => {
  const layer = createFaultyLayer(seeded(1));
  const log = open(layer);
  log.append(entriesFrom(0, 9_000));
  expect(log.tile(0, 0, 256)).toHaveLength(8_192);
  expect(log.tile(0, 35, 40)).toHaveLength(40 * 32);
  expect(log.tile(1, 0, 35)?.slice(0, 32)).toEqual(rootOf(256));
  expect(log.tile("entries", 35, 40)?.slice(2, 2 + 10)).toEqual(encoder.encode("entry 8960"));
  for (const [level, index, width] of [
    [0, 35, 41],
    [0, 36, 1],
    [1, 0, 36],
    [1, 1, 1],
    [2, 0, 1],
    ["entries", 35, 41],
    [0, 0, 0],
    [0, 0, 257],
  ] as const)
    expect(log.tile(level, index, width), `${level} ${index} ${width}`).toBeUndefined();
  // what is on the disk is named as it is served
  for (const path of layer.contents().keys())
    if (path.includes("/tile/")) expect(parseTilePath(path.slice(DIRECTORY.length + 1)), path).toBeDefined();
});

test("[ST63] nothing that was acknowledged is lost by a power loss at any point, and what is there verifies", () => {
  const seed = Date.now() % 1_000_000;
  const random = seeded(seed);
  let layer: FaultyLayer = createFaultyLayer(random);
  let acknowledged = 0;
  let signed = 0;
  for (let round = 0; round < 80; round++) {
    layer.failPowerAfter(Math.floor(random() * 80));
    let begun = acknowledged;
    try {
      const log = open(layer);
      expect(log.size, `seed ${seed}`).toBeGreaterThanOrEqual(acknowledged);
      acknowledged = begun = log.size;
      for (;;) {
        const count = 1 + Math.floor(random() * (random() < 0.2 ? 600 : 20));
        begun = acknowledged + count;
        log.append(entriesFrom(acknowledged, count));
        acknowledged = begun;
        if (random() < 0.3) {
          log.checkpoint();
          signed = acknowledged;
        }
      }
    } catch (error) {
      if (!(error instanceof PowerLoss))
        expect((error as { code?: string }).code, `seed ${seed} ${(error as Error).stack}`).toBe("DW_UNAVAILABLE");
    }
    layer = layer.afterPowerLoss();
    if (acknowledged === 0) continue;
    const log = open(layer);
    // a group that was on its way is there whole or not
    expect([acknowledged, begun], `seed ${seed}`).toContain(log.size);
    acknowledged = log.size;
    if (round % 25 === 0) {
      expect(log.root(), `seed ${seed}`).toEqual(rootOf(acknowledged));
      log.close();
      expect(verified(layer), `seed ${seed}`).toEqual({ size: acknowledged, signed: acknowledged, findings: [] });
      signed = acknowledged;
    }
    expect(signed).toBeLessThanOrEqual(acknowledged);
  }
});

test("[ST63] a disk that refuses leaves none of a group, and the log goes on once it can", () => {
  const seed = Date.now() % 1_000_000;
  const random = seeded(seed);
  const layer = createFaultyLayer(random);
  layer.shortWrites(true);
  const log = open(layer);
  let size = 0;
  for (let round = 0; round < 200; round++) {
    const operation = (["write", "fsync", "truncate", "fsyncDirectory"] as const)[Math.floor(random() * 4)]!;
    layer.failNext(operation, random() < 0.5 ? 1 : 0);
    const count = 1 + Math.floor(random() * 700);
    try {
      log.append(entriesFrom(size, count));
      size += count;
    } catch (error) {
      expect(error, `seed ${seed}`).toMatchObject({ code: "DW_UNAVAILABLE" });
    }
    expect(log.size, `seed ${seed}`).toBe(size);
    layer.failNext(operation, 0);
  }
  for (const operation of ["write", "fsync", "truncate", "fsyncDirectory"] as const) layer.failNext(operation, 0);
  log.append(entriesFrom(size, 1));
  log.close();
  expect(verified(layer), `seed ${seed}`).toEqual({ size: size + 1, signed: size + 1, findings: [] });
  expect(open(layer).root()).toEqual(rootOf(size + 1));
});

test("[ST64] any flipped bit of any file is found by verifying", () => {
  const layer = createFaultyLayer(seeded(3));
  const log = open(layer);
  log.append(entriesFrom(0, 3 * 256));
  for (let size = log.size; size < 3 * 256 + 30; size += 10) log.append(entriesFrom(size, 10));
  log.close();
  expect(verified(layer).findings).toEqual([]);
  const files = [...layer.contents()];
  expect(
    files
      .map(([path]) => path)
      .filter((path) => !path.includes("/tile/"))
      .toSorted(),
  ).toEqual([`${DIRECTORY}/checkpoint`, `${DIRECTORY}/journal`]);
  const random = seeded(Date.now() % 1_000_000);
  for (const [path, bytes] of files) {
    // every byte of the small files, some of each of the others
    const isSmall = !path.includes("/tile/");
    const places = isSmall ? Array.from(bytes, (_, at) => at) : [0, bytes.length - 1, Math.floor(random() * bytes.length)];
    for (const at of places) {
      const flip = (content: Uint8Array) => {
        const flipped = content.slice();
        flipped[at]! ^= 1 << Math.floor(random() * 8);
        return flipped;
      };
      const before = layer.contents().get(path)!;
      layer.damage(path, flip);
      expect(verified(layer).findings, `${path} byte ${at}`).not.toEqual([]);
      layer.damage(path, () => before);
    }
  }
  expect(verified(layer).findings).toEqual([]);
}, 600_000);

test("[ST64] a log that was cut, replaced or begun anew is refused, and nothing is touched", () => {
  const whole = createFaultyLayer(seeded(4));
  const log = open(whole);
  log.append(entriesFrom(0, 9_000));
  log.close();
  const shorter = createFaultyLayer(seeded(5));
  const other = open(shorter);
  other.append(entriesFrom(1, 9_000));
  other.close();
  const journal = `${DIRECTORY}/journal`;
  const checkpoint = `${DIRECTORY}/checkpoint`;
  const refused = (change: (layer: FaultyLayer) => void, message: RegExp): void => {
    const before = whole.contents();
    change(whole);
    const changed = whole.contents();
    expect(() => open(whole)).toThrow(message);
    expect(whole.contents()).toEqual(changed);
    expect(verified(whole).findings).not.toEqual([]);
    for (const [path, bytes] of before) {
      if (!whole.contents().has(path)) whole.open(path, "create").close();
      whole.damage(path, () => bytes);
    }
  };
  refused(
    (layer) => layer.damage(journal, (bytes) => bytes.slice(0, 40)),
    /does not hold the 9000 entries that were signed \(8960 are there\)/,
  );
  refused((layer) => layer.remove(journal), /does not hold the 9000 entries/);
  refused((layer) => layer.damage(journal, () => shorter.contents().get(journal)!), /does not hold the 9000 entries/);
  refused((layer) => layer.damage(checkpoint, () => shorter.contents().get(checkpoint)!), /does not hold the 9000 entries/);
  refused(
    (layer) => layer.damage(checkpoint, (bytes) => bytes.map((byte, at) => (at === 20 ? byte ^ 1 : byte))),
    /not signed by plant.example\/log/,
  );
  refused(
    (layer) => layer.damage(journal, (bytes) => bytes.map((byte, at) => (at === 3 ? byte ^ 1 : byte))),
    /journal of the transparency log is damaged at byte 0/,
  );
  refused((layer) => {
    layer.remove(journal);
    layer.remove(checkpoint);
  }, /does not hold/);
  expect(open(whole).size).toBe(9_000);
});

test("[ST62] an entry that is too long is refused with its size, and none of its group is there", () => {
  const log = open(createFaultyLayer(seeded(6)));
  log.append(entriesFrom(0, 1));
  expect(() => log.append([new Uint8Array(1), new Uint8Array(65_536)])).toThrow(
    /an entry of the transparency log has 65536 bytes, and may have 65535/,
  );
  expect(log.append([])).toBe(1);
  expect(log.append([new Uint8Array(0), new Uint8Array(65_535)])).toBe(1);
  expect(log.size).toBe(3);
});

test("[ST65] a log on a thread of its own answers as the log itself, and what it refuses; once the thread has ended all is refused", async () => {
  const directory = join(root, "thread");
  const privateKey = newSigningKey();
  const data = { directory, name: "plant.example/thread", privateKey };
  const log = await startTileLog(data);
  expect([log.size, await log.append(entriesFrom(0, 300)), await log.append(entriesFrom(300, 5))]).toEqual([0, 0, 300]);
  expect(await log.entries(298, 4)).toEqual(entriesFrom(298, 4));
  expect(await log.entries(304, 100)).toEqual(entriesFrom(304, 1));
  expect(await log.root(305)).toEqual(rootOf(305));
  const { key: ownKey } = signingKeyOf(data.name, privateKey);
  const note = await log.checkpoint();
  const proof = inclusionText({ index: 7, path: await log.inclusion(7, 305), note });
  expect(verifyInclusion(hash, proof, entriesFrom(7, 1)[0]!, [ownKey], verifyEd25519)).toMatchObject({ isIncluded: true, size: 305 });
  expect(await log.tile(0, 1, 49)).toHaveLength(49 * 32);
  expect(await log.tile(0, 1, 50)).toBeUndefined();
  await expect(log.append([new Uint8Array(70_000)])).rejects.toMatchObject({ code: "DW_INVALID" });
  const file = join(root, "a-file");
  writeFileSync(file, "x".repeat(600_000));
  expect(await log.fileHash(file)).toEqual({ sha256: createHash("sha256").update("x".repeat(600_000)).digest("hex"), bytes: 600_000 });
  expect(await log.fileHash(join(root, "no-file"))).toBeUndefined();
  await log.close();
  await expect(log.append(entriesFrom(0, 1))).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
  await expect(startTileLog({ ...data, privateKey: newSigningKey() })).rejects.toMatchObject({ code: "DW_DAMAGED" });
  const again = await startTileLog(data);
  expect(again.size).toBe(305);
  await again.close();
});
