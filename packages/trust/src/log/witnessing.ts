import { parseCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { HASH_BYTES, type MerkleHash } from "./merkle-hash.ts";
import { isConsistent } from "./merkle-tree.ts";
import { base64, bytesOfBase64 } from "./note-base64.ts";
import { parseNote, verifyNote, type NoteKey, type VerifyBytes } from "./signed-note.ts";

/** Lines of a consistency proof in a request. */
const MAX_PROOF = 63;

/** What a log sends to a witness (C2SP tlog-witness, add-checkpoint). */
export interface WitnessRequest {
  /** Size that the log believes the witness to have cosigned last; 0 for none. */
  readonly old: number;
  /** That the log begins with what it was at that size. */
  readonly proof: readonly Uint8Array[];
  /** The new checkpoint, signed by the log. */
  readonly note: string;
}

export function witnessRequestText({ old, proof, note }: WitnessRequest): string {
  return [`old ${old}`, ...proof.map(base64), "", note].join("\n");
}

/** Undefined where the text is no request. */
export function parseWitnessRequest(text: string): WitnessRequest | undefined {
  const end = text.indexOf("\n\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = text.slice(0, end).split("\n");
  const old = /^old (0|[1-9]\d{0,15})$/.exec(first)?.[1];
  const proof = lines.map(bytesOfBase64);
  if (old === undefined || !Number.isSafeInteger(Number(old)) || proof.length > MAX_PROOF) return undefined;
  if (!proof.every((hash): hash is Uint8Array => hash?.length === HASH_BYTES)) return undefined;
  return { old: Number(old), proof, note: text.slice(end + 2) };
}

/** The largest checkpoint of a log that a witness cosigned. */
export type Cosigned = Pick<Checkpoint, "size" | "root">;

export type WitnessVerdict =
  /** To be kept durably, then cosigned: `text` is what is signed. */
  | { readonly status: 200; readonly checkpoint: Checkpoint; readonly text: string }
  | { readonly status: 409; readonly size: number }
  | { readonly status: 400 | 403 | 404 | 422; readonly why: WitnessRefusal };

export type WitnessRefusal = "noRequest" | "noCheckpoint" | "unknownLog" | "notSigned" | "oldIsLarger" | "notConsistent";

/**
 * Whether a witness cosigns (C2SP tlog-witness): a log that it knows and that signed, and that only grew since the witness cosigned it last. `cosignedOf` gives
 * the last of an origin, whichever key signed it: two logs of one name are one log, and the second is refused.
 */
export function judgeCheckpoint(
  hash: MerkleHash,
  body: string,
  logs: readonly NoteKey[],
  cosignedOf: (origin: string) => Cosigned | undefined,
  verify: VerifyBytes,
): WitnessVerdict {
  const request = parseWitnessRequest(body);
  if (request === undefined) return { status: 400, why: "noRequest" };
  const note = parseNote(request.note);
  const checkpoint = note === undefined ? undefined : parseCheckpoint(note.text);
  if (note === undefined || checkpoint === undefined) return { status: 400, why: "noCheckpoint" };
  const { origin, size, root } = checkpoint;
  const keys = logs.filter(({ name }) => name === origin);
  if (keys.length === 0) return { status: 404, why: "unknownLog" };
  if ((verifyNote(note, keys, verify) ?? []).length === 0) return { status: 403, why: "notSigned" };
  if (request.old > size) return { status: 400, why: "oldIsLarger" };
  const known = cosignedOf(origin) ?? { size: 0, root: hash.empty };
  if (request.old !== known.size) return { status: 409, size: known.size };
  if (!isConsistent(hash, known.size, size, request.proof, known.root, root)) return { status: 422, why: "notConsistent" };
  return { status: 200, checkpoint, text: note.text };
}
