import { sha256 } from "@noble/hashes/sha2.js";
import { isSameHash } from "./merkle-hash.ts";
import { base64, bytesOfBase64 } from "./note-base64.ts";

// Texts with signatures (C2SP signed-note) and cosignatures of witnesses (C2SP tlog-cosignature), both Ed25519.

const ED25519 = 1;
const COSIGNATURE = 4;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** A note of more signatures is not read. */
const MAX_SIGNATURES = 100;
const encoder = new TextEncoder();

/** Signs bytes with a private key (Ed25519, RFC 8032): 64 bytes. */
export type SignBytes = (bytes: Uint8Array) => Uint8Array;
export type VerifyBytes = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => boolean;

/** A key that notes are verified with. */
export interface NoteKey {
  readonly name: string;
  /** `cosignature`: of a witness, with the time at which it signed. */
  readonly kind: "signature" | "cosignature";
  readonly publicKey: Uint8Array;
}

export interface NoteSignature {
  readonly key: NoteKey;
  /** Seconds since 1970, of a cosignature. */
  readonly signedAt?: number;
}

/** A line of a note that names a key, not verified. */
interface SignatureLine {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

export interface ParsedNote {
  /** What is signed, with its last line break. */
  readonly text: string;
  readonly lines: readonly SignatureLine[];
}

/** A note with the lines of its signatures. */
export function signedNote(text: string, signatures: readonly string[]): string {
  return `${text}\n${signatures.map((line) => `${line}\n`).join("")}`;
}

export function signatureLine(text: string, { name, kind, publicKey }: NoteKey, sign: SignBytes, nowS: number): string {
  const id = keyIdOf(name, kind, publicKey);
  if (kind === "signature") return lineOf(name, id, sign(encoder.encode(text)));
  const stamped = new Uint8Array(8 + SIGNATURE_BYTES);
  new DataView(stamped.buffer).setBigUint64(0, BigInt(nowS));
  stamped.set(sign(cosigned(text, nowS)), 8);
  return lineOf(name, id, stamped);
}

/** Undefined where the text is no note: without signatures, with control characters, or with a line that is none. */
export function parseNote(note: string): ParsedNote | undefined {
  // the last empty line is between text and signatures
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || !note.endsWith("\n") || hasControlCharacter(note) || hasLoneSurrogate(note)) return undefined;
  const found = note.slice(end + 2, -1).split("\n");
  if (found.length > MAX_SIGNATURES) return undefined;
  const lines: SignatureLine[] = [];
  for (const line of found) {
    const parts = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line);
    const bytes = parts === null ? undefined : bytesOfBase64(parts[2]!);
    if (bytes === undefined || bytes.length < 5) return undefined;
    lines.push({ name: parts![1]!, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) });
  }
  return { text: note.slice(0, end + 1), lines };
}

/** The known keys that signed the note. Undefined where a line of a known key is not its signature: then the whole note is not to be trusted. */
export function verifyNote(
  { text, lines }: ParsedNote,
  keys: readonly NoteKey[],
  verify: VerifyBytes,
): readonly NoteSignature[] | undefined {
  const verified: NoteSignature[] = [];
  for (const { name, keyId, signature } of lines) {
    const key = keys.find((each) => each.name === name && isSameHash(keyIdOf(each.name, each.kind, each.publicKey), keyId));
    if (key === undefined) continue;
    if (verified.some((each) => each.key === key)) return undefined;
    if (key.kind === "signature") {
      if (signature.length !== SIGNATURE_BYTES || !verify(key.publicKey, encoder.encode(text), signature)) return undefined;
      verified.push({ key });
      continue;
    }
    if (signature.length !== 8 + SIGNATURE_BYTES) return undefined;
    const signedAt = Number(new DataView(signature.buffer, signature.byteOffset).getBigUint64(0));
    if (!Number.isSafeInteger(signedAt) || !verify(key.publicKey, cosigned(text, signedAt), signature.subarray(8))) return undefined;
    verified.push({ key, signedAt });
  }
  return verified;
}

/** A key as text: name, first bytes of its hash, kind and public key. */
export function keyText({ name, kind, publicKey }: NoteKey): string {
  const id = [...keyIdOf(name, kind, publicKey)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${name}+${id}+${base64(typed(kind, publicKey))}`;
}

/** Undefined for a text that is no key, or one whose hash is not that of the key in it. */
export function parseKeyText(text: string): NoteKey | undefined {
  const [, name, , encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(text) ?? [];
  const bytes = encoded === undefined ? undefined : bytesOfBase64(encoded);
  if (bytes?.length !== 1 + KEY_BYTES || (bytes[0] !== ED25519 && bytes[0] !== COSIGNATURE)) return undefined;
  const key: NoteKey = { name: name!, kind: bytes[0] === ED25519 ? "signature" : "cosignature", publicKey: bytes.subarray(1) };
  return keyText(key) === text ? key : undefined;
}

function keyIdOf(name: string, kind: NoteKey["kind"], publicKey: Uint8Array): Uint8Array {
  return sha256(joined(encoder.encode(`${name}\n`), typed(kind, publicKey))).subarray(0, 4);
}

function typed(kind: NoteKey["kind"], publicKey: Uint8Array): Uint8Array {
  return joined(Uint8Array.of(kind === "signature" ? ED25519 : COSIGNATURE), publicKey);
}

function cosigned(text: string, signedAt: number): Uint8Array {
  return encoder.encode(`cosignature/v1\ntime ${signedAt}\n${text}`);
}

function lineOf(name: string, id: Uint8Array, signature: Uint8Array): string {
  return `— ${name} ${base64(joined(id, signature))}`;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}

function hasControlCharacter(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) < 0x20 && text[at] !== "\n") return true;
  return false;
}

/** Half of a character has no UTF-8. */
function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}
