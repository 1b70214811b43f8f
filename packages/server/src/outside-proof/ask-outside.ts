import { request as requestPlain, type IncomingMessage } from "node:http";
import { request as requestTls } from "node:https";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { isAllowed } from "../directory/guarded-fetch.ts";

const ASKING_MS = 5_000;
const MAX_OCTETS = 1_000_000;

export interface Asked {
  readonly contentType: string;
  readonly body: string | Uint8Array;
  /** Certificates in PEM that the one of the other side is checked with, instead of those of the system. */
  readonly authority?: string | undefined;
  readonly timeoutMs?: number;
  /** Of the answer; default 1 MB. */
  readonly maxOctets?: number | undefined;
}

/** Who may be asked: hosts of the configuration, until the signal. */
export interface Reachable {
  readonly hosts: ReadonlySet<string>;
  readonly signal?: AbortSignal;
}

export interface Answered {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

/** Whether an address may be configured: over TLS, within this machine also without. */
export function isOutsideUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && url.hash === "" && isAllowed(url, new Set([url.host]));
}

/**
 * Posts to an address that an administrator configured, and to no other: redirects are not followed, and time and size are bounded.
 * Errors: DW_FORBIDDEN for another address, DW_UNAVAILABLE.
 */
export function askOutside(
  text: string,
  { hosts, signal }: Reachable,
  { contentType, body, authority, timeoutMs = ASKING_MS, maxOctets = MAX_OCTETS }: Asked,
): Promise<Answered> {
  const url = new URL(text);
  if (!isAllowed(url, hosts)) throw new DoppelwerkError("DW_FORBIDDEN", message("proof.outsideElsewhere", { url: text.slice(0, 200) }));
  const failed = (reason: string): DoppelwerkError =>
    new DoppelwerkError("DW_UNAVAILABLE", message("proof.outsideNotReached", { host: url.host, reason: reason.slice(0, 200) }));
  const headers = { "content-type": contentType, "content-length": String(Buffer.byteLength(body)) };
  const timeout = AbortSignal.timeout(timeoutMs);
  const options = { method: "POST", headers, signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) };
  return new Promise((resolve, reject) => {
    const read = (response: IncomingMessage): void => {
      const chunks: Buffer[] = [];
      let octets = 0;
      response.on("data", (chunk: Buffer) => {
        octets += chunk.length;
        chunks.push(chunk);
        if (octets > maxOctets) response.destroy(new Error(`the answer has more than ${maxOctets} bytes`));
      });
      response.on("error", (error) => reject(failed(error.message)));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, contentType: response.headers["content-type"] ?? "", body: Buffer.concat(chunks) }),
      );
    };
    const asked =
      url.protocol === "https:"
        ? requestTls(url, { ...options, ...(authority !== undefined && { ca: authority }) }, read)
        : requestPlain(url, options, read);
    asked.on("error", (error) => reject(failed(timeout.aborted ? `no answer within ${timeoutMs} ms` : error.message)));
    asked.end(body);
  });
}
