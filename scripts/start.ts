import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
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

buildStudio();
process.stderr.write("doppelwerk: starting the demo plant …\n");
// The same ports every time, so that a restarted server finds its plant where the engineering file of yesterday said.
const [opcuaPort, mqttPort] = [await freePort(48_410), await freePort(48_411)];
const plant = run(
  "examples/demo-plant/src/main.ts",
  ["--json", "--data", join(own, "plant"), "--opcua-port", String(opcuaPort), "--mqtt-port", String(mqttPort)],
  ["ignore", "pipe", "inherit"],
);
const children: ChildProcess[] = [plant];
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));
plant.on("exit", (code) => void stop(code === 0 ? 0 : 1, `the demo plant ended (exit code ${code})`));
const { engineeringFile } = await firstJsonLine(plant);

const server = run(
  "packages/server/src/main.ts",
  [
    "serve",
    ...(flag("--data") ? [] : ["--data", join(own, "demo")]),
    ...(flag("--port") ? [] : ["--port", String(await freePort(8420))]),
    "--import",
    engineeringFile,
    "--demo",
    ...flags,
  ],
  ["inherit", "inherit", "inherit"],
);
children.push(server);
server.on("exit", (code) => void stop(code ?? 1));

function run(script: string, args: readonly string[], stdio: ("ignore" | "pipe" | "inherit")[]): ChildProcess {
  return spawn(process.execPath, [...serverFlags, join(root, script), ...args], { cwd: root, stdio, env: serverEnvironment(process.env) });
}

async function firstJsonLine(child: ChildProcess): Promise<{ readonly engineeringFile: string }> {
  for await (const line of createInterface({ input: child.stdout! }))
    if (line.startsWith("{")) return JSON.parse(line) as { readonly engineeringFile: string };
  throw new Error("the demo plant ended before it was ready");
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

let stopping = false;
async function stop(code: number, reason?: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  if (reason) process.stderr.write(`doppelwerk: ${reason}\n`);
  const gone = children.map((child) =>
    child.exitCode !== null || child.signalCode !== null ? undefined : new Promise((resolve) => child.once("exit", resolve)),
  );
  for (const child of children) child.kill("SIGTERM");
  await Promise.race([Promise.all(gone), new Promise((resolve) => setTimeout(resolve, 8_000))]);
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  process.exit(code);
}
