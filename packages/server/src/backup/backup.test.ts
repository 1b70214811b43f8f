import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { newSigningKey, signingKeyOf } from "@doppelwerk/storage/tile-log";
import { openDataFolder } from "@doppelwerk/storage/files";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Staging } from "@doppelwerk/storage/capture";
import { captureDataFolder } from "./capture-data-folder.ts";
import { decrypted, encrypted, keysFrom, recipientsFrom, type Keys, type Recipients } from "./encryption.ts";
import { lastBackup } from "../protection/last-backup.ts";
import { MANIFEST_ENTRY, readManifest, signManifest, type Manifest } from "./manifest.ts";
import { drill, restore } from "./restore.ts";
import { readTar, tarEnd, tarHeader, tarPadding } from "./tar-stream.ts";
import { writeBackup } from "./write-backup.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-backup-test-"));
const version = "1.2.3";
let [recipients, keys]: [Recipients, Keys] = [{ recipients: [] }, { identities: [], passphrases: [] }];
const key = signingKeyOf("log.test/1", newSigningKey());

beforeAll(async () => {
  const identity = await generateX25519Identity();
  recipients = { recipients: [await identityToRecipient(identity)] };
  keys = { identities: [identity], passphrases: [] };
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function* parts(...all: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* all;
}

async function collected(bytes: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const part of bytes) all.push(part);
  return all;
}

async function whole(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await collected(bytes));
}

const tarOf = (files: Readonly<Record<string, string>>): Buffer =>
  Buffer.concat([
    ...Object.entries(files).flatMap(([name, text]) => {
      const bytes = Buffer.from(text);
      return [tarHeader(name, bytes.length, 0o600), bytes, tarPadding(bytes.length)];
    }),
    tarEnd(),
  ]);

test("[SV251] an archive is read by GNU tar, with names of any length and script; it is read again in pieces of any size", async () => {
  const files = { "data/a": "", [`data/${"x".repeat(150)}/名字`]: "text", "data/b": "y".repeat(513) };
  const path = join(root, "names.tar");
  const tar = tarOf(files);
  writeFileSync(path, tar);
  const listed = spawnSync("tar", ["-tf", path, "--quoting-style=literal"], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C.UTF-8" },
  });
  expect(listed.stdout.trim().split("\n")).toEqual(Object.keys(files));
  for (const step of [1, 511, 512, 1_000, tar.length]) {
    const pieces = Array.from({ length: Math.ceil(tar.length / step) }, (_, at) => tar.subarray(at * step, (at + 1) * step));
    const read: Record<string, string> = {};
    for await (const { name, content } of readTar(parts(...pieces))) read[name] = (await whole(content)).toString();
    expect(read).toEqual(files);
  }
  const names: string[] = [];
  // what nobody reads is skipped
  for await (const { name } of readTar(parts(tar))) names.push(name);
  expect(names).toEqual(Object.keys(files));
});

test("[SV251] links, devices, damaged headers and archives that end early are refused", async () => {
  const read = async (bytes: Buffer) => {
    for await (const { content } of readTar(parts(bytes))) await whole(content);
  };
  const tar = tarOf({ "data/a": "text" });
  for (const type of ["1", "2", "3", "5", "L", "g"]) {
    const link = Buffer.from(tar);
    const before = link[156]!;
    link.write(type, 156, "latin1");
    const sum = Number.parseInt(link.subarray(148, 154).toString("latin1"), 8) - before + link[156]!;
    link.write(sum.toString(8).padStart(6, "0"), 148, "latin1");
    await expect(read(link), type).rejects.toMatchObject({ code: "DW_DAMAGED" });
  }
  const flipped = Buffer.from(tar);
  flipped[3]! ^= 4;
  await expect(read(flipped)).rejects.toMatchObject({ code: "DW_DAMAGED" });
  for (const length of [0, 300, 514, tar.length - 1_024])
    await expect(read(tar.subarray(0, length))).rejects.toMatchObject({ code: "DW_DAMAGED" });
});

const manifestWith = (paths: readonly string[]): Manifest => ({
  product: "doppelwerk",
  format: 2,
  id: "id",
  server: "log.test/1",
  version,
  dataFormat: 3,
  instant: "2026-11-30T08:00:00.000Z",
  worlds: [],
  files: paths.map((path) => ({
    path,
    mode: 0o600,
    pieces: [{ archive: "a.tar.age", entry: `data/${path}`, length: 0, sha256: "0".repeat(64) }],
  })),
  caches: [],
});

test("[SV252] a manifest with a path that leaves the folder, is there twice, or is a file and a folder is refused, also when it is signed; so is one that is altered or newer", () => {
  const read = (manifest: Manifest) => readManifest(signManifest(manifest, key), "m");
  expect(read(manifestWith(["format.json", "history/a.seg"])).manifest.files).toHaveLength(2);
  for (const path of ["../evil", "/etc/passwd", "a/../../b", "a//b", "a/.", "", "C:/x", "a\\..\\b", "a\0b"])
    expect(() => read(manifestWith(["format.json", path])), path).toThrow(expect.objectContaining({ code: "DW_DAMAGED" }));
  expect(() => read(manifestWith(["a", "a"]))).toThrow(/a path that cannot be one/);
  expect(() => read(manifestWith(["a", "a/b"]))).toThrow(/a file and a folder/);
  const bytes = signManifest(manifestWith(["a"]), key);
  expect(() => readManifest(Buffer.from(bytes.toString().replace('"mode":384', '"mode":511')), "m")).toThrow(/its signature/);
  const cache = (path: string) => ({ ...manifestWith(["a"]), caches: manifestWith([path]).files });
  expect(read(cache("worlds/line-2/records.sqlite-wal")).manifest.caches).toHaveLength(1);
  for (const path of ["changes/a.log", "records.sqlite.exe", "worlds/../records.sqlite", "a"])
    expect(() => read(cache(path)), path).toThrow(expect.objectContaining({ code: "DW_DAMAGED" }));
  // the first format had no caches
  const { caches: _none, ...former } = { ...manifestWith(["a"]), format: 1 };
  expect(readManifest(signManifest(former as Manifest, key), "m").manifest).toMatchObject({ format: 1, caches: [] });
  expect(() => read({ ...manifestWith(["a"]), format: 3 })).toThrow(expect.objectContaining({ code: "DW_FORMAT_NEWER" }));
  expect(() => readManifest(bytes, "m", "another key")).toThrow(expect.objectContaining({ code: "DW_FORBIDDEN" }));
});

test("[SV252] an archive whose names leave the folder writes nothing outside of what is restored", async () => {
  const evil = join(root, "evil.tar.age");
  const manifest = signManifest(manifestWith(["../../evil.txt"]), key).toString();
  const tar = tarOf({ "../../../evil.txt": "evil", "/tmp/evil.txt": "evil", [MANIFEST_ENTRY]: manifest });
  writeFileSync(evil, await whole(encrypted(parts(tar), recipients)));
  const data = join(root, "evil-data");
  await expect(restore({ from: evil, data, keys, version })).rejects.toMatchObject({ code: "DW_DAMAGED" });
  expect(existsSync(data)).toBe(false);
  expect(readdirSync(root).filter((name) => name.includes("evil"))).toEqual(["evil.tar.age"]);
});

test("[SV251] what is encrypted is opened with the key or the passphrase, and with no other; keys and passphrases that are none are refused", async () => {
  const file = join(root, "passphrase.txt");
  writeFileSync(file, "seven green pumps\n");
  const to = recipientsFrom({ passphraseFile: file });
  const bytes = await whole(encrypted(parts(Buffer.from("text")), to));
  expect((await whole(decrypted(parts(bytes), keysFrom({ passphraseFile: file }), "f"))).toString()).toBe("text");
  await expect(whole(decrypted(parts(bytes), keys, "f"))).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  writeFileSync(file, "short");
  expect(() => recipientsFrom({ passphraseFile: file })).toThrow(/fewer than 12/);
  expect(() => recipientsFrom({ recipient: ["age1nonsense"] })).toThrow(/no recipient of age/);
  expect(() => recipientsFrom({ recipient: ["age1x"], passphraseFile: file })).toThrow(/either/);
  expect(() => recipientsFrom({})).toThrow(/either/);
  expect(() => keysFrom({ identity: [file] })).toThrow(/no identity of age/);
});

test("[SV253] a further backup sends what changed and what grew; each restores the folder as it was; without what is known everything is sent", async () => {
  const data = join(root, "data");
  await (await openDataFolder(data, { owner: "test" })).close();
  mkdirSync(join(data, "features"));
  const [large, lines, replaced] = ["features/large.bin", "commands.jsonl", "people.json"].map((name) => join(data, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(large, "z".repeat(300_000));
  writeFileSync(lines, '{"id":"1"}\n');
  writeFileSync(replaced, '{"a":1}');
  const to = join(root, "backups");
  const backUp = (more = {}) => writeBackup({ data, to, recipients, version, ...more });
  const first = await backUp();
  expect(first).toMatchObject({ isIncremental: false, isOnline: false });
  appendFileSync(lines, '{"id":"2"}\n');
  rmSync(replaced);
  writeFileSync(replaced, '{"b":22}');
  const second = await backUp();
  expect(second.isIncremental).toBe(true);
  expect(second.sentBytes).toBeLessThan(20_000);
  // cut and written anew: nothing of it counts as sent
  writeFileSync(lines, '{"id":"3"}\n{"id":"4"}\n{"id":"5"}\n');
  const third = await backUp();
  expect(lastBackup(data)).toMatchObject({ id: third.id, to });

  const restored = async (name: string, more = {}): Promise<readonly string[]> => {
    const into = join(root, name);
    const report = await restore({ from: to, data: into, keys, version, ...more });
    expect(report.verified.findings).toEqual([]);
    return [lines, replaced, large].map((path) => readFileSync(join(into, path.slice(data.length)), "utf8"));
  };
  expect(await restored("third")).toEqual(['{"id":"3"}\n{"id":"4"}\n{"id":"5"}\n', '{"b":22}', "z".repeat(300_000)]);
  expect(await restored("second", { atMs: Date.parse(second.instant) })).toEqual([
    '{"id":"1"}\n{"id":"2"}\n',
    '{"b":22}',
    "z".repeat(300_000),
  ]);
  expect(await restored("first", { atMs: Date.parse(first.instant) })).toEqual(['{"id":"1"}\n', '{"a":1}', "z".repeat(300_000)]);
  expect((await drill({ from: to, keys, version })).backup).toBe(third.id);

  const archive = join(to, `${second.id}.tar.age`);
  const bytes = readFileSync(archive);
  rmSync(archive);
  await expect(drill({ from: to, keys, version })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  expect(await backUp()).toMatchObject({ isIncremental: false });
  writeFileSync(archive, bytes);
  for (const name of readdirSync(join(data, "backup"))) if (name.startsWith("sent-")) rmSync(join(data, "backup", name));
  expect(await backUp()).toMatchObject({ isIncremental: false });
  expect(await backUp({ full: true })).toMatchObject({ isIncremental: false });
});

test("[SV250] a folder is captured with everything but what is made again and sessions, worlds beside the default one too; logs of proof before what they refer to", async () => {
  const data = join(root, "captured");
  await (await openDataFolder(data, { owner: "test" })).close();
  const put = (path: string): void => {
    mkdirSync(dirname(join(data, path)), { recursive: true });
    writeFileSync(join(data, path), path);
  };
  const kept = [
    "accounts.json",
    "transparency/key.json",
    "transparency/salts.json",
    "blobs-files/aa",
    "worlds/line-2/world.json",
    "worlds/line-2/jobs/a.plan",
  ];
  const left = [
    "sessions.json",
    "records.sqlite-wal",
    "derived/folds/a.fold",
    "people.json.new",
    "transparency/positions.json",
    "backup/last.json",
    "worlds/.new-1/world.json",
    "worlds/.gone-line-3/world.json",
    "worlds/line-2/derived/a",
    "blobs-files/staged-1",
    ".write-test-12",
  ];
  for (const path of [...kept, ...left]) put(path);
  writeFileSync(
    join(data, "worlds/line-2/world.json"),
    JSON.stringify({ format: 1, id: "w2", title: "Line 2", createdAt: "2026-11-30T08:00:00Z" }),
  );
  const staging = new Staging(data, join(data, "backup", "staging-1"));
  const { files, worlds } = await captureDataFolder(data, staging, () => false);
  staging.dispose();
  expect(files.map(({ path }) => path)).toEqual([...kept, "format.json"].toSorted());
  expect(worlds).toMatchObject([
    { id: "default", revision: 0 },
    { id: "w2", name: "line-2", revision: 0 },
  ]);
});
