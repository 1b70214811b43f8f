import { createPublicKey } from "node:crypto";
import { message } from "@doppelwerk/messages";
import { didOfKey, publicKeyOf, type PublicKey } from "@doppelwerk/trust/credentials";
import { DoppelwerkError } from "@doppelwerk/world";

/** The public half of a machine's key. */
export type MachineKey = PublicKey;

export const ALGORITHMS = ["EdDSA", "Ed25519", "ES256"];

export { didOfKey };

/** The members that make the key, and nothing else of what was sent. Errors: DW_INVALID for a key of another kind. */
export function machineKeyOf(jwk: unknown): MachineKey {
  const key = publicKeyOf(jwk);
  if (key === undefined) throw new DoppelwerkError("DW_INVALID", message("server.machineKeyKind"));
  return key;
}

/** SubjectPublicKeyInfo (DER). */
export function spkiOfKey({ kty, crv, x, ...rest }: MachineKey): Uint8Array {
  const jwk = "y" in rest ? { kty, crv, x, y: rest.y } : { kty, crv, x };
  return createPublicKey({ key: jwk, format: "jwk" }).export({ format: "der", type: "spki" });
}
