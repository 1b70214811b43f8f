import { createPublicKey } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, reasonOf } from "@doppelwerk/world";
import { z } from "zod";
import { fingerprintOf } from "./integrity.ts";
import { changePacks } from "./pack-store.ts";

const fingerprint = z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/);
const TrustedKey = z.object({ fingerprint, name: z.string().trim().min(1).max(100), added: z.string() });
const Keys = z.object({ format: z.literal(1), keys: z.array(TrustedKey).max(1_000) });

/** A key whose packs an administrator of this data folder trusts. */
export type TrustedKey = z.output<typeof TrustedKey>;

/** What the signature of a pack says; `name`: of the trusted key. */
export type PackSignature =
  | { readonly state: "unsigned" }
  | { readonly state: "untrusted"; readonly key: string }
  | { readonly state: "trusted"; readonly key: string; readonly name: string };

const FILE = "keys.json";

/** Errors: DW_DAMAGED. */
export function listTrustedKeys(data: string): readonly TrustedKey[] {
  const path = join(resolve(data), "packs", FILE);
  if (!existsSync(path)) return [];
  try {
    return Keys.parse(JSON.parse(readFileSync(path, "utf8"))).keys;
  } catch (error) {
    throw new DoppelwerkError("DW_DAMAGED", message("packs.keysUnreadable", { path, reason: reasonOf(error) }));
  }
}

export function signatureOf(signedBy: string | undefined, keys: readonly TrustedKey[]): PackSignature {
  if (signedBy === undefined) return { state: "unsigned" };
  const known = keys.find((key) => key.fingerprint === signedBy);
  return known === undefined ? { state: "untrusted", key: signedBy } : { state: "trusted", key: signedBy, name: known.name };
}

/** The fingerprint of a key that somebody gives: as it is shown, or a PEM of the public or private key. Errors: DW_INVALID. */
export function fingerprintGiven(given: string): string {
  if (fingerprint.safeParse(given.trim()).success) return given.trim();
  try {
    const key = createPublicKey(given);
    if (key.asymmetricKeyType === "ed25519") return fingerprintOf(key);
  } catch {
    // refused in the same words
  }
  throw new DoppelwerkError("DW_INVALID", message("packs.keyNotEd25519"));
}

/** Another name for a key that is there already replaces the one before. Errors: DW_INVALID for a name that is empty or too long. */
export async function trustKey(data: string, key: string, name: string, now: Date): Promise<TrustedKey> {
  const parsed = TrustedKey.safeParse({ fingerprint: key, name, added: now.toISOString() });
  if (!parsed.success) throw new DoppelwerkError("DW_INVALID", message("packs.keyName"));
  return changePacks(data, (root) => {
    writeKeys(root, [...listTrustedKeys(data).filter((one) => one.fingerprint !== key), parsed.data]);
    return parsed.data;
  });
}

/** By its fingerprint or its name. What it signed stays as it is, and is shown as signed with a key that is not trusted. Errors: DW_NOT_FOUND. */
export async function distrustKey(data: string, keyOrName: string): Promise<TrustedKey> {
  return changePacks(data, (root) => {
    const keys = listTrustedKeys(data);
    const removed = keys.find((key) => key.fingerprint === keyOrName) ?? keys.find((key) => key.name === keyOrName);
    if (removed === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("packs.noKey", { key: keyOrName.slice(0, 200) }));
    writeKeys(
      root,
      keys.filter((key) => key !== removed),
    );
    return removed;
  });
}

function writeKeys(root: string, keys: readonly TrustedKey[]): void {
  const path = join(root, FILE);
  const sorted = keys.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  writeFileSync(`${path}.new`, `${JSON.stringify({ format: 1, keys: sorted }, undefined, 2)}\n`, { flush: true });
  renameSync(`${path}.new`, path);
}
