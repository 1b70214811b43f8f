import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from "node:crypto";
import { multibaseOf, type PublicKey, type Signer, type VerifySignature } from "@doppelwerk/trust/credentials";

const MAX_KEYS = 1_000;
const keys = new Map<string, KeyObject>();

/** Signatures by Node.js; keys that were used lately are kept as it needs them. */
export const verifySignature: VerifySignature = (key, signed, signature) => {
  const digest = key.crv === "P-256" ? "sha256" : null;
  return verify(digest, signed, { key: keyObject(key), dsaEncoding: "ieee-p1363" }, signature);
};

/** `jwk`: a private key. */
export function signerOf(jwk: Readonly<Record<string, unknown>>, key: PublicKey, keyId: string): Signer {
  const privateKey = createPrivateKey({ key: jwk, format: "jwk" });
  const digest = key.crv === "P-256" ? "sha256" : null;
  return { key, keyId, sign: (signed) => new Uint8Array(sign(digest, signed, { key: privateKey, dsaEncoding: "ieee-p1363" })) };
}

function keyObject(key: PublicKey): KeyObject {
  const name = multibaseOf(key);
  let known = keys.get(name);
  if (known === undefined) {
    known = createPublicKey({ key: { ...key }, format: "jwk" });
    // the oldest goes
    if (keys.size >= MAX_KEYS) keys.delete(keys.keys().next().value!);
    keys.set(name, known);
  }
  return known;
}
