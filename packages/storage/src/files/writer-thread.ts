import { type Message } from "@doppelwerk/messages";
import { parentPort, workerData } from "node:worker_threads";
import { DoppelwerkError, type ErrorCode, reasonOf } from "@doppelwerk/world/error";
import type { FramePosition, LogIndexState } from "./log-index.ts";
import { LogWriter, type Group, type LogWriterOptions, type TornTail } from "./log-writer.ts";
import { nodeFileLayer } from "./node-file-layer.ts";

export type ThreadRequest =
  | { readonly id: number; readonly kind: "append"; readonly group: Group }
  | { readonly id: number; readonly kind: "lastRevision" }
  | { readonly id: number; readonly kind: "close" };

export interface Refused {
  readonly code: ErrorCode;
  readonly reason: Message;
  readonly details: unknown;
}

export type ThreadAnswer =
  | { readonly id: number; readonly position: FramePosition }
  | { readonly id: number; readonly lastRevision: number }
  | { readonly id: number; readonly closed: true }
  | { readonly id: number; readonly refused: Refused };

export type ThreadReady =
  | { readonly index: LogIndexState; readonly tornTail: TornTail | undefined; readonly checkpointDamage: string | undefined }
  | { readonly refused: Refused };

/** The checkpoint follows the log within this time; at close it is brought to its end. */
const CHECKPOINT_MS = 1_000;

const port = parentPort!;
let checkpointTimer: NodeJS.Timeout | undefined;
const writer = openWriter();
if (writer !== undefined) port.on("message", (request: ThreadRequest) => port.postMessage(answer(writer, request)));

function openWriter(): LogWriter | undefined {
  try {
    const opened = new LogWriter({ layer: nodeFileLayer, ...(workerData as Omit<LogWriterOptions, "layer">) });
    const { index, tornTail, checkpointDamage } = opened;
    port.postMessage({ index: index.state, tornTail, checkpointDamage } satisfies ThreadReady);
    return opened;
  } catch (error) {
    port.postMessage({ refused: refusedBy(error) } satisfies ThreadReady);
    return undefined;
  }
}

function answer(log: LogWriter, request: ThreadRequest): ThreadAnswer {
  const { id } = request;
  try {
    if (request.kind === "append") {
      const position = log.append(request.group);
      checkpointLater(log);
      return { id, position };
    }
    if (request.kind === "lastRevision") return { id, lastRevision: log.lastRevision };
    clearTimeout(checkpointTimer);
    log.close();
    return { id, closed: true };
  } catch (error) {
    return { id, refused: refusedBy(error) };
  }
}

function checkpointLater(log: LogWriter): void {
  checkpointTimer ??= setTimeout(() => {
    checkpointTimer = undefined;
    if (!log.checkpoint()) checkpointLater(log);
  }, CHECKPOINT_MS);
}

function refusedBy(error: unknown): Refused {
  if (error instanceof DoppelwerkError) return { code: error.code, reason: error.reason, details: error.details };
  return { code: "DW_UNAVAILABLE", reason: reasonOf(error), details: undefined };
}
