import { parentPort, workerData } from "node:worker_threads";
import { DoppelwerkError } from "@doppelwerk/world";
import { eventLogReport } from "./event-log-report.ts";
import type { EventLogOptions } from "./event-log-report.ts";

// One report a worker: a large log takes seconds and must not hold anyone up.
const { text, options } = workerData as { readonly text: string; readonly options: EventLogOptions };
try {
  parentPort!.postMessage({ report: eventLogReport(text, options) });
} catch (error) {
  const told = error instanceof DoppelwerkError ? error.told : undefined;
  parentPort!.postMessage({ failure: error instanceof Error ? error.message : String(error), ...(told && { told }) });
}
