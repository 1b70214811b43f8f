import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { buildStudio } from "./build.ts";
import { serverEnvironment, serverFlags } from "./server-process.mjs";

// `npm start [-- FLAGS OF serve]`: builds the studio if needed, starts the demo plant in processes of its own, then the server with the plant's
// engineering file. The server learns of the plant from that file and from its sockets, nothing else.
const root = fileURLToPath(new URL("..", import.meta.url));
const flags = process.argv.slice(2);
const own = join(root, ".doppelwerk");
const flag = (name: string) => {
  const at = flags.indexOf(name);
  return at < 0 ? undefined : flags[at + 1];
};

/** A start on a folder of one's own has a plant of its own. */
const data = flag("--data");
const plantFolder = data === undefined ? join(own, "plant") : `${resolve(data)}-plant`;

buildStudio();
process.stderr.write("doppelwerk: starting the demo plant …\n");
const children: ChildProcess[] = [];
let stopping = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));
const warm = run("scripts/warm-code.ts", [], ["ignore", "ignore", "ignore"]);
// The same ports every time, so that a restarted server finds its plant where the engineering file of yesterday said; others when somebody else has
// them, or takes them between our question and the plant's answer (two starts at once).
let plant = await startPlant(48_410, 48_411);
if (!plant && !stopping) plant = await startPlant(0, 0);
await ended(warm);
if (!plant) await stop(1, "the demo plant ended before it was ready");
// Someone said stop meanwhile: nothing new may be started that nobody would end.
if (!plant || stopping) await new Promise<never>(() => {});
const { child, engineeringFile } = plant!;
child.on("exit", (code) => void stop(code === 0 ? 0 : 1, `the demo plant ended (exit code ${code})`));

const server = run(
  "packages/server/src/main.ts",
  [
    "serve",
    ...(data ? [] : ["--data", join(own, "demo")]),
    ...(flag("--port") ? [] : ["--port", String(await freePort(8420))]),
    "--import",
    engineeringFile,
    "--demo",
    ...flags,
  ],
  ["inherit", "inherit", "inherit"],
);
server.on("exit", (code) => void stop(code ?? 1));

function run(script: string, args: readonly string[], stdio: ("ignore" | "pipe" | "inherit")[]): ChildProcess {
  const started = spawn(process.execPath, [...serverFlags, join(root, script), ...args], {
    cwd: root,
    stdio,
    env: serverEnvironment(process.env),
  });
  children.push(started);
  return started;
}

/** Undefined when it ended before it was ready; it has said why on stderr. */
async function startPlant(
  opcuaPort: number,
  mqttPort: number,
): Promise<{ readonly child: ChildProcess; readonly engineeringFile: string } | undefined> {
  const ports = [await freePort(opcuaPort), await freePort(mqttPort)].map(String) as [string, string];
  const started = run(
    "examples/demo-plant/src/main.ts",
    ["--json", "--data", plantFolder, "--opcua-port", ports[0], "--mqtt-port", ports[1]],
    ["ignore", "pipe", "inherit"],
  );
  for await (const line of createInterface({ input: started.stdout! }))
    if (line.startsWith("{")) return { child: started, ...(JSON.parse(line) as { readonly engineeringFile: string }) };
  return undefined;
}

async function ended(program: ChildProcess): Promise<void> {
  if (program.exitCode === null && program.signalCode === null) await new Promise((resolve) => program.once("exit", resolve));
}

/** The wished port when it is free, else any free one. */
async function freePort(wished: number): Promise<number> {
  for (const port of [wished, 0]) {
    const found = await new Promise<number | undefined>((resolve) => {
      const probe = createServer();
      probe.once("error", () => resolve(undefined));
      probe.listen(port, "127.0.0.1", () => {
        const address = probe.address();
        probe.close(() => resolve(typeof address === "object" && address ? address.port : undefined));
      });
    });
    if (found !== undefined) return found;
  }
  throw new Error("no free port on this machine");
}

async function stop(code: number, reason?: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  if (reason) process.stderr.write(`doppelwerk: ${reason}\n`);
  const gone = children.map(ended);
  for (const own of children) own.kill("SIGTERM");
  await Promise.race([Promise.all(gone), new Promise((resolve) => setTimeout(resolve, 8_000))]);
  for (const own of children) if (own.exitCode === null && own.signalCode === null) own.kill("SIGKILL");
  process.exit(code);
}
