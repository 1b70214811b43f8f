import { parentPort, workerData } from "node:worker_threads";
import { reasonOf } from "@doppelwerk/world";
import { readReport } from "./event-log-report.ts";
import type { EventLogOptions } from "./event-log-report.ts";

// One report a worker: a large log takes seconds and must not hold anyone up.
const { text, options } = workerData as { readonly text: string; readonly options: EventLogOptions };
try {
  parentPort!.postMessage({ report: readReport(text, options) });
} catch (error) {
  parentPort!.postMessage({ failure: reasonOf(error) });
}
