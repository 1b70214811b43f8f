import { message } from "@doppelwerk/messages";
import { entryBundle, MAX_ENTRY_BYTES } from "@doppelwerk/trust/log";
import { DoppelwerkError } from "@doppelwerk/world";
import { startThread } from "../threads/start-thread.ts";
import type { LogAnswer, LogCalls, LogReady, LogRequest, LogThreadData } from "./log-thread.ts";

type Asked<Call> = Call extends (...values: infer Values) => infer Result ? (...values: Values) => Promise<Awaited<Result>> : never;

/** A log on a thread of its own: waiting for the disk holds up nobody else. */
export type LogOnThread = { readonly [Name in Exclude<keyof LogCalls, "append">]: Asked<LogCalls[Name]> } & LogReady & {
    /** As `TileLog.append`. */
    append(entries: readonly Uint8Array[]): Promise<number>;
  };

/** Errors: those of `TileLog`. Once its thread has ended, whatever is asked is DW_UNAVAILABLE. */
export async function startTileLog(data: LogThreadData): Promise<LogOnThread> {
  const thread = startThread({ module: new URL("./log-thread.ts", import.meta.url), data, name: "transparency log" });
  const { port } = thread;
  const waiting = new Map<number, { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }>();
  let next = 0;
  let gone: DoppelwerkError | undefined;
  thread.onEnd((why) => {
    gone ??= new DoppelwerkError("DW_UNAVAILABLE", message("storage.tileLogThreadEnded", { why }));
    for (const { reject } of waiting.values()) reject(gone);
    waiting.clear();
  });
  const opened = new Promise<unknown>((resolve, reject) => waiting.set(-1, { resolve, reject }));
  port.on("message", (answer: LogAnswer) => {
    const waiter = waiting.get(answer.id);
    waiting.delete(answer.id);
    // a thread that waits for work must not keep the process alive
    if (waiting.size === 0) port.unref();
    if ("refused" in answer) waiter?.reject(new DoppelwerkError(answer.refused.code, answer.refused.reason, answer.refused.details));
    else waiter?.resolve(answer.result);
  });
  const ready = await opened.catch(async (error: unknown) => {
    await thread.end();
    throw error;
  });
  const ask = (call: keyof LogCalls, values: readonly unknown[], transfer: readonly ArrayBuffer[] = []): Promise<never> =>
    new Promise<unknown>((resolve, reject) => {
      if (gone !== undefined) return reject(gone);
      const id = next++;
      waiting.set(id, { resolve, reject });
      port.ref();
      port.postMessage({ id, call, values } satisfies LogRequest, [...transfer]);
    }) as Promise<never>;
  return {
    ...(ready as LogReady),
    append: async (entries) => {
      const tooLong = entries.findIndex(({ length }) => length > MAX_ENTRY_BYTES);
      if (tooLong >= 0) {
        const bytes = entries[tooLong]!.length;
        throw new DoppelwerkError("DW_INVALID", message("storage.tileLogEntryTooLong", { bytes, max: MAX_ENTRY_BYTES }), {
          entry: tooLong,
        });
      }
      const bundle = entryBundle(entries);
      return ask("append", [bundle], [bundle.buffer as ArrayBuffer]);
    },
    entries: (...values) => ask("entries", values),
    checkpoint: () => ask("checkpoint", []),
    tile: (...values) => ask("tile", values),
    inclusion: (...values) => ask("inclusion", values),
    consistency: (...values) => ask("consistency", values),
    root: (...values) => ask("root", values),
    fileHash: (...values) => ask("fileHash", values),
    async close() {
      try {
        if (gone === undefined) await ask("close", []);
      } finally {
        await thread.end();
      }
    },
  };
}
