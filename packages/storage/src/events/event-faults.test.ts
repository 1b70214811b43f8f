import { spawn } from "node:child_process";
import { hash } from "node:crypto";
import {
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
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LIVE, type EventStore, type StoredEvent } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { openEvents, verifyEvents } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-event-faults-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const folder = (): string => join(root, String(++folders));

const ALL = [{ branch: LIVE, from: 0, to: 8e15 }];
const kills = process.env["SOAK"] === "1" ? 100 : 10;

function event(number: number, fields: Partial<StoredEvent> = {}): StoredEvent {
  const at = 1_790_000_000_000_000 + number;
  const keys = [{ name: "serial", value: `S${number}` }];
  return {
    branch: LIVE,
    at,
    id: `e${number}`,
    subject: "shell:press",
    type: "part.made",
    version: 1,
    known: at,
    origin: "measured",
    keys,
    payload: `{"number":${number}}`,
    ...fields,
  };
}

const events = (from: number, to: number): readonly StoredEvent[] => Array.from({ length: to - from }, (_, i) => event(from + i));

async function idsOf(store: EventStore): Promise<readonly string[]> {
  return (await store.query({ spans: ALL, order: "ascending", limit: 1_000_000 })).map(({ id }) => id);
}

test(`[EV21] a process killed ${kills} times while it records has lost no event that it acknowledged, and invents none`, async () => {
  const directory = folder();
  let acknowledged = 0;
  for (let round = 0; round < kills; round++) {
    const lines = await writeUntil(directory, acknowledged, 5 + ((round * 7) % 40));
    acknowledged = Math.max(acknowledged, ...lines.map(Number).filter((line) => Number.isInteger(line)));
  }
  expect(acknowledged).toBeGreaterThan(kills * 200);
  expect(verifyEvents(directory).findings).toEqual([]);
  const store = openEvents({ directory });
  const ids = await idsOf(store);
  expect(ids.slice(0, acknowledged)).toEqual(events(0, acknowledged).map(({ id }) => id));
  const [last] = await store.query({ spans: ALL, order: "ascending", limit: 1, key: { name: "serial", value: `S${acknowledged - 1}` } });
  expect(last?.id).toBe(`e${acknowledged - 1}`);
  expect(store.damages()).toEqual([]);
  await store.close();
}, 1_800_000);

// The system refuses to let any file grow beyond the limit of the process, in the middle of a write: what a full disk does.
test.skipIf(process.platform === "win32")(
  "[EV22] a full disk refuses what finds no room, harms nothing, and recording goes on when there is room",
  async () => {
    const directory = folder();
    const lines = await writeUntil(directory, 0, Number.POSITIVE_INFINITY, 2_048);
    const [round = "", refused, recorded = "", reads] = lines.slice(-4);
    expect(refused).toBe("refused DW_UNAVAILABLE");
    const acknowledged = [...events(0, Number(round)).map(({ id }) => id), ...recorded.split(" ").slice(1)].filter((id) => id !== "");
    expect(acknowledged.length).toBeGreaterThan(1_000);
    expect(reads).toBe(`reads ${acknowledged.at(-1)}`);
    expect(verifyEvents(directory).findings).toEqual([]);
    const store = openEvents({ directory });
    expect(await idsOf(store)).toEqual(acknowledged);
    expect(await store.record([event(1_000_000)])).toBe(1);
    expect(store.damages()).toEqual([]);
    await store.close();
  },
);

test.skipIf(!existsSync("/dev/full"))(
  "[EV22] events that are committed are acknowledged, also where their head finds no room",
  async () => {
    const directory = folder();
    const store = openEvents({ directory });
    mkdirSync(directory);
    symlinkSync("/dev/full", join(directory, "head"));
    expect(await store.record(events(0, 3))).toBe(3);
    expect(await store.record(events(0, 5))).toBe(2);
    expect(store.counts()).toMatchObject({ recorded: 5, duplicates: 3, refused: 0 });
    expect(await idsOf(store)).toEqual(events(0, 5).map(({ id }) => id));
    await store.close();
    rmSync(join(directory, "head"));
    const again = openEvents({ directory });
    expect([await again.record(events(4, 6)), again.damages()]).toEqual([1, []]);
    await again.close();
  },
);

test("[EV22] a folder that takes no head refuses events whole", async () => {
  const directory = folder();
  const store = openEvents({ directory });
  mkdirSync(join(directory, "head"), { recursive: true });
  await expect(store.record(events(0, 3))).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
  expect(await idsOf(store)).toEqual([]);
  rmSync(join(directory, "head"), { recursive: true });
  expect(await store.record(events(0, 3))).toBe(3);
  expect(await idsOf(store)).toEqual(events(0, 3).map(({ id }) => id));
  await store.close();
});

test("[EV23] verifying an intact folder finds nothing and leaves every file as it was, also after a kill", async () => {
  const directory = folder();
  await writeUntil(directory, 0, 30);
  const before = contentsOf(directory);
  expect(Object.keys(before).some((name) => name.endsWith("-wal"))).toBe(true);
  const verified = verifyEvents(directory);
  expect(verified.findings).toEqual([]);
  expect(verified.events).toBeGreaterThanOrEqual(30 * 200);
  expect(verified.files).toBeGreaterThan(1);
  expect(contentsOf(directory)).toEqual(before);
  await openEvents({ directory }).close();
  const clean = contentsOf(directory);
  expect(verifyEvents(directory).findings).toEqual([]);
  expect(contentsOf(directory)).toEqual(clean);
  expect(verifyEvents(folder())).toEqual({ files: 0, events: 0, findings: [] });
});

test("[EV23] one byte that is altered anywhere in the rows of a file is found", async () => {
  const directory = folder();
  const store = openEvents({ directory });
  await store.record(events(0, 300));
  await store.close();
  const path = join(directory, "events-000001.sqlite");
  const intact = readFileSync(path);
  const answers = await answersOf(directory);
  let found = 0;
  for (const text of ['{"number":123}', "e123", "S123", "shell:press", "part.made"])
    // in its row, in an index, and in what SQLite left behind of a page
    for (let at = intact.indexOf(text); at >= 0; at = intact.indexOf(text, at + 1)) {
      const altered = Buffer.from(intact);
      altered[at + 1]! ^= 1;
      writeFileSync(path, altered);
      if (verifyEvents(directory).findings.length > 0) found++;
      else expect(await answersOf(directory), `${text} at ${at} altered an answer`).toEqual(answers);
    }
  expect(found).toBeGreaterThanOrEqual(8);
  writeFileSync(path, intact);
  expect(verifyEvents(directory).findings).toEqual([]);
});

test("[EV23] a damaged end of the write-ahead log is reported at every start and by verify, not forgotten", async () => {
  const directory = folder();
  await writeUntil(directory, 0, 30, undefined, 1_000_000);
  const wal = join(
    directory,
    readdirSync(directory).find((name) => name.endsWith("-wal"))!,
  );
  truncateSync(wal, Math.floor(statSync(wal).size * 0.7));
  expect(verifyEvents(directory).findings).toEqual([{ file: "events-000001.sqlite", message: expect.stringContaining("are missing") }]);
  for (let start = 0; start < 2; start++) {
    const store = openEvents({ directory });
    expect(store.damages()).toEqual([{ file: "events-000001.sqlite", why: expect.stringContaining("are missing") }]);
    await store.record([event(2_000_000 + start)]);
    expect((await idsOf(store)).slice(-1 - start)).toEqual(Array.from({ length: 1 + start }, (_, i) => `e${2_000_000 + i}`));
    await store.close();
  }
  expect(verifyEvents(directory).findings).toHaveLength(1);
});

test("[EV23] a missing file and one that is none are reported at every start; the rest is served and recording goes on", async () => {
  const directory = folder();
  const first = openEvents({ directory, fileEvents: 10 });
  for (let part = 0; part < 5; part++) await first.record(events(part * 10, part * 10 + 10));
  await first.close();
  rmSync(join(directory, "events-000002.sqlite"));
  writeFileSync(join(directory, "events-000004.sqlite"), "no database at all, but long enough to be taken for one".repeat(100));
  const damaged: string[] = [];
  for (let start = 0; start < 2; start++) {
    const store = openEvents({ directory, fileEvents: 10, onDamage: ({ file }) => damaged.push(file) });
    await store.record(events(50 + start * 10, 60 + start * 10));
    expect(await idsOf(store)).toEqual([...events(0, 10), ...events(20, 30), ...events(40, 60 + start * 10)].map(({ id }) => id));
    expect(store.damages().map(({ file }) => file)).toEqual(["events-000002.sqlite", "events-000004.sqlite"]);
    await store.close();
  }
  expect(damaged).toEqual(["events-000004.sqlite", "events-000004.sqlite"]);
  expect(new Set(verifyEvents(directory).findings.map(({ file }) => file))).toEqual(
    new Set(["events-000002.sqlite", "events-000004.sqlite"]),
  );
});

test("[EV23] without its list a folder serves the files that it finds, and says so", async () => {
  for (const spoil of [(path: string) => rmSync(path), (path: string) => writeFileSync(path, '{"format":1,"fi')]) {
    const directory = folder();
    const first = openEvents({ directory, fileEvents: 10 });
    for (let part = 0; part < 3; part++) await first.record(events(part * 10, part * 10 + 10));
    await first.close();
    spoil(join(directory, "manifest.json"));
    const store = openEvents({ directory, fileEvents: 10 });
    expect(await idsOf(store)).toHaveLength(30);
    expect(store.damages()).toEqual([{ file: "manifest.json", why: expect.stringContaining("those found are served") }]);
    expect(await store.record(events(25, 35))).toBe(5);
    await store.close();
  }
});

test("[EV23] events of a newer format are refused untouched", async () => {
  const directory = folder();
  const store = openEvents({ directory });
  await store.record(events(0, 3));
  await store.close();
  const manifest = join(directory, "manifest.json");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace('"format":1', '"format":2'));
  const before = contentsOf(directory);
  expect(() => openEvents({ directory })).toThrow(expect.objectContaining({ code: "DW_FORMAT_NEWER" }));
  expect(contentsOf(directory)).toEqual(before);
});

test("[EV24] files whose events have all expired are gone from the disk, and what is left is read on", async () => {
  const directory = folder();
  const store = openEvents({ directory, fileEvents: 10 });
  for (let part = 0; part < 6; part++) await store.record(events(part * 10, part * 10 + 10));
  expect(await idsOf(store)).toHaveLength(60);
  expect(await store.expire({ before: event(35).at })).toBe(35);
  expect(readdirSync(directory).filter((name) => name.endsWith(".sqlite"))).toEqual([
    "events-000004.sqlite",
    "events-000005.sqlite",
    "events-000006.sqlite",
  ]);
  expect(await idsOf(store)).toEqual(events(35, 60).map(({ id }) => id));
  expect(await store.record(events(30, 61))).toBe(6);
  await store.close();
  const again = openEvents({ directory });
  expect([(await idsOf(again)).length, again.damages()]).toEqual([31, []]);
  await again.close();
  expect(verifyEvents(directory)).toMatchObject({ events: 31, findings: [] });
});

test("[EV25] a burst of a million events is recorded or refused call by call, with a bounded number on its way", async () => {
  const store = openEvents({ directory: folder(), fileEvents: 400_000 });
  const subject = Array.from({ length: 50 }, (_, i) => `shell:${i}`);
  let [waiting, refused] = [0, 0];
  const call = (n: number): readonly StoredEvent[] =>
    Array.from({ length: 5_000 }, (_, i) => event(n * 5_000 + i, { subject: subject[i % 50]!, keys: [], payload: "{}" }));
  for (let n = 0; n < 200;) {
    // as many at once as it takes until some are refused
    const outcomes = await Promise.allSettled(
      Array.from({ length: Math.min(30, 200 - n) }, (_, i) => {
        const recording = store.record(call(n + i));
        waiting = Math.max(waiting, store.counts().waiting);
        return recording;
      }),
    );
    for (const outcome of outcomes)
      if (outcome.status === "rejected")
        expect(outcome.reason).toMatchObject({ code: "DW_UNAVAILABLE", message: expect.stringContaining("too many events wait") });
    refused += outcomes.filter(({ status }) => status === "rejected").length * 5_000;
    n +=
      outcomes.findIndex(({ status }) => status === "rejected") < 0
        ? outcomes.length
        : outcomes.findIndex(({ status }) => status === "rejected");
  }
  expect(waiting).toBeLessThanOrEqual(100_000);
  expect(refused).toBeGreaterThan(0);
  expect(store.counts()).toEqual({ recorded: 1_000_000, duplicates: 0, refused, waiting: 0 });
  const counted = await store.count({ spans: ALL });
  expect([...counted.values()].reduce((sum, count) => sum + count, 0)).toBe(1_000_000);
  await store.close();
}, 600_000);

/** What a process says that records events, until it has said so much, or finds no room: its files have at most so many KiB. */
async function writeUntil(
  directory: string,
  begin: number,
  lines: number,
  limitKiB?: number,
  fileEvents = 3_000,
): Promise<readonly string[]> {
  const fixture = fileURLToPath(new URL("./kill-child.fixture.ts", import.meta.url));
  const limit = limitKiB === undefined ? "" : `ulimit -f ${limitKiB * 2}; `;
  const words = [process.execPath, fixture, directory, String(begin), String(limitKiB === undefined ? fileEvents : 1_000_000)];
  const child = spawn("sh", ["-c", `${limit}exec "$0" "$@"`, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  let [output, errors] = ["", ""];
  child.stderr.on("data", (bytes: Buffer) => void (errors += bytes.toString()));
  child.stdout.on("data", (bytes: Buffer) => {
    output += bytes.toString();
    if (output.split("\n").length > lines + 2) child.kill("SIGKILL");
  });
  const [code, signal] = await new Promise<readonly [number | null, string | null]>((resolve) =>
    child.once("close", (...end) => resolve(end)),
  );
  if (signal !== "SIGKILL" && code !== 0) throw new Error(`the recording process ended with ${String(code)}: ${errors}`);
  return output.slice(0, output.lastIndexOf("\n")).split("\n");
}

function contentsOf(directory: string): Readonly<Record<string, string>> {
  return Object.fromEntries(readdirSync(directory).map((name) => [name, hash("sha256", readFileSync(join(directory, name)), "hex")]));
}

/** Every event, and whether it is found in each way. */
async function answersOf(directory: string): Promise<readonly unknown[]> {
  const store = openEvents({ directory });
  const query = { spans: ALL, order: "ascending", limit: 1_000 } as const;
  const answers = [
    await store.query(query),
    await store.query({ ...query, subject: "shell:press" }),
    await store.query({ ...query, types: ["part.made"] }),
    await store.query({ ...query, key: { name: "serial", value: "S123" } }),
    await store.query({ ...query, after: event(123) }),
    [...(await store.count({ spans: ALL }))],
  ];
  await store.close();
  return answers;
}
