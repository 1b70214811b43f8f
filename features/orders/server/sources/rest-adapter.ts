import { GuardedClient } from "@doppelwerk/connectors/http";
import { DoppelwerkError, message } from "@doppelwerk/kit";
import type {} from "../../message-codes.ts";
import { readMessage } from "../../model/field-map.ts";
import type { RestSource } from "../../model/source-kind.ts";
import type { Adapter, Batch } from "./adapter.ts";

/** Of one answer. */
const MAX_BYTES = 20_000_000;

/** A client of the servers of a source; addresses, redirects and sizes are guarded as those of connections. */
export function clientOf({ allowPrivate, timeoutMs }: RestSource, secret: string | undefined): GuardedClient {
  const given = secret === undefined ? undefined : { token: secret };
  return new GuardedClient({ allowPrivate, timeoutMs, maxBytes: MAX_BYTES, headers: { accept: "application/json" } }, given);
}

/** What an address answers, as JSON. Errors: DW_UNAVAILABLE for any other status, or no JSON. */
export async function askJson(client: GuardedClient, url: URL, stop?: AbortSignal): Promise<unknown> {
  const { status, body } = await client.get(url, {}, stop);
  if (status !== 200)
    throw new DoppelwerkError(
      "DW_UNAVAILABLE",
      message("orders.fault.status", { status, host: url.host, text: body.toString("utf8", 0, 200) }),
    );
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    throw new DoppelwerkError("DW_UNAVAILABLE", message("orders.fault.noJson", { host: url.host }));
  }
}

/** A list that is read by `?after=SEQ&limit=N`: an array, or an object with the array in `entries`. */
export class RestAdapter implements Adapter {
  readonly #source: RestSource;
  readonly #client: GuardedClient;

  constructor(source: RestSource, secret: string | undefined) {
    this.#source = source;
    this.#client = clientOf(source, secret);
  }

  async poll(position: string | undefined, stop: AbortSignal): Promise<Batch> {
    const { limit, fields, url: address } = this.#source;
    if (address === undefined) return { rows: [], position, hasMore: false };
    const url = new URL(address);
    url.searchParams.set("after", position ?? "0");
    url.searchParams.set("limit", String(limit));
    const entries = entriesOf(await askJson(this.#client, url, stop), url);
    let last = Number(position ?? 0);
    const rows = entries.flatMap((entry) => {
      const seq = seqOf(entry);
      if (seq === undefined) throw new DoppelwerkError("DW_UNAVAILABLE", message("orders.fault.noSequence", { host: url.host }));
      // a server that answers what was taken already is no reason to take it again
      if (seq <= last) return [];
      last = seq;
      const read = readMessage(entry, fields);
      return [{ where: `#${seq}`, read: "message" in read ? { message: { message: `#${seq}`, ...read.message } } : read }];
    });
    return { rows, position: rows.length === 0 ? position : String(last), hasMore: rows.length > 0 && entries.length >= limit };
  }

  async close(): Promise<void> {
    this.#client.close();
  }
}

function entriesOf(answer: unknown, { host }: URL): readonly unknown[] {
  if (Array.isArray(answer)) return answer;
  if (typeof answer === "object" && answer !== null && "entries" in answer && Array.isArray(answer.entries)) return answer.entries;
  throw new DoppelwerkError("DW_UNAVAILABLE", message("orders.fault.noList", { host }));
}

function seqOf(entry: unknown): number | undefined {
  const seq = typeof entry === "object" && entry !== null && "seq" in entry ? entry.seq : undefined;
  return typeof seq === "number" && Number.isSafeInteger(seq) && seq > 0 ? seq : undefined;
}
