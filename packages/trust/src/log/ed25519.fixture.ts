import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import type { NoteKey, SignBytes, VerifyBytes } from "./signed-note.ts";

/** DER before the 32 bytes of a private and of a public Ed25519 key (RFC 8410). */
const PRIVATE = Buffer.from("302e020100300506032b657004220420", "hex");
const PUBLIC = Buffer.from("302a300506032b6570032100", "hex");

export const verifyEd25519: VerifyBytes = (publicKey, bytes, signature) =>
  verify(null, bytes, createPublicKey({ key: Buffer.concat([PUBLIC, publicKey]), format: "der", type: "spki" }), signature);

/** The key of that seed, the same each time. */
export function testKey(
  name: string,
  seed: number,
  kind: NoteKey["kind"] = "signature",
): { readonly key: NoteKey; readonly sign: SignBytes } {
  const privateKey = createPrivateKey({ key: Buffer.concat([PRIVATE, Buffer.alloc(32, seed)]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(PUBLIC.length);
  return { key: { name, kind, publicKey: new Uint8Array(publicKey) }, sign: (bytes) => new Uint8Array(sign(null, bytes, privateKey)) };
}
