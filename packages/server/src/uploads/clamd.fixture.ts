import { spawn } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { vi } from "vitest";
import { need } from "../../../../scripts/services.ts";

/** What the scanner of a test knows: no malware, a text. */
export const BAD_TEXT = "a text that the scanner of the test refuses";
export const BAD_NAME = "Doppelwerk.Test.UNOFFICIAL";
/** The scanner refuses to judge what is longer. */
export const MAX_SCANNED = 2_000_000;

export interface Clamd {
  readonly socket: string;
  stop(): Promise<void>;
}

/** A real clamd with one signature of its own; nothing is fetched. */
export async function startClamd(folder: string): Promise<Clamd> {
  const program = need("clamd");
  const database = join(folder, "signatures");
  mkdirSync(database, { recursive: true });
  writeFileSync(join(database, "test.ndb"), `Doppelwerk.Test:0:*:${Buffer.from(BAD_TEXT).toString("hex")}\n`);
  const socket = join(folder, "clamd.sock");
  rmSync(socket, { force: true });
  const config = join(folder, "clamd.conf");
  const lines = [
    `DatabaseDirectory ${database}`,
    `LocalSocket ${socket}`,
    "Foreground yes",
    `StreamMaxLength ${MAX_SCANNED}`,
    `TemporaryDirectory ${folder}`,
    "MaxThreads 4",
    // as the user who runs the tests
    ...(process.getuid?.() === 0 ? ["User root"] : []),
  ];
  writeFileSync(config, `${lines.join("\n")}\n`);
  const child = spawn(program, ["--config-file", config], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += String(chunk)));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  try {
    await vi.waitUntil(() => existsSync(socket), { timeout: 60_000, interval: 50 });
  } catch {
    child.kill("SIGKILL");
    throw new Error(`clamd did not start: ${said}`);
  }
  return {
    socket,
    stop() {
      child.kill("SIGTERM");
      return ended;
    },
  };
}
