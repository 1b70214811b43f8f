import type { Client, TransparencyEntry } from "@doppelwerk/client";
import { createMerkleHash, parseKeyText, verifyInclusion } from "@doppelwerk/trust/log";

/** Whether an entry is in the log that the key signs, computed in this browser: hash, path and root, and the signature under the root. */
export async function verifyEntry(
  client: Pick<Client, "transparencyProof">,
  keyText: string,
  { index, bytes }: TransparencyEntry,
  signal?: AbortSignal,
): Promise<boolean> {
  const key = parseKeyText(keyText);
  if (key === undefined) return false;
  const proof = await client.transparencyProof(index, { signal });
  const signatures: Promise<boolean>[] = [];
  const verdict = verifyInclusion(createMerkleHash(), proof, bytesOf(bytes), [key], (publicKey, text, signature) => {
    signatures.push(isSigned(publicKey, text, signature));
    return true;
  });
  return verdict.isIncluded && signatures.length > 0 && (await Promise.all(signatures)).every(Boolean);
}

/** The browser's own Ed25519 answers later than its caller asks. */
export async function isSigned(publicKey: Uint8Array, text: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const key = await crypto.subtle.importKey("raw", new Uint8Array(publicKey), "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", key, new Uint8Array(signature), new Uint8Array(text));
}

export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
