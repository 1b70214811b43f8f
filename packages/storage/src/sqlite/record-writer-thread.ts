import type { MessagePort } from "node:worker_threads";
import { serveOwn } from "../threads/serve-own.ts";
import type { WriterAnswer, WriterRequest } from "./record-batch.ts";
import { connect } from "./record-tables.ts";
import { RecordWriter, type RecordWriterOptions } from "./record-writer.ts";

export interface ThreadData {
  readonly path: string;
  readonly options: RecordWriterOptions;
  readonly port: MessagePort;
  /** Counts answers, so that one can wait for the next without a turn of the loop. */
  readonly answers: Int32Array<SharedArrayBuffer>;
}

const RETRY_MS = 2_000;
/** One record cache. Requests come over the port of the data, so that one can wait for answers without a turn of the loop. */
export function serve(_: MessagePort, { path, options, port, answers }: ThreadData): void {
  const answer = (message: WriterAnswer): void => {
    port.postMessage(message);
    Atomics.add(answers, 0, 1);
    Atomics.notify(answers, 0);
  };
  const writer = new RecordWriter(connect(path, 16_384), options, answer);
  let stepping: NodeJS.Immediate | undefined;
  let retry: NodeJS.Timeout | undefined;

  /** Batches that arrive meanwhile come before the next step. */
  const goOn = (): void => {
    if (writer.refusing)
      retry ??= setTimeout(() => {
        retry = undefined;
        writer.writeWaiting();
        goOn();
      }, RETRY_MS);
    else
      stepping ??= setImmediate(() => {
        stepping = undefined;
        if (writer.step()) goOn();
      });
  };

  port.on("message", (request: WriterRequest) => {
    writer.take(request);
    if (request.kind === "close") {
      clearImmediate(stepping);
      clearTimeout(retry);
      port.close();
      return;
    }
    goOn();
  });
}

serveOwn((own, data: ThreadData) => {
  serve(own, data);
  own.unref();
});
