import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { runProgram } from "../../command/program.ts";
import { INTEGRITY_FILE, signFiles, signerOf } from "../integrity.ts";
import { loadPacks } from "../load-packs.ts";
import { readPack } from "../pack-source.ts";
import { addPack, listPacks } from "../pack-store.ts";
import { smallPack, writePack } from "../packs.fixture.ts";
import { block, operation } from "../served-packs.fixture.ts";
import { distrustKey, fingerprintGiven, listTrustedKeys, trustKey } from "../trusted-keys.ts";
import { PackUploads } from "./pack-uploads.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-pack-admin-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const key = generateKeyPairSync("ed25519");
const files = smallPack(
  { "server/open.js": `export const open = async () => ({ handlers: { "brewery.good": async () => ({}) } });` },
  block([operation("good")]),
);
const signed = new Map([...files, [INTEGRITY_FILE, Buffer.from(signFiles(files, key.privateKey))]]);
const fingerprint = signerOf(signed)!;
let folders = 0;
const newData = (): string => join(root, `data-${folders++}`);

/** A tar of POSIX with these files. */
function archiveOf(entries: Iterable<readonly [string, Uint8Array]>): Uint8Array {
  const blocks = [...entries].flatMap(([name, content]) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write("0000644\0", 100);
    header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
    header.write("        0ustar\u000000", 148);
    const sum = header.reduce((total, octet) => total + octet, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1_024)]));
}
const packed = (of: ReadonlyMap<string, Uint8Array>): Uint8Array =>
  archiveOf([...of].map(([path, content]) => [`package/${path}`, content] as const));

test("[PK103] trusted keys are added by fingerprint or PEM, listed and removed; what they signed is said to be theirs, another one not trusted", async () => {
  const data = newData();
  await addPack(data, readPack(writePack(join(root, "signed"), signed)), new Date(0));
  const signature = async () => (await loadPacks(data, [], [])).packs[0]!.signature;
  expect(await signature()).toEqual({ state: "untrusted", key: fingerprint });
  const pem = join(root, "brewer.pem");
  writeFileSync(pem, key.publicKey.export({ type: "spki", format: "pem" }));
  expect(await runProgram(["pack", "keys", "add", pem, "--name", "The brewer", "--data", data, "--json"])).toBe(0);
  expect(listTrustedKeys(data)).toMatchObject([{ fingerprint, name: "The brewer" }]);
  expect(await signature()).toEqual({ state: "trusted", key: fingerprint, name: "The brewer" });
  expect(await runProgram(["pack", "keys", "list", "--data", data])).toBe(0);
  expect(await runProgram(["pack", "list", "--data", data])).toBe(0);
  expect(await runProgram(["pack", "keys", "remove", "The brewer", "--data", data])).toBe(0);
  expect(await signature()).toEqual({ state: "untrusted", key: fingerprint });
  expect(await runProgram(["pack", "keys", "remove", "The brewer", "--data", data])).toBe(1);
  const unsigned = newData();
  await addPack(unsigned, readPack(writePack(join(root, "unsigned"), files)), new Date(0));
  expect((await loadPacks(unsigned, [], [])).packs[0]!.signature).toEqual({ state: "unsigned" });
});

test("[PK103] what is no Ed25519 key, a key without a name and a list that was damaged are refused; a damaged list trusts nobody", async () => {
  const data = newData();
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 }).publicKey.export({ type: "spki", format: "pem" });
  for (const given of ["", "SHA256:short", "no key", String(rsa)]) expect(() => fingerprintGiven(given), given).toThrow(/Ed25519/);
  await expect(trustKey(data, fingerprint, " ", new Date(0))).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(distrustKey(data, fingerprint)).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await addPack(data, readPack(writePack(join(root, "damaged"), signed)), new Date(0));
  await trustKey(data, fingerprint, "The brewer", new Date(0));
  writeFileSync(join(data, "packs", "keys.json"), "{");
  expect(() => listTrustedKeys(data)).toThrow(/keys/);
  expect((await loadPacks(data, [], [])).packs[0]!.signature).toEqual({ state: "untrusted", key: fingerprint });
});

test("[PK104] an archive that is sent is shown, and added once that is agreed to, by who sent it, for ten minutes", async () => {
  const data = newData();
  let now = 0;
  const uploads = new PackUploads(data, () => now);
  const shown = uploads.look("person:a", packed(signed));
  expect(shown).toMatchObject({
    name: "@brewco/doppelwerk-brewery",
    permissions: ["read"],
    features: ["brewery"],
    signature: { state: "untrusted" },
  });
  expect(listPacks(data)).toEqual([]);
  await expect(uploads.add("person:b", shown.id)).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  expect(await uploads.add("person:a", shown.id)).toEqual({ name: shown.name, version: "0.1.0" });
  expect(listPacks(data)).toMatchObject([{ name: shown.name, signedBy: fingerprint }]);
  await expect(uploads.add("person:a", shown.id)).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  const again = uploads.look("person:a", packed(signed));
  expect(again).toMatchObject({ replaces: "0.1.0", replacesNewer: false });
  now += 600_001;
  await expect(uploads.add("person:a", again.id)).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  // of many that wait the oldest goes
  const ids = Array.from({ length: 4 }, () => uploads.look("person:a", packed(signed)).id);
  await expect(uploads.add("person:a", ids[0]!)).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await uploads.add("person:a", ids[1]!);
});

test("[PK107] an upload that is older than what it replaces says so", async () => {
  const data = newData();
  await addPack(data, readPack(writePack(join(root, "newer"), smallPack({}, {}, "0.2.0"))), new Date(0));
  expect(new PackUploads(data, () => 0).look("person:a", packed(smallPack()))).toMatchObject({ replaces: "0.2.0", replacesNewer: true });
});

test.each<[string, () => Uint8Array, RegExp]>([
  ["is a bomb", () => gzipSync(Buffer.alloc(130_000_000)), /60/],
  ["leaves its folder", () => archiveOf([["package/../../evil.js", Buffer.from("1")]]), /evil/],
  ["is no archive", () => Buffer.from("PK\u0003\u0004 a zip"), /gzip/i],
  ["was changed after it was signed", () => packed(new Map([...signed, ["server/open.js", Buffer.from("1")]])), /server\/open\.js/],
  ["has no manifest", () => packed(new Map([["package.json", Buffer.from("{}")]])), /manifest/],
])("[PK104] an upload that %s is refused, and nothing is added", (_, archive, said) => {
  const data = newData();
  const look = () => new PackUploads(data, () => 0).look("person:a", archive());
  expect(look).toThrow(said);
  expect(look).toThrow(expect.objectContaining({ code: "DW_INVALID" }));
  expect(listPacks(data)).toEqual([]);
});
