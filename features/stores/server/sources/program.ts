import { GuardedClient } from "@doppelwerk/connectors/http";
import { DoppelwerkError, message } from "@doppelwerk/kit";
import type {} from "../../message-codes.ts";
import type { SourceFields } from "../../model/source-kind.ts";

/** Of one answer. */
const MAX_BYTES = 20_000_000;
const MAX_PARTS = 5_000;

/** The program of the stores behind its addresses; they, redirects and sizes are guarded as those of connections. */
export class Program {
  readonly #client: GuardedClient;
  readonly #fields: SourceFields;

  constructor(fields: SourceFields, secret: string | undefined) {
    const given = secret === undefined ? undefined : { token: secret };
    const { allowPrivate, timeoutMs } = fields;
    this.#client = new GuardedClient({ allowPrivate, timeoutMs, maxBytes: MAX_BYTES, headers: { accept: "application/json" } }, given);
    this.#fields = fields;
  }

  async parts(stop: AbortSignal): Promise<readonly unknown[]> {
    const url = new URL(this.#fields.parts);
    const list = listOf(await this.#ask(url, stop), url);
    if (list.length > MAX_PARTS) throw new DoppelwerkError("DW_UNAVAILABLE", message("stores.fault.tooMany", { count: MAX_PARTS }));
    return list;
  }

  async movements(after: number, stop: AbortSignal): Promise<readonly unknown[]> {
    const url = new URL(this.#fields.movements);
    url.searchParams.set("after", String(after));
    url.searchParams.set("limit", String(this.#fields.limit));
    return listOf(await this.#ask(url, stop), url);
  }

  close(): void {
    this.#client.close();
  }

  async #ask(url: URL, stop: AbortSignal): Promise<unknown> {
    const { status, body } = await this.#client.get(url, {}, stop);
    if (status !== 200)
      throw new DoppelwerkError(
        "DW_UNAVAILABLE",
        message("stores.fault.status", { status, host: url.host, text: body.toString("utf8", 0, 200) }),
      );
    try {
      return JSON.parse(body.toString("utf8")) as unknown;
    } catch {
      throw new DoppelwerkError("DW_UNAVAILABLE", message("stores.fault.noJson", { host: url.host }));
    }
  }
}

/** An array, or an object with the array in `entries`. */
function listOf(answer: unknown, { host }: URL): readonly unknown[] {
  if (Array.isArray(answer)) return answer;
  if (typeof answer === "object" && answer !== null && "entries" in answer && Array.isArray(answer.entries)) return answer.entries;
  throw new DoppelwerkError("DW_UNAVAILABLE", message("stores.fault.noList", { host }));
}
