import { createHash, randomBytes, scryptSync } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { sep } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";

/** A key that seals, and what tells it from others. */
export interface SealKey {
  readonly bytes: Uint8Array;
  readonly id: string;
  /** Base 64; of a key that is made of a passphrase. */
  readonly salt?: string;
}

/** What a key is made of: 32 random bytes, or a passphrase. */
export type KeyMaterial = { readonly key: Uint8Array } | { readonly passphrase: string };

const PREFIX = "DOPPELWERK-SEAL-KEY-1 ";
const KEY_BYTES = 32;
const MIN_PASSPHRASE = 12;
/** 64 MiB and some tenths of a second: once for each process. */
const SCRYPT = { N: 2 ** 16, r: 8, p: 1, maxmem: 2 ** 28 };

/** Text of a new key file. */
export function newKeyText(): string {
  return `${PREFIX}${randomBytes(KEY_BYTES).toString("base64url")}\n`;
}

/** Errors: DW_INVALID for a file that cannot be read, lies in the data folder, or has a passphrase that is too short. */
export function readKeyMaterial(path: string, data?: string): KeyMaterial {
  let text: string;
  try {
    const bytes = readFileSync(path);
    text = bytes.toString("utf8");
    bytes.fill(0);
  } catch (error) {
    throw new DoppelwerkError(
      "DW_INVALID",
      message("storage.sealKeyNotRead", { path, reason: (error as NodeJS.ErrnoException).code ?? "" }),
    );
  }
  if (data !== undefined && existsSync(data) && `${realpathSync(path)}`.startsWith(realpathSync(data) + sep))
    throw new DoppelwerkError("DW_INVALID", message("storage.sealKeyInData", { path }));
  const [first = ""] = text.split(/\r?\n/);
  if (first.startsWith(PREFIX)) {
    const key = Buffer.from(first.slice(PREFIX.length).trim(), "base64url");
    if (key.length === KEY_BYTES) return { key };
    throw new DoppelwerkError("DW_INVALID", message("storage.sealKeyNotRead", { path, reason: `${key.length} / ${KEY_BYTES}` }));
  }
  if (first.trim().length < MIN_PASSPHRASE)
    throw new DoppelwerkError("DW_INVALID", message("storage.sealPassphraseShort", { path, min: MIN_PASSPHRASE }));
  return { passphrase: first.trim() };
}

/** `salt` where a passphrase was used before; a new one otherwise. */
export function sealKeyOf(material: KeyMaterial, salt?: string): SealKey {
  if ("key" in material) return { bytes: material.key, id: idOf(material.key) };
  const used = salt ?? randomBytes(16).toString("base64");
  const bytes = scryptSync(material.passphrase, Buffer.from(used, "base64"), KEY_BYTES, SCRYPT);
  return { bytes, id: idOf(bytes), salt: used };
}

function idOf(key: Uint8Array): string {
  return createHash("sha256").update("doppelwerk seal key\n").update(key).digest("hex").slice(0, 16);
}
