import { message as messageOf, verbatim, type Message } from "@doppelwerk/messages";
import { createReplica, decodeSamplesFrame, PROTOCOL_VERSION, SAMPLES_FRAME_VERSION } from "@doppelwerk/sync";
import type { ClientMessage, Person, Presence, Replica, ServerMessage, ShownFrame, SignalEntry } from "@doppelwerk/sync";
import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import type { BranchId, Change, Instant, LogEntry, RecordId, SampleBatch } from "@doppelwerk/world";
import { worldPath, type ClientPerson } from "./request.ts";

/** The part of a WebSocket this client needs; those of browsers, Node and `ws` fit. */
export interface WebSocketLike {
  binaryType: string;
  readonly readyState: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: string): void;
  close(): void;
}

export type WebSocketConstructor = new (url: string) => WebSocketLike;
export type After = (milliseconds: number, run: () => void) => () => void;

export interface LiveOptions {
  /** Branch the room is entered on; default live. */
  readonly branch?: BranchId;
  /** Opaque and different in each window, so that a window recognises its own pushes. It stands in the log for all to read: never the person's id, which is a secret. Default: made of the time. */
  readonly session?: string;
  /** Whether this window says by `shown` when it has drawn a frame that is followed. Default no. */
  readonly reportsFrames?: boolean;
}

export type LiveState =
  | { readonly kind: "connecting" }
  | { readonly kind: "online"; readonly self: Person }
  | { readonly kind: "offline"; readonly since: Instant; readonly attempt: number }
  | { readonly kind: "refused"; readonly message: string; readonly reason?: Message }
  | { readonly kind: "closed" };

export type LiveEvent =
  | ServerMessage
  /** `trace`: the way of this frame is followed, and `shown` is to say when it was drawn. */
  | { readonly kind: "samples"; readonly batch: SampleBatch; readonly trace?: string }
  | { readonly kind: "state"; readonly state: LiveState };

/** One window in the room of a world: samples, people, documents. Reconnects by itself and takes up every subscription again. */
export interface LiveSession {
  state(): LiveState;
  /** Position = the index in sample batches of this session; null where a signal was removed, or may not be read. */
  signals(): readonly (SignalEntry | null)[];
  /** The newest that was heard of. */
  revision(): number;
  people(): ReadonlyMap<string, Person>;
  on(listener: (event: LiveEvent) => void): () => void;
  subscribe(signals: "all" | readonly RecordId[]): void;
  /** Sent at most every 50 ms, the last one wins. */
  presence(presence: Presence): void;
  /** A followed frame was drawn. */
  shown(frame: ShownFrame): void;
  /** The replica of a branch's records of these kinds; filled and kept up from now on. */
  documents(branch: BranchId, kinds?: readonly string[]): Replica;
  /** Applied here at once, resolved when committed, rejected and rolled back with DoppelwerkError otherwise. */
  push(branch: BranchId, reason: string, changes: readonly Change[]): Promise<LogEntry>;
  /** Takes back this person's last transaction on the branch, or rejects with who changed it since. */
  undo(branch: BranchId): Promise<LogEntry>;
  /** The person chose another name: the room is entered again under it. */
  rename(name: string): void;
  close(): void;
}

interface SessionOptions extends LiveOptions {
  readonly baseUrl: string;
  readonly world?: string;
  readonly person: () => ClientPerson;
  readonly WebSocket?: WebSocketConstructor;
  readonly after?: After;
  readonly now?: () => Instant;
}

interface Waiting {
  readonly message: Extract<ClientMessage, { kind: "push" | "undo" }>;
  readonly resolve: (entry: LogEntry) => void;
  readonly reject: (error: DoppelwerkError) => void;
}

const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 15_000;
const PRESENCE_MS = 50;
const PING_MS = 10_000;
const OPEN = 1;

export function createLiveSession(options: SessionOptions): LiveSession {
  const { WebSocket, after, now } = options;
  if (WebSocket === undefined || after === undefined || now === undefined) {
    throw new DoppelwerkError("DW_INVALID", messageOf("client.liveSessionNeedsWebSocket"));
  }
  return new Session(options, WebSocket, after, now);
}

class Session implements LiveSession {
  readonly #options: SessionOptions;
  readonly #WebSocket: WebSocketConstructor;
  readonly #after: After;
  readonly #now: () => Instant;
  readonly #listeners = new Set<(event: LiveEvent) => void>();
  readonly #people = new Map<string, Person>();
  readonly #replicas = new Map<BranchId, { readonly replica: Replica; readonly kinds: readonly string[] | undefined }>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #session: string;
  #state: LiveState = { kind: "connecting" };
  #signals: readonly (SignalEntry | null)[] = [];
  #socket: WebSocketLike | undefined;
  #subscription: "all" | readonly RecordId[] | undefined;
  #presence: Presence | undefined;
  #presenceTimer: (() => void) | undefined;
  #retryTimer: (() => void) | undefined;
  #pingTimer: (() => void) | undefined;
  #heard = true;
  #attempt = 0;
  #offlineSince: Instant | undefined;
  #revision = 0;
  #name: string | undefined;
  #counter = 0;
  /** The next frame of samples is followed. */
  #trace: string | undefined;

  constructor(options: SessionOptions, WebSocket: WebSocketConstructor, after: After, now: () => Instant) {
    this.#options = options;
    this.#session = options.session ?? `t${now().toString(36)}`;
    this.#WebSocket = WebSocket;
    this.#after = after;
    this.#now = now;
    this.#connect();
  }

  state(): LiveState {
    return this.#state;
  }
  revision(): number {
    return this.#revision;
  }

  signals(): readonly (SignalEntry | null)[] {
    return this.#signals;
  }
  people(): ReadonlyMap<string, Person> {
    return this.#people;
  }
  on(listener: (event: LiveEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  subscribe(signals: "all" | readonly RecordId[]): void {
    this.#subscription = signals;
    this.#send({ kind: "subscribe", signals });
  }

  presence(presence: Presence): void {
    this.#presence = presence;
    this.#presenceTimer ??= this.#after(PRESENCE_MS, () => {
      this.#presenceTimer = undefined;
      if (this.#presence !== undefined) this.#send({ kind: "presence", presence: this.#presence });
    });
  }

  shown(frame: ShownFrame): void {
    this.#send({ kind: "shown", ...frame });
  }

  documents(branch: BranchId, kinds?: readonly string[]): Replica {
    const known = this.#replicas.get(branch);
    if (known !== undefined) return known.replica;
    const replica = createReplica({ branch, ...(kinds === undefined ? {} : { kinds }) });
    this.#replicas.set(branch, { replica, kinds });
    this.#send({ kind: "documents", branch, ...(kinds === undefined ? {} : { kinds }) });
    return replica;
  }

  push(branch: BranchId, reason: string, changes: readonly Change[]): Promise<LogEntry> {
    const message = { kind: "push", clientId: this.#nextId(), branch, reason, changes } as const;
    const replica = this.#replicas.get(branch)?.replica;
    try {
      replica?.push({ clientId: message.clientId, reason, changes });
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#ask(message);
  }

  undo(branch: BranchId): Promise<LogEntry> {
    return this.#ask({ kind: "undo", clientId: this.#nextId(), branch });
  }

  rename(name: string): void {
    this.#name = name;
    this.#retryTimer?.();
    this.#drop();
    this.#connect();
  }

  close(): void {
    this.#become({ kind: "closed" });
    this.#retryTimer?.();
    this.#pingTimer?.();
    this.#presenceTimer?.();
    for (const waiting of this.#waiting.values())
      waiting.reject(new DoppelwerkError("DW_CANCELLED", messageOf("client.sessionClosedBeforeAnswer")));
    this.#waiting.clear();
    this.#drop();
  }

  #nextId(): string {
    this.#counter += 1;
    return `${this.#session}-${this.#counter}`;
  }

  #ask(message: Waiting["message"]): Promise<LogEntry> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(message.clientId, { message, resolve, reject });
      this.#send(message);
    });
  }

  #connect(): void {
    const person = this.#options.person();
    const url = `${this.#options.baseUrl.replace(/^http/, "ws").replace(/\/$/, "")}${worldPath(this.#options.world)}/ws`;
    const socket = new this.#WebSocket(url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.onopen = () => {
      this.#send({
        kind: "hello",
        samplesFrame: SAMPLES_FRAME_VERSION,
        protocol: PROTOCOL_VERSION,
        name: this.#name ?? person.name,
        client: person.id,
        branch: this.#options.branch ?? LIVE,
        ...(this.#options.reportsFrames === true && { reportsFrames: true }),
        ...(this.#revision === 0 ? {} : { sinceRevision: this.#revision }),
      });
    };
    socket.onmessage = (event: never) => {
      if (this.#socket === socket) this.#receive((event as { data: unknown }).data);
    };
    socket.onclose = () => {
      if (this.#socket === socket) this.#lost();
    };
    socket.onerror = () => {
      // A close always follows; that is where it is handled.
    };
  }

  #receive(data: unknown): void {
    this.#heard = true;
    if (typeof data === "string") this.#handle(JSON.parse(data) as ServerMessage);
    else if (data instanceof ArrayBuffer) this.#frame(new Uint8Array(data));
    else if (data instanceof Uint8Array) this.#frame(data);
  }

  #frame(octets: Uint8Array): void {
    const batch = decodeSamplesFrame(octets);
    const trace = this.#trace;
    this.#trace = undefined;
    this.#tell(trace === undefined ? { kind: "samples", batch } : { kind: "samples", batch, trace });
  }

  #handle(message: ServerMessage): void {
    switch (message.kind) {
      case "welcome":
        this.#welcome(message);
        break;
      case "signals":
        // The whole table again: rows keep their index, new ones follow.
        this.#signals = message.signals;
        break;
      case "records":
        this.#replicas.get(message.branch)?.replica.load(message.records, message.revision, message.complete);
        break;
      case "commit":
        this.#revision = Math.max(this.#revision, message.entry.revision);
        this.#replicas.get(message.entry.branch)?.replica.commit(message.entry);
        this.#settle(message.entry.clientId, (waiting) => waiting.resolve(message.entry));
        break;
      case "rejected":
        for (const { replica } of this.#replicas.values()) replica.reject(message.clientId);
        this.#settle(message.clientId, (waiting) =>
          waiting.reject(new DoppelwerkError(message.code, message.reason ?? verbatim(message.message), message.details)),
        );
        break;
      case "person":
        this.#people.set(message.person.id, message.person);
        break;
      case "left":
        this.#people.delete(message.id);
        break;
      case "followed":
        this.#trace = message.trace;
        break;
      case "refused":
        this.#become({ kind: "refused", message: message.message, ...(message.reason && { reason: message.reason }) });
        break;
      default:
        break;
    }
    this.#tell(message);
  }

  #welcome(message: Extract<ServerMessage, { kind: "welcome" }>): void {
    this.#attempt = 0;
    this.#offlineSince = undefined;
    this.#signals = message.signals;
    this.#revision = Math.max(this.#revision, message.revision);
    this.#people.clear();
    for (const person of message.people) this.#people.set(person.id, person);
    this.#become({ kind: "online", self: message.self });
    if (this.#subscription !== undefined) this.#send({ kind: "subscribe", signals: this.#subscription });
    for (const [branch, { kinds }] of this.#replicas) this.#send({ kind: "documents", branch, ...(kinds === undefined ? {} : { kinds }) });
    if (this.#presence !== undefined) this.#send({ kind: "presence", presence: this.#presence });
    // What was not answered before the line broke is asked again under the same id; the server answers a known id with its commit.
    for (const { message: unanswered } of this.#waiting.values()) this.#send(unanswered);
    this.#heard = true;
    this.#ping();
  }

  #settle(clientId: string | undefined, how: (waiting: Waiting) => void): void {
    if (clientId === undefined) return;
    const waiting = this.#waiting.get(clientId);
    if (waiting === undefined) return;
    this.#waiting.delete(clientId);
    how(waiting);
  }

  // A dead network often closes nothing: silence over two pings counts as lost.
  #ping(): void {
    this.#pingTimer?.();
    this.#pingTimer = this.#after(PING_MS, () => {
      if (!this.#heard) {
        this.#drop();
        this.#lost();
        return;
      }
      this.#heard = false;
      this.#send({ kind: "ping", t: this.#now() });
      this.#ping();
    });
  }

  #lost(): void {
    this.#socket = undefined;
    this.#pingTimer?.();
    if (this.#state.kind === "closed" || this.#state.kind === "refused") return;
    this.#offlineSince ??= this.#now();
    this.#attempt += 1;
    this.#people.clear();
    this.#become({ kind: "offline", since: this.#offlineSince, attempt: this.#attempt });
    const wait = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (this.#attempt - 1));
    this.#retryTimer = this.#after(wait, () => this.#connect());
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.onclose = null;
    socket.onmessage = null;
    socket.close();
  }

  #send(message: ClientMessage): void {
    const socket = this.#socket;
    if (socket === undefined || socket.readyState !== OPEN) return;
    if (message.kind !== "hello" && this.#state.kind !== "online") return;
    socket.send(JSON.stringify(message));
  }

  #become(state: LiveState): void {
    this.#state = state;
    this.#tell({ kind: "state", state });
  }

  #tell(event: LiveEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
