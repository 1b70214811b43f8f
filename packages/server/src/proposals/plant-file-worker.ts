// One file in a thread of its own: whatever is in it, the live plant goes on.
import { parentPort, workerData } from "node:worker_threads";
import { DoppelwerkError, type Told } from "@doppelwerk/world";
import type { ChosenColumns } from "../event-log/read-log.ts";
import { readPlantFile, type PlantFile } from "./plant-file.ts";

export type FromPlantFileWorker = { readonly file: PlantFile } | { readonly refused: string; readonly told?: Told };

const { name, bytes, chosen } = workerData as { readonly name: string; readonly bytes: Uint8Array; readonly chosen: ChosenColumns };
try {
  parentPort!.postMessage({ file: readPlantFile(name, bytes, chosen) } satisfies FromPlantFileWorker);
} catch (error) {
  const refused = error instanceof Error ? error.message : String(error);
  parentPort!.postMessage({
    refused,
    ...(error instanceof DoppelwerkError && error.told !== undefined ? { told: error.told } : {}),
  } satisfies FromPlantFileWorker);
}
