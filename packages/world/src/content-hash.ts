import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { canonicalJson } from "./canonical-json.ts";
import type { Json, RecordId } from "./record.ts";

const encoder = new TextEncoder();

/** SHA-256 (FIPS 180-4) of the canonical bytes of a JSON value, hex. */
export function contentHash(value: Json | undefined): string {
  return bytesToHex(sha256(encoder.encode(canonicalJson(value))));
}

/** The id of an imported or proposed record: importing the same (source, path) again meets the same record. */
export function hashedId(kind: string, source: string, path: string): RecordId {
  return `${kind}:${contentHash([source, path]).slice(0, 32)}`;
}
