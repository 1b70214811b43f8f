import "reflect-metadata";
import { X509Crl } from "@peculiar/x509";

/** Numbers of the certificates in a revocation list (DER). */
export function serialsOf(list: Buffer): readonly bigint[] {
  return new X509Crl(Uint8Array.from(list)).entries.map(({ serialNumber }) => BigInt(`0x${serialNumber}`));
}
