import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from "node:crypto";
import type { Signer, VerifySignature } from "./jws.ts";
import { didOfKey, multibaseOf, publicKeyOf } from "./public-key.ts";

/** By Node.js. */
export const verifySignature: VerifySignature = (key, signed, signature) =>
  verify(
    key.crv === "P-256" ? "sha256" : null,
    signed,
    { key: createPublicKey({ key: { ...key }, format: "jwk" }), dsaEncoding: "ieee-p1363" },
    signature,
  );

export interface TestKey extends Signer {
  readonly did: string;
  readonly privateKey: KeyObject;
}

/** A new key; of a did:key where no DID is given. */
export function testSigner(kind: "Ed25519" | "P-256" = "Ed25519", did?: string): TestKey {
  const { privateKey } = kind === "Ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = publicKeyOf(
    createPublicKey(createPrivateKey(privateKey.export({ format: "pem", type: "pkcs8" }))).export({ format: "jwk" }),
  )!;
  const own = did ?? didOfKey(key);
  return {
    key,
    did: own,
    keyId: `${own}#${did === undefined ? multibaseOf(key) : "key-1"}`,
    privateKey,
    sign: (signed) => new Uint8Array(sign(kind === "P-256" ? "sha256" : null, signed, { key: privateKey, dsaEncoding: "ieee-p1363" })),
  };
}
