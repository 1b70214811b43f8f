import { STATUS_CODES } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { message as messageOf, textOf } from "@doppelwerk/messages";
import { encodeSamplesFrame, encodeSamplesFramesOfVersion1, Room } from "@doppelwerk/sync";
import type { ClientMessage, ServerMessage } from "@doppelwerk/sync";
import type { TopicOptions } from "@doppelwerk/kit";
import { DoppelwerkError, errorStatus, LIVE } from "@doppelwerk/world";
import type { Commit, Instant, Principal, RecordId, SampleBatch, WorldView } from "@doppelwerk/world";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { z } from "zod";
import { refusalOf, type OwnAddress } from "../http/guard.ts";
import { RequestRate } from "../http/request-rate.ts";
import { ClockOffset } from "../live/clock-offset.ts";
import type { FollowedBatch, ShownFrame } from "../live/followed-batch.ts";
import type { ReadableSignals } from "../live/readable-signals.ts";
import { asProtocol1 } from "./protocol-1.ts";
import { handedOver } from "./handed-over.ts";
import { parseClientMessage } from "./client-message.ts";
import { SilentSockets, SWEEP_MS } from "./silent-sockets.ts";
import { presentOf, type Present, type PresentWindow } from "./present.ts";
import { MAX_BUFFERED_BYTES, TopicQueue } from "./topic-queue.ts";
import { whoLeavesTooMuch } from "./unread-limits.ts";
import { Watchers } from "./watchers.ts";

/** What the hub needs from the composition. */
export interface HubOptions {
  /** What the server is called; default: this machine alone. */
  readonly address?: OwnAddress | undefined;
  readonly worldName: string;
  now(): Instant;
  /** Principal of a hello: its secret and chosen name, and the request that opened the socket. */
  person(request: Pick<IncomingMessage, "headers">, secret: string, name: string): Principal;
  view(principal: Principal): WorldView;
  mayReadSignal(principal: Principal, signal: RecordId): boolean;
  /** A record stands on live that the principal may not read. */
  hides(principal: Principal, id: RecordId): boolean;
  /** What the principal may read of the signals now; the same object until that changes. */
  readable(principal: Principal): ReadableSignals;
  /** Last sample of every signal, or of the marked ones (index → nonzero). */
  lastSamples(wanted: Uint8Array | undefined): SampleBatch;
  /** A window has drawn a frame that it was told is followed. */
  shown?(seat: string, frame: ShownFrame): void;
  log(message: string, details?: object): void;
}

/** WebSockets at another path than the room's. */
export interface OtherPath {
  readonly path: RegExp;
  /** What to do with the socket; what is refused before throws a DoppelwerkError and is answered over HTTP. */
  open(request: IncomingMessage, match: RegExpExecArray, query: URLSearchParams): (socket: WebSocket) => void;
}

/** The one subprotocol that is spoken beside our own: CloudEvents 1.0, WebSockets binding, JSON. */
const CLOUD_EVENTS = "cloudevents.json";
const MESSAGE_BYTES_MAX = 4_000_000;
/** A browser that is awake answers a farewell at once. */
const FAREWELL_MS = 1_000;
/** Messages of a topic that wait for a slow browser, where the topic says no other number. */
const QUEUE_BOUND = 1_000;
/** Archives come in batches: one message tells of those of so long. */
const PAST_MS = 2_000;
/** Requests for documents that wait for those before them. */
const MAX_ASKED = 100;
const PAGE_RECORDS = 2_000;
/** Messages of a window in a second, over ten: as many as requests of a person. */
const MESSAGES_PER_S = 500;
/** Writes whose answer may be asked for again; the oldest are forgotten. */
const ANSWERS_MAX = 2_000;

interface Client extends PresentWindow {
  /** Frames of version 2. */
  readonly readsOrigins: boolean;
  readonly socket: WebSocket;
  readonly protocol: number;
  readonly topics: TopicQueue;
  /** It says when it has drawn a frame that is followed: how far its clock is from this one. */
  readonly clock: ClockOffset | undefined;
  subscription: "none" | "all" | ReadonlySet<RecordId>;
  /** What it may read, as its subscription was last compiled. */
  readable: ReadableSignals;
  /** Its subscription is every row of a tick. */
  takesAll: boolean;
  /** Frames were skipped: the next one is a full one. */
  behind: boolean;
  /** It has what this tick brings, or is too slow for it. */
  isSkipped: boolean;
  /** Of a guest: the earliest sample of the past that came in and that it was not told of yet. */
  pastFrom: Instant | undefined;
  readonly stopCommits: () => void;
  /** Requests for documents are answered one after the other, each as it is read. */
  asked: number;
  answering: Promise<void>;
}

interface DocumentsRequest {
  readonly branch: string;
  readonly kinds?: readonly string[] | undefined;
}

/** A WebSocket, and the request that opened it. */
interface Opened {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
}

/** Every browser of a world: documents, samples and presence over one WebSocket each, at `/ws`. */
export class Hub {
  /** Told of who asked for what he may not, over any WebSocket of the world. */
  onForbidden: () => void = () => {};
  readonly #options: HubOptions;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MESSAGE_BYTES_MAX,
    handleProtocols: (asked) => (asked.has(CLOUD_EVENTS) ? CLOUD_EVENTS : false),
  });
  readonly #otherPaths: OtherPath[] = [];
  readonly #clients = new Map<string, Client>();
  readonly #room = new Room((seat, message) => this.#send(seat, message));
  /** Person and client id → the write: a window that lost the line before the answer asks again and must not write twice. */
  readonly #answers = new Map<string, Promise<Commit>>();
  /** Made again at the first tick after a subscription changed. */
  #watchers: Watchers<Client> | undefined;
  #seats = 0;
  #closed = false;
  #pastTimer: NodeJS.Timeout | undefined;
  /** The HTTP servers that WebSockets come from, with those that are open. */
  readonly #servers = new Map<Server, Set<WebSocket>>();
  readonly #silent = new SilentSockets();
  readonly #rate = new RequestRate(MESSAGES_PER_S, () => performance.now());
  #sweeps: NodeJS.Timeout | undefined;
  /** Frames not sent because a browser was too slow; shown in the metrics. */
  skippedFrames = 0;
  /** Topic → its messages that slow browsers did not get; shown in the metrics. */
  readonly droppedMessages = new Map<string, number>();

  constructor(options: HubOptions) {
    this.#options = options;
  }

  get viewers(): number {
    return this.#clients.size;
  }

  /** Every window that is open here, guests included. */
  present(): readonly Present[] {
    return [...this.#clients.values()].map(presentOf);
  }

  /** Serves the WebSockets of an HTTP server; a world may have several. */
  attach(server: Server, sweepMs = SWEEP_MS): void {
    this.expect(server, sweepMs);
    server.on("upgrade", (request, socket, head) => this.take(server, request, socket, head));
  }

  /** WebSockets of this HTTP server will come by `take`. */
  expect(server: Server, sweepMs = SWEEP_MS): void {
    if (!this.#servers.has(server)) this.#servers.set(server, new Set());
    this.#sweeps ??= setInterval(() => this.sweep(), sweepMs).unref();
  }

  /** Whether WebSockets of this HTTP server are taken: it was attached and does not stop. */
  serves(server: Server): boolean {
    return this.#servers.has(server) && !this.#closed;
  }

  /** An upgrade of an HTTP server, in the addresses of this world: `/ws` and the others that are served. */
  take(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const sockets = this.#servers.get(server);
    // A browser that was just sent away comes back at once.
    if (sockets === undefined || this.#closed) return void socket.destroy();
    this.#upgrade(request, socket, head, sockets);
  }

  /** Closes the WebSockets of one HTTP server, which stops; those of others stay. */
  async detach(server: Server): Promise<void> {
    const sockets = this.#servers.get(server);
    this.#servers.delete(server);
    if (sockets !== undefined) await closeAll([...sockets]);
  }

  /** Asks everybody whether he is still there, and cuts off who has not answered for long or never said hello. */
  sweep(): void {
    this.#silent.sweep();
  }

  /** WebSockets of a feature of its own, beside `/ws`. */
  serve(path: OtherPath): void {
    this.#otherPaths.push(path);
  }

  /** One tick's samples to everyone who subscribed; index space = the signal table's. */
  publish(batch: SampleBatch, followed?: FollowedBatch): void {
    this.#watchers ??= this.#whoWatches();
    if (this.#accessChanged()) this.#watchers = this.#whoWatches();
    let whole: Uint8Array | undefined;
    for (const client of this.#clients.values()) {
      if (client.subscription === "none") continue;
      client.isSkipped = client.socket.bufferedAmount > MAX_BUFFERED_BYTES;
      if (client.isSkipped) {
        client.behind = true;
        this.skippedFrames++;
        // who follows by a key reads what it missed when it comes back; a window shows what stands
        if (client.view.principal.scope !== undefined) client.socket.terminate();
      } else if (client.behind) {
        client.behind = false;
        client.isSkipped = true;
        this.#sendLast(client);
      } else if (client.takesAll) {
        if (followed !== undefined) follow(client, followed);
        if (client.readsOrigins) client.socket.send((whole ??= encodeSamplesFrame(batch)));
        else sendSamples(client, batch);
      }
    }
    for (const [client, part] of this.#watchers.partsOf(batch)) {
      if (client.isSkipped) continue;
      if (followed !== undefined) follow(client, followed);
      sendSamples(client, part);
    }
  }

  #whoWatches(): Watchers<Client> {
    const subscriptions = new Map<Client, Uint8Array>();
    for (const client of this.#clients.values()) {
      client.readable = this.#options.readable(client.view.principal);
      client.takesAll = client.subscription === "all" && client.readable.all;
      if (client.subscription !== "none" && !client.takesAll) subscriptions.set(client, marksOf(client));
    }
    return new Watchers(subscriptions);
  }

  /** A right was given or taken away since the subscriptions were compiled: the next frame goes by what holds now. */
  #accessChanged(): boolean {
    let changed = false;
    const textOf = signalsTexts();
    for (const client of this.#clients.values()) {
      const readable = this.#options.readable(client.view.principal);
      if (readable === client.readable) continue;
      changed = true;
      client.socket.send(textOf(readable));
    }
    return changed;
  }

  tellAll(message: ServerMessage): void {
    this.#room.tellAll(message);
  }

  /** Samples of the past came in: who follows by a key reads them; frames carry what is live alone. */
  publishPast({ count, signals, sourceTimes }: SampleBatch): void {
    for (const client of this.#clients.values()) {
      const { scope } = client.view.principal;
      if (scope === undefined) continue;
      const { marks } = this.#options.readable(client.view.principal);
      for (let row = 0; row < count; row++)
        if (marks[signals[row]!] === 1) client.pastFrom = Math.min(client.pastFrom ?? sourceTimes[row]!, sourceTimes[row]!);
      if (client.pastFrom !== undefined) this.#pastTimer ??= setTimeout(() => this.#sendPast(), PAST_MS).unref();
    }
  }

  #sendPast(): void {
    this.#pastTimer = undefined;
    for (const client of this.#clients.values()) {
      if (client.pastFrom === undefined) continue;
      this.#send(client.seat, { kind: "topic", topic: "kernel.past", payload: { from: client.pastFrom } });
      client.pastFrom = undefined;
    }
  }

  /** Ends the windows of a principal who may not be here any more. */
  withdraw(principal: string): void {
    const text = JSON.stringify({
      kind: "refused",
      code: "DW_FORBIDDEN",
      message: textOf(messageOf("server.keyDoesNotHold")),
    } satisfies ServerMessage);
    for (const { view, socket } of this.#clients.values()) {
      if (view.principal.id !== principal) continue;
      socket.send(text);
      socket.close(1008);
    }
  }

  /** To everyone who may do the topic's action, and read its subject and every one of the inputs. */
  publishTopic({ id, action, subject, branch: branchAt, queue }: TopicOptions, payload: unknown, inputs: readonly RecordId[]): void {
    const message: ServerMessage = { kind: "topic", topic: id, payload };
    let text: string | undefined;
    const fieldAt = (place: string | undefined) => place && (payload as Record<string, unknown>)[place.slice("payload.".length)];
    const about = fieldAt(subject);
    const branch = fieldAt(branchAt) ?? LIVE;
    for (const { view, protocol, topics } of this.#clients.values()) {
      // a topic tells of more than one record
      if (view.principal.scope !== undefined) continue;
      if (!view.may(action, String(branch)).allowed) continue;
      if (typeof about === "string" && this.#options.hides(view.principal, about)) continue;
      if (!inputs.every((signal) => this.#options.mayReadSignal(view.principal, signal))) continue;
      const sent: ServerMessage | undefined = protocol === 1 ? asProtocol1(id, payload) : message;
      if (sent === undefined) continue;
      topics.put(id, queue?.bound ?? QUEUE_BOUND, sent, sent === message ? (text ??= JSON.stringify(message)) : JSON.stringify(sent));
    }
  }

  signalsChanged(): void {
    const textOf = signalsTexts();
    for (const client of this.#clients.values()) {
      client.readable = this.#options.readable(client.view.principal);
      client.socket.send(textOf(client.readable));
    }
    this.#watchers = undefined;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweeps);
    clearTimeout(this.#pastTimer);
    await closeAll([...this.#sockets.clients]);
    this.#sockets.close();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, sockets: Set<WebSocket>): void {
    try {
      const refusal = refusalOf(request, false, this.#options.address);
      if (refusal !== undefined) throw new DoppelwerkError("DW_FORBIDDEN", refusal);
      const run = this.#endpointOf(request);
      this.#sockets.handleUpgrade(request, socket, head, (opened) => {
        sockets.add(opened);
        opened.once("close", () => sockets.delete(opened));
        run(opened);
      });
    } catch (error) {
      if (!(error instanceof DoppelwerkError)) throw error;
      if (error.code === "DW_FORBIDDEN") this.onForbidden();
      refuseUpgrade(socket, error);
    }
  }

  #endpointOf(request: IncomingMessage): (socket: WebSocket) => void {
    const url = new URL(request.url ?? "/", "http://host");
    if (url.pathname === "/ws")
      return (socket) => {
        this.#silent.add(socket, true);
        this.#welcome(socket, request);
      };
    for (const { path, open } of this.#otherPaths) {
      const match = path.exec(url.pathname);
      if (match === null) continue;
      const run = open(request, match, url.searchParams);
      return (socket) => {
        this.#silent.add(socket, false);
        run(socket);
      };
    }
    throw new DoppelwerkError("DW_FORBIDDEN", messageOf("server.webSocketsLiveWs"));
  }

  #welcome(socket: WebSocket, request: IncomingMessage): void {
    const seat = `s${++this.#seats}`;
    socket.on("error", (error) => this.#options.log("a browser's connection failed", { seat, reason: error.message }));
    socket.on("message", (data, binary) => {
      // one that was sent away may go on until its end knows
      if (socket.readyState === socket.OPEN)
        this.#receive(seat, { socket, request }, binary ? undefined : String(data)).catch((error: unknown) => this.#refuse(socket, error));
    });
    socket.on("close", () => {
      this.#clients.get(seat)?.stopCommits();
      this.#clients.delete(seat);
      this.#watchers = undefined;
      this.#room.leave(seat);
    });
  }

  async #receive(seat: string, { socket, request }: Opened, text: string | undefined): Promise<void> {
    if (text === undefined) throw new DoppelwerkError("DW_INVALID", messageOf("server.clientSendsTextFrames"));
    this.#rate.count(seat);
    const message = parseClientMessage(text);
    const client = this.#clients.get(seat);
    if (message.kind === "hello") return this.#hello(seat, { socket, request }, message);
    if (!client) throw new DoppelwerkError("DW_INVALID", messageOf("server.firstMessageHello"));
    client.heardMs = Date.now();
    switch (message.kind) {
      case "subscribe":
        client.subscription = message.signals === "all" ? "all" : new Set(message.signals);
        this.#watchers = undefined;
        return this.#sendLast(client);
      case "documents":
        return this.#askDocuments(client, message);
      case "shown":
        return this.#options.shown?.(seat, message);
      case "presence":
        return this.#room.setPresence(seat, message.presence);
      case "push":
        return this.#write(client, message.clientId, () =>
          client.view.apply({ branch: message.branch, reason: message.reason, changes: message.changes, clientId: message.clientId }),
        );
      case "undo":
        return this.#write(client, message.clientId, () => client.view.undo(message.branch, message.clientId));
      case "ping":
        return this.#send(seat, { kind: "pong", t: message.t, now: this.#options.now() });
    }
  }

  #hello(seat: string, { socket, request }: Opened, hello: Extract<ClientMessage, { kind: "hello" }>): void {
    if (this.#clients.has(seat)) throw new DoppelwerkError("DW_INVALID", messageOf("server.helloSaid"));
    this.#silent.greeted(socket);
    const principal = this.#options.person(request, hello.client, hello.name);
    const view = this.#options.view(principal);
    const readable = this.#options.readable(principal);
    const isGuest = principal.scope !== undefined;
    let version = principal.scope?.version();
    // a guest sees nobody, and nobody sees him
    const room = isGuest ? new Room(() => {}) : this.#room;
    const { person } = room.join(seat, hello, principal);
    const stopCommits = view.onCommit(({ entry }) => {
      const branch = view.branches().find((candidate) => candidate.id === entry.branch);
      if (!isGuest) return this.#send(seat, { kind: "commit", entry, branch });
      if (entry.changes.length > 0) this.#send(seat, { kind: "commit", entry: { ...entry, actor: "", reason: "" }, branch });
      if (principal.scope!.version() !== version) this.#send(seat, { kind: "topic", topic: "kernel.scope", payload: {} });
      version = principal.scope!.version();
    });
    this.#clients.set(seat, {
      seat,
      socket,
      view,
      protocol: hello.protocol,
      topics: new TopicQueue(socket, (topic) => this.droppedMessages.set(topic, (this.droppedMessages.get(topic) ?? 0) + 1)),
      readsOrigins: (hello.samplesFrame ?? 1) >= 2,
      clock: hello.reportsFrames === true && !isGuest ? new ClockOffset() : undefined,
      subscription: "none",
      readable,
      takesAll: false,
      behind: false,
      isSkipped: false,
      pastFrom: undefined,
      stopCommits,
      request: { headers: request.headers },
      sinceMs: Date.now(),
      heardMs: Date.now(),
      asked: 0,
      answering: Promise.resolve(),
    });
    this.#send(seat, {
      kind: "welcome",
      protocol: hello.protocol,
      self: person,
      world: this.#options.worldName,
      revision: view.revision(),
      now: this.#options.now(),
      branches: view.branches(),
      signals: readable.entries,
      people: room.people(),
    });
  }

  /** Errors: DW_TOO_OFTEN for who asks for more and more and reads nothing. */
  #askDocuments(client: Client, request: DocumentsRequest): Promise<void> {
    if (client.asked >= MAX_ASKED) throw new DoppelwerkError("DW_TOO_OFTEN", messageOf("server.documentsUnread", { max: MAX_ASKED }));
    client.asked++;
    client.answering = client.answering.then(() => this.#sendDocuments(client, request)).finally(() => client.asked--);
    const answered = client.answering;
    client.answering = answered.catch(() => {
      // refused to who asked, below; the next request is answered all the same
    });
    return answered;
  }

  async #sendDocuments(client: Client, request: DocumentsRequest): Promise<void> {
    const isOpen = (): boolean => client.socket.readyState === client.socket.OPEN;
    if (!isOpen()) return;
    const revision = client.view.revision();
    const reader = client.view.reader(request.branch);
    const kinds = request.kinds ?? ["shell", "submodel", "element", "mergeRequest", "comment", "alarmRule"];
    const records = kinds.flatMap((kind) => reader.query({ kind }));
    for (let start = 0; start === 0 || start < records.length; start += PAGE_RECORDS) {
      const complete = start + PAGE_RECORDS >= records.length;
      if (client.socket.bufferedAmount > MAX_BUFFERED_BYTES) await handedOver(client.socket);
      if (!isOpen()) return;
      const page = records.slice(start, start + PAGE_RECORDS);
      this.#send(client.seat, { kind: "records", branch: request.branch, revision, records: page, complete });
    }
  }

  async #write(client: Client, clientId: string, write: () => Promise<Commit>): Promise<void> {
    const key = `${client.view.principal.id}/${clientId}`;
    const known = this.#answers.get(key);
    const answer = known ?? write();
    if (!known) this.#remember(key, answer);
    try {
      const { entry } = await answer;
      if (known) this.#send(client.seat, { kind: "commit", entry, branch: client.view.branches().find(({ id }) => id === entry.branch) });
    } catch (error) {
      if (!(error instanceof DoppelwerkError)) throw error;
      const { code, message, details, reason } = error;
      this.#send(client.seat, { kind: "rejected", clientId, code, message, details, reason });
    }
  }

  #remember(key: string, answer: Promise<Commit>): void {
    this.#answers.set(key, answer);
    // What was refused may be tried again.
    answer.catch(() => this.#answers.delete(key));
    if (this.#answers.size > ANSWERS_MAX) this.#answers.delete(this.#answers.keys().next().value!);
  }

  #sendLast(client: Client): void {
    if (client.subscription === "none") return;
    client.readable = this.#options.readable(client.view.principal);
    const takesAll = client.subscription === "all" && client.readable.all;
    sendSamples(client, this.#options.lastSamples(takesAll ? undefined : marksOf(client)));
  }

  #send(seat: string, message: ServerMessage): void {
    const client = this.#clients.get(seat);
    if (client === undefined || client.socket.readyState !== client.socket.OPEN) return;
    const greedy = whoLeavesTooMuch(client, this.#clients.values());
    if (greedy !== undefined) {
      this.#options.log("a viewer that reads nothing is cut off", { seat: greedy.seat });
      greedy.socket.terminate();
    }
    if (greedy !== client) client.socket.send(JSON.stringify(message));
  }

  #refuse(socket: WebSocket, error: unknown): void {
    if (error instanceof DoppelwerkError && error.code === "DW_FORBIDDEN") this.onForbidden();
    const refusal: ServerMessage =
      error instanceof DoppelwerkError
        ? { kind: "refused", code: error.code, message: error.message, reason: error.reason }
        : {
            kind: "refused",
            code: "DW_INVALID",
            message: error instanceof z.ZodError ? z.prettifyError(error) : "the server failed on this message",
          };
    if (!(error instanceof DoppelwerkError) && !(error instanceof z.ZodError))
      this.#options.log("a message failed by a bug", { reason: String(error) });
    socket.send(JSON.stringify(refusal));
    socket.close(1008);
  }
}

/** Answers an upgrade over HTTP: no WebSocket is opened. */
export function refuseUpgrade(socket: Duplex, { code, message }: DoppelwerkError): void {
  const status = errorStatus[code];
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(message)}\r\n\r\n${message}`,
  );
}

/** Closes WebSockets; one that does not answer (asleep, stopped) is cut off, because an open socket keeps the server from ending. */
async function closeAll(open: readonly WebSocket[]): Promise<void> {
  const gone = open.map((socket) => new Promise((resolve) => socket.once("close", resolve)));
  for (const socket of open) socket.close(1001, "the server stops");
  const timer = setTimeout(() => open.forEach((socket) => socket.terminate()), FAREWELL_MS);
  await Promise.all(gone);
  clearTimeout(timer);
}

/** A hundred thousand signals are written as JSON once for all who may read the same. */
function signalsTexts(): (readable: ReadableSignals) => string {
  const texts = new Map<ReadableSignals, string>();
  return (readable) => {
    let text = texts.get(readable);
    if (text === undefined)
      texts.set(readable, (text = JSON.stringify({ kind: "signals", signals: readable.entries } satisfies ServerMessage)));
    return text;
  };
}

/** Says that the frame that comes next is followed. */
function follow({ seat, socket, clock }: Client, followed: FollowedBatch): void {
  if (clock === undefined) return;
  socket.send(JSON.stringify({ kind: "followed", trace: followed.trace } satisfies ServerMessage));
  followed.sentTo(seat, clock);
}

function sendSamples({ socket, readsOrigins }: Client, batch: SampleBatch): void {
  for (const frame of readsOrigins ? [encodeSamplesFrame(batch)] : encodeSamplesFramesOfVersion1(batch)) socket.send(frame);
}

/** Rows that a client subscribed to and may read: index → nonzero. */
function marksOf({ subscription, readable }: Client): Uint8Array {
  if (subscription === "none") return new Uint8Array(0);
  if (subscription === "all") return readable.marks;
  return Uint8Array.from(readable.entries, (entry, index) => (entry && readable.marks[index] === 1 && subscription.has(entry.id) ? 1 : 0));
}
