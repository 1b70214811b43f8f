import type { OutsideStatement, TransparencyOutside } from "@doppelwerk/client";
import {
  createMerkleHash,
  isConsistent,
  isPolicyFault,
  parseCheckpoint,
  parseKeyText,
  parseNote,
  parseWitnessPolicy,
  verifyNote,
  verifyWitnessed,
  type Checkpoint,
  type NoteKey,
} from "@doppelwerk/trust/log";
import { bytesOf, isSigned } from "./verify-entry.ts";

export interface WitnessedHere {
  readonly isProven: boolean;
  /** Names of the witnesses that cosigned. */
  readonly by: readonly string[];
}

export interface StampedHere {
  readonly isProven: boolean;
  /** Microseconds since 1970, as the authority stated it. */
  readonly time?: number;
  readonly by?: string;
}

/** Signatures are verified after who asks has gone on: the browser's own Ed25519 answers later. */
class Signatures {
  readonly #pending: Promise<boolean>[] = [];
  readonly verify = (key: Uint8Array, text: Uint8Array, signature: Uint8Array): boolean => {
    this.#pending.push(isSigned(key, text, signature));
    return true;
  };

  async hold(): Promise<boolean> {
    return this.#pending.length > 0 && (await Promise.all(this.#pending)).every(Boolean);
  }
}

/** Whether enough witnesses cosigned a checkpoint of this log, which the log of now begins with. */
export async function verifyWitnesses(
  { head, witnesses }: Pick<TransparencyOutside, "head" | "witnesses">,
  keyText: string,
): Promise<WitnessedHere> {
  const key = parseKeyText(keyText);
  const policy = parseWitnessPolicy(witnesses?.policy ?? "");
  if (key === undefined || witnesses?.note === undefined || isPolicyFault(policy)) return { isProven: false, by: [] };
  const signatures = new Signatures();
  const witnessed = verifyWitnessed(witnesses.note, { ...policy, logs: [key] }, signatures.verify);
  const isOne = await isOneLog(head, witnesses, key);
  const isProven = witnessed !== undefined && witnessed.isMet && isOne && (await signatures.hold());
  return { isProven, by: isProven ? witnessed.witnesses.map(({ key: { name } }) => name) : [] };
}

/** Whether the token is a time stamp of a checkpoint of this log, by who leads to the given roots. */
export async function verifyStamp(
  { head, timeStamps }: Pick<TransparencyOutside, "head" | "timeStamps">,
  keyText: string,
): Promise<StampedHere> {
  const key = parseKeyText(keyText);
  const note = parseNote(timeStamps?.note ?? "");
  if (key === undefined || note === undefined || timeStamps?.token === undefined) return { isProven: false };
  const { certificatesOfPem, signaturesOf, verifyTimeStamp } = await import("@doppelwerk/trust/time-stamp");
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(note.text)));
  const { roots, policy } = timeStamps;
  const of = { hash, roots: certificatesOfPem(roots) ?? [], ...(policy !== undefined && { policy }) };
  const verdict = await verifyTimeStamp(bytesOf(timeStamps.token), of, signaturesOf(crypto.subtle as never));
  if (!verdict.isValid || !(await isOneLog(head, timeStamps, key))) return { isProven: false };
  return { isProven: true, time: verdict.time.getTime() * 1_000, by: verdict.by };
}

/** That the log of now begins with what it was at the checkpoint, both signed by its key. */
async function isOneLog(head: string, { note = "", consistency = [] }: OutsideStatement, key: NoteKey): Promise<boolean> {
  const signatures = new Signatures();
  const [earlier, now] = [note, head].map((each) => checkpointOf(each, key, signatures));
  if (earlier === undefined || now === undefined) return false;
  const proof = consistency.map(bytesOf);
  return isConsistent(createMerkleHash(), earlier.size, now.size, proof, earlier.root, now.root) && (await signatures.hold());
}

function checkpointOf(note: string, key: NoteKey, signatures: Signatures): Checkpoint | undefined {
  const parsed = parseNote(note);
  const checkpoint = parsed === undefined ? undefined : parseCheckpoint(parsed.text);
  if (parsed === undefined || checkpoint?.origin !== key.name) return undefined;
  return verifyNote(parsed, [key], signatures.verify)?.length === 1 ? checkpoint : undefined;
}
