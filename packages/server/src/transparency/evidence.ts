import { createHash } from "node:crypto";
import { message } from "@doppelwerk/messages";
import { createLogHash, verifyEd25519 } from "@doppelwerk/storage/tile-log";
import { isIncluded, parseCheckpoint, parseKeyText, parseNote, verifyNote, type Checkpoint } from "@doppelwerk/trust/log";
import { canonicalJson, DoppelwerkError, type Json } from "@doppelwerk/world";
import { entryOf, type Entry } from "./entry.ts";
import { isOutsideRecord, type OutsideRecord } from "./outside-records.ts";
import { commitment, type Opening, type Salts } from "./salts.ts";
import { checkpointOf, isOneLog, verifyOutsideRecord, type OutsideTrust, type OutsideVerdict } from "./verify-outside.ts";

const FORMAT = "doppelwerk-evidence";
const VERSION = 1;
/** Of a file; more are several files. */
export const MAX_EVIDENCE = 10_000;

/** Fields of an entry that commit to an id of a person. */
const PEOPLE = ["who", "whom"] as const;

interface EvidenceEntry {
  readonly index: number;
  /** As it was hashed, base 64. */
  readonly entry: string;
  /** Audit path, base 64. */
  readonly proof: readonly string[];
  /** What it commits to, as far as that was not erased. */
  readonly openings: Readonly<Record<string, Opening>>;
}

/** What somebody else stated about the log when it had these entries, with what leads from one checkpoint to the other. */
export interface OutsideEvidence {
  readonly record: OutsideRecord;
  /** From the smaller to the larger one (RFC 6962, 2.1.2), base 64. */
  readonly consistency: readonly string[];
}

/** Entries of a log that can be verified without it: one file of JSON in the form of RFC 8785, with its own SHA-256 at its end. */
interface Evidence {
  readonly checkpoint: string;
  readonly entries: readonly EvidenceEntry[];
  readonly format: typeof FORMAT;
  readonly key: string;
  /** Absent where nobody else stated anything. */
  readonly outside?: readonly OutsideEvidence[];
  readonly version: typeof VERSION;
}

export interface EvidenceSource {
  readonly key: string;
  readonly checkpoint: string;
  readonly salts: Pick<Salts, "owners" | "open">;
  readonly entries: readonly { readonly index: number; readonly bytes: Uint8Array; readonly path: readonly Uint8Array[] }[];
  readonly outside?: readonly { readonly record: OutsideRecord; readonly consistency: readonly Uint8Array[] }[];
}

/** Errors: DW_NOT_FOUND for no entry, DW_INVALID for too many. */
export function checkCount(count: number): void {
  if (count === 0) throw new DoppelwerkError("DW_NOT_FOUND", message("server.evidenceOfNothing"));
  if (count > MAX_EVIDENCE) throw new DoppelwerkError("DW_INVALID", message("server.evidenceOfTooMuch", { count, max: MAX_EVIDENCE }));
}

export function evidenceText({ key, checkpoint, salts, entries, outside = [] }: EvidenceSource): string {
  const evidence: Evidence = {
    checkpoint,
    entries: entries.map(({ index, bytes, path }) => ({
      entry: base64(bytes),
      index,
      openings: openingsOf(entryOf(bytes), salts),
      proof: path.map(base64),
    })),
    format: FORMAT,
    key,
    ...(outside.length > 0 && { outside: outside.map(({ record, consistency }) => ({ record, consistency: consistency.map(base64) })) }),
    version: VERSION,
  };
  return canonicalJson({ ...evidence, sha256: digestOf(evidence) } as unknown as Json);
}

/** Whose commitments they are; where the salt was erased nobody knows. */
export function peopleOf(
  entry: Entry | undefined,
  salts: Pick<Salts, "owners" | "open">,
): Readonly<Partial<Record<"who" | "whom", string>>> {
  return Object.fromEntries(Object.entries(openingsOf(entry, salts)).map(([field, { value }]) => [field, value]));
}

function openingsOf(entry: Entry | undefined, salts: Pick<Salts, "owners" | "open">): Record<string, Opening> {
  const openings: Record<string, Opening> = {};
  if (entry === undefined) return openings;
  for (const field of PEOPLE) {
    const committed = (entry as { readonly [name in typeof field]?: string })[field];
    if (committed === undefined) continue;
    for (const owner of salts.owners) {
      const opening = salts.open(owner, entry.nonce, field, owner, committed);
      if (opening === undefined) continue;
      openings[field] = opening;
      break;
    }
  }
  return openings;
}

export interface VerifiedEvidence {
  readonly entries: number;
  readonly origin: string | undefined;
  readonly key: string | undefined;
  /** Size of the log at the checkpoint. */
  readonly size: number | undefined;
  readonly findings: readonly { readonly part: string; readonly message: string }[];
}

/** Checks a file of evidence against itself, and against the key of the log where that is known from elsewhere. */
export function verifyEvidence(bytes: Uint8Array, expectedKey?: string): VerifiedEvidence {
  const findings: { part: string; message: string }[] = [];
  const add = (part: string, text: string): void => void findings.push({ part, message: text });
  const evidence = readEvidence(bytes, add);
  if (evidence === undefined) return { entries: 0, origin: undefined, key: undefined, size: undefined, findings };
  const { key: text, checkpoint: note, entries } = evidence;
  if (expectedKey !== undefined && text !== expectedKey) add("key", "it is not the key that was given");
  const key = parseKeyText(text);
  const parsed = parseNote(note);
  const checkpoint = parsed === undefined ? undefined : parseCheckpoint(parsed.text);
  if (key === undefined) add("key", "it is no key of a log");
  if (checkpoint === undefined) add("checkpoint", "it is no signed checkpoint");
  else if (key !== undefined && (verifyNote(parsed!, [key], verifyEd25519)?.length !== 1 || checkpoint.origin !== key.name))
    add("checkpoint", `it is not signed by ${key.name}`);
  if (checkpoint !== undefined) for (const entry of entries) checkEntry(entry, checkpoint, add);
  return { entries: entries.length, origin: checkpoint?.origin, key: text, size: checkpoint?.size, findings };
}

/** What others stated about the log, each by whom the verifier trusts. Nothing of a file that cannot be read, or whose own checkpoint does not hold. */
export async function verifyEvidenceOutside(bytes: Uint8Array, trust: OutsideTrust): Promise<readonly OutsideVerdict[]> {
  const evidence = readEvidence(bytes, () => {});
  const key = evidence === undefined ? undefined : parseKeyText(evidence.key);
  const note = evidence === undefined ? undefined : parseNote(evidence.checkpoint);
  const checkpoint = note === undefined ? undefined : parseCheckpoint(note.text);
  if (evidence === undefined || key === undefined || checkpoint === undefined) return [];
  const verdicts: OutsideVerdict[] = [];
  for (const { record, consistency } of evidence.outside ?? []) {
    const { what, size } = record;
    const stated = checkpointOf(record, key);
    const proof = consistency.map(bytesOf);
    const isSame = stated !== undefined && !proof.includes(undefined) && isOneLog(stated, checkpoint, proof as readonly Uint8Array[]);
    verdicts.push(isSame ? await verifyOutsideRecord(record, key, trust) : { what, size, finding: "it is not about the log of this file" });
  }
  return verdicts;
}

function readEvidence(bytes: Uint8Array, add: (part: string, text: string) => void): Evidence | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const { sha256, ...evidence } = JSON.parse(text) as Evidence & { readonly sha256?: string };
    if (evidence.format !== FORMAT || evidence.version !== VERSION || !isEvidence(evidence)) throw new Error("it is no file of evidence");
    if (canonicalJson({ ...evidence, sha256 } as unknown as Json) !== text) add("file", "it is not in the form that it is written in");
    else if (digestOf(evidence) !== sha256) add("file", "its SHA-256 is another");
    return evidence;
  } catch (error) {
    add("file", `it cannot be read: ${(error as Error).message}`);
    return undefined;
  }
}

function isEvidence({ key, checkpoint, entries, outside = [] }: Evidence): boolean {
  const isText = (value: unknown): value is string => typeof value === "string";
  return (
    isText(key) &&
    isText(checkpoint) &&
    Array.isArray(outside) &&
    outside.every(
      (each: OutsideEvidence) => isOutsideRecord(each?.record) && Array.isArray(each.consistency) && each.consistency.every(isText),
    ) &&
    Array.isArray(entries) &&
    entries.every(
      (each: EvidenceEntry) =>
        Number.isSafeInteger(each.index) &&
        isText(each.entry) &&
        Array.isArray(each.proof) &&
        each.proof.every(isText) &&
        typeof each.openings === "object" &&
        each.openings !== null &&
        Object.values(each.openings).every((opening) => isText(opening?.salt) && isText(opening.value)),
    )
  );
}

function checkEntry(
  { index, entry: encoded, proof, openings }: EvidenceEntry,
  { size, root }: Checkpoint,
  add: (part: string, text: string) => void,
): void {
  const part = `entry ${index}`;
  const bytes = bytesOf(encoded);
  const path = proof.map(bytesOf);
  if (bytes === undefined || path.includes(undefined)) return add(part, "it is no base 64");
  const hash = createLogHash();
  if (!isIncluded(hash, hash.leaf(bytes), index, size, path as Uint8Array[], root))
    return add(part, "the proof does not hold: the entry, its place or the proof is another");
  const entry = entryOf(bytes);
  if (entry === undefined) return add(part, "it is in the log, and no entry that is known here");
  for (const [field, { salt, value }] of Object.entries(openings)) {
    const bySalt = bytesOf(salt);
    if (bySalt === undefined || commitment(bySalt, value) !== (entry as unknown as Record<string, unknown>)[field])
      add(`${field} of ${part}`, "it is not what the entry commits to");
  }
}

function digestOf(evidence: Evidence): string {
  return createHash("sha256")
    .update(canonicalJson(evidence as unknown as Json))
    .digest("hex");
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");

/** Undefined for another text of the same bytes. */
function bytesOf(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Buffer.from(text, "base64"));
  return base64(bytes) === text ? bytes : undefined;
}
