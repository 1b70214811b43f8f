import { parentPort, type MessagePort } from "node:worker_threads";
import type { LostPlace, NewPlace } from "./start-thread.ts";

// A thread that several share: each place is served by its module, over a port of its own.

const own = parentPort!;

own.on("message", ({ id, port, module, data }: NewPlace) => {
  serve(port, module, data).catch((error: unknown) => {
    own.postMessage({ id, why: error instanceof Error ? error.message : String(error) } satisfies LostPlace);
  });
});

async function serve(port: MessagePort, module: string, data: object): Promise<void> {
  const served = (await import(module)) as { serve(port: MessagePort, data: object): void };
  served.serve(port, data);
}
