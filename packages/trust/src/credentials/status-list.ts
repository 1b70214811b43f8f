import { base64urlnopad } from "@scure/base";
import { message } from "@doppelwerk/messages";
import type { Credential } from "./credential.ts";
import { BASE_CONTEXT } from "./data-model.ts";
import { isObject, listOf, type JsonObject } from "./json.ts";
import { malformed, notHeld } from "./refused.ts";

// Bitstring Status List 1.0 (W3C), with entries of one bit.

/** Entries of a list at least: fewer tell who asks for what. */
export const LIST_ENTRIES = 131_072;
/** 8 million entries; a list that unpacks to more is refused before it is unpacked. */
export const LIST_MAX_BYTES = 1_048_576;

export type StatusPurpose = "revocation" | "suspension";
const PURPOSES: readonly string[] = ["revocation", "suspension"] satisfies readonly StatusPurpose[];
/** Of which nothing follows for whether a credential holds. */
const OTHER_PURPOSES: readonly string[] = ["refresh", "message"];
const INDEX = /^(?:0|[1-9]\d{0,9})$/;

/** Where the status of a credential is kept. */
export interface StatusEntry {
  readonly purpose: StatusPurpose;
  readonly index: number;
  /** Address of the credential that holds the list. */
  readonly list: string;
}

/** Unpacks gzip to so many bytes at most. Errors: any, for what is no gzip or more. */
export type Unpack = (packed: Uint8Array, maxBytes: number) => Uint8Array;

/** What says whether a credential was revoked. Errors: DW_INVALID for a kind of status that is not known: what cannot be looked at is not taken for good. */
export function statusEntriesOf({ credentialStatus }: JsonObject): readonly StatusEntry[] {
  return listOf(credentialStatus).flatMap((each, at) => {
    const where = `credentialStatus[${at}]`;
    if (!isObject(each) || !listOf(each["type"]).includes("BitstringStatusListEntry"))
      throw malformed(message("trust.statusKind"), `${where}.type`);
    const { statusPurpose, statusListIndex, statusListCredential, statusSize } = each;
    if (OTHER_PURPOSES.includes(String(statusPurpose))) return [];
    if (!PURPOSES.includes(String(statusPurpose))) throw malformed(message("trust.statusPurpose"), `${where}.statusPurpose`);
    if (statusSize !== undefined && statusSize !== 1) throw malformed(message("trust.statusSize"), `${where}.statusSize`);
    if (typeof statusListIndex !== "string" || !INDEX.test(statusListIndex))
      throw malformed(message("trust.statusIndex"), `${where}.statusListIndex`);
    if (typeof statusListCredential !== "string" || !isAddress(statusListCredential))
      throw malformed(message("trust.statusAddress"), `${where}.statusListCredential`);
    return [{ purpose: statusPurpose as StatusPurpose, index: Number(statusListIndex), list: statusListCredential }];
  });
}

/** The bits of a list that was verified, for one purpose. Errors: DW_INVALID for what is no such list, packs too much, or is too short. */
export function bitsOfList({ types, subject }: Credential, purpose: StatusPurpose, unpack: Unpack): Uint8Array {
  const { type, statusPurpose, encodedList } = subject;
  if (!types.includes("BitstringStatusListCredential") || !listOf(type).includes("BitstringStatusList"))
    throw malformed(message("trust.listKind"), "credentialSubject.type");
  if (!listOf(statusPurpose).includes(purpose)) throw notHeld(message("trust.listPurpose", { purpose }), "credentialSubject.statusPurpose");
  const where = "credentialSubject.encodedList";
  // multibase: base64url without padding
  if (typeof encodedList !== "string" || !encodedList.startsWith("u")) throw malformed(message("trust.listEncoding"), where);
  let bits: Uint8Array;
  try {
    bits = unpack(base64urlnopad.decode(encodedList.slice(1)), LIST_MAX_BYTES);
  } catch {
    // no base64url, no gzip, or more than may be unpacked
    throw malformed(message("trust.listEncoding"), where);
  }
  if (bits.length * 8 < LIST_ENTRIES) throw malformed(message("trust.listTooShort", { min: LIST_ENTRIES }), where);
  return bits;
}

/** Index 0 is the leftmost bit. Errors: DW_INVALID for an index that is not in the list. */
export function isSet(bits: Uint8Array, index: number): boolean {
  const byte = bits[Math.floor(index / 8)];
  if (byte === undefined)
    throw malformed(message("trust.statusRange", { index, entries: bits.length * 8 }), "credentialStatus.statusListIndex");
  return (byte & (0x80 >> (index & 7))) !== 0;
}

export function setBit(bits: Uint8Array, index: number, isOn: boolean): void {
  isSet(bits, index);
  const mask = 0x80 >> (index & 7);
  bits[index >> 3] = isOn ? bits[index >> 3]! | mask : bits[index >> 3]! & ~mask;
}

export interface ListFacts {
  /** Its address. */
  readonly id: string;
  readonly issuer: string;
  readonly purpose: StatusPurpose;
  /** ISO 8601. */
  readonly validFrom: string;
  readonly validUntil: string;
  /** How long who reads it may keep it. */
  readonly ttlMs: number;
}

/** The credential that holds a list. */
export function listCredential(bits: Uint8Array, facts: ListFacts, pack: (bits: Uint8Array) => Uint8Array): JsonObject {
  const { id, issuer, purpose, validFrom, validUntil, ttlMs } = facts;
  return {
    "@context": [BASE_CONTEXT],
    id,
    type: ["VerifiableCredential", "BitstringStatusListCredential"],
    issuer,
    validFrom,
    validUntil,
    credentialSubject: {
      id: `${id}#list`,
      type: "BitstringStatusList",
      statusPurpose: purpose,
      encodedList: `u${base64urlnopad.encode(pack(bits))}`,
      ttl: ttlMs,
    },
  };
}

/** The entry of a credential in a list. */
export function statusEntry({ purpose, index, list }: StatusEntry): JsonObject {
  return {
    id: `${list}#${index}`,
    type: "BitstringStatusListEntry",
    statusPurpose: purpose,
    statusListIndex: String(index),
    statusListCredential: list,
  };
}

/** Over TLS, of a host, without a user. */
function isAddress(text: string): boolean {
  return text.length <= 1_000 && /^https:\/\/[^\s/?#@\\]+(?:[/?][^\s#\\]*)?$/.test(text);
}
