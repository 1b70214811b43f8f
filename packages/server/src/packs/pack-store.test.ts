import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { runProgram } from "../command/program.ts";
import { INTEGRITY_FILE, signFiles } from "./integrity.ts";
import { readPack } from "./pack-source.ts";
import { addPack, listPacks, packFolder, readInstalled, removePack } from "./pack-store.ts";
import { archiveOf, smallPack, writePack } from "./packs.fixture.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-packs-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const NAME = "@brewco/doppelwerk-brewery";
const now = new Date(0);
let folders = 0;
const fresh = (): string => join(root, `${folders++}`);
const given = (files = smallPack()) => readPack(writePack(fresh(), files));

/** What the command prints, and its exit code. */
async function run(...words: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly errors: string }> {
  let [out, errors] = ["", ""];
  const { stdout, stderr, exitCode } = process;
  const writes = [stdout.write, stderr.write] as const;
  stdout.write = ((text: string) => ((out += text), true)) as typeof stdout.write;
  stderr.write = ((text: string) => ((errors += text), true)) as typeof stderr.write;
  try {
    const code = await runProgram(words);
    return { code, out, errors };
  } finally {
    [stdout.write, stderr.write] = writes;
    process.exitCode = exitCode;
  }
}

test("[PK3] a pack is added from an archive, listed and removed; --json prints one line, and the exit code is 0, 1 or 2", async () => {
  const data = fresh();
  const archive = join(root, "brewery.tgz");
  writeFileSync(archive, archiveOf(smallPack()));
  // nobody to ask, and nothing was agreed to
  expect((await run("pack", "add", archive, "--data", data)).code).toBe(1);
  expect(listPacks(data)).toEqual([]);
  const added = await run("pack", "add", archive, "--data", data, "--yes", "--json");
  expect(added.code).toBe(0);
  expect(JSON.parse(added.out)).toMatchObject({
    added: { name: NAME, version: "0.1.0", permissions: ["read"], features: ["brewery"], signedBy: null },
  });
  const listed = await run("pack", "list", "--data", data);
  expect(listed).toMatchObject({ code: 0, out: expect.stringContaining("unsigned") });
  expect((await run("pack", "remove", NAME, "--data", data, "--json")).code).toBe(0);
  expect(readdirSync(join(data, "packs")).filter((name) => name.startsWith("@"))).toEqual([]);
  expect((await run("pack", "remove", NAME, "--data", data)).code).toBe(1);
  expect((await run("pack", "add", join(root, "gone.tgz"), "--data", data, "--yes")).code).toBe(1);
  expect((await run("pack", "add")).code).toBe(2);
});

test("[PK3] another version replaces of the present one; the same version with other files is refused", async () => {
  const data = fresh();
  await addPack(data, given(), now);
  await addPack(data, given(), now);
  await expect(addPack(data, given(smallPack({ "other.js": "" })), now)).rejects.toMatchObject({ code: "DW_CONFLICT" });
  await addPack(data, given(smallPack({ "other.js": "" }, {}, "0.2.0")), now);
  expect(listPacks(data).map(({ version }) => version)).toEqual(["0.2.0"]);
  expect(existsSync(packFolder(data, { name: NAME, version: "0.1.0" }))).toBe(false);
  await removePack(data, NAME);
  await expect(removePack(data, NAME)).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[PK107] pack add says which version goes, and that it is a newer one", async () => {
  const data = fresh();
  const add = (version: string) => run("pack", "add", writePack(fresh(), smallPack({}, {}, version)), "--data", data, "--yes");
  expect((await add("0.2.0")).errors).not.toContain("replaces");
  expect((await add("0.2.0")).errors).not.toContain("replaces");
  const newer = await add("0.10.0");
  expect(newer.errors).toMatch(/replaces version 0\.2\.0$/m);
  const older = await add("0.9.0");
  expect([older.code, older.errors]).toEqual([0, expect.stringMatching(/replaces version 0\.10\.0, which is newer/)]);
  expect(listPacks(data).map(({ version }) => version)).toEqual(["0.9.0"]);
});

test("[PK3] what is not a pack is refused with its reason, and a folder with other things in it is no data folder", async () => {
  expect(() => given(smallPack({ "package.json": "{" }))).toThrow(/no manifest/);
  expect(() => given(smallPack({}, { api: "^9" }))).toThrow(/\^9.*offers 1\.0/);
  expect(() => given(smallPack({ "A.js": "", "a.js": "" }))).toThrow(/one file on some systems/);
  const linked = writePack(fresh(), smallPack());
  symlinkSync("/etc/passwd", join(linked, "link"));
  expect(() => readPack(linked)).toThrow(/no links/);
  const other = fresh();
  mkdirSync(other);
  writeFileSync(join(other, "thesis.txt"), "");
  await expect(addPack(other, given(), now)).rejects.toMatchObject({ code: "DW_INVALID" });
});

test.each<[string, RegExp, (folder: string) => void]>([
  ["changed", /changed: server\/open\.js/, (folder) => writeFileSync(join(folder, "server/open.js"), "export const open = 1;")],
  ["taken away", /gone: server\/open\.js/, (folder) => rmSync(join(folder, "server/open.js"))],
  ["added", /added: server\/other\.js/, (folder) => writeFileSync(join(folder, "server/other.js"), "")],
])("[PK4] a file that was %s after the pack was added is named, and the pack is not read", async (_, said, tamper) => {
  const data = fresh();
  const installed = await addPack(data, given(), now);
  expect(readInstalled(data, installed).manifest.name).toBe(NAME);
  tamper(packFolder(data, installed));
  expect(() => readInstalled(data, installed)).toThrow(said);
  const { code, out } = await run("pack", "list", "--data", data);
  expect([code, out]).toEqual([1, expect.stringMatching(said)]);
});

test("[PK4] a signed pack names its key; one file, list or signature that is another one is refused", async () => {
  const { privateKey } = generateKeyPairSync("ed25519");
  const files = smallPack();
  const signed = new Map(files).set(INTEGRITY_FILE, Buffer.from(signFiles(files, privateKey)));
  const pack = given(signed);
  expect(pack.signedBy).toMatch(/^SHA256:.{43}$/);
  const data = fresh();
  expect((await addPack(data, pack, now)).signedBy).toBe(pack.signedBy);
  expect(() => given(new Map(signed).set("server/open.js", Buffer.from("evil")))).toThrow(/changed: server\/open\.js/);
  expect(() => given(new Map(signed).set("server/other.js", Buffer.from("evil")))).toThrow(/added: server\/other\.js/);
  const list = JSON.parse(signFiles(files, privateKey));
  const other = JSON.parse(signFiles(files, generateKeyPairSync("ed25519").privateKey));
  const spoilt = (change: object) => new Map(files).set(INTEGRITY_FILE, Buffer.from(JSON.stringify({ ...list, ...change })));
  expect(() => given(spoilt({ signature: other.signature }))).toThrow(/signature does not belong/);
  expect(() => given(spoilt({ key: "AAAA" }))).toThrow(/no list of files/);
  expect(() => given(spoilt({ files: { ...list.files, "server/open.js": list.files["package.json"] } }))).toThrow(
    /changed: server\/open\.js/,
  );
  expect(() => signFiles(files, generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey)).toThrow(/Ed25519/);
});

const seed = Number(process.env["FUZZ_SEED"] ?? 20_261_129);

test(`[PK5] killed at any moment of an add, a data folder has the old version or the new one, whole (seed ${seed})`, async () => {
  const data = fresh();
  let state = seed;
  const seen = new Set<string>();
  for (let round = 0; round < 6; round++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const child = spawn(process.execPath, [fileURLToPath(new URL("add-until-killed.fixture.ts", import.meta.url)), data, fresh()], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    // one add at least, so that there is an old version; then anywhere in those that follow
    await once(child.stdout, "data");
    await wait(state % 200);
    child.kill("SIGKILL");
    await once(child, "exit");
    const packs = listPacks(data);
    for (const pack of packs) seen.add(readInstalled(data, pack).manifest.version);
    expect(packs.length).toBeLessThanOrEqual(1);
  }
  expect(seen.size).toBeGreaterThan(0);
  // and the next one finds its turn, and takes away what was left
  await addPack(data, given(smallPack({}, {}, "0.3.0")), now);
  expect(readdirSync(join(data, "packs")).toSorted()).toEqual(["@brewco", "lease.sqlite", "packs.json"]);
});
