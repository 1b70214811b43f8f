import { message, type Message, verbatim, isMessage } from "@doppelwerk/messages";
import { DoppelwerkError, errorStatus } from "@doppelwerk/world";
import type { ErrorCode } from "@doppelwerk/world";
import { API_BASE } from "./api.ts";
import { HOME_WORLD } from "./home-world.ts";

/** The part of `fetch` this client needs; the one of Node and of every browser fits. */
export type FetchLike = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string | Uint8Array<ArrayBuffer>; signal?: unknown },
) => Promise<ResponseLike>;

export interface ResponseLike {
  readonly ok: boolean;
  readonly status: number;
  /** Absent where a fetch of one's own does not carry them. */
  readonly headers?: { get(name: string): string | null };
  /** What comes while it comes; absent where a fetch of one's own does not carry it. */
  readonly body?: {
    getReader(): { read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>; cancel(): Promise<void> };
  } | null;
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Who asks: an opaque client id and a name, which the server shows as unverified. */
export interface ClientPerson {
  readonly id: string;
  readonly name: string;
}

export interface RequestOptions {
  readonly baseUrl: string;
  /** Default: the world of the short addresses. */
  readonly world?: string;
  readonly fetch: FetchLike;
  readonly person: () => ClientPerson;
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/** Carries calls of the own API: a refusal of the server becomes a DoppelwerkError with its code, an unreachable server DW_UNAVAILABLE. */
export interface Requester {
  json<Result>(
    method: string,
    path: string,
    options?: { readonly query?: Query; readonly body?: unknown; readonly signal?: unknown },
  ): Promise<Result>;
  bytes(path: string, options?: { readonly query?: Query; readonly signal?: unknown }): Promise<Uint8Array<ArrayBuffer>>;
}

export function createRequester(options: RequestOptions): Requester {
  const base = `${options.baseUrl.replace(/\/$/, "")}${API_BASE}${worldPath(options.world)}`;
  const send = async (method: string, path: string, call: { query?: Query; body?: unknown; signal?: unknown }): Promise<ResponseLike> => {
    const person = options.person();
    const headers: Record<string, string> = {
      "Doppelwerk-Person": person.id,
      "Doppelwerk-Name": encodeURIComponent(person.name),
    };
    // Bytes are a file and travel as they are, everything else as JSON.
    const file = call.body instanceof Uint8Array ? (call.body as Uint8Array<ArrayBuffer>) : undefined;
    if (call.body !== undefined) headers["Content-Type"] = file === undefined ? "application/json" : "application/octet-stream";
    const url = `${base}${path}${queryText(call.query)}`;
    let response: ResponseLike;
    try {
      response = await options.fetch(url, {
        method,
        headers,
        ...(call.body === undefined ? {} : { body: file ?? JSON.stringify(call.body) }),
        ...(call.signal === undefined ? {} : { signal: call.signal }),
      });
    } catch (error) {
      if (error instanceof Error && error.name === "AbortError")
        throw new DoppelwerkError("DW_CANCELLED", message("client.givenUp", { method, path }));
      throw new DoppelwerkError(
        "DW_UNAVAILABLE",
        message("client.noDoppelwerk", { baseUrl: options.baseUrl, method, path }),
        String(error),
      );
    }
    if (!response.ok) throw refusal(response.status, await response.text(), `${method} ${path}`);
    return response;
  };
  return {
    async json<Result>(method: string, path: string, call = {}): Promise<Result> {
      const response = await send(method, path, call);
      const text = await response.text();
      if (text === "") return undefined as Result;
      try {
        return JSON.parse(text, withoutNull) as Result;
      } catch {
        throw new DoppelwerkError("DW_UNAVAILABLE", message("client.answerNot", { method, path }));
      }
    },
    async bytes(path, call = {}) {
      const response = await send("GET", path, call);
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}

/** What stands before the paths of a world: nothing for the default one, whose addresses are short. */
export function worldPath(world: string | undefined): string {
  return world === undefined || world === HOME_WORLD ? "" : `/worlds/${encodeURIComponent(world)}`;
}

/** JSON has no NaN and no undefined: a field that is null is absent. In lists null keeps its place (gaps of a trend). */
function withoutNull(this: unknown, _: string, value: unknown): unknown {
  return value === null && !Array.isArray(this) ? undefined : value;
}

/** `?a=1&b=x`, leaving out what is undefined; empty text when nothing is left. */
export function queryText(query: Query | undefined): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parts.push(`${name}=${encodeURIComponent(String(value))}`);
  }
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}

function refusal(status: number, text: string, call: string): DoppelwerkError {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: string; message?: string; details?: unknown; reason?: Message } };
    if (error !== undefined && error !== null && (error.code !== undefined || error.message !== undefined)) {
      const code = error.code !== undefined && error.code in errorStatus ? (error.code as ErrorCode) : codeOfStatus(status);
      return new DoppelwerkError(code, isMessage(error.reason) ? error.reason : verbatim(error.message ?? call), error.details);
    }
  } catch {
    // Not the server's own error form (a proxy, a crash): the status is all there is.
  }
  return new DoppelwerkError(codeOfStatus(status), message("client.answeredStatus", { call, status }));
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 404) return "DW_NOT_FOUND";
  if (status === 401) return "DW_UNAUTHENTICATED";
  if (status === 403) return "DW_FORBIDDEN";
  if (status === 409) return "DW_CONFLICT";
  if (status === 412) return "DW_CHANGED";
  return status >= 500 ? "DW_UNAVAILABLE" : "DW_INVALID";
}
