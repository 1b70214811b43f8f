import { message } from "@doppelwerk/messages";
import { checkTimes, SKEW_MS } from "./credential.ts";
import { BASE_CONTEXT, checkPresentation, isEnveloped } from "./data-model.ts";
import { isObject, listOf, type JsonObject } from "./json.ts";
import { readJws, signJws, verifyJws, type Jws, type Signer, type VerifySignature } from "./jws.ts";
import type { PublicKey } from "./public-key.ts";
import { malformed, notHeld } from "./refused.ts";

const PRESENTATION_TYPE = "vp+jwt";
const PRESENTATION_MAX = 300_000;
const ENVELOPE = "data:application/vc+jwt,";
const MAX_CREDENTIALS = 10;
/** One that was made longer ago was made for something else. */
export const PRESENTATION_MAX_MS = 300_000;

/** A presentation that was read and not verified. */
export interface ReadPresentation {
  readonly jws: Jws;
  /** Whose key signs it. */
  readonly holder: string;
  /** VC-JWTs. */
  readonly credentials: readonly string[];
}

/** Reads a VP-JWT with enveloped credentials. Errors: DW_INVALID. */
export function readPresentation(text: string): ReadPresentation {
  const jws = readJws(text, { typ: PRESENTATION_TYPE, max: PRESENTATION_MAX });
  const { payload, keyName } = jws;
  for (const name of ["vc", "vp"]) if (payload[name] !== undefined) throw malformed(message("trust.claimNotThere", { name }), name);
  checkPresentation(payload);
  const holder = isObject(payload["holder"]) ? payload["holder"]["id"] : payload["holder"];
  if (holder !== undefined && holder !== keyName.did) throw malformed(message("trust.keyOfOther"), "holder");
  if (payload["iss"] !== undefined && payload["iss"] !== keyName.did)
    throw malformed(message("trust.claimDiffers", { name: "iss" }), "iss");
  const presented = listOf(payload["verifiableCredential"]);
  if (presented.length === 0 || presented.length > MAX_CREDENTIALS)
    throw malformed(message("trust.presentedCount", { max: MAX_CREDENTIALS }), "verifiableCredential");
  const credentials = presented.map((each, index) => {
    const id = isObject(each) && isEnveloped(each) ? each["id"] : undefined;
    if (typeof id !== "string" || !id.startsWith(ENVELOPE)) throw malformed(message("trust.envelope"), `verifiableCredential[${index}]`);
    return id.slice(ENVELOPE.length);
  });
  return { jws, holder: keyName.did, credentials };
}

export interface Expected {
  /** Whom it was to be made for: one of these names. */
  readonly audiences: readonly string[];
  /** The text that was given to the holder for this one presentation. */
  readonly nonce: string;
  readonly nowMs: number;
}

/** Verifies with a key with which the holder proves to be there. Errors: DW_UNAUTHENTICATED, DW_INVALID. */
export function holdPresentation({ jws }: ReadPresentation, key: PublicKey, verify: VerifySignature, expected: Expected): void {
  verifyJws(jws, key, verify);
  const { payload } = jws;
  const { aud, nonce, exp, iat } = payload;
  const { audiences, nowMs } = expected;
  if (!listOf(aud).some((each) => audiences.includes(String(each))))
    throw notHeld(message("trust.audience", { audience: audiences[0] ?? "" }), "aud");
  if (nonce !== expected.nonce) throw notHeld(message("trust.nonce"), "nonce");
  checkTimes(payload, nowMs);
  if (iat === undefined && exp === undefined) throw malformed(message("trust.presentedWhen"), "iat");
  if (iat !== undefined && nowMs > Number(iat) * 1_000 + PRESENTATION_MAX_MS + SKEW_MS)
    throw notHeld(message("trust.presentedWhen"), "iat");
  if (exp !== undefined && Number(exp) * 1_000 > nowMs + PRESENTATION_MAX_MS + SKEW_MS)
    throw notHeld(message("trust.presentedWhen"), "exp");
}

/** A VP-JWT of credentials for one who asked with this nonce. */
export function presentCredentials(
  credentials: readonly string[],
  { audience, nonce, nowMs }: { readonly audience: string; readonly nonce: string; readonly nowMs: number },
  signer: Signer,
): string {
  const iat = Math.floor(nowMs / 1_000);
  const presentation: JsonObject = {
    "@context": [BASE_CONTEXT],
    type: ["VerifiablePresentation"],
    holder: signer.keyId.split("#")[0]!,
    verifiableCredential: credentials.map((text) => ({
      "@context": BASE_CONTEXT,
      id: ENVELOPE + text,
      type: "EnvelopedVerifiableCredential",
    })),
    aud: audience,
    nonce,
    iat,
    exp: iat + PRESENTATION_MAX_MS / 1_000,
  };
  return signJws(presentation, PRESENTATION_TYPE, signer);
}
