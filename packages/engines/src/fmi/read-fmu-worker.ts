import { parentPort, workerData } from "node:worker_threads";
import { readFmu } from "./read-fmu.ts";

// Unpacks and judges one FMU beside the thread that asked. What was unpacked is handed over, not copied.
const content = readFmu(workerData as Uint8Array);
const buffers = new Set([...(content.fmu?.files.values() ?? [])].map(({ buffer }) => buffer as ArrayBuffer));
parentPort!.postMessage(content, [...buffers]);
