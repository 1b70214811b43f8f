import { Worker } from "node:worker_threads";
import { textOf, unpackedFile } from "@doppelwerk/connectors/files";
import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { SimulateHandlers } from "../handlers.ts";
import { withTexts, type EventLogOptions, type EventLogReport, type ReadEventLog } from "./event-log-report.ts";

const MAX_BYTES = 64 * 1024 * 1024;
/** What one packed with gzip may hold. */
const MAX_UNPACKED = 256 * 1024 * 1024;
const MAX_MS = 120_000;

/** An event log becomes a line, its bottleneck and a forecast; nothing of it is kept. */
export const reportHandlers: Pick<SimulateHandlers, "simulate.reportEventLog"> = {
  async "simulate.reportEventLog"({ query: { name, utcOffset, periodS }, body }) {
    const bytes = await body.bytes();
    if (bytes.length > MAX_BYTES) throw new DoppelwerkError("DW_INVALID", message("simulate.eventLogMoreBytes", { max: MAX_BYTES }));
    const options: EventLogOptions = {
      name,
      replications: 40,
      seed: 1,
      utcOffsetMinutes: utcOffset,
      ...(periodS === undefined ? {} : { periodS }),
    };
    return reported(textOf(unpackedFile(name, bytes, MAX_UNPACKED)), options);
  },
};

function reported(text: string, options: EventLogOptions): Promise<EventLogReport> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./event-log-worker.ts", import.meta.url), {
      workerData: { text, options },
      resourceLimits: { maxOldGenerationSizeMb: 1_024 },
    });
    const timer = setTimeout(() => {
      reject(new DoppelwerkError("DW_INVALID", message("simulate.eventLogTakesLonger", { max: MAX_MS / 1000 })));
      void worker.terminate();
    }, MAX_MS);
    worker.once("message", (answer: { readonly report?: ReadEventLog; readonly failure?: Message }) => {
      clearTimeout(timer);
      if (answer.report === undefined) reject(new DoppelwerkError("DW_INVALID", answer.failure ?? message("simulate.eventLogGaveNothing")));
      else resolve(withTexts(answer.report));
      void worker.terminate();
    });
    worker.once("error", (error) => {
      clearTimeout(timer);
      reject(new DoppelwerkError("DW_UNAVAILABLE", message("simulate.eventLogCouldNotRead", { reason: (error as Error).message })));
    });
  });
}
