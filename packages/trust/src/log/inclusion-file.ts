import { parseCheckpoint } from "./checkpoint.ts";
import { HASH_BYTES, type MerkleHash } from "./merkle-hash.ts";
import { isIncluded } from "./merkle-tree.ts";
import { base64, bytesOfBase64 } from "./note-base64.ts";
import { parseNote, verifyNote, type NoteKey, type NoteSignature, type VerifyBytes } from "./signed-note.ts";

const HEADER = "c2sp.org/tlog-proof@v1";
/** As high as a tree of 2^53 entries. */
const MAX_PATH = 53;

/** That an entry is in a log, to be verified without the log (C2SP tlog-proof). */
export interface InclusionFile {
  readonly index: number;
  readonly path: readonly Uint8Array[];
  /** A signed checkpoint as it was given. */
  readonly note: string;
}

export function inclusionText({ index, path, note }: InclusionFile): string {
  return [HEADER, `index ${index}`, ...path.map(base64), "", note].join("\n");
}

/** Undefined where the text is no proof. What it carries beside the proof is not read. */
export function parseInclusion(text: string): InclusionFile | undefined {
  const end = text.indexOf("\n\n");
  if (end < 0) return undefined;
  const [header, ...lines] = text.slice(0, end).split("\n");
  if (lines[0]?.startsWith("extra ")) lines.shift();
  const index = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? "")?.[1];
  const path = lines.map(bytesOfBase64);
  if (header !== HEADER || index === undefined || !Number.isSafeInteger(Number(index)) || path.length > MAX_PATH) return undefined;
  if (!path.every((hash): hash is Uint8Array => hash?.length === HASH_BYTES)) return undefined;
  return { index: Number(index), path, note: text.slice(end + 2) };
}

export type InclusionVerdict =
  | { readonly isIncluded: true; readonly origin: string; readonly size: number; readonly signatures: readonly NoteSignature[] }
  | { readonly isIncluded: false; readonly why: "noProof" | "noCheckpoint" | "notSigned" | "otherEntry" };

/** Whether the proof says of this entry that it is in the log that `keys` sign; the first key is the log's own, without which nothing is. */
// oxlint-disable-next-line max-params -- what a proof is of
export function verifyInclusion(
  hash: MerkleHash,
  text: string,
  entry: Uint8Array,
  keys: readonly [NoteKey, ...NoteKey[]],
  verify: VerifyBytes,
): InclusionVerdict {
  const proof = parseInclusion(text);
  if (proof === undefined) return { isIncluded: false, why: "noProof" };
  const note = parseNote(proof.note);
  const checkpoint = note === undefined ? undefined : parseCheckpoint(note.text);
  if (note === undefined || checkpoint === undefined) return { isIncluded: false, why: "noCheckpoint" };
  const signatures = verifyNote(note, keys, verify);
  const isOfLog = checkpoint.origin === keys[0].name && signatures?.some(({ key }) => key === keys[0]);
  if (!isOfLog) return { isIncluded: false, why: "notSigned" };
  return isIncluded(hash, hash.leaf(entry), proof.index, checkpoint.size, proof.path, checkpoint.root)
    ? { isIncluded: true, origin: checkpoint.origin, size: checkpoint.size, signatures: signatures! }
    : { isIncluded: false, why: "otherEntry" };
}
