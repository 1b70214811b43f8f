import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createClient } from "@doppelwerk/client";
import type { Client } from "@doppelwerk/client";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";
import { serverEnvironment, serverFlags } from "../scripts/server-process.mjs";
import { need } from "../scripts/services.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A plant and a server in processes of their own, on free ports and in a folder of their own, as `npm start` has them. */
export interface RunningSite {
  readonly url: string;
  readonly folder: string;
  readonly plant: Program;
  readonly server: Program;
  /** A client as this person. */
  client(name: string): Client;
  /** Stops or kills the server and starts it again on the same folder and port. */
  restartServer(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Starts the plant again after it was stopped or killed: same past, same ports. */
  startPlant(): Promise<void>;
  stop(): Promise<void>;
}

export interface Program {
  readonly child: ChildProcess;
  /** First JSON line on stdout. */
  readonly ready: Readonly<Record<string, unknown>>;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export async function startSite(options: {
  readonly minimal: boolean;
  /** Line 4, utilities and a warehouse beside Line 3, as `npm start` has them. */
  readonly whole?: boolean;
  /** More words of the server's command. */
  readonly server?: readonly string[];
  readonly whenPlantIsReady?: (plant: Program) => Promise<void>;
}): Promise<RunningSite> {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-e2e-"));
  // whoever sends to the server has to know where it will be
  const ownPort = options.whole === true ? await freePort() : 0;
  const run = () =>
    startProgram("examples/demo-plant/src/main.ts", [
      "--json",
      "--data",
      join(folder, "plant"),
      ...(options.minimal ? ["--minimal"] : []),
      ...(options.whole === true ? ["--site", "--push", `http://127.0.0.1:${ownPort}`] : []),
    ]);
  let plant = await run();
  await options.whenPlantIsReady?.(plant);
  const serve = (port: number) =>
    startServer(join(folder, "data"), [
      "--port",
      String(port),
      "--import",
      String(plant.ready["engineeringFile"]),
      "--demo",
      ...(options.server ?? []),
    ]);
  let server = await serve(ownPort);
  const url = String(server.ready["url"]);
  return {
    url,
    folder,
    get plant() {
      return plant;
    },
    get server() {
      return server;
    },
    client: (name) => clientOf(url, name),
    async restartServer(signal) {
      await server.stop(signal);
      server = await serve(Number(new URL(url).port));
    },
    async startPlant() {
      plant = await run();
    },
    async stop() {
      await server.stop();
      await plant.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
  const { port } = probe.address() as { readonly port: number };
  await new Promise((done) => probe.close(done));
  return port;
}

/** The server alone on a folder, on a free port unless the arguments say another. */
export function startServer(data: string, args: readonly string[] = [], launcher: readonly string[] = []): Promise<Program> {
  const port = args.includes("--port") ? [] : ["--port", "0"];
  return startProgram("apps/doppelwerk/src/main.ts", ["serve", "--data", data, ...port, "--json", "--no-open", ...args], {}, launcher);
}

/** A client of a server, or of a world beside the default one, as this person. */
export function clientOf(url: string, name: string, webSocket: unknown = WebSocket, world?: string): Client {
  return createClient({
    baseUrl: url,
    ...(world !== undefined && { world }),
    person: { id: `e2e-secret-of-${name}`, name },
    fetch: (address, init) => fetch(address, init as RequestInit),
    WebSocket: webSocket as never,
    after,
    now: () => Date.now() * 1_000,
  });
}

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `doppelwerk` with these arguments to its end, in the runtime of the tests; `input` is what it reads from stdin. */
export function runCommand(args: readonly string[], input?: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", join(root, "apps/doppelwerk/src/main.ts"), ...args], {
      cwd: root,
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    child.stdin?.end(input);
    let stdout = "";
    let stderr = "";
    child.stdout!.on("data", (text: Buffer) => (stdout += text.toString()));
    child.stderr!.on("data", (text: Buffer) => (stderr += text.toString()));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

function after(milliseconds: number, run: () => void): () => void {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
}

export async function startProgram(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  /** A command that the program is given to, to be started in its place: `unshare`, `prlimit`. */
  launcher: readonly string[] = [],
): Promise<Program> {
  const [command, ...rest] = [...launcher, process.execPath, ...serverFlags, join(root, script), ...args] as [string, ...string[]];
  const child = spawn(command, rest, {
    cwd: root,
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...serverEnvironment(process.env), ...environment },
  });
  let errors = "";
  child.stderr!.on("data", (text: Buffer) => (errors = (errors + text.toString()).slice(-4_000)));
  const ready = await new Promise<Record<string, unknown>>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on(
      "line",
      (line) => line.startsWith("{") && resolve(JSON.parse(line) as Record<string, unknown>),
    );
    child.once("exit", (code) => reject(new Error(`${script} ended with exit code ${code} before it was ready\n${errors}`)));
  });
  return {
    child,
    ready,
    stop: (signal = "SIGTERM") =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once("exit", () => resolve());
        child.kill(signal);
      }),
  };
}

/** How long a test waits for what must come: long, for a busy machine; only a failing test takes so long. */
const PATIENCE_MS = 240_000;
/** How long one action waits: shorter, so that who asks again and again does so when what an action waits for has gone meanwhile. */
const ACTION_MS = 90_000;

/** Real Chromium, rendering in software (flags from long trial; see docs/decisions). */
export async function startBrowser(more: readonly string[] = []): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: need("chromium"),
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--use-angle=swiftshader",
      "--enable-unsafe-swiftshader",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      ...more,
    ],
  });
  // a machine that is busy fails no test
  browser.on("context", (context) => context.setDefaultTimeout(ACTION_MS));
  return browser;
}

/** Asks until the answer is there; the reason of the last failure is the reason of the whole. */
export async function eventually<T>(
  ask: () => Promise<T | undefined> | T | undefined,
  what: string,
  seconds = PATIENCE_MS / 1_000,
): Promise<T> {
  const until = performance.now() + seconds * 1_000;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() > until) throw new Error(`not within ${seconds} s: ${what}${last instanceof Error ? ` (${last.message})` : ""}`);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}
