import { createPublicKey, type KeyObject } from "node:crypto";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { AuthorityKind } from "../tls/authority.ts";

/** OPC UA, Part 7: keys of its policies have 2,048 to 4,096 bits. */
const RSA_BITS = { least: 2_048, most: 4_096 };
const LEAST_EXPONENT = 65_537n;
const CURVES: ReadonlySet<string | undefined> = new Set(["prime256v1", "secp384r1"]);

/** Refuses keys that are soon broken, and those that the protocol does not speak. `key`: SPKI (DER). Errors: DW_INVALID. */
export function requireStrongKey(key: Uint8Array, kind: AuthorityKind): void {
  if (!isStrong(read(key), kind)) throw new DoppelwerkError("DW_INVALID", message("server.certificateKeyWeak"));
}

function read(key: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(key), format: "der", type: "spki" });
  } catch {
    // no key at all, or of a kind that nobody here speaks
    return undefined;
  }
}

function isStrong(key: KeyObject | undefined, kind: AuthorityKind): boolean {
  if (key === undefined) return false;
  const { modulusLength = 0, publicExponent = 0n, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === "rsa")
    return modulusLength >= RSA_BITS.least && modulusLength <= RSA_BITS.most && publicExponent >= LEAST_EXPONENT;
  if (kind === "opcua") return false;
  return key.asymmetricKeyType === "ed25519" || (key.asymmetricKeyType === "ec" && CURVES.has(namedCurve));
}
