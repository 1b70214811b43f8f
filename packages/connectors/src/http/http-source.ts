import { isMessage, message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { Clock, Instant, SignalRecord } from "@doppelwerk/world";
import type { BrowseResult } from "@doppelwerk/world";
import { DraftCollector, exampleOf, typeOfScalar } from "../discovery/draft-collector.ts";
import type { ConnectionTarget, Connector, DiscoverOptions } from "../host/connector.ts";
import { rawOfPayload, readPayload, signalsOf, timeOfPayload, type Payload } from "../payload/payload.ts";
import { pointerOf, pointerTokens } from "../samples/json-pointer.ts";
import { createPolledSource, type Poller } from "../samples/polled-source.ts";
import { reasonOf } from "../samples/reason-of.ts";
import type { ValueIntake } from "../samples/value-intake.ts";
import { GuardedClient } from "./guarded-client.ts";
import { httpSettings, type HttpSettings } from "./settings.ts";

/** Asks a plant's HTTP server at an interval. A signal's address is `path#/json/pointer`; the path may be empty (the connection's own address). */
export const httpConnector: Connector = {
  open(connection, signals, options) {
    const settings = httpSettings.parse(connection.settings ?? {});
    const { documents, refused } = documentsOf(connection.url, signals);
    return createPolledSource({
      ...options,
      connection,
      signals,
      intervalS: settings.intervalS,
      connect: async () =>
        new HttpPoller(new GuardedClient(settings, options.secret), documents, refused, signals, settings, options.clock),
    });
  },
  discover,
};

/** Servers that count their tags anew give an old one to another document after a restart that nobody noticed: it misleads for a minute at most. */
const TAG_BELIEVED: Instant = 60_000_000;

interface Target {
  readonly index: number;
  readonly tokens: readonly string[];
}

/** One address that is asked, with what is taken from it and what it last said. */
interface Document {
  readonly url: URL;
  readonly targets: Target[];
  etag?: string;
  modified?: string;
  /** When the whole of it was sent last. */
  sentAt?: Instant;
  last?: Payload;
}

function documentsOf(base: string, signals: readonly SignalRecord[]): { documents: Document[]; refused: (readonly [number, Message])[] } {
  const documents = new Map<string, Document>();
  const refused: (readonly [number, Message])[] = [];
  for (const [index, signal] of signals.entries()) {
    const parsed = parseHttpAddress(base, signal.address ?? "");
    if (isMessage(parsed)) {
      refused.push([index, parsed]);
      continue;
    }
    const key = parsed.url.href;
    const document = documents.get(key) ?? { url: parsed.url, targets: [] };
    document.targets.push({ index, tokens: parsed.tokens });
    documents.set(key, document);
  }
  return { documents: [...documents.values()], refused };
}

/** A message = what is wrong. An address never leaves the server of its connection. */
export function parseHttpAddress(base: string, address: string): { readonly url: URL; readonly tokens: readonly string[] } | Message {
  const hash = address.indexOf("#");
  const tokens = pointerTokens(hash < 0 ? "" : address.slice(hash + 1));
  if (tokens === undefined) return message("connectors.addressNotHttpPath");
  const path = hash < 0 ? address : address.slice(0, hash);
  const from = new URL(base);
  let url: URL;
  try {
    url = path === "" ? from : new URL(path, from);
  } catch {
    return message("connectors.addressNotHttpPath");
  }
  if (url.origin !== from.origin) return message("connectors.addressOfOtherServer", { origin: from.origin });
  return { url, tokens };
}

class HttpPoller implements Poller {
  readonly #client: GuardedClient;
  readonly #documents: readonly Document[];
  readonly #signals: readonly SignalRecord[];
  readonly #settings: HttpSettings;
  readonly #timeTokens: readonly string[] | undefined;
  readonly #clock: Clock;
  #refused: readonly (readonly [number, Message])[];

  constructor(
    client: GuardedClient,
    documents: readonly Document[],
    refused: readonly (readonly [number, Message])[],
    signals: readonly SignalRecord[],
    settings: HttpSettings,
    clock: Clock,
  ) {
    this.#client = client;
    this.#clock = clock;
    // a new life believes no tag of an old one
    this.#documents = documents.map(({ url, targets }) => ({ url, targets }));
    this.#refused = refused;
    this.#signals = signals;
    this.#settings = settings;
    this.#timeTokens = settings.timePointer === undefined ? undefined : pointerTokens(settings.timePointer);
  }

  async poll(intake: ValueIntake, stop: AbortSignal): Promise<void> {
    for (const [index, why] of this.#refused) intake.refused(index, why);
    this.#refused = [];
    let answered = 0;
    let failure: unknown;
    for (const document of this.#documents) {
      try {
        await this.#ask(document, intake, stop);
        answered++;
      } catch (error) {
        failure = error;
        if (stop.aborted) throw error;
        if (this.#documents.length > 1) for (const { index } of document.targets) intake.refused(index, reasonOf(error));
      }
    }
    if (answered === 0 && failure !== undefined) throw failure;
  }

  async close(): Promise<void> {
    this.#client.close();
  }

  async #ask(document: Document, intake: ValueIntake, stop: AbortSignal): Promise<void> {
    const now = this.#clock.now();
    const believed = document.sentAt !== undefined && now - document.sentAt < TAG_BELIEVED;
    const conditions = {
      accept: "application/json, text/plain;q=0.9, */*;q=0.1",
      ...(document.etag === undefined || !believed ? {} : { "if-none-match": document.etag }),
      ...(document.modified === undefined || !believed ? {} : { "if-modified-since": document.modified }),
    };
    const { status, headers, body } = await this.#client.get(document.url, conditions, stop);
    if (status === 304 && document.last !== undefined) return this.#say(document, document.last, intake);
    if (status !== 200) throw new DoppelwerkError("DW_UNAVAILABLE", message("connectors.serverAnswers", { status }));
    const payload = readPayload(body);
    if (payload === undefined) throw new DoppelwerkError("DW_UNAVAILABLE", message("connectors.answerNoText"));
    if (payload.kind === "text" && /json/i.test(headers["content-type"] ?? "") && !isScalarJson(payload.text))
      throw new DoppelwerkError("DW_UNAVAILABLE", message("connectors.answerNoJson"));
    document.etag = headers.etag;
    document.modified = headers["last-modified"];
    document.last = payload;
    document.sentAt = now;
    this.#say(document, payload, intake);
  }

  #say(document: Document, payload: Payload, intake: ValueIntake): void {
    const time = this.#timeTokens === undefined ? undefined : timeOfPayload(payload, this.#timeTokens, this.#settings.timeZone);
    for (const { index, tokens } of document.targets) {
      const raw = rawOfPayload(payload, tokens, this.#signals[index]!.valueType);
      if (raw === undefined && tokens.length > 0) intake.finding(index, message("connectors.answerPointerMissing"));
      intake.value(index, { raw, time });
    }
  }
}

function isScalarJson(text: string): boolean {
  return /^\s*(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)\s*$/.test(text);
}

const MAX_DRAFTS = 10_000;

/** Every scalar of the document at the address. */
async function discover({ url, settings: raw }: ConnectionTarget, options: DiscoverOptions): Promise<BrowseResult> {
  const settings = httpSettings.parse(raw ?? {});
  const client = new GuardedClient(settings, options.secret);
  try {
    const { status, body } = await client.get(new URL(url));
    if (status !== 200) throw new DoppelwerkError("DW_UNAVAILABLE", message("connectors.serverAnswers", { status }));
    const payload = readPayload(body);
    if (payload === undefined) throw new DoppelwerkError("DW_UNAVAILABLE", message("connectors.answerNoText"));
    if (payload.kind === "text" && payload.text.trimStart().startsWith("<"))
      throw new DoppelwerkError("DW_UNAVAILABLE", message("connectors.answerXmlOrHtml"));
    const collector = new DraftCollector(MAX_DRAFTS);
    const timeTokens = settings.timePointer === undefined ? undefined : pointerTokens(settings.timePointer);
    for (const { tokens, value, unit } of signalsOf(payload, timeTokens, settings.timeZone, MAX_DRAFTS)) {
      collector.add({
        name: tokens.length === 0 ? "value" : tokens.join("."),
        path: tokens,
        address: `#${pointerOf(tokens)}`,
        valueType: typeOfScalar(value),
        example: exampleOf(value),
        unit,
      });
    }
    return collector.result(url);
  } finally {
    client.close();
  }
}
