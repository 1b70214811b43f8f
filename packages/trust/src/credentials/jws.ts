import { base64urlnopad } from "@scure/base";
import { message } from "@doppelwerk/messages";
import { isObject, type JsonObject } from "./json.ts";
import { keyNameOf, type KeyName } from "./did.ts";
import type { PublicKey } from "./public-key.ts";
import { malformed, notHeld } from "./refused.ts";

/** Whether the signature (64 bytes, of both kinds) is one of these bytes by this key; the algorithm is that of the key (RFC 8037; RFC 7518, 3.4). */
export type VerifySignature = (key: PublicKey, signed: Uint8Array, signature: Uint8Array) => boolean;
/** Signs with the private half of `key`. */
export interface Signer {
  readonly key: PublicKey;
  /** DID URL of the key. */
  readonly keyId: string;
  sign(signed: Uint8Array): Uint8Array;
}

const SIGNATURE_BYTES = 64;
/** Of the kinds of keys; no other word of a header decides how a signature is verified. */
const ALGORITHMS = { Ed25519: ["EdDSA", "Ed25519"], "P-256": ["ES256"] } as const;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** A signed text that was read and not verified. */
export interface Jws {
  readonly algorithm: string;
  readonly keyName: KeyName;
  readonly payload: JsonObject;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * A JWS in compact form (RFC 7515, 7.1) whose header has `typ`, an algorithm of `ALGORITHMS` and a `kid` that is a DID URL. Extensions (`crit`, `b64`) and keys
 * that it brings itself are refused. Errors: DW_INVALID.
 */
export function readJws(text: string, { typ, max }: { readonly typ: string; readonly max: number }): Jws {
  if (text.length > max) throw malformed(message("trust.jwsTooLong", { max }), "");
  const parts = text.split(".");
  const [head, body, signed] = parts;
  if (parts.length !== 3) throw malformed(message("trust.jwsParts"), "");
  const header = jsonOf(head!, "header");
  const { alg, kid, typ: type } = header;
  if (
    String(type)
      .toLowerCase()
      .replace(/^application\//, "") !== typ
  )
    throw malformed(message("trust.jwsType", { type: typ }), "header.typ");
  for (const name of ["crit", "b64", "jku", "jwk", "x5u", "x5c"])
    if (header[name] !== undefined) throw malformed(message("trust.jwsHeader", { name }), `header.${name}`);
  if (typeof alg !== "string" || !Object.values(ALGORITHMS).some((each) => (each as readonly string[]).includes(alg)))
    throw malformed(message("trust.jwsAlgorithm"), "header.alg");
  const signature = bytesOf(signed!, "signature");
  if (signature.length !== SIGNATURE_BYTES) throw malformed(message("trust.jwsParts"), "signature");
  return {
    algorithm: alg,
    keyName: keyNameOf(kid, "header.kid"),
    payload: jsonOf(body!, "payload"),
    signed: encoder.encode(`${head}.${body}`),
    signature,
  };
}

/** Errors: DW_UNAUTHENTICATED. */
export function verifyJws(jws: Jws, key: PublicKey, verify: VerifySignature): void {
  if (!(ALGORITHMS[key.crv] as readonly string[]).includes(jws.algorithm)) throw notHeld(message("trust.jwsOtherAlgorithm"), "header.alg");
  if (!verify(key, jws.signed, jws.signature)) throw notHeld(message("trust.signatureWrong"), "signature");
}

export function signJws(payload: JsonObject, typ: string, { key, keyId, sign }: Signer): string {
  const header = { alg: ALGORITHMS[key.crv][0], kid: keyId, typ };
  const encode = (part: unknown): string => base64urlnopad.encode(encoder.encode(JSON.stringify(part)));
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${base64urlnopad.encode(sign(encoder.encode(signed)))}`;
}

function jsonOf(part: string, where: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytesOf(part, where)));
  } catch {
    // told below: no UTF-8, or no JSON
  }
  if (!isObject(value)) throw malformed(message("trust.jwsParts"), where);
  return value;
}

function bytesOf(part: string, where: string): Uint8Array {
  try {
    return base64urlnopad.decode(part);
  } catch {
    // padding, spaces and stray bits are another text for the same bytes
    throw malformed(message("trust.jwsParts"), where);
  }
}
