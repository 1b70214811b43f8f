import { createHash, createPublicKey, hash, sign, verify, type KeyObject } from "node:crypto";
import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { z } from "zod";
import type { PackFiles } from "./pack-files.ts";

/** What a signed pack carries beside its files. */
export const INTEGRITY_FILE = "doppelwerk-integrity.json";

/** `sha384-…` in base64 by path, as in import maps. */
export type FileHashes = Readonly<Record<string, string>>;

const Integrity = z.strictObject({
  format: z.literal(1),
  files: z.record(z.string(), z.string().regex(/^sha384-[A-Za-z0-9+/]{64}$/)),
  /** Ed25519, SubjectPublicKeyInfo of RFC 8410 in base64. */
  key: z.string().max(200),
  signature: z.string().max(200),
});

/** Hashes of all files but the list itself, sorted by path. */
export function hashesOf(files: PackFiles): FileHashes {
  return Object.fromEntries(
    [...files]
      .filter(([path]) => path !== INTEGRITY_FILE)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, content]) => [path, hashOf(content)]),
  );
}

export function hashOf(content: Uint8Array): string {
  return `sha384-${hash("sha384", content, "base64")}`;
}

/** The content of the integrity file. Errors: DW_INVALID for a key that is not Ed25519. */
export function signFiles(files: PackFiles, key: KeyObject): string {
  if (key.asymmetricKeyType !== "ed25519") throw new DoppelwerkError("DW_INVALID", message("packs.keyNotEd25519"));
  const hashes = hashesOf(files);
  const content = {
    format: 1,
    files: hashes,
    key: createPublicKey(key).export({ type: "spki", format: "der" }).toString("base64"),
    signature: sign(null, signedText(hashes), key).toString("base64"),
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/**
 * Who signed a pack: the fingerprint of the key, undefined where nobody did. Errors: DW_DAMAGED where the list, the signature or a file is not as signed,
 * with the name of the file.
 */
export function signerOf(files: PackFiles): string | undefined {
  const content = files.get(INTEGRITY_FILE);
  if (content === undefined) return undefined;
  const { files: listed, key, signature } = readIntegrity(content);
  const difference = firstDifference(listed, hashesOf(files));
  if (difference !== undefined) throw new DoppelwerkError("DW_DAMAGED", difference);
  const signer = publicKeyOf(key);
  if (!verify(null, signedText(listed), signer, Buffer.from(signature, "base64")))
    throw new DoppelwerkError("DW_DAMAGED", message("packs.signatureWrong"));
  return fingerprintOf(signer);
}

/** What is not as it was: the first file that is another one, is gone, or has come. */
export function firstDifference(expected: FileHashes, present: FileHashes): Message | undefined {
  for (const [name, hashed] of Object.entries(expected))
    if (!Object.hasOwn(present, name)) return message("packs.fileGone", { name });
    else if (present[name] !== hashed) return message("packs.fileChanged", { name });
  const added = Object.keys(present).find((name) => !Object.hasOwn(expected, name));
  return added === undefined ? undefined : message("packs.fileAdded", { name: added });
}

function readIntegrity(content: Uint8Array): z.output<typeof Integrity> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(content).toString());
  } catch {
    value = undefined;
  }
  const parsed = Integrity.safeParse(value);
  if (!parsed.success) throw new DoppelwerkError("DW_DAMAGED", message("packs.integrityUnreadable", { file: INTEGRITY_FILE }));
  return parsed.data;
}

function publicKeyOf(key: string): KeyObject {
  try {
    const made = createPublicKey({ key: Buffer.from(key, "base64"), type: "spki", format: "der" });
    if (made.asymmetricKeyType === "ed25519") return made;
  } catch {
    // refused in the same words
  }
  throw new DoppelwerkError("DW_DAMAGED", message("packs.integrityUnreadable", { file: INTEGRITY_FILE }));
}

/** As `ssh-keygen -l` shows keys: `SHA256:…`. */
export function fingerprintOf(key: KeyObject): string {
  const digest = createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest("base64");
  return `SHA256:${digest.replace(/=+$/, "")}`;
}

/** The same octets whatever order the list has. */
function signedText(hashes: FileHashes): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(hashes).toSorted(([a], [b]) => (a < b ? -1 : 1))));
}
