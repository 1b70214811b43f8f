import { randomBytes } from "node:crypto";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { stampedHash, stampFaultText, verifyToken } from "../transparency/verify-outside.ts";
import { askOutside, type Reachable } from "./ask-outside.ts";
import type { TimeStampsConfig } from "./outside-config.ts";

const NONCE_BYTES = 16;

export interface Stamped {
  readonly token: Uint8Array<ArrayBuffer>;
  readonly time: Date;
}

/** A verified time stamp (RFC 3161) of the text of a checkpoint. Errors: DW_UNAVAILABLE (away, refuses), DW_CONFLICT (what it answers does not hold). */
export async function askTimeStamp(
  { url, authority, roots, policy }: TimeStampsConfig,
  text: string,
  reachable: Reachable,
): Promise<Stamped> {
  const { certificatesOfPem, timeStampRequest, tokenOfAnswer } = await import("@doppelwerk/trust/time-stamp");
  const hash = stampedHash(text);
  const nonce = new Uint8Array(randomBytes(NONCE_BYTES));
  const { status, body } = await askOutside(url, reachable, {
    contentType: "application/timestamp-query",
    body: timeStampRequest(hash, nonce, policy),
    authority,
  });
  const host = new URL(url).host;
  if (status !== 200) throw new DoppelwerkError("DW_UNAVAILABLE", message("proof.stampStatus", { host, status }));
  const answer = tokenOfAnswer(new Uint8Array(body));
  if ("refused" in answer)
    throw new DoppelwerkError("DW_UNAVAILABLE", message("proof.stampRefused", { host, reason: answer.refused.slice(0, 200) }));
  if (!("token" in answer))
    throw new DoppelwerkError("DW_CONFLICT", message("proof.stampWrong", { host, reason: stampFaultText("unreadable") }));
  const { token } = answer;
  const verdict = await verifyToken(token, { hash, roots: certificatesOfPem(roots)!, nonce, ...(policy !== undefined && { policy }) });
  if (!verdict.isValid)
    throw new DoppelwerkError("DW_CONFLICT", message("proof.stampWrong", { host, reason: stampFaultText(verdict.why) }));
  return { token, time: verdict.time };
}
