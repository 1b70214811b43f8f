import { message, type Message } from "@doppelwerk/messages";
import { verifyEd25519 } from "@doppelwerk/storage/tile-log";
import { parseKeyText, parseNote, verifyNote, witnessRequestText, type NoteKey } from "@doppelwerk/trust/log";
import { DoppelwerkError } from "@doppelwerk/world";
import { askOutside, type Reachable } from "./ask-outside.ts";

/** Of the witness's clock against ours. */
const MAX_SKEW_S = 300;
/** A witness that tells another size is asked once more. */
const ATTEMPTS = 2;

export interface AskedWitness {
  readonly key: string;
  readonly url: string;
  readonly authority?: string | undefined;
}

export interface SignedLog {
  readonly key: NoteKey;
  readonly size: number;
  readonly note: string;
  /** That the log at `size` begins with what it was at `old`. */
  consistency(old: number): Promise<readonly Uint8Array[]>;
}

export interface Cosignature {
  readonly line: string;
  /** Seconds since 1970, by the clock of the witness. */
  readonly signedAt: number;
  /** It had cosigned more of this log before than it knows now. */
  readonly forgot?: { readonly before: number; readonly now: number };
}

/**
 * Asks a witness for its cosignature. `known` is the size that it cosigned last, as far as is known here.
 * Errors: DW_UNAVAILABLE (away, slow, answers nonsense), DW_CONFLICT (it knows more of this log than there is), DW_FORBIDDEN (it does not cosign this log).
 */
export async function askWitness(
  { key: text, url, authority }: AskedWitness,
  log: SignedLog,
  known: number,
  reachable: Reachable,
  nowS: () => number,
): Promise<Cosignature> {
  const key = parseKeyText(text)!;
  let old = Math.min(known, log.size);
  let forgot: Cosignature["forgot"];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const proof = old === 0 || old === log.size ? [] : await log.consistency(old);
    const asked = { contentType: "text/plain; charset=utf-8", body: witnessRequestText({ old, proof, note: log.note }), authority };
    const { status, body } = await askOutside(`${url.replace(/\/$/, "")}/add-checkpoint`, reachable, asked);
    const answer = body.toString("utf8");
    if (status === 200) return { ...lineIn(answer, log, key, nowS()), ...(forgot && { forgot }) };
    if (status !== 409) throw refusedBy(key.name, status, log.key.name);
    const has = /^(0|[1-9]\d{0,15})\n$/.exec(answer)?.[1];
    if (has === undefined || Number(has) === old) throw nonsense(key.name, message("proof.witnessNoSize"));
    if (Number(has) > log.size)
      throw new DoppelwerkError("DW_CONFLICT", message("proof.witnessKnowsMore", { witness: key.name, size: Number(has), own: log.size }));
    if (Number(has) < known) forgot = { before: known, now: Number(has) };
    old = Number(has);
  }
  throw nonsense(key.name, message("proof.witnessNoSize"));
}

/** The line of the witness, verified. Lines of others are not looked at. */
function lineIn(answer: string, { note }: SignedLog, key: NoteKey, nowS: number): Omit<Cosignature, "forgot"> {
  const text = parseNote(note)!.text;
  for (const line of answer.split("\n")) {
    const parsed = line === "" ? undefined : parseNote(`${text}\n${line}\n`);
    const [signature] = (parsed === undefined ? undefined : verifyNote(parsed, [key], verifyEd25519)) ?? [];
    if (signature?.signedAt === undefined) continue;
    if (Math.abs(signature.signedAt - nowS) > MAX_SKEW_S)
      throw nonsense(key.name, message("proof.witnessOtherTime", { seconds: signature.signedAt - nowS }));
    return { line, signedAt: signature.signedAt };
  }
  throw nonsense(key.name, message("proof.witnessNoSignature"));
}

function nonsense(witness: string, reason: Message): DoppelwerkError {
  return new DoppelwerkError("DW_UNAVAILABLE", message("proof.witnessWrong", { witness, reason }));
}

function refusedBy(witness: string, status: number, origin: string): DoppelwerkError {
  if (status === 404 || status === 403)
    return new DoppelwerkError("DW_FORBIDDEN", message("proof.witnessDoesNotKnow", { witness, origin, status }));
  if (status === 422) return new DoppelwerkError("DW_CONFLICT", message("proof.witnessSeesFork", { witness }));
  return nonsense(witness, message("proof.witnessStatus", { status }));
}
