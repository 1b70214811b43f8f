import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { publicKeyFile, readSigningKey, signatureFile } from "./minisign.ts";

export const SUMS = "SHA256SUMS";
export const PUBLIC_KEY = "doppelwerk.pub";

/**
 * Writes the SHA-256 of files beside them and, with a key, its signature and the public key: what is signed is the list, which names every file. Paths of what
 * was written; without a key a signature of before is removed. Errors: those of `readSigningKey`.
 */
export function writeSums(
  files: readonly string[],
  { version, keyFile }: { readonly version: string; readonly keyFile?: string },
): readonly string[] {
  const out = dirname(files[0]!);
  const key = keyFile === undefined ? undefined : readSigningKey(keyFile);
  const sums = files.map((file) => `${createHash("sha256").update(readFileSync(file)).digest("hex")}  ${basename(file)}\n`).join("");
  const [list, signature, publicKey] = [join(out, SUMS), join(out, `${SUMS}.minisig`), join(out, PUBLIC_KEY)];
  for (const path of [signature, publicKey]) rmSync(path, { force: true });
  writeFileSync(list, sums);
  if (key === undefined) return [list];
  writeFileSync(signature, signatureFile(Buffer.from(sums), key, `doppelwerk ${version}`));
  writeFileSync(publicKey, publicKeyFile(key));
  return [list, signature, publicKey];
}
