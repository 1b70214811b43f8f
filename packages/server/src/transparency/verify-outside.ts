import { createHash, webcrypto } from "node:crypto";
import { createLogHash, verifyEd25519 } from "@doppelwerk/storage/tile-log";
import {
  isConsistent,
  isSameHash,
  parseCheckpoint,
  parseNote,
  verifyNote,
  verifyWitnessed,
  type Checkpoint,
  type NoteKey,
  type WitnessPolicy,
} from "@doppelwerk/trust/log";
import type { TimeStampFault, TimeStampVerdict, TrustedRoots } from "@doppelwerk/trust/time-stamp";
import type { Anchor, OutsideRecord } from "./outside-records.ts";

/** Whom the one who verifies trusts; what is absent is not checked, and reported as that. */
export interface OutsideTrust {
  readonly policy?: WitnessPolicy;
  readonly roots?: TrustedRoots;
  /** Object identifier that time stamps must be made under. */
  readonly stampPolicy?: string;
  /** Asks a node of the chain for an anchor of an earlier release, which has no proof. */
  readonly chain?: AnchorReader;
  /** Hashes of blocks that are in the chain, as somebody who is trusted said; hex with 0x. */
  readonly blocks?: readonly string[];
  /** Asks nodes of the chain whether they have a block. */
  readonly hasBlock?: BlockReader;
}

/** Why to believe that the chain has a block, or why not; in English. */
export type BlockReader = (chain: string, block: number, blockHash: string) => Promise<{ readonly isThere: boolean; readonly why: string }>;

/** What a contract has of a root; undefined where it has none. Errors: as the node cannot be asked. */
export type AnchorReader = (
  anchor: Anchor,
  root: Uint8Array,
) => Promise<(Pick<Anchor, "time" | "by"> & { readonly size: number }) | undefined>;

/** What is proven of a record, what is wrong with it, or why it was not checked; in English. */
export interface OutsideVerdict {
  readonly what: OutsideRecord["what"];
  readonly size: number;
  readonly proven?: string;
  readonly finding?: string;
  readonly notChecked?: string;
}

const FAULTS: Readonly<Record<TimeStampFault, string>> = {
  unreadable: "it is no time stamp of RFC 3161",
  otherHash: "it is a time stamp of something else",
  otherNonce: "it answers another request",
  otherPolicy: "it was made under another policy",
  notSigned: "its signature does not hold",
  notForTimeStamps: "its certificate is not one for time stamps",
  outOfDate: "a certificate was not valid at its time",
  otherAuthority: "its certificate does not lead to a trusted root",
  weakAlgorithm: "it is signed by an algorithm that is not accepted",
};

export const stampFaultText = (why: TimeStampFault): string => FAULTS[why];

/** The signed checkpoint of a record; undefined where the log did not sign it, or it is of another size. */
export function checkpointOf(
  { note, size }: Pick<OutsideRecord, "note" | "size">,
  key: NoteKey,
): (Checkpoint & { readonly text: string }) | undefined {
  const parsed = parseNote(note);
  const checkpoint = parsed === undefined ? undefined : parseCheckpoint(parsed.text);
  if (parsed === undefined || checkpoint?.origin !== key.name || checkpoint.size !== size) return undefined;
  return verifyNote(parsed, [key], verifyEd25519)?.length === 1 ? { ...checkpoint, text: parsed.text } : undefined;
}

/** What is stamped of a checkpoint: the SHA-256 of what the log signs. */
export function stampedHash(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash("sha256").update(text).digest());
}

/** Whether the log at both checkpoints is one log that only grew. The proof is from the smaller to the larger one. */
export function isOneLog(a: Checkpoint, b: Checkpoint, proof: readonly Uint8Array[]): boolean {
  const [smaller, larger] = a.size <= b.size ? [a, b] : [b, a];
  if (smaller.size === larger.size) return proof.length === 0 && isSameHash(smaller.root, larger.root);
  return isConsistent(createLogHash(), smaller.size, larger.size, proof, smaller.root, larger.root);
}

/** Verifies what others stated, each by whom the verifier trusts. */
export async function verifyOutsideRecord(record: OutsideRecord, key: NoteKey, trust: OutsideTrust): Promise<OutsideVerdict> {
  const { what, size } = record;
  const checkpoint = checkpointOf(record, key);
  if (checkpoint === undefined) return { what, size, finding: `its checkpoint is not signed by ${key.name}` };
  const verdict =
    what === "cosigned"
      ? verifyCosigned(record.note, key, trust.policy)
      : what === "stamped"
        ? await verifyStamped(record.token, checkpoint.text, trust)
        : await verifyAnchored(record.anchor, checkpoint, trust);
  return { what, size, ...verdict };
}

type Verdict = Pick<OutsideVerdict, "proven" | "finding" | "notChecked">;

function verifyCosigned(note: string, key: NoteKey, policy: WitnessPolicy | undefined): Verdict {
  if (policy === undefined) return { notChecked: "no policy is given that says which witnesses count" };
  const logs = policy.logs.length === 0 ? [key] : policy.logs;
  const witnessed = verifyWitnessed(note, { ...policy, logs }, verifyEd25519);
  if (witnessed === undefined)
    return { finding: "it is of a log that the policy does not know, or the line of a witness is not its signature" };
  const by = witnessed.witnesses.map(({ key: { name }, signedAt }) => `${name} at ${new Date(signedAt! * 1_000).toISOString()}`);
  if (!witnessed.isMet)
    return { finding: `fewer witnesses cosigned than the policy asks for (${by.length === 0 ? "none" : by.join(", ")})` };
  return { proven: by.length === 0 ? "the policy asks for no witness" : `cosigned by ${by.join(", ")}` };
}

async function verifyStamped(token: string, text: string, { roots, stampPolicy }: OutsideTrust): Promise<Verdict> {
  if (roots === undefined) return { notChecked: "no root certificate of a time-stamping authority is given" };
  const verdict = await verifyToken(new Uint8Array(Buffer.from(token, "base64")), {
    hash: stampedHash(text),
    roots,
    ...(stampPolicy !== undefined && { policy: stampPolicy }),
  });
  if (!verdict.isValid) return { finding: FAULTS[verdict.why] };
  return { proven: `stamped at ${verdict.time.toISOString()} by ${verdict.by}, policy ${verdict.policy}, serial ${verdict.serial}` };
}

/** Loads what reads time stamps when it is needed. */
export async function verifyToken(
  token: Uint8Array<ArrayBuffer>,
  of: { readonly hash: Uint8Array; readonly roots: TrustedRoots; readonly nonce?: Uint8Array; readonly policy?: string },
): Promise<TimeStampVerdict> {
  const { signaturesOf, verifyTimeStamp } = await import("@doppelwerk/trust/time-stamp");
  return verifyTimeStamp(token, of, signaturesOf(webcrypto.subtle as never));
}

async function verifyAnchored(
  anchor: Anchor,
  { root, size }: Checkpoint,
  { chain, blocks = [], hasBlock }: OutsideTrust,
): Promise<Verdict> {
  const where = `the contract ${anchor.contract} on chain ${anchor.chain}`;
  if (anchor.proof === undefined) return verifyByNode(anchor, { root, size }, chain, where);
  const { anchoredIn } = await import("@doppelwerk/trust/chain");
  const shown = anchoredIn(anchor.proof, { contract: anchor.contract, root });
  if (shown === undefined) return { finding: `its proof does not show its root in an event of ${where}` };
  if (shown.size !== size) return { finding: `${where} has its root with another size (${shown.size})` };
  const isSame =
    shown.time === anchor.time && shown.by === anchor.by && shown.block === anchor.block && shown.blockHash === anchor.blockHash;
  if (!isSame) return { finding: "its proof shows another block, time or sender than it names" };
  const { block, blockHash, time, by } = shown;
  const what = `anchored at ${new Date(time * 1_000).toISOString()} by ${by} in ${where}: its event is in block ${block}, ${blockHash}`;
  if (blocks.includes(blockHash)) return { proven: `${what}, the hash that was given` };
  if (hasBlock === undefined)
    return {
      notChecked: `its event is in block ${block}, ${blockHash}; name that hash (--block) or nodes (--chain) to check that the chain has it`,
    };
  const { isThere, why } = await hasBlock(anchor.chain, block, blockHash);
  return isThere
    ? { proven: `${what}; ${why}` }
    : { finding: `its event is in block ${block}, ${blockHash}, which the chain does not have: ${why}` };
}

/** By what one node says. */
// oxlint-disable-next-line max-params -- the anchor, what it is of, and who is asked
async function verifyByNode(
  anchor: Anchor,
  { root, size }: Pick<Checkpoint, "root" | "size">,
  read: AnchorReader | undefined,
  where: string,
): Promise<Verdict> {
  if (read === undefined) return { notChecked: "no node of the chain is given" };
  const found = await read(anchor, root);
  if (found === undefined) return { finding: `${where} does not have its root` };
  if (found.size !== size) return { finding: `${where} has its root with another size (${found.size})` };
  return {
    proven: `anchored at ${new Date(found.time * 1_000).toISOString()} by ${found.by} in ${where}; the node that was asked is trusted for it`,
  };
}
