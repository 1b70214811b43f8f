import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { serverEnvironment, serverFlags } from "./server-process.mjs";

const main = join(fileURLToPath(new URL("..", import.meta.url)), "apps/doppelwerk/src/main.ts");

/** `doppelwerk serve` over a folder, at a free port, for a program of somebody else that is to be run against it. `api` is the base URL of the AAS API. */
export async function startOwnServer(data: string, ...more: readonly string[]): Promise<{ readonly api: string; stop(): void }> {
  const words = [...serverFlags, main, "serve", "--data", data, "--port", "0", "--json", "--no-open", ...more];
  const child = spawn(process.execPath, words, {
    env: serverEnvironment(process.env) as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout }))
    if (line.startsWith("{")) return { api: `${(JSON.parse(line) as { url: string }).url}/api/v3`, stop: () => void child.kill() };
  throw new Error("the server did not start");
}
