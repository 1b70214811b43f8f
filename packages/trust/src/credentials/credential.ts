import { message } from "@doppelwerk/messages";
import { checkCredential, timeOf } from "./data-model.ts";
import { isDid } from "./did.ts";
import { isObject, listOf, type JsonObject } from "./json.ts";
import { readJws, signJws, verifyJws, type Jws, type Signer, type VerifySignature } from "./jws.ts";
import type { PublicKey } from "./public-key.ts";
import { malformed, notHeld } from "./refused.ts";

/** Media types without `application/` (Securing Verifiable Credentials using JOSE and COSE, 3). */
export const CREDENTIAL_TYPE = "vc+jwt";
const CREDENTIAL_MAX = 100_000;
/** A list of a million entries, none like the other, in base64url. */
export const LIST_CREDENTIAL_MAX = 1_000_000;
/** Clocks of two companies differ by so much. */
export const SKEW_MS = 60_000;

/** A credential that was read and not verified. */
export interface ReadCredential {
  readonly jws: Jws;
  readonly issuer: string;
  readonly credential: JsonObject;
}

/** A credential whose signature and time hold; its status is looked at beside. */
export interface Credential {
  /** Absent where the issuer gave none. */
  readonly id?: string;
  readonly issuer: string;
  readonly types: readonly string[];
  /** The first one. */
  readonly subject: JsonObject;
  /** Milliseconds since 1970. */
  readonly validFromMs?: number;
  readonly validUntilMs?: number;
  readonly json: JsonObject;
}

/** Reads a VC-JWT: form, type and data model, and that the key that is named is one of the issuer. Errors: DW_INVALID. */
export function readCredential(text: string, max = CREDENTIAL_MAX): ReadCredential {
  const jws = readJws(text, { typ: CREDENTIAL_TYPE, max });
  const { payload } = jws;
  for (const name of ["vc", "vp"]) if (payload[name] !== undefined) throw malformed(message("trust.claimNotThere", { name }), name);
  checkCredential(payload);
  const issuer = isObject(payload["issuer"]) ? payload["issuer"]["id"] : payload["issuer"];
  if (typeof issuer !== "string" || !isDid(issuer)) throw malformed(message("trust.issuerDid"), "issuer");
  if (jws.keyName.did !== issuer) throw malformed(message("trust.keyOfOther"), "header.kid");
  // claims of a JWT are about the same as the credential, or the token is two things at once
  const subject = listOf(payload["credentialSubject"])[0] as JsonObject;
  for (const [claim, value] of [
    ["iss", issuer],
    ["jti", payload["id"]],
    ["sub", subject["id"]],
  ] as const)
    if (payload[claim] !== undefined && payload[claim] !== value) throw malformed(message("trust.claimDiffers", { name: claim }), claim);
  return { jws, issuer, credential: payload };
}

/** Verifies with a key that the issuer has for assertions. Errors: DW_UNAUTHENTICATED, DW_INVALID. */
export function holdCredential(read: ReadCredential, key: PublicKey, verify: VerifySignature, nowMs: number): Credential {
  verifyJws(read.jws, key, verify);
  const { credential: json, issuer } = read;
  const { id, type, credentialSubject } = json;
  const validFromMs = timeOf(json["validFrom"], "validFrom");
  const validUntilMs = timeOf(json["validUntil"], "validUntil");
  checkTimes(json, nowMs);
  if (validFromMs !== undefined && nowMs < validFromMs - SKEW_MS)
    throw notHeld(message("trust.notYetValid", { time: String(json["validFrom"]) }), "validFrom");
  if (validUntilMs !== undefined && nowMs > validUntilMs + SKEW_MS)
    throw notHeld(message("trust.over", { time: String(json["validUntil"]) }), "validUntil");
  return {
    ...(typeof id === "string" && { id }),
    issuer,
    types: listOf(type) as readonly string[],
    subject: listOf(credentialSubject)[0] as JsonObject,
    ...(validFromMs !== undefined && { validFromMs }),
    ...(validUntilMs !== undefined && { validUntilMs }),
    json,
  };
}

/** Of the signature (RFC 7519, 4.1), in seconds since 1970. Errors: DW_INVALID, DW_UNAUTHENTICATED. */
export function checkTimes({ exp, nbf, iat }: JsonObject, nowMs: number): void {
  for (const [name, value] of Object.entries({ exp, nbf, iat }))
    if (value !== undefined && (typeof value !== "number" || !Number.isFinite(value))) throw malformed(message("trust.claimTime"), name);
  const iso = (seconds: unknown): string => new Date(Math.min(Number(seconds) * 1_000, 8.64e15)).toISOString();
  if (exp !== undefined && nowMs > Number(exp) * 1_000 + SKEW_MS) throw notHeld(message("trust.over", { time: iso(exp) }), "exp");
  for (const [name, value] of Object.entries({ nbf, iat }))
    if (value !== undefined && nowMs < Number(value) * 1_000 - SKEW_MS)
      throw notHeld(message("trust.notYetValid", { time: iso(value) }), name);
}

/** A VC-JWT. Errors: DW_INVALID for what is no credential, or one of another issuer than the key. */
export function issueCredential(credential: JsonObject, signer: Signer): string {
  checkCredential(credential);
  const text = signJws(credential, CREDENTIAL_TYPE, signer);
  readCredential(text, LIST_CREDENTIAL_MAX);
  return text;
}
