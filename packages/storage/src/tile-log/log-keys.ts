import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, sign, verify } from "node:crypto";
import { createMerkleHash, type MerkleHash, type NoteKey, type SignBytes, type VerifyBytes } from "@doppelwerk/trust/log";

/** DER before the 32 bytes of a public Ed25519 key (RFC 8410). */
const PUBLIC = Buffer.from("302a300506032b6570032100", "hex");

/** With the SHA-256 of the machine. */
export function createLogHash(): MerkleHash {
  return createMerkleHash((bytes) => new Uint8Array(hash("sha256", bytes, "buffer")));
}

export const verifyEd25519: VerifyBytes = (publicKey, bytes, signature) =>
  verify(null, bytes, createPublicKey({ key: Buffer.concat([PUBLIC, publicKey]), format: "der", type: "spki" }), signature);

/** A new private key that signs checkpoints, PKCS #8 in PEM. */
export function newSigningKey(): string {
  return generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }) as string;
}

/** The key that notes of that name are verified with, and what signs them. Errors: as node:crypto throws them, for text that is no Ed25519 key. */
export function signingKeyOf(name: string, pem: string): { readonly key: NoteKey; readonly sign: SignBytes } {
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== "ed25519") throw new Error(`a key of Ed25519 is needed, not ${privateKey.asymmetricKeyType}`);
  const publicKey = createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(PUBLIC.length);
  return {
    key: { name, kind: "signature", publicKey: new Uint8Array(publicKey) },
    sign: (bytes) => new Uint8Array(sign(null, bytes, privateKey)),
  };
}
