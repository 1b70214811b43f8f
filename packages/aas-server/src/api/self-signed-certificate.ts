import { createPublicKey, randomBytes, sign, type KeyObject } from "node:crypto";

// The one certificate this server makes: X.509 v3 (RFC 5280) in DER, RSA with SHA-256, signed by its own key, for digital signatures only.

const [INTEGER, BIT_STRING, OCTET_STRING, NULL, OID, UTF8, UTC_TIME, GENERALIZED_TIME, SEQUENCE, SET] = [
  0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x17, 0x18, 0x30, 0x31,
] as const;
const TRUE = Buffer.from([0x01, 0x01, 0xff]);
const SHA256_WITH_RSA = tagged(SEQUENCE, oid("2a864886f70d01010b"), tagged(NULL));
const [COMMON_NAME, BASIC_CONSTRAINTS, KEY_USAGE] = [oid("550403"), oid("551d13"), oid("551d0f")];

/** DER of a certificate for the key, under a common name, good from one day to the other. */
export function selfSignedCertificate(key: KeyObject, commonName: string, from: Date, until: Date): Buffer {
  const name = tagged(SEQUENCE, tagged(SET, tagged(SEQUENCE, COMMON_NAME, tagged(UTF8, Buffer.from(commonName)))));
  const serial = randomBytes(16);
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  const extensions = tagged(
    SEQUENCE,
    tagged(SEQUENCE, BASIC_CONSTRAINTS, TRUE, tagged(OCTET_STRING, tagged(SEQUENCE))),
    tagged(SEQUENCE, KEY_USAGE, TRUE, tagged(OCTET_STRING, tagged(BIT_STRING, Buffer.from([7, 0x80])))),
  );
  const content = tagged(
    SEQUENCE,
    tagged(0xa0, tagged(INTEGER, Buffer.from([2]))),
    tagged(INTEGER, serial),
    SHA256_WITH_RSA,
    name,
    tagged(SEQUENCE, time(from), time(until)),
    name,
    createPublicKey(key).export({ type: "spki", format: "der" }),
    tagged(0xa3, extensions),
  );
  return tagged(SEQUENCE, content, SHA256_WITH_RSA, tagged(BIT_STRING, Buffer.from([0]), sign("RSA-SHA256", content, key)));
}

function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const length = Buffer.from(content.length.toString(16).padStart(content.length > 0xff ? 4 : 2, "0"), "hex");
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, content]);
}

function oid(hex: string): Buffer {
  return tagged(OID, Buffer.from(hex, "hex"));
}

/** Two digits of the year until 2049, four from 2050 on (RFC 5280, 4.1.2.5). */
function time(date: Date): Buffer {
  const digits = `${date.toISOString().replace(/\D/g, "").slice(0, 14)}Z`;
  return date.getUTCFullYear() < 2050 ? tagged(UTC_TIME, Buffer.from(digits.slice(2))) : tagged(GENERALIZED_TIME, Buffer.from(digits));
}
