// One file in a thread of its own: whatever is in it, the live plant goes on.
import type { Message } from "@doppelwerk/kit";
import { parentPort, workerData } from "node:worker_threads";
import { reasonOf } from "@doppelwerk/world";
import type { ChosenColumns } from "@doppelwerk/connectors/event-log";
import { readPlantFile, type PlantFile } from "./plant-file.ts";

export type FromPlantFileWorker = { readonly file: PlantFile } | { readonly refused: Message };

const { name, bytes, chosen } = workerData as { readonly name: string; readonly bytes: Uint8Array; readonly chosen: ChosenColumns };
try {
  parentPort!.postMessage({ file: readPlantFile(name, bytes, chosen) } satisfies FromPlantFileWorker);
} catch (error) {
  parentPort!.postMessage({ refused: reasonOf(error) } satisfies FromPlantFileWorker);
}
