import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { GuardedClient } from "@doppelwerk/connectors/http";
import { DoppelwerkError, MINUTE, message, SECOND, textOf, verbatim, z, type Message } from "@doppelwerk/kit";
import type { Instant } from "@doppelwerk/world";
import type {} from "../../message-codes.ts";
import { OwnAddresses } from "../../model/channel-kind.ts";
import { shortTime, type MessageContent } from "../../model/composed.ts";
import { sendBy } from "../send-by.ts";
import type { Outcome } from "../outbox.ts";
import type { WatchdogConfig } from "./config.ts";
import { begun, watch, type Announcement, type Known, type Look } from "./watch-state.ts";

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 4_000_000;
const BACKOFF = { first: 10 * SECOND, most: 5 * MINUTE };
/** What could not be delivered for so long is of no use any more. */
const EXPIRES = 24 * 60 * MINUTE;
const MAX_WAITING = 100;

const seen = z.object({
  inputs: z.array(z.object({ id: z.string(), name: z.string(), state: z.string(), at: z.number().optional() })),
});

interface Waiting {
  readonly id: string;
  readonly at: Instant;
  readonly announcement: Announcement;
}

interface Sender {
  readonly channel: WatchdogConfig["channels"][number];
  waiting: Waiting[];
  next: Instant;
  failures: number;
}

export interface WatchdogOptions {
  readonly config: WatchdogConfig;
  now(): Instant;
  log(text: string): void;
  /** Default: by the channels themselves. */
  readonly send?: (channel: WatchdogConfig["channels"][number], content: MessageContent, nowMs: number) => Promise<Outcome>;
}

/** Looks at a server from outside, and says when it stops, when an input goes missing, and when either is back. */
export class Watchdog {
  readonly #options: WatchdogOptions;
  readonly #client: GuardedClient;
  readonly #senders: readonly Sender[];
  #known: Known;
  #count = 0;
  #pinged: Instant = 0;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    const { server, channels, state } = options.config;
    const token = server.token === undefined ? undefined : readFileSync(server.token, "utf8").trim();
    const ca = server.ca === undefined ? undefined : readFileSync(server.ca, "utf8");
    this.#client = new GuardedClient(
      { allowPrivate: true, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES, ...(ca !== undefined && { ca }) },
      token === undefined ? undefined : { token },
    );
    this.#senders = channels.map((channel) => ({ channel, waiting: [], next: 0, failures: 0 }));
    this.#known = readState(state) ?? begun(options.now());
  }

  get known(): Known {
    return this.#known;
  }

  close(): void {
    this.#client.close();
  }

  /** One look, and whatever is to be sent. Never rejects. */
  async round(): Promise<void> {
    const { config, now, log } = this.#options;
    const { url } = config.server;
    const look = await this.#look();
    const { maxAgeS, only } = config.inputs;
    const inputs = look.inputs?.filter(({ name }) => only.length === 0 || only.includes(name));
    const options = { url, looks: config.looks, maxAgeS, repeatS: config.repeatMinutes * 60 };
    const timeText = (instant: Instant): string => shortTime(instant, "en", "UTC");
    const { known, said } = watch(this.#known, { ...look, ...(inputs && { inputs }) }, options, timeText);
    for (const announcement of said) {
      log([announcement.subject, ...announcement.text].map(textOf).join(": "));
      for (const sender of this.#senders) {
        sender.waiting = [...sender.waiting, { id: `watchdog-${now()}-${(this.#count += 1)}`, at: now(), announcement }].slice(
          -MAX_WAITING,
        );
        sender.next = Math.min(sender.next, now());
      }
    }
    this.#known = known;
    if (said.length > 0) this.#keep();
    await Promise.all(this.#senders.map((sender) => this.#deliver(sender)));
    await this.#ping();
  }

  async #look(): Promise<Look> {
    const { config, now } = this.#options;
    const { server, name, everyS } = config;
    const at = now();
    try {
      const { status, body } = await this.#client.get(new URL("/readyz", server.url));
      if (status !== 200)
        return { at, trouble: message("notifications.watch.status", { status, text: body.toString("utf8").slice(0, 200) }) };
      if (server.token === undefined) return { at };
      const world = server.world === undefined ? "" : `/worlds/${encodeURIComponent(server.world)}`;
      const address = new URL(`/api/doppelwerk/v1${world}/notifications/watch`, server.url);
      address.searchParams.set("name", name);
      address.searchParams.set("everyS", String(everyS));
      const read = await this.#client.get(address);
      if (read.status === 401 || read.status === 403) {
        this.#options.log(textOf(message("notifications.watch.notPermitted", { status: read.status })));
        return { at };
      }
      if (read.status !== 200)
        return {
          at,
          trouble: message("notifications.watch.status", { status: read.status, text: read.body.toString("utf8").slice(0, 200) }),
        };
      return { at, inputs: seen.parse(JSON.parse(read.body.toString("utf8"))).inputs };
    } catch (error) {
      return { at, trouble: reasonOf(error) };
    }
  }

  /** Everything that waits is one message; what fails is tried again. */
  async #deliver(sender: Sender): Promise<void> {
    const { config, now, log, send = sendTo } = this.#options;
    sender.waiting = sender.waiting.filter(({ at }) => at > now() - EXPIRES);
    const [first] = sender.waiting;
    if (first === undefined || now() < sender.next) return;
    const subjects = sender.waiting.map(({ announcement }) => announcement.subject);
    const text = sender.waiting.flatMap(({ announcement }) => announcement.text);
    const content: MessageContent = {
      id: first.id,
      made: first.at,
      alarms: [],
      more: 0,
      expired: 0,
      isTest: false,
      world: config.name,
      notice: { subject: message("notifications.watch.subject", { name: config.name, what: subjects.at(-1)! }), text },
    };
    const sent = sender.waiting.length;
    const outcome = await send(sender.channel, content, now() / 1_000);
    if (outcome.kind === "sent") {
      sender.waiting = sender.waiting.slice(sent);
      sender.failures = 0;
      return;
    }
    sender.failures += 1;
    sender.next = now() + Math.min(BACKOFF.most, BACKOFF.first * 2 ** (sender.failures - 1));
    log(`${sender.channel.channel.name}: ${textOf(outcome.reason)}`);
  }

  /** Says to somebody else that the watchdog works. */
  async #ping(): Promise<void> {
    const { config, now, log } = this.#options;
    if (config.ping === undefined || now() - this.#pinged < config.ping.everyS * SECOND) return;
    this.#pinged = now();
    const client = new GuardedClient({ allowPrivate: true, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES }, undefined);
    try {
      await client.get(new URL(config.ping.url));
    } catch (error) {
      log(`the ping failed: ${textOf(reasonOf(error))}`);
    } finally {
      client.close();
    }
  }

  #keep(): void {
    const { config, log } = this.#options;
    try {
      writeFileSync(`${config.state}.new`, JSON.stringify({ version: 1, known: this.#known }), { mode: 0o600, flush: true });
      renameSync(`${config.state}.new`, config.state);
    } catch (error) {
      log(`the state could not be kept: ${(error as Error).message}`);
    }
  }
}

function sendTo({ channel, to }: WatchdogConfig["channels"][number], content: MessageContent, nowMs: number): Promise<Outcome> {
  // it watches servers of the plant, and its file is written by who runs it
  const own = { ...channel, allowPrivate: true };
  return sendBy(own, OwnAddresses.parse({ mail: to.slice(0, 3), language: channel.language, timeZone: channel.timeZone }), content, nowMs);
}

function reasonOf(error: unknown): Message {
  if (error instanceof DoppelwerkError) return error.reason;
  const { code, message: text } = error as NodeJS.ErrnoException;
  return verbatim((text === "" ? (code ?? "") : text).slice(0, 300));
}

/** Undefined where nothing is kept, or nothing that can be read: then it begins again. */
function readState(path: string): Known | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return (JSON.parse(readFileSync(path, "utf8")) as { readonly known?: Known }).known;
  } catch {
    // cut off by a crash: what is down is said once more
    return undefined;
  }
}
