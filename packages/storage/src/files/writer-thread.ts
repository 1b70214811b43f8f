import { type Message } from "@doppelwerk/messages";
import type { MessagePort } from "node:worker_threads";
import { DoppelwerkError, type ErrorCode, reasonOf } from "@doppelwerk/world/error";
import type { FramePosition, LogIndexState } from "./log-index.ts";
import { LogWriter, type Group, type LogWriterOptions, type TornTail } from "./log-writer.ts";
import { nodeFileLayer } from "./node-file-layer.ts";
import { serveOwn } from "../threads/serve-own.ts";

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

/** One log: first it is read and the answer says how it stands, then requests are answered in their order. */
export function serve(port: MessagePort, data: Omit<LogWriterOptions, "layer">): void {
  const log = openWriter(port, data);
  if (log === undefined) return;
  let checkpointTimer: NodeJS.Timeout | undefined;
  const checkpointLater = (): void => {
    checkpointTimer ??= setTimeout(() => {
      checkpointTimer = undefined;
      if (!log.checkpoint()) checkpointLater();
    }, CHECKPOINT_MS);
  };
  const answer = (request: ThreadRequest): ThreadAnswer => {
    const { id } = request;
    try {
      if (request.kind === "append") {
        const position = log.append(request.group);
        checkpointLater();
        return { id, position };
      }
      if (request.kind === "lastRevision") return { id, lastRevision: log.lastRevision };
      clearTimeout(checkpointTimer);
      log.close();
      return { id, closed: true };
    } catch (error) {
      return { id, refused: refusedBy(error) };
    }
  };
  port.on("message", (request: ThreadRequest) => port.postMessage(answer(request)));
}

function openWriter(port: MessagePort, data: Omit<LogWriterOptions, "layer">): LogWriter | undefined {
  try {
    const opened = new LogWriter({ layer: nodeFileLayer, ...data });
    const { index, tornTail, checkpointDamage } = opened;
    port.postMessage({ index: index.state, tornTail, checkpointDamage } satisfies ThreadReady);
    return opened;
  } catch (error) {
    port.postMessage({ refused: refusedBy(error) } satisfies ThreadReady);
    return undefined;
  }
}

function refusedBy(error: unknown): Refused {
  if (error instanceof DoppelwerkError) return { code: error.code, reason: error.reason, details: error.details };
  return { code: "DW_UNAVAILABLE", reason: reasonOf(error), details: undefined };
}

serveOwn(serve);
