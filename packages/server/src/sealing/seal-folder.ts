import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { holdOff, nodeFileLayer } from "@doppelwerk/storage/files";
import {
  isSealed,
  keyOfSealed,
  openText,
  readKeyMaterial,
  readSealedFolder,
  SEALED,
  sealKeyOf,
  sealText,
  writeSealedFolder,
  type KeyMaterial,
  type SealKey,
} from "@doppelwerk/storage/sealing";
import { DoppelwerkError } from "@doppelwerk/world";
import { writePrivateFile } from "../accounts/private-file.ts";
import { WorldFolders } from "../worlds/world-folders.ts";

export interface SealOptions {
  readonly data: string;
  /** Of the key that seals from now on; with `unseal` of the one that opens. */
  readonly keyFile: string;
  /** Of the key that sealed until now, where another takes its place. */
  readonly oldKeyFile?: string;
  readonly unseal?: boolean;
}

export interface SealReport {
  readonly sealed: boolean;
  /** Id of the key. */
  readonly key: string | undefined;
  /** Files that were written anew. */
  readonly files: readonly string[];
}

/** Secrets of the server and what it knows of people, and secrets of each world. */
const OF_SERVER = [
  "accounts.json",
  "connections.json",
  "credential-issuer.jwk",
  "credentials.json",
  "machines.json",
  "machine-tokens.jwk",
  "passkeys.json",
  "password-pepper.json",
  "people.json",
  "privacy/breaches.json",
  "privacy/text-keys.json",
  "providers.json",
  "sessions.json",
  "terminals.json",
  "tls/authority.key",
  "tls/acme-account.key",
  "tls/acme.key",
  "tls/opcua-authority.key",
  "tls/server.key",
  "transparency/key.json",
  "transparency/outside.json",
  "transparency/salts.json",
  "transparency/witness.json",
];
/** Grow by lines, each of which is sealed by itself. */
const OF_LINES = ["identities.jsonl"];
const OF_WORLD = ["notifications/addresses.json", "notifications/channels.json", "notifications/link-key.json", "signing/key.pem"];
const SECRETS = "connectors/secrets";

/**
 * Seals the secrets of a stopped server's folder, seals them with another key, or unseals them. Ended on the way it is done again with the same words.
 * Errors: DW_NOT_FOUND, DW_UNAVAILABLE (a server runs), DW_FORBIDDEN (a key that does not fit), DW_INVALID, DW_DAMAGED.
 */
export function sealFolder({ data, keyFile, oldKeyFile, unseal = false }: SealOptions): SealReport {
  if (!existsSync(join(data, "format.json")))
    throw new DoppelwerkError("DW_NOT_FOUND", message("server.noDataFolderDoppelwerk", { directory: data }));
  const lease = holdOff(join(data, "lease.sqlite"));
  try {
    const state = readSealedFolder(data);
    const material = readKeyMaterial(keyFile, data);
    const key = sealKeyOf(material, state?.salt);
    if (unseal) return unsealFolder(data, key);
    const open = openerOf(key, oldKeyFile === undefined ? [material] : [material, readKeyMaterial(oldKeyFile, data)]);
    // before anything is written: every file can be opened
    const secrets = secretsOf(data).map((secret) => {
      const texts = textsOf(secret);
      return { ...secret, texts, plain: texts.map((text) => open(secret.name, text)) };
    });
    const isOther = state !== undefined && state.key !== key.id;
    // another passphrase gets another salt
    const sealing = isOther && "passphrase" in material ? sealKeyOf(material) : key;
    writeSealedFolder(data, sealing);
    const files: string[] = [];
    for (const { path, name, below, texts, plain } of secrets) {
      if (texts.every((text) => isSealed(text) && keyOfSealed(name, text).id === sealing.id)) continue;
      writePrivateFile(path, plain.map((text) => sealText(name, text, sealing)).join(""));
      files.push(below);
    }
    return { sealed: true, key: sealing.id, files };
  } finally {
    lease.release();
  }
}

function unsealFolder(data: string, key: SealKey): SealReport {
  const open = openerOf(key, []);
  const files: string[] = [];
  const secrets = secretsOf(data).map((secret) => ({ ...secret, texts: textsOf(secret) }));
  const opened = secrets
    .filter(({ texts }) => texts.some(isSealed))
    .map((secret) => ({ ...secret, plain: secret.texts.map((text) => open(secret.name, text)) }));
  for (const { path, name, below, plain } of opened) {
    writePrivateFile(path, OF_LINES.includes(name) ? plain.map((line) => `${line}\n`).join("") : plain.join(""));
    files.push(below);
  }
  rmSync(join(data, SEALED), { force: true });
  nodeFileLayer.fsyncDirectory(data);
  return { sealed: false, key: undefined, files };
}

/** Opens what one of several keys sealed; a passphrase makes a key with the salt that a file names. */
function openerOf(first: SealKey, materials: readonly KeyMaterial[]): (name: string, text: string) => string {
  const keys = new Map([[first.id, first]]);
  return (name, text) => {
    if (!isSealed(text)) return text;
    const { id, salt } = keyOfSealed(name, text);
    if (!keys.has(id))
      for (const material of materials) {
        const key = sealKeyOf(material, salt);
        keys.set(key.id, key);
      }
    return openText(name, text, keys.get(id) ?? first);
  };
}

interface SecretFile {
  readonly path: string;
  /** As it is sealed: in the folder of its world. */
  readonly name: string;
  /** In the data folder. */
  readonly below: string;
}

function secretsOf(data: string): readonly SecretFile[] {
  const worlds = new WorldFolders(data, "seal").list().map(({ name, directory }) => ({ directory, prefix: `worlds/${name}/` }));
  const inWorld = [{ directory: data, prefix: "" }, ...worlds].flatMap(({ directory, prefix }) =>
    [...OF_WORLD, ...secretsIn(directory)].map((name) => ({ path: join(directory, name), name, below: prefix + name })),
  );
  const ofServer = [...OF_SERVER, ...OF_LINES].map((name) => ({ path: join(data, name), name, below: name }));
  return [...ofServer, ...inWorld].filter(({ path }) => existsSync(path));
}

/** What is sealed by itself. */
function textsOf({ path, name }: SecretFile): readonly string[] {
  const text = readFileSync(path, "utf8");
  // a line that a power loss cut off is no line
  return OF_LINES.includes(name) ? text.split("\n").slice(0, -1) : [text];
}

function secretsIn(directory: string): readonly string[] {
  const folder = join(directory, SECRETS);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => `${SECRETS}/${name}`);
}
