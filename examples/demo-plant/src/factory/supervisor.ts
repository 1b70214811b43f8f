import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** What the plant tells its factory, in the plant's folder. */
export function floorFile(plant: string): string {
  return join(plant, "floor.ndjson");
}

/** The programs of the factory in one process beside the plant; it is started again when it ends. */
export interface Factory {
  /** Their addresses, once they listen; `GET /health` says when they have taken everything that the plant told. */
  readonly listening: Promise<Readonly<Record<string, string>>>;
  sendTo(server: string): void;
  close(): Promise<void>;
}

/** The programs are meant to stay small beside the plant: what they keep is on disk. */
const flags = ["--disable-warning=ExperimentalWarning", "--max-semi-space-size=2", "--max-old-space-size=96", "--heap-growing-percent=20"];
const AGAIN_MS = 1_000;

export function superviseFactory(options: {
  readonly plant: string;
  readonly mqtt: string;
  readonly server: string | undefined;
  readonly log: (text: string) => void;
}): Factory {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  let server = options.server;
  let closing = false;
  let child: ChildProcess | undefined;
  let whenListening: (urls: Readonly<Record<string, string>>) => void = () => {};
  const listening = new Promise<Readonly<Record<string, string>>>((done) => (whenListening = done));
  const start = () => {
    const words = [
      ...flags,
      main,
      "--json",
      "--plant",
      options.plant,
      "--mqtt",
      options.mqtt,
      ...(server === undefined ? [] : ["--push", server]),
    ];
    child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit", "ipc"] });
    createInterface({ input: child.stdout! }).once("line", (line) => {
      const said = Object.entries(JSON.parse(line) as Readonly<Record<string, unknown>>);
      whenListening(Object.fromEntries(said.filter((each): each is [string, string] => typeof each[1] === "string")));
    });
    child.once("exit", (code, signal) => {
      if (closing) return;
      options.log(`the factory ended (${signal ?? code}) and is started again`);
      setTimeout(() => !closing && start(), AGAIN_MS);
    });
  };
  start();
  return {
    listening,
    sendTo(address) {
      if (server === address) return;
      server = address;
      if (child?.connected === true) child.send({ push: address });
    },
    async close() {
      closing = true;
      const ended = child;
      if (ended === undefined || ended.exitCode !== null || ended.signalCode !== null) return;
      const gone = new Promise((done) => ended.once("exit", done));
      ended.kill("SIGTERM");
      await gone;
    },
  };
}
