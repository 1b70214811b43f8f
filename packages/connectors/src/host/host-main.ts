// The connectors' own process. Protocol libraries are loaded here, when the first connection of their kind is opened, and nowhere else.
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type SampleBatch, type SourceNotice } from "@doppelwerk/world";
import type { BrowseResult } from "@doppelwerk/world";
import { reasonAt } from "../samples/connection-failure.ts";
import { reasonOf } from "../samples/reason-of.ts";
import { wallClock } from "../samples/wall-clock.ts";
import { useKeyFileArgument } from "../secrets/key-file-arguments.ts";
import { openSecretStore, type Secret } from "../secrets/secret-store.ts";
import type { ConnectorSource } from "./connector.ts";
import { loadConnector } from "./load-connector.ts";
import type { Answer, FromHost, ToHost } from "./message.ts";

/** Batches of one connection on their way; more wait inside the source, which then makes larger ones. */
const WINDOW = 4;

type OpenMessage = Extract<ToHost, { kind: "open" }>;

interface Opened {
  readonly source: Promise<ConnectorSource>;
  taken(sequence: number): void;
}

useKeyFileArgument();

const opened = new Map<number, Opened>();

function say(word: FromHost): void {
  // a parent that was killed breaks the pipe before this process is told: it ends on "disconnect", not with an error of its own
  if (process.connected) process.send!(word, () => {});
}

function open(message: OpenMessage): void {
  const { id } = message;
  const window = createWindow((sequence, batch) => say({ kind: "batch", id, sequence, batch }));
  const source = createSource(message).then(async (created) => {
    await created.start({
      batch: (batch) => window.send(batch),
      notice: (notice) => say({ kind: "notice", id, notice: noticeAt(notice, message.connection.url) }),
    });
    return created;
  });
  opened.set(id, { source, taken: (sequence) => window.taken(sequence) });
  source.catch((error: unknown) => {
    say({
      kind: "notice",
      id,
      notice: { kind: "state", state: "failed", since: wallClock.now(), reason: reasonAt(reasonOf(error), message.connection.url) },
    });
  });
}

function noticeAt(notice: SourceNotice, url: string): SourceNotice {
  return notice.kind === "state" && notice.reason !== undefined ? { ...notice, reason: reasonAt(notice.reason, url) } : notice;
}

async function createSource(message: OpenMessage): Promise<ConnectorSource> {
  const { connection, signals, dataDir, backfillFrom, lastTimes, timing } = message;
  const connector = await loadConnector(connection.protocol);
  const secret = secretOf(dataDir, connection.secret);
  return connector.open(connection, signals, { clock: wallClock, dataDir, backfillFrom, lastTimes, secret, ...timing });
}

/** Secrets are read here and nowhere else: they never pass through a message. */
function secretOf(dataDir: string, name: string | undefined): Secret | undefined {
  return name === undefined ? undefined : openSecretStore(dataDir).read(name);
}

async function browse({ target, dataDir, listenS }: Extract<ToHost, { kind: "browse" }>): Promise<BrowseResult> {
  const connector = await loadConnector(target.protocol);
  return connector.discover(target, { dataDir, secret: secretOf(dataDir, target.secret), ...(listenS === undefined ? {} : { listenS }) });
}

function createWindow(send: (sequence: number, batch: SampleBatch) => void): {
  send(batch: SampleBatch): Promise<void>;
  taken(sequence: number): void;
} {
  let sent = 0;
  let acknowledged = 0;
  let waiting: (() => void)[] = [];
  return {
    async send(batch) {
      send(++sent, batch);
      while (sent - acknowledged >= WINDOW) {
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.push(resolve);
        await promise;
      }
    },
    taken(sequence) {
      acknowledged = sequence;
      const resolves = waiting;
      waiting = [];
      for (const resolve of resolves) resolve();
    },
  };
}

async function close(id: number): Promise<void> {
  const entry = opened.get(id);
  opened.delete(id);
  // a source that waits for an acknowledgement must not keep the close waiting
  entry?.taken(Number.MAX_SAFE_INTEGER);
  const source = await entry?.source.catch(() => {
    // whoever opened it has the error: there is nothing to close
    return undefined;
  });
  await source?.close();
  say({ kind: "closed", id });
}

async function answer(request: number, url: string | undefined, work: () => Promise<Answer>): Promise<void> {
  try {
    say({ kind: "answer", request, answer: await work() });
  } catch (error) {
    const reason = reasonOf(error);
    say({ kind: "refusal", request, reason: url === undefined ? reason : reasonAt(reason, url) });
  }
}

async function look({ target, addresses, dataDir }: Extract<ToHost, { kind: "look" }>): Promise<Answer> {
  const connector = await loadConnector(target.protocol);
  return { values: await connector.look?.(target, addresses, { dataDir, secret: secretOf(dataDir, target.secret) }) };
}

async function backfill(asked: Extract<ToHost, { kind: "backfill" }>): Promise<{ readonly samples: number }> {
  const source = await opened.get(asked.id)?.source;
  if (source?.backfill === undefined) throw new DoppelwerkError("DW_INVALID", message("connectors.connectionWithoutHistory"));
  const { samples } = await source.backfill(asked.from, asked.to);
  return { samples };
}

async function shutdown(): Promise<void> {
  await Promise.all([...opened.keys()].map((id) => close(id)));
  process.exit(0);
}

process.on("message", (message: ToHost) => {
  switch (message.kind) {
    case "open":
      return open(message);
    case "close":
      return void close(message.id);
    case "taken":
      return opened.get(message.id)?.taken(message.sequence);
    case "backfill":
      return void answer(message.request, undefined, () => backfill(message));
    case "browse":
      return void answer(message.request, message.target.url, async () => ({ browse: await browse(message) }));
    case "look":
      return void answer(message.request, message.target.url, () => look(message));
    case "shutdown":
      return void shutdown();
  }
});

// Ctrl C and service managers signal every process of a start at once: this one ends when its server says so, or is gone.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

// the parent is gone, perhaps while this one was loading: nobody takes what we would send
process.on("disconnect", () => process.exit(0));
if (!process.connected) process.exit(0);
