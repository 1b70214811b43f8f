import { lookup as dnsLookup } from "node:dns";
import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { Secret } from "../secrets/secret-store.ts";

const inner = new BlockList();
for (const [net, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const)
  inner.addSubnet(net, bits, "ipv4");
for (const [net, bits] of [
  ["::", 127],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
  ["64:ff9b::", 96],
  ["2002::", 16],
] as const)
  inner.addSubnet(net, bits, "ipv6");

/** Where clouds hand out credentials to whoever asks from inside: no plant lives there. */
const metadata = new BlockList();
metadata.addAddress("169.254.169.254", "ipv4");
metadata.addAddress("fd00:ec2::254", "ipv6");

/** Why an address may not be asked; undefined = it may. IPv4 inside IPv6 counts as what it is. */
export function forbidden(address: string, allowPrivate: boolean): Message | undefined {
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  if (metadata.check(address, family)) return message("connectors.addressOfCloudMetadata", { address });
  if (allowPrivate || !inner.check(address, family)) return undefined;
  return message("connectors.addressPrivate", { address });
}

export interface GuardedClientOptions {
  readonly allowPrivate: boolean;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly ca?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * GET of plants' own servers, and POST to those that take messages. Each address a name resolves to is checked, and the checked one is connected to (no second look-up);
 * redirects are not followed, certificates are checked, bodies are bounded, and secrets go into headers only.
 */
export class GuardedClient {
  readonly #options: GuardedClientOptions;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agents: readonly [HttpAgent, HttpsAgent];

  constructor(options: GuardedClientOptions, secret: Secret | undefined) {
    this.#options = options;
    this.#headers = { "user-agent": "doppelwerk", ...options.headers, ...authorization(secret) };
    const keep = { keepAlive: true, maxSockets: 8 };
    const identity = secret?.certificate === undefined ? {} : { cert: secret.certificate, key: secret.privateKey };
    this.#agents = [new HttpAgent(keep), new HttpsAgent({ ...keep, ...identity, ...(options.ca === undefined ? {} : { ca: options.ca }) })];
  }

  /** The whole answer; rejects when it is larger or slower than allowed, or the address is forbidden. */
  get(url: URL, headers: Readonly<Record<string, string>> = {}, stop?: AbortSignal): Promise<Answer> {
    return this.#whole(url, headers, stop);
  }

  /** The same of what is sent there. */
  post(url: URL, body: string, headers: Readonly<Record<string, string>>, stop?: AbortSignal): Promise<Answer> {
    return this.#whole(url, headers, stop, body);
  }

  async #whole(url: URL, headers: Readonly<Record<string, string>>, stop?: AbortSignal, body?: string): Promise<Answer> {
    const limit = AbortSignal.timeout(this.#options.timeoutMs);
    const response = await this.#open(url, headers, stop === undefined ? limit : AbortSignal.any([stop, limit]), limit, body);
    const chunks: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > this.#options.maxBytes)
          throw new DoppelwerkError("DW_UNAVAILABLE", message("connectors.answerLargerBytes", { maxBytes: this.#options.maxBytes }));
        chunks.push(chunk);
      }
    } catch (error) {
      throw limit.aborted ? this.#late() : error;
    } finally {
      response.destroy();
    }
    return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
  }

  /** An answer that does not end: the caller reads it and bounds what it keeps. Only its beginning is under the time limit. */
  async stream(url: URL, headers: Readonly<Record<string, string>>, stop: AbortSignal): Promise<IncomingMessage> {
    const begun = new AbortController();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      begun.abort();
    }, this.#options.timeoutMs);
    try {
      return await this.#open(url, headers, AbortSignal.any([stop, begun.signal]), undefined);
    } catch (error) {
      throw late ? this.#late() : error;
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    for (const agent of this.#agents) agent.destroy();
  }

  #late(): Error {
    return new DoppelwerkError("DW_UNAVAILABLE", message("connectors.noAnswerMs", { timeoutMs: this.#options.timeoutMs }));
  }

  async #open(
    url: URL,
    headers: Readonly<Record<string, string>>,
    stop: AbortSignal,
    limit: AbortSignal | undefined,
    body?: string,
  ): Promise<IncomingMessage> {
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const why = isIP(host) === 0 ? undefined : forbidden(host, this.#options.allowPrivate);
    if (why !== undefined) throw new DoppelwerkError("DW_UNAVAILABLE", why);
    const secure = url.protocol === "https:";
    if (!secure && url.protocol !== "http:")
      throw new DoppelwerkError("DW_UNAVAILABLE", message("connectors.addressNotHttp", { scheme: url.protocol }));
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const sent = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const options = {
      method: body === undefined ? "GET" : "POST",
      headers: { ...this.#headers, ...headers, ...sent },
      signal: stop,
      lookup: checkedLookup(this.#options.allowPrivate),
    };
    const request = secure
      ? httpsRequest(url, { ...options, agent: this.#agents[1] }, resolve)
      : httpRequest(url, { ...options, agent: this.#agents[0] }, resolve);
    request.on("error", (error) => reject(limit?.aborted === true ? this.#late() : error));
    request.end(body);
    const response = await promise;
    const status = response.statusCode ?? 0;
    if (status >= 300 && status < 400 && status !== 304) {
      response.destroy();
      throw new Error(
        `the server sends us elsewhere (${status}${response.headers.location === undefined ? "" : ` to ${response.headers.location.slice(0, 200)}`}): give that address`,
      );
    }
    return response;
  }
}

function authorization(secret: Secret | undefined): Record<string, string> {
  if (secret?.token !== undefined) return { authorization: `Bearer ${secret.token}` };
  if (secret?.username === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${secret.username}:${secret.password ?? ""}`).toString("base64")}` };
}

/** Resolves a name and hands on only what may be asked; one forbidden address forbids the name. */
export function checkedLookup(allowPrivate: boolean): LookupFunction {
  return (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, "");
      const why = addresses.map(({ address }) => forbidden(address, allowPrivate)).find((reason) => reason !== undefined);
      if (why !== undefined) return callback(new DoppelwerkError("DW_UNAVAILABLE", why), "");
      if (options.all === true) return callback(null, addresses);
      const first = addresses[0];
      callback(
        first === undefined ? new DoppelwerkError("DW_UNAVAILABLE", message("connectors.hostWithoutAddress", { host: hostname })) : null,
        first?.address ?? "",
        first?.family,
      );
    });
  };
}
