import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { isLoopback } from "../http/guard.ts";

export const ASKING_MS = 5_000;
const MAX_OCTETS = 1_000_000;

type Asked = Pick<RequestInit, "method" | "headers" | "signal"> & { readonly body?: unknown };

/**
 * Asks hosts of a provider and no other: what the provider says of itself sends the server nowhere else. Over TLS, but for this machine; no redirects, and
 * within bounds of time and size. Errors: DW_FORBIDDEN for another address.
 */
export function guardedFetch(hosts: ReadonlySet<string>): (url: string, asked: Asked) => Promise<Response> {
  return async (text, asked) => {
    const url = new URL(text);
    if (!isAllowed(url, hosts)) throw new DoppelwerkError("DW_FORBIDDEN", message("server.providerElsewhere", { url: text.slice(0, 200) }));
    const timeout = AbortSignal.timeout(ASKING_MS);
    const signal = asked.signal ? AbortSignal.any([asked.signal, timeout]) : timeout;
    const answer = await fetch(url, { ...(asked as RequestInit), redirect: "manual", signal });
    return new Response(hasBody(answer) ? await bounded(answer, text) : null, { status: answer.status, headers: answer.headers });
  };
}

/** Whether an address is of one of the hosts, and nobody reads along. */
export function isAllowed(url: URL, hosts: ReadonlySet<string>): boolean {
  return (
    hosts.has(url.host) && url.username === "" && (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)))
  );
}

const hasBody = ({ status }: Response): boolean => status !== 204 && status !== 205 && status !== 304;

async function bounded(answer: Response, url: string): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let octets = 0;
  for await (const chunk of answer.body ?? []) {
    octets += chunk.length;
    // leaving the loop cancels the body
    if (octets > MAX_OCTETS)
      throw new DoppelwerkError("DW_UNAVAILABLE", message("server.providerAnswerTooLong", { url: url.slice(0, 200) }));
    chunks.push(chunk);
  }
  const whole = new Uint8Array(octets);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
