import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { deflateSync, gunzipSync, gzipSync, inflateSync } from "node:zlib";
import { openDataFolder, openFileChangeLog } from "@doppelwerk/storage/files";
import { openSegmentHistory } from "@doppelwerk/storage/segments";
import { openSqliteBlobs, openSqliteRecordStore } from "@doppelwerk/storage/sqlite";
import { createSeal } from "@doppelwerk/trust";
import { coreKinds, LIVE, openWorld, quality, stateLines, type RecordStore, type SampleBatch } from "@doppelwerk/world";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSigner } from "@doppelwerk/aas-server";
import { verifyDataFolder, type VerifiedFolder } from "./verify-folder.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-verify-test-"));
const whole = join(root, "whole");
const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
const flips = process.env["SOAK"] === "1" ? 200 : 5;
const BASE = 1_790_000_000_000_000;
const TEXTS = ["a drawing", "a manual", "x".repeat(20_000)];
afterAll(() => rmSync(root, { recursive: true, force: true }));

beforeAll(async () => {
  await writeDocuments();
  await writeSamples();
  await writeOthers();
}, 120_000);

async function writeDocuments(): Promise<void> {
  const folder = await openDataFolder(whole, { owner: "test" });
  const log = await openFileChangeLog({ directory: folder.paths.changes, rotateBytes: 4_000 });
  const store = openSqliteRecordStore({ path: folder.paths.records, kinds: coreKinds, batchChanges: 16, fan: 3 });
  let [now, next] = [BASE, 0];
  const world = await openWorld({
    store,
    log,
    leaseEpoch: folder.epoch,
    clock: { now: () => ++now },
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
  const by = { actor: "ann", reason: "r" };
  for (let i = 0; i < 60; i++) {
    const record = { id: `note:${i}`, kind: "note", i, text: `line ${i} `.repeat(20) };
    await world.apply({ branch: LIVE, ...by, changes: [{ op: "create", record }] });
    await world.apply({ branch: LIVE, ...by, changes: [{ op: "update", id: record.id, fields: { i: { from: i, to: i + 1_000 } } }] });
  }
  const { id } = await world.fork({ name: "f", parent: LIVE, instant: now, ...by });
  await world.apply({ branch: id, ...by, changes: [{ op: "update", id: "note:1", fields: { i: { from: 1_001, to: 7 } } }] });
  await world.close();
  await log.close();
  store.close();
  const blobs = openSqliteBlobs(folder.paths.blobs);
  for (const text of TEXTS) await blobs.put(Buffer.from(text), "text/plain");
  const large = await blobs.stage(
    (async function* () {
      for (let piece = 0; piece < 20; piece++) yield Buffer.alloc(65_536, `piece ${piece} `);
    })(),
  );
  await large.keep("text/plain");
  await blobs.close();
  await folder.close();
}

/** Two segments and three logs, each of a life of its own. */
async function writeSamples(): Promise<void> {
  const directory = join(whole, "history");
  for (let life = 0; life < 5; life++) {
    const history = await openSegmentHistory({ directory, headRows: 100_000, fanIn: 10 });
    for (let group = 0; group < 4; group++)
      await history.append(LIVE, samples(200, BASE + (life * 4 + group) * 1e9), ["signal:a", "signal:b"]);
    if (life < 2) await history.settle();
    await history.close();
  }
}

function samples(count: number, from: number): SampleBatch {
  const rows = Array.from({ length: count }, (_, row) => row);
  return {
    count,
    signals: Uint32Array.from(rows, (row) => row % 2),
    sourceTimes: Float64Array.from(rows, (row) => from + row * 1_000_003),
    serverTimes: Float64Array.from(rows, (row) => from + row * 1_000_003 + 17),
    values: Float64Array.from(rows, (row) => Math.sin(row) * 40),
    qualities: new Uint8Array(count).fill(quality.good),
    texts: new Map(),
  } as unknown as SampleBatch;
}

async function writeOthers(): Promise<void> {
  for (const name of ["runs", "derived", "experiments"]) mkdirSync(join(whole, name), { recursive: true });
  const content = { id: "run:1", figures: Array.from({ length: 50 }, (_, i) => i * 1.5) };
  writeFileSync(join(whole, "runs", "run-1.json"), JSON.stringify(content));
  writeFileSync(join(whole, "runs", "run-1.result.gz"), gzipSync(JSON.stringify(content)));
  writeFileSync(join(whole, "derived", "x-1.fold"), deflateSync(JSON.stringify(content)));
  writeFileSync(join(whole, "people.json"), JSON.stringify([["a:1", "Ann"]]));
  writeFileSync(join(whole, "commands.jsonl"), '{"id":"c:1","state":"done"}\n{"id":"c:2","state":"done"}\n');
  writeFileSync(join(whole, "runs", "run-1.state"), "opaque");
  await createSigner(join(whole, "signing")).sign("{}", undefined);
}

function largeBlobIn(directory: string): string {
  return join(directory, "blobs-files", readdirSync(join(directory, "blobs-files"))[0]!);
}

function filesOf(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .toSorted();
}

/** Names, content and times of every file and folder. */
function treeHash(directory: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(directory, { recursive: true }).map(String).toSorted()) {
    const stat = statSync(join(directory, name), { bigint: true });
    hash.update(`${name} ${stat.mtimeNs} ${stat.size} `);
    if (stat.isFile()) hash.update(readFileSync(join(directory, name)));
  }
  return hash.digest("hex");
}

function copyOfWhole(name: string): string {
  const copy = join(root, name);
  rmSync(copy, { recursive: true, force: true });
  cpSync(whole, copy, { recursive: true, preserveTimestamps: true });
  return copy;
}

async function verified(directory: string): Promise<VerifiedFolder | Error> {
  const before = treeHash(directory);
  const report = await verifyDataFolder(directory).catch((error: Error) => error);
  expect(treeHash(directory)).toBe(before);
  return report;
}

describe("[E42] verify reads everything and changes nothing", () => {
  test("a whole folder is good, and what was not checked is named", async () => {
    const report = (await verified(whole)) as VerifiedFolder;
    expect(report).toMatchObject({ revisions: 122, samples: 4_000, findings: [], notices: [] });
    expect(report.notChecked.map(({ file }) => file)).toContain("runs/run-1.state");
    expect(report.notChecked.map(({ file }) => file)).toContain("people.json");
  });

  test(`a flipped bit anywhere is reported, or is where the report says that it was not checked and changes nothing that is read (SEED=${seed})`, async () => {
    const random = mulberry(seed);
    const silent = new Map<string, number>();
    for (const name of filesOf(whole))
      for (let round = 0; round < flips; round++) {
        const directory = copyOfWhole("flipped");
        const bytes = readFileSync(join(directory, name));
        if (bytes.length === 0) continue;
        const at = Math.floor(random() * bytes.length);
        bytes[at]! ^= 1 << Math.floor(random() * 8);
        writeFileSync(join(directory, name), bytes);
        const report = await verified(directory);
        const where = `SEED=${seed} ${name} byte ${at} of ${bytes.length}`;
        if (report instanceof Error) {
          expect(report, where).toMatchObject({ code: expect.stringMatching(/^DW_/), message: expect.stringContaining(name) });
          continue;
        }
        if (report.findings.some(({ file }) => file.startsWith(name) || name.startsWith(file))) continue;
        if (report.notices.some(({ file }) => file === name)) continue;
        expect(
          report.notChecked.map(({ file }) => file),
          `${where}: ${JSON.stringify(report.findings)}`,
        ).toContain(name);
        silent.set(name, (silent.get(name) ?? 0) + 1);
        await expectHarmless(directory, name, where);
      }
    for (const name of silent.keys()) expect(name).not.toMatch(/^(changes|history)/);
  }, 1_800_000);

  test("every flipped bit of a log that holds no frame yet is reported", async () => {
    const directory = copyOfWhole("empty-log");
    const empty = readdirSync(join(directory, "history")).find(
      (name) => name.endsWith(".wal") && readFileSync(join(directory, "history", name)).length === 8,
    )!;
    const bytes = readFileSync(join(directory, "history", empty));
    for (let bit = 0; bit < 64; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      writeFileSync(join(directory, "history", empty), flipped);
      const report = await verified(directory);
      if (report instanceof Error) expect(report.message, `bit ${bit}`).toContain(empty);
      else expect(report.findings.map(({ file }) => file).join(), `bit ${bit}`).toContain(empty);
    }
  });

  test("a cut, a deletion and a foreign file in the parts that are truth are found", async () => {
    const cases: readonly (readonly [RegExp, (directory: string) => void])[] = [
      [/revisions are missing/, (directory) => rmSync(join(directory, "changes"), { recursive: true })],
      [/is missing/, (directory) => rmSync(join(directory, "changes", readdirSync(join(directory, "changes"))[1]!))],
      [/series whose name is lost|damaged/, (directory) => truncateSync(join(directory, "history", segmentOf(directory)), 200)],
      [/is missing in blobs-files/, (directory) => rmSync(largeBlobIn(directory))],
      [/the content of [0-9a-f]{64} is another/, (directory) => truncateSync(largeBlobIn(directory), 1_000_000)],
    ];
    for (const [message, damage] of cases) {
      const directory = copyOfWhole("cut");
      damage(directory);
      const { findings } = (await verified(directory)) as VerifiedFolder;
      expect(findings.map((finding) => finding.message).join("\n")).toMatch(message);
    }
  });

  test("a write that was cut short is a note, and is still there afterwards", async () => {
    const directory = copyOfWhole("torn");
    const log = join(
      directory,
      "changes",
      readdirSync(join(directory, "changes"))
        .filter((name) => name.endsWith(".log"))
        .at(-1)!,
    );
    const bytes = readFileSync(log);
    writeFileSync(log, Buffer.concat([bytes, bytes.subarray(8, 8 + 60)]));
    const report = (await verified(directory)) as VerifiedFolder;
    expect(report.findings).toEqual([]);
    expect(report.notices).toMatchObject([{ message: expect.stringContaining("60 bytes after revision 122") }]);
  });
});

function segmentOf(directory: string): string {
  return readdirSync(join(directory, "history")).find((name) => name.endsWith(".seg"))!;
}

/** What a server reads of the file is what it was. */
async function expectHarmless(directory: string, name: string, where: string): Promise<void> {
  if (name === "records.sqlite") expect(statesOf(directory), where).toEqual(statesOf(copyOfWhole("unflipped")));
  else if (name === "blobs.sqlite") {
    const blobs = openSqliteBlobs(join(directory, name));
    for (const text of TEXTS) {
      const stored = await blobs.get(createHash("sha256").update(text).digest("hex"));
      expect(Buffer.from(stored!.bytes).toString(), where).toBe(text);
    }
    await blobs.close();
  } else if (name.endsWith(".gz") || name.endsWith(".fold")) {
    const unpack = name.endsWith(".gz") ? gunzipSync : inflateSync;
    expect(unpack(readFileSync(join(directory, name))).equals(unpack(readFileSync(join(whole, name)))), where).toBe(true);
  }
}

function statesOf(directory: string): readonly string[] {
  const store: RecordStore = openSqliteRecordStore({ path: join(directory, "records.sqlite"), kinds: coreKinds });
  try {
    return [...stateLines(store)];
  } finally {
    store.close();
  }
}

function mulberry(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
