import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { message, verbatim, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { errorOfPack } from "./error-of-pack.ts";
import { lineReader } from "./lines.ts";
import type { Ask } from "./pack-context.ts";
import type { PackWords } from "./pack-words.ts";
import { crossingError, type CrossingCall, type FromPack, type ToPack } from "./pack-protocol.ts";

export interface PackProcessOptions {
  /** Of the pack, for people. */
  readonly name: string;
  readonly folder: string;
  /** Path of the server part in the folder, as `./server/open.js`. */
  readonly server: string;
  readonly world: string;
  readonly ask: Ask;
  /** Of the feature, for what it refuses. */
  readonly words?: PackWords;
  /** Lines that the pack prints. */
  onPrinted(text: string): void;
  readonly limits?: Partial<PackLimits>;
}

/** What a process of a pack may take; beyond it is ended. */
export interface PackLimits {
  readonly openMs: number;
  /** A call that takes longer is answered with DW_UNAVAILABLE; the process goes on. */
  readonly callMs: number;
  /** Without an answer to a ping for so long, it hangs. */
  readonly hangMs: number;
  readonly heapMb: number;
  /** Resident memory; watched where the system says it (Linux). */
  readonly memoryMb: number;
  /** Lines at once, and so many more each second. */
  readonly lines: number;
  readonly linesPerSecond: number;
  /** Calls that wait for their answer; another one is refused with DW_QUEUE_FULL. */
  readonly calls: number;
  /** Questions to the server that wait for their answer. */
  readonly asks: number;
  readonly printedPerSecond: number;
}

export const PACK_LIMITS: PackLimits = {
  openMs: 4_500,
  callMs: 10_000,
  hangMs: 5_000,
  heapMb: 96,
  memoryMb: 256,
  lines: 20_000,
  linesPerSecond: 5_000,
  calls: 200,
  asks: 2_000,
  printedPerSecond: 100,
};

const WATCH_MS = 500;
const CLOSE_MS = 1_000;
const CHILD = fileURLToPath(new URL("pack-child.ts", import.meta.url));

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The server part of one feature of a stranger's pack, in a process that may read the pack's folder and do nothing else outside of itself. */
export class PackProcess {
  /** Resolves when the process is over, with why. */
  readonly ended: Promise<DoppelwerkError>;
  readonly #options: PackProcessOptions;
  readonly #limits: PackLimits;
  readonly #child: ChildProcess;
  readonly #calls = new Map<number, Waiting>();
  readonly #watch: NodeJS.Timeout;
  #opened: { resolve(handlers: readonly string[]): void; reject(error: Error): void } | undefined;
  #nextCall = 0;
  #asks = 0;
  #lines: Budget;
  #printed: Budget;
  #pinged: number | undefined;
  /** Why it was ended from here. */
  #cause: Message | undefined;
  #closing = false;
  #lastPrinted = "";

  /** Starts the process; `open` waits for the pack. */
  constructor(options: PackProcessOptions) {
    this.#options = options;
    this.#limits = { ...PACK_LIMITS, ...options.limits };
    const { lines, linesPerSecond, printedPerSecond } = this.#limits;
    this.#lines = new Budget(lines, linesPerSecond);
    this.#printed = new Budget(printedPerSecond, printedPerSecond);
    this.#child = spawn(process.execPath, argumentsOf(options.folder, this.#limits), {
      cwd: options.folder,
      // nothing of the server's environment: it may hold secrets
      env: {},
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#child.stdout!.on(
      "data",
      lineReader(
        (line) => this.#receive(line),
        () => this.#end(message("packs.lineTooLong")),
      ),
    );
    this.#child.stderr!.on(
      "data",
      lineReader(
        (line) => this.#onPrinted(line),
        () => this.#end(message("packs.lineTooLong")),
      ),
    );
    // what is written to a process that is over
    this.#child.stdin!.on("error", () => {});
    this.#watch = setInterval(() => this.#look(), WATCH_MS).unref();
    this.ended = new Promise((resolve) => {
      this.#child.once("error", (error) => resolve(this.#over(verbatim(error.message))));
      this.#child.once("exit", (code, signal) => resolve(this.#over(this.#cause ?? this.#howItEnded(code, signal))));
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Loads the pack and opens its feature; returns the operations that it answers. Errors: DW_UNAVAILABLE with the name of the pack and why. */
  async open(): Promise<readonly string[]> {
    const { folder, server, world } = this.#options;
    const opening = new Promise<readonly string[]>((resolve, reject) => (this.#opened = { resolve, reject }));
    this.#send({ type: "open", server: pathToFileURL(join(folder, server)).href, world });
    const timer = setTimeout(() => this.#end(message("packs.opensTooLong", { seconds: this.#limits.openMs / 1_000 })), this.#limits.openMs);
    try {
      return await opening;
    } finally {
      clearTimeout(timer);
      this.#opened = undefined;
    }
  }

  /** `take` gets the number by which the pack asks in the place of the caller. Errors: those of the pack, DW_UNAVAILABLE, DW_QUEUE_FULL. */
  async call(endpoint: string, call: CrossingCall, take: (id: number) => () => void): Promise<unknown> {
    if (this.#cause !== undefined || this.#closing) throw this.#failure(this.#cause ?? message("packs.closes"));
    if (this.#calls.size >= this.#limits.calls)
      throw new DoppelwerkError("DW_QUEUE_FULL", message("packs.callsWaiting", { name: this.#options.name, max: this.#limits.calls }));
    const id = this.#nextCall++;
    const giveBack = take(id);
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<unknown>((resolve, reject) => {
        this.#calls.set(id, { resolve, reject });
        timer = setTimeout(
          () => reject(this.#failure(message("packs.callLate", { seconds: this.#limits.callMs / 1_000 }))),
          this.#limits.callMs,
        );
        this.#send({ type: "call", id, endpoint, call });
      });
    } finally {
      clearTimeout(timer);
      giveBack();
      this.#calls.delete(id);
    }
  }

  /** Lets the pack close, then ends the process. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#send({ type: "close" });
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), CLOSE_MS);
    await this.ended;
    clearTimeout(timer);
  }

  #send(sent: ToPack): void {
    if (!this.#child.stdin!.destroyed) this.#child.stdin!.write(`${JSON.stringify(sent)}\n`);
  }

  #receive(line: string): void {
    if (this.#cause !== undefined) return;
    if (!this.#lines.take()) return this.#end(message("packs.floods"));
    let received: FromPack;
    try {
      received = JSON.parse(line) as FromPack;
    } catch {
      return this.#end(message("packs.notItsProtocol"));
    }
    if (typeof received !== "object" || received === null) return this.#end(message("packs.notItsProtocol"));
    if (received.type === "pong") this.#pinged = undefined;
    else if (received.type === "answer") this.#answered(received);
    else if (received.type === "ask") void this.#asked(received);
    else if (received.type === "opened") this.#opened?.resolve(Array.isArray(received.handlers) ? received.handlers.map(String) : []);
    else if (received.type === "failed") {
      this.#opened?.reject(this.#failure(verbatim(String(received.error?.message).slice(0, 500))));
      this.#end(verbatim(String(received.error?.message).slice(0, 500)));
    } else if (received.type !== "closed") this.#end(message("packs.notItsProtocol"));
  }

  #answered({ id, value, error }: FromPack & { readonly type: "answer" }): void {
    const waiting = this.#calls.get(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(errorOfPack(error, this.#options.name, this.#options.words));
  }

  async #asked({ id, view, method, args }: FromPack & { readonly type: "ask" }): Promise<void> {
    if (++this.#asks > this.#limits.asks) return this.#end(message("packs.floods"));
    try {
      const value = await this.#options.ask(view, String(method), Array.isArray(args) ? args : []);
      this.#send({ type: "answer", id, ...(value === undefined ? {} : { value }) });
    } catch (error) {
      const { stack: _own, ...crossing } = crossingError(error);
      this.#send({ type: "answer", id, error: crossing });
    } finally {
      this.#asks--;
    }
  }

  #onPrinted(line: string): void {
    this.#lastPrinted = line;
    if (this.#printed.take()) this.#options.onPrinted(line.slice(0, 500));
  }

  /** Pings, and looks at the memory. */
  #look(): void {
    const now = performance.now();
    // what came in while this process was busy is read before it is judged
    if (this.#pinged !== undefined && now - this.#pinged > this.#limits.hangMs) setImmediate(() => this.#endIfSilent());
    const megabytes = residentMb(this.#child.pid);
    if (megabytes !== undefined && megabytes > this.#limits.memoryMb)
      return this.#end(message("packs.leaks", { max: this.#limits.memoryMb }));
    if (this.#pinged !== undefined) return;
    this.#pinged = now;
    this.#send({ type: "ping" });
  }

  #endIfSilent(): void {
    if (this.#pinged !== undefined) this.#end(message("packs.hangs", { seconds: this.#limits.hangMs / 1_000 }));
  }

  #end(cause: Message): void {
    this.#cause ??= cause;
    this.#child.kill("SIGKILL");
  }

  #over(cause: Message): DoppelwerkError {
    clearInterval(this.#watch);
    const error = this.#failure(cause);
    this.#cause ??= cause;
    this.#opened?.reject(error);
    for (const { reject } of this.#calls.values()) reject(error);
    return error;
  }

  #failure(cause: Message): DoppelwerkError {
    return new DoppelwerkError("DW_UNAVAILABLE", message("packs.failed", { name: this.#options.name, reason: cause }));
  }

  #howItEnded(code: number | null, signal: NodeJS.Signals | null): Message {
    // V8 ends a process whose heap is full, and says so at the end of what it prints
    if (signal === "SIGABRT" || signal === "SIGTRAP") return message("packs.leaks", { max: this.#limits.heapMb });
    return message("packs.ended", { how: String(signal ?? code), printed: visible(this.#lastPrinted) });
  }
}

function argumentsOf(folder: string, { heapMb }: PackLimits): string[] {
  return [
    "--permission",
    `--allow-fs-read=${join(folder, "*")}`,
    ...SHARED.map((file) => `--allow-fs-read=${file}`),
    // it writes files past the permission model (nodejs/node#54269)
    "--no-experimental-sqlite",
    `--max-old-space-size=${heapMb}`,
    "--disable-warning=ExperimentalWarning",
    CHILD,
  ];
}

/** The server's own files that the process loads. */
const SHARED = ["pack-child.ts", "lines.ts", "pack-context.ts", "pack-protocol.ts", "seal-process.ts", "../../package.json"].map((file) =>
  fileURLToPath(new URL(file, import.meta.url)),
);

const PAGE_BYTES = 4_096;

/** Undefined where the system does not say. */
function residentMb(pid: number | undefined): number | undefined {
  if (process.platform !== "linux" || pid === undefined) return undefined;
  try {
    return (Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * PAGE_BYTES) / 1e6;
  } catch {
    return undefined;
  }
}

function visible(text: string): Message {
  return verbatim(text.slice(0, 200));
}

/** So many at once, and so many more each second. */
class Budget {
  readonly #most: number;
  readonly #perSecond: number;
  #left: number;
  #at = performance.now();

  constructor(most: number, perSecond: number) {
    this.#most = most;
    this.#perSecond = perSecond;
    this.#left = most;
  }

  take(): boolean {
    if (this.#left < 1) {
      const now = performance.now();
      this.#left = Math.min(this.#most, this.#left + ((now - this.#at) / 1_000) * this.#perSecond);
      this.#at = now;
    }
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
