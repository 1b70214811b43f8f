import { base58, base64urlnopad } from "@scure/base";
import { message } from "@doppelwerk/messages";
import { isObject } from "./json.ts";
import { malformed } from "./refused.ts";

/** Ed25519 (RFC 8037), or P-256 for security chips that know no other (RFC 7518, 6.2): JWK with its public members alone. */
export type PublicKey =
  | { readonly kty: "OKP"; readonly crv: "Ed25519"; readonly x: string }
  | { readonly kty: "EC"; readonly crv: "P-256"; readonly x: string; readonly y: string };

/** Prefixes of multicodec: ed25519-pub, p256-pub. */
const CODECS = { Ed25519: [0xed, 0x01], "P-256": [0x80, 0x24] } as const;
const COORDINATE_BYTES = 32;
/** Of 34 or 35 bytes; whatever is longer is no key. */
const MULTIBASE_MAX = 60;

/** The members that make the key, and nothing else of what was sent. Undefined for a key of another kind. */
export function publicKeyOf(jwk: unknown): PublicKey | undefined {
  if (!isObject(jwk)) return undefined;
  const { kty, crv, x, y } = jwk;
  if (kty === "OKP" && crv === "Ed25519" && isCoordinate(x)) return { kty, crv, x };
  if (kty === "EC" && crv === "P-256" && isCoordinate(x) && isCoordinate(y)) return { kty, crv, x, y };
  return undefined;
}

export function isSameKey(a: PublicKey, b: PublicKey): boolean {
  return multibaseOf(a) === multibaseOf(b);
}

/** did:key of W3C CCG: the key itself. */
export function didOfKey(key: PublicKey): string {
  return `did:key:${multibaseOf(key)}`;
}

/** The key in base58 (Multikey, `publicKeyMultibase`). */
export function multibaseOf(key: PublicKey): string {
  const x = base64urlnopad.decode(key.x);
  // a point of an elliptic curve is written by its x and the parity of its y (SEC 1, 2.3.3)
  const point = key.crv === "P-256" ? [2 + (base64urlnopad.decode(key.y).at(-1)! & 1), ...x] : x;
  return `z${base58.encode(Uint8Array.from([...CODECS[key.crv], ...point]))}`;
}

/** Errors: DW_INVALID for what is no key of a kind that is taken. */
export function keyOfMultibase(text: string, where: string): PublicKey {
  const bytes = text.startsWith("z") && text.length <= MULTIBASE_MAX ? bytesOf(() => base58.decode(text.slice(1))) : undefined;
  const [first, second] = bytes ?? [];
  const point = bytes?.subarray(2);
  if (first === CODECS.Ed25519[0] && second === CODECS.Ed25519[1] && point?.length === COORDINATE_BYTES)
    return { kty: "OKP", crv: "Ed25519", x: base64urlnopad.encode(point) };
  if (first === CODECS["P-256"][0] && second === CODECS["P-256"][1] && point?.length === COORDINATE_BYTES + 1) {
    const y = yOf(point);
    if (y !== undefined) return { kty: "EC", crv: "P-256", x: base64urlnopad.encode(point.subarray(1)), y };
  }
  throw malformed(message("trust.keyKind"), where);
}

// NIST P-256 (FIPS 186-4, D.1.2.3): y² = x³ - 3x + b modulo p, and p ≡ 3 modulo 4
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/** Of a compressed point; undefined where there is no point with this x. */
function yOf(point: Uint8Array): string | undefined {
  const sign = point[0]!;
  let x = 0n;
  for (const byte of point.subarray(1)) x = (x << 8n) | BigInt(byte);
  if ((sign !== 2 && sign !== 3) || x >= P) return undefined;
  const square = (x * x * x - 3n * x + B) % P;
  const root = power(square < 0n ? square + P : square, (P + 1n) / 4n);
  if ((root * root) % P !== (square < 0n ? square + P : square)) return undefined;
  let y = Number(root & 1n) === (sign & 1) ? root : P - root;
  const bytes = new Uint8Array(COORDINATE_BYTES);
  for (let at = COORDINATE_BYTES - 1; at >= 0; at--) {
    bytes[at] = Number(y & 0xffn);
    y >>= 8n;
  }
  return base64urlnopad.encode(bytes);
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = base, left = exponent; left > 0n; left >>= 1n, square = (square * square) % P)
    if ((left & 1n) === 1n) result = (result * square) % P;
  return result;
}

function isCoordinate(text: unknown): text is string {
  return typeof text === "string" && bytesOf(() => base64urlnopad.decode(text))?.length === COORDINATE_BYTES;
}

/** Undefined for a text that is not in the form of its alphabet. */
function bytesOf(decode: () => Uint8Array): Uint8Array | undefined {
  try {
    return decode();
  } catch {
    // what the library throws says no more than that
    return undefined;
  }
}
