import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openDataFolder } from "@doppelwerk/storage/files";
import {
  isSealed,
  newKeyText,
  openedFromDisk,
  openText,
  readKeyMaterial,
  readSealedFolder,
  sealKeyOf,
  sealText,
  useSealing,
} from "@doppelwerk/storage/sealing";
import { openSecretStore } from "@doppelwerk/connectors/secrets";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { AccountStore, accountsPath } from "../accounts/account-store.ts";
import { Sessions } from "../accounts/sessions.ts";
import { openPeople } from "../compose/people.ts";
import { verifyFiles } from "../compose/verify-files.ts";
import { IdentityHistory, identitiesPath, type EndedIdentity } from "../identities/identity-history.ts";
import { MachineStore } from "../machines/machine-store.ts";
import { machinesPath } from "../machines/machines.ts";
import { openSigningKey } from "../machines/signing-key.ts";
import { ProviderStore, providersPath } from "../directory/provider-store.ts";
import { ownCertificate } from "../tls/own-certificate.ts";
import { openLogKey } from "../transparency/folder.ts";
import { sealFolder } from "./seal-folder.ts";
import { sealKeyFile } from "./seal-key-file.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-seal-folder-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => void useSealing(join(root, "nowhere")));

const keyFile = (name: string, text = newKeyText()): string => {
  writeFileSync(join(root, name), text);
  return join(root, name);
};

/** A folder with a secret of every kind. */
async function folderWithSecrets(name: string): Promise<string> {
  const data = join(root, name);
  await (await openDataFolder(data, { owner: "test" })).close();
  const world = join(data, "worlds", "line-2");
  await (await openDataFolder(world, { owner: "test" })).close();
  writeFileSync(join(world, "world.json"), JSON.stringify({ format: 1, id: "w2", title: "Line 2", createdAt: "2026-11-30T08:00:00Z" }));
  new AccountStore(accountsPath(data)).create({ login: "mara", name: "Mara", roles: ["administrator"] });
  await openSigningKey(join(data, "machine-tokens.jwk"));
  await ownCertificate(join(data, "tls"), ["localhost"]);
  openLogKey(data);
  openSecretStore(join(data, "connectors")).put("plc", { password: "seven green pumps" });
  openSecretStore(join(world, "connectors")).put("plc", { password: "eight red pumps" });
  new ProviderStore(providersPath(data)).put({
    kind: "openid",
    id: "works",
    name: "Works",
    issuer: "https://id.example.com",
    clientId: "plant",
    clientSecret: "nine blue pumps",
    roles: { operator: ["crew"] },
  });
  writeFileSync(join(data, "terminals.json"), JSON.stringify({ version: 1, salt: "00", terminals: [], people: [] }));
  mkdirSync(join(data, "signing"));
  writeFileSync(join(data, "signing", "key.pem"), "-----BEGIN PRIVATE KEY-----");
  return data;
}

const SECRETS = [
  "accounts.json",
  "connectors/secrets/plc.json",
  "machine-tokens.jwk",
  "providers.json",
  "signing/key.pem",
  "terminals.json",
  "tls/authority.key",
  "tls/server.key",
  "transparency/key.json",
  "worlds/line-2/connectors/secrets/plc.json",
];
const readAll = (data: string): readonly string[] => SECRETS.map((name) => readFileSync(join(data, name), "utf8"));

test("[SV254] sealing seals every secret of the folder and of its worlds, and everybody reads them as before; unsealing gives the same files back", async () => {
  const data = await folderWithSecrets("seal");
  const plain = readAll(data);
  const key = keyFile("seal.key");
  const report = sealFolder({ data, keyFile: key });
  expect([...report.files].toSorted()).toEqual(SECRETS);
  expect(readSealedFolder(data)).toMatchObject({ format: 1, key: report.key });
  expect(readAll(data).map(isSealed)).toEqual(SECRETS.map(() => true));
  expect(readAll(data).join("")).not.toMatch(/pumps|PRIVATE KEY|mara/);
  expect(sealFolder({ data, keyFile: key }).files).toEqual([]);

  expect(useSealing(data, key)).toBe(true);
  const accounts = new AccountStore(accountsPath(data));
  expect(accounts.byLogin("mara")).toBeDefined();
  accounts.create({ login: "otto", name: "Otto", roles: ["viewer"] });
  expect(isSealed(readFileSync(accountsPath(data), "utf8"))).toBe(true);
  expect(openLogKey(data).name).toBe((JSON.parse(plain[8]!) as { name: string }).name);
  expect((await ownCertificate(join(data, "tls"), ["localhost"])).key).toBe(plain[7]);
  await openSigningKey(join(data, "machine-tokens.jwk"));
  expect(openSecretStore(join(data, "worlds", "line-2", "connectors")).read("plc")).toEqual({ password: "eight red pumps" });

  useSealing(join(root, "nowhere"));
  for (const read of [
    () => new AccountStore(accountsPath(data)),
    () => openLogKey(data),
    () => openSecretStore(join(data, "connectors")).read("plc"),
  ])
    expect(read).toThrow(expect.objectContaining({ code: "DW_FORBIDDEN" }));
  await expect(openSigningKey(join(data, "machine-tokens.jwk"))).rejects.toMatchObject({ code: "DW_FORBIDDEN" });

  expect(sealFolder({ data, keyFile: key, unseal: true })).toMatchObject({ sealed: false });
  expect(readAll(data).slice(1)).toEqual(plain.slice(1));
  expect(readSealedFolder(data)).toBeUndefined();
});

test("[SV254] another key takes the place of the one before, also after a change that was ended half-way; without the old one nothing is written", async () => {
  const data = await folderWithSecrets("change");
  const [one, two] = [keyFile("one.key"), keyFile("two.key", "seven green pumps\n")];
  sealFolder({ data, keyFile: one });
  const sealedWithOne = readAll(data);
  expect(() => sealFolder({ data, keyFile: two })).toThrow(expect.objectContaining({ code: "DW_FORBIDDEN" }));
  expect(readAll(data)).toEqual(sealedWithOne);
  const { key } = sealFolder({ data, keyFile: two, oldKeyFile: one });
  // as a process leaves it that was killed when it had written half of them
  for (const [at, name] of SECRETS.entries()) if (at % 2 === 0) writeFileSync(join(data, name), sealedWithOne[at]!);
  expect(sealFolder({ data, keyFile: two, oldKeyFile: one })).toMatchObject({ key, files: expect.objectContaining({ length: 5 }) });
  useSealing(data, two);
  expect(openSecretStore(join(data, "connectors")).read("plc")).toEqual({ password: "seven green pumps" });
  expect(() => sealFolder({ data, keyFile: one, unseal: true })).toThrow(expect.objectContaining({ code: "DW_FORBIDDEN" }));
});

test("[SV363] what the server knows of people is sealed with its secrets: names, sessions, passkeys, machines, credentials, and each line of what connected once", async () => {
  const data = join(root, "private");
  await (await openDataFolder(data, { owner: "test" })).close();
  const now = (): number => 1_800_000_000_000;
  const onFault = (error: unknown): never => {
    throw error;
  };
  const ended = (id: string): EndedIdentity => ({
    id,
    kind: "session",
    person: "person:marker",
    roles: [],
    since: "2026-11-30T08:00:00Z",
    proof: "password",
    seen: { time: "2026-11-30T08:00:00Z", address: "marker-address" },
    agent: "marker-browser",
    ended: { why: "left", at: "2027-01-14T08:00:00Z" },
  });
  const history = (): IdentityHistory => new IdentityHistory({ path: identitiesPath(data), now, onFault });
  const sessions = (): Sessions => new Sessions({ path: join(data, "sessions.json"), now, ended() {}, onFault });
  const machines = (): MachineStore => new MachineStore(machinesPath(data));
  const people = () => openPeople(join(data, "people.json"), onFault);
  people().remember("person:marker", "marker-name");
  sessions().begin("person:marker", { agent: "marker-browser", address: "marker-address" });
  machines().create({ name: "marker-machine", roles: ["viewer"] });
  history().add(ended("one"));
  history().add(ended("two"));
  const files = ["identities.jsonl", "machines.json", "people.json", "sessions.json"];
  const texts = (): string => files.map((name) => readFileSync(join(data, name), "utf8")).join("");
  expect(texts()).toContain("marker-name");
  const [one, two] = [keyFile("private-one.key"), keyFile("private-two.key")];
  expect(sealFolder({ data, keyFile: one }).files.toSorted()).toEqual(files);
  expect(texts()).not.toMatch(/marker/);
  useSealing(data, one);
  history().add(ended("three"));
  people().remember("person:other", "marker-other");
  expect(texts()).not.toMatch(/marker/);
  expect(readFileSync(join(data, "identities.jsonl"), "utf8").split("\n").filter(isSealed)).toHaveLength(3);
  expect([...verifyFiles(data, root).values()].filter(({ problem }) => problem !== undefined)).toEqual([]);
  sealFolder({ data, keyFile: two, oldKeyFile: one });
  useSealing(data, two);
  expect(
    history()
      .list()
      .map(({ id }) => id),
  ).toEqual(["three", "two", "one"]);
  expect(people().nameOf("person:other")).toBe("marker-other");
  expect([
    sessions().count,
    machines()
      .list()
      .map(({ name }) => name),
  ]).toEqual([1, ["marker-machine"]]);
  useSealing(join(root, "nowhere"));
  for (const read of [history, machines, people]) expect(read).toThrow(expect.objectContaining({ code: "DW_FORBIDDEN" }));
  sealFolder({ data, keyFile: two, unseal: true });
  expect(history().list()).toHaveLength(3);
  expect(texts()).toContain("marker-other");
});

test("[SV255] a sealed file cannot stand for another, nor be altered; a running server's folder is not sealed", async () => {
  const data = await folderWithSecrets("swap");
  const key = keyFile("swap.key");
  const folder = await openDataFolder(data, { owner: "test" });
  expect(() => sealFolder({ data, keyFile: key })).toThrow(expect.objectContaining({ code: "DW_UNAVAILABLE" }));
  await folder.close();
  sealFolder({ data, keyFile: key });
  useSealing(data, key);
  const text = readFileSync(join(data, "tls/authority.key"), "utf8");
  expect(() => openedFromDisk("tls/server.key", text)).toThrow(expect.objectContaining({ code: "DW_DAMAGED" }));
  writeFileSync(join(data, "tls/server.key"), text);
  await expect(ownCertificate(join(data, "tls"), ["localhost"])).rejects.toMatchObject({ code: "DW_DAMAGED" });
});

test("[SV255] the key is the file that is named, that of the environment, or the credential of systemd, in this order", () => {
  const credentials = join(root, "credentials");
  mkdirSync(dirname(join(credentials, "x")), { recursive: true });
  const environment = { CREDENTIALS_DIRECTORY: credentials };
  expect(sealKeyFile(undefined, environment)).toBeUndefined();
  writeFileSync(join(credentials, "doppelwerk-seal-key"), newKeyText());
  expect(sealKeyFile(undefined, environment)).toBe(join(credentials, "doppelwerk-seal-key"));
  expect(sealKeyFile(undefined, { ...environment, DOPPELWERK_SEAL_KEY_FILE: "/b" })).toBe("/b");
  expect(sealKeyFile("/a", { ...environment, DOPPELWERK_SEAL_KEY_FILE: "/b" })).toBe("/a");
});

test("[SV364] buffers with an opened secret are overwritten once its text was made", () => {
  const key = sealKeyOf(readKeyMaterial(keyFile("overwritten.key")));
  const sealed = sealText("accounts.json", "seven green pumps", key);
  const concat = vi.spyOn(Buffer, "concat");
  expect(openText("accounts.json", sealed, key)).toBe("seven green pumps");
  const made = concat.mock.results.map(({ value }) => value as Buffer);
  const parts = concat.mock.calls.flatMap(([list]) => list as readonly Buffer[]);
  concat.mockRestore();
  expect(made).toHaveLength(1);
  expect(parts.reduce((sum, { length }) => sum + length, 0)).toBe(made[0]!.length);
  for (const bytes of [...made, ...parts]) expect(bytes.every((byte) => byte === 0)).toBe(true);
});
