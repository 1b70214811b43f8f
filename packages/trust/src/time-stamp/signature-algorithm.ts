import { AsnConvert } from "@peculiar/asn1-schema";
import { ECDSASigValue } from "@peculiar/asn1-ecc";
import type { AlgorithmIdentifier, SubjectPublicKeyInfo } from "@peculiar/asn1-x509";

/** Of WebCrypto, which Node.js and browsers have. */
export interface SubtleLike {
  importKey(format: "spki", key: Uint8Array<ArrayBuffer>, algorithm: object, extractable: boolean, usages: ["verify"]): Promise<unknown>;
  verify(algorithm: object, key: never, signature: Uint8Array<ArrayBuffer>, bytes: Uint8Array<ArrayBuffer>): Promise<boolean>;
}

/** Whether a signature is by the key; undefined for an algorithm that is not known here, or is too weak. */
export type VerifySignature = (
  algorithm: AlgorithmIdentifier,
  digest: HashName | undefined,
  key: SubjectPublicKeyInfo,
  signature: Uint8Array<ArrayBuffer>,
  bytes: Uint8Array<ArrayBuffer>,
) => Promise<boolean | undefined>;

export type HashName = "SHA-256" | "SHA-384" | "SHA-512";

/** SHA-1 and MD5 are not among them: their collisions are made at will. */
const HASHES: Readonly<Record<string, HashName>> = {
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};
const RSA: Readonly<Record<string, HashName>> = {
  "1.2.840.113549.1.1.11": "SHA-256",
  "1.2.840.113549.1.1.12": "SHA-384",
  "1.2.840.113549.1.1.13": "SHA-512",
};
/** The hash is that of the signer beside it (RFC 3370, 3.2). */
const RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
const ECDSA: Readonly<Record<string, HashName>> = {
  "1.2.840.10045.4.3.2": "SHA-256",
  "1.2.840.10045.4.3.3": "SHA-384",
  "1.2.840.10045.4.3.4": "SHA-512",
};
const CURVES: Readonly<Record<string, { readonly namedCurve: string; readonly bytes: number }>> = {
  "06082a8648ce3d030107": { namedCurve: "P-256", bytes: 32 },
  "06052b81040022": { namedCurve: "P-384", bytes: 48 },
  "06052b81040023": { namedCurve: "P-521", bytes: 66 },
};
const ED25519 = "1.3.101.112";

export function hashOf({ algorithm }: Pick<AlgorithmIdentifier, "algorithm">): HashName | undefined {
  return HASHES[algorithm];
}

export function signaturesOf(subtle: SubtleLike): VerifySignature {
  return async ({ algorithm }, digest, key, signature, bytes) => {
    const spki = new Uint8Array(AsnConvert.serialize(key));
    const by = async (how: object, its: Uint8Array<ArrayBuffer>): Promise<boolean> => {
      try {
        return await subtle.verify(how, (await subtle.importKey("spki", spki, how, false, ["verify"])) as never, its, bytes);
      } catch {
        // a key of another kind, or none at all
        return false;
      }
    };
    const rsa = algorithm === RSA_ENCRYPTION ? digest : RSA[algorithm];
    if (rsa !== undefined) return by({ name: "RSASSA-PKCS1-v1_5", hash: rsa }, signature);
    if (algorithm === ED25519) return by({ name: "Ed25519" }, signature);
    const hash = ECDSA[algorithm];
    const curve = CURVES[hex(new Uint8Array(key.algorithm.parameters ?? new ArrayBuffer(0)))];
    if (hash === undefined || curve === undefined) return undefined;
    const pair = pairOf(signature, curve.bytes);
    return pair === undefined ? false : by({ name: "ECDSA", namedCurve: curve.namedCurve, hash }, pair);
  };
}

/** r and s one after the other, as WebCrypto has them, of the two integers in DER. */
function pairOf(signature: Uint8Array<ArrayBuffer>, bytes: number): Uint8Array<ArrayBuffer> | undefined {
  try {
    const { r, s } = AsnConvert.parse(signature, ECDSASigValue);
    const pair = new Uint8Array(2 * bytes);
    for (const [at, number] of [new Uint8Array(r), new Uint8Array(s)].entries()) {
      const significant = number.subarray(number.findIndex((byte) => byte !== 0));
      if (significant.length > bytes) return undefined;
      pair.set(significant, (at + 1) * bytes - significant.length);
    }
    return pair;
  } catch {
    // no DER
    return undefined;
  }
}

export function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
