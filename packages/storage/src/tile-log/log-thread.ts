import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { MessagePort } from "node:worker_threads";
import type { Message } from "@doppelwerk/messages";
import { entriesOfBundle } from "@doppelwerk/trust/log";
import { DoppelwerkError, type ErrorCode, reasonOf } from "@doppelwerk/world/error";
import { nodeFileLayer } from "../files/node-file-layer.ts";
import { serveOwn } from "../threads/serve-own.ts";
import { createLogHash, signingKeyOf, verifyEd25519 } from "./log-keys.ts";
import { TileLog } from "./tile-log.ts";

/** What a thread opens: the folder of a log, its name, and the key that signs it. */
export interface LogThreadData {
  readonly directory: string;
  readonly name: string;
  /** PKCS #8 in PEM. */
  readonly privateKey: string;
}

/** What is asked of a log, by name, with its arguments and its result. */
export interface LogCalls {
  /** Of a bundle (C2SP tlog-tiles), which is one piece between threads: index of the first entry, once all are durable. */
  append(bundle: Uint8Array): number;
  /** The entry `first` and the entries from there on, up to `count`. */
  entries(first: number, count: number): readonly Uint8Array[];
  checkpoint(): string;
  tile(level: number | "entries", index: number, width: number): Uint8Array | undefined;
  /** Of the entry in the log as it was at that size. */
  inclusion(index: number, size: number): readonly Uint8Array[];
  /** That the log at `size` begins with what it was at `earlier`; 0 < `earlier` ≤ `size` ≤ the size now. */
  consistency(earlier: number, size: number): readonly Uint8Array[];
  root(size: number): Uint8Array;
  /** SHA-256 and length of a file beside the log; undefined where it is gone. */
  fileHash(path: string): Promise<FileHash | undefined>;
  close(): void;
}

export interface FileHash {
  /** Hex. */
  readonly sha256: string;
  readonly bytes: number;
}

export interface LogRequest {
  readonly id: number;
  readonly call: keyof LogCalls;
  readonly values: readonly unknown[];
}

export type LogAnswer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly refused: { readonly code: ErrorCode; readonly reason: Message; readonly details: unknown } };

export interface LogReady {
  readonly size: number;
  readonly tornBytes: number;
}

const OPENED = -1;

/** One log: its folder is read and checked first, and the first answer says how it stands; then requests are answered in their order, hashes of files beside. */
export function serve(port: MessagePort, { directory, name, privateKey }: LogThreadData): void {
  let log: TileLog;
  try {
    const { key, sign } = signingKeyOf(name, privateKey);
    log = new TileLog({ layer: nodeFileLayer, directory, hash: createLogHash(), key, sign, verify: verifyEd25519 });
    port.postMessage({ id: OPENED, result: { size: log.size, tornBytes: log.tornBytes } satisfies LogReady } satisfies LogAnswer);
  } catch (error) {
    return port.postMessage(refusal(OPENED, error));
  }
  const calls: { readonly [Name in keyof LogCalls]: LogCalls[Name] } = {
    append: (bundle) => log.append(entriesOfBundle(bundle)!),
    entries: (first, count) => Array.from({ length: Math.max(0, Math.min(count, log.size - first)) }, (_, at) => log.entry(first + at)!),
    checkpoint: () => log.checkpoint(),
    tile: (level, index, width) => log.tile(level, index, width),
    inclusion: (index, size) => log.inclusion(index, size),
    consistency: (earlier, size) => log.consistency(earlier, size),
    root: (size) => log.root(size),
    fileHash,
    close: () => log.close(),
  };
  port.on("message", ({ id, call, values }: LogRequest) => {
    try {
      const result = (calls[call] as (...given: readonly unknown[]) => unknown)(...values);
      if (!(result instanceof Promise)) return port.postMessage({ id, result } satisfies LogAnswer);
      result.then(
        (value: unknown) => port.postMessage({ id, result: value } satisfies LogAnswer),
        (error: unknown) => port.postMessage(refusal(id, error)),
      );
    } catch (error) {
      port.postMessage(refusal(id, error));
    }
  });
}

function refusal(id: number, error: unknown): LogAnswer {
  if (error instanceof DoppelwerkError) return { id, refused: { code: error.code, reason: error.reason, details: error.details } };
  return { id, refused: { code: "DW_UNAVAILABLE", reason: reasonOf(error), details: undefined } };
}

/** Read in pieces: appends are answered between them. */
async function fileHash(path: string): Promise<FileHash | undefined> {
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
      hash.update(piece);
      bytes += piece.length;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  return { sha256: hash.digest("hex"), bytes };
}

serveOwn(serve);
