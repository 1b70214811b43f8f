import { MessageChannel, Worker, type MessagePort, type ResourceLimits } from "node:worker_threads";

/** A thread as who started it handles it: one of its own, or a place in one that several share. */
export interface StartedThread {
  readonly port: Pick<MessagePort, "postMessage" | "on" | "once" | "ref" | "unref">;
  /** Called with why it ended, also when it was ended. */
  onEnd(listener: (why: string) => void): void;
  /** Gives it up; what it was asked is done by then. */
  end(): Promise<void>;
}

export interface ThreadOptions {
  /** A module that exports `serve(port, data)` and calls `serveOwn` with it. */
  readonly module: URL;
  readonly data: object;
  readonly transfer?: readonly MessagePort[];
  readonly name: string;
  readonly resourceLimits?: ResourceLimits;
  /** In one of a few threads for all who share: an engine of its own costs eight megabytes. Default no. */
  readonly isShared?: boolean;
}

/** What is said to a thread that several share. */
export interface NewPlace {
  readonly id: number;
  readonly port: MessagePort;
  readonly module: string;
  readonly data: object;
}

/** A place that could not be taken. */
export interface LostPlace {
  readonly id: number;
  readonly why: string;
}

/** Of one module: a slow disk holds up those of one thread, until there are as many threads as that. */
const [MAX_SHARED, FEW_PLACES] = [4, 8];

interface SharedThread {
  readonly worker: Worker;
  readonly places: Map<number, (why: string) => void>;
}

const shared = new Map<string, SharedThread[]>();
let places = 0;

export function startThread(options: ThreadOptions): StartedThread {
  return options.isShared === true ? takePlace(options) : ownThread(options);
}

function ownThread({ module, data, transfer = [], name, resourceLimits }: ThreadOptions): StartedThread {
  const worker = new Worker(module, { workerData: data, transferList: [...transfer], name, ...(resourceLimits && { resourceLimits }) });
  return {
    port: worker as unknown as StartedThread["port"],
    onEnd(listener) {
      worker.on("error", (error: Error) => listener(error.message));
      worker.on("exit", (code) => listener(`exit ${code}`));
    },
    end: async () => void (await worker.terminate()),
  };
}

function takePlace(options: ThreadOptions): StartedThread {
  const { module, data, transfer = [] } = options;
  const thread = leastUsed(options);
  const id = places++;
  const { port1, port2 } = new MessageChannel();
  const listeners: ((why: string) => void)[] = [];
  let ended: string | undefined;
  const end = (why: string): void => {
    if (ended !== undefined) return;
    ended = why;
    port1.close();
    leave(module.href, thread, id);
    for (const listener of listeners) listener(why);
  };
  thread.places.set(id, end);
  thread.worker.postMessage({ id, port: port2, module: module.href, data } satisfies NewPlace, [port2, ...transfer]);
  return {
    port: port1,
    onEnd: (listener) => void (ended === undefined ? listeners.push(listener) : listener(ended)),
    end: async () => end("exit 0"),
  };
}

function leastUsed({ module, name, resourceLimits }: ThreadOptions): SharedThread {
  const all = shared.get(module.href) ?? [];
  shared.set(module.href, all);
  const least = all.toSorted((a, b) => a.places.size - b.places.size)[0];
  if (least !== undefined && (least.places.size < FEW_PLACES || all.length >= MAX_SHARED)) return least;
  const host = new URL(import.meta.url.endsWith(".ts") ? "host-thread.ts" : "host-thread.js", import.meta.url);
  const worker = new Worker(host, { workerData: { isHost: true }, name: `${name}, shared`, ...(resourceLimits && { resourceLimits }) });
  const thread: SharedThread = { worker, places: new Map() };
  // each place keeps the process alive while it is asked something
  worker.unref();
  worker.on("message", ({ id, why }: LostPlace) => thread.places.get(id)?.(why));
  const gone = (why: string): void => {
    const at = all.indexOf(thread);
    if (at >= 0) all.splice(at, 1);
    for (const end of thread.places.values()) end(why);
  };
  worker.on("error", (error: Error) => gone(error.message));
  worker.on("exit", (code) => gone(`exit ${code}`));
  all.push(thread);
  return thread;
}

/** A thread without places is ended: closed worlds cost nothing. */
function leave(module: string, thread: SharedThread, id: number): void {
  thread.places.delete(id);
  const all = shared.get(module) ?? [];
  if (thread.places.size > 0 || !all.includes(thread)) return;
  all.splice(all.indexOf(thread), 1);
  void thread.worker.terminate();
}
