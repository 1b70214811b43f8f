import { accessSync, constants } from "node:fs";
import { createServer } from "node:net";
import { join, relative, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { openBrowser } from "../packages/server/src/command/open-browser.ts";
import { makeFolder } from "../packages/storage/src/files/make-folder.ts";
import { buildStudio } from "./build.ts";
import { addDemoRecords } from "./demo-records.ts";
import { startText } from "./start-text.ts";
import { heading, step, tell } from "./page.mjs";
import { serverEnvironment, serverFlags } from "./server-process.mjs";
import { obituary, openStartLog, refusalOf, watchProgram } from "./watched-program.ts";
import type { WatchedProgram, WatchOptions } from "./watched-program.ts";

// `npm start [-- FLAGS OF serve]`: builds the studio if needed, starts the demo plant in processes of its own, then the server with the plant's
// engineering file. The server learns of the plant from that file and from its sockets, nothing else.
const root = fileURLToPath(new URL("..", import.meta.url));
/** The plant is a site, Line 4, utilities and a warehouse beside Line 3; with `--line-only` it is Line 3 alone. */
const site = !process.argv.includes("--line-only");
// `--site` asked for the site while the line alone was the default
const flags = process.argv.slice(2).filter((word) => word !== "--line-only" && word !== "--site");
const own = join(root, ".doppelwerk");
const flag = (name: string) => {
  const at = flags.indexOf(name);
  return at < 0 ? undefined : flags[at + 1];
};
const json = flags.includes("--json");
/** A start on a folder of one's own has a plant of its own. */
const data = flag("--data");
const dataFolder = data === undefined ? join(own, "demo") : resolve(data);
const plantFolder = data === undefined ? join(own, "plant") : `${dataFolder}-plant`;

const programs: WatchedProgram[] = [];
let stopping = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0, signal === "SIGINT"));
process.once("disconnect", () => void stop(1, false));

if (process.env["DOPPELWERK_PAGE"] === undefined) heading();
for (const folder of [dataFolder, plantFolder]) makeWritable(folder, data === undefined ? undefined : "--data");
const log = openStartLog(join(plantFolder, "start.log"));
// The same ports every time, so that a restarted server finds its plant where the engineering file of yesterday said; others when somebody else has
// them, or takes them between our question and the plant's answer (two starts at once).
const firstPlant = await launchPlant(48_410, 48_411);
// the plant makes its past beside it
buildStudio();

const plantReady = step("demonstration plant");
const warm = run("scripts/warm-code.ts", [], "compiler", "hold");
let plant = await readyOf(firstPlant);
if (!plant && !stopping) plant = await readyOf(await launchPlant(0, 0));
if (!plant && !stopping) await fail(programs.at(-1)!);
// Someone said stop meanwhile: nothing new may be started that nobody would end.
if (!plant || stopping) await new Promise<never>(() => {});
plantReady("its past in its archive");
plant!.program.child.on("exit", () => void fail(plant!.program));

const serverReady = step("server");
await ended(warm);
const requestedPort = flag("--port") ?? String(await freePort(8420));
const server = run(
  "apps/doppelwerk/src/main.ts",
  [
    "serve",
    ...(data === undefined ? ["--data", dataFolder] : []),
    ...(flag("--port") === undefined ? ["--port", requestedPort] : []),
    "--import",
    plant!.engineeringFile,
    // what the stores of the factory leave there is read as any drop folder is
    ...(site ? ["--files", join(plantFolder, "factory", "drop")] : []),
    "--demo",
    ...flags,
    ...(json ? [] : ["--json"]),
  ],
  "the server",
  json ? "raw" : "tell",
);
server.child.on("exit", () => void fail(server));
createInterface({ input: server.child.stdout! }).on("line", (line) => {
  if (json) process.stdout.write(`${line}\n`);
  if (line.startsWith('{"ready":true')) ready((JSON.parse(line) as { readonly url: string }).url);
});

function ready(url: string): void {
  serverReady();
  if (site) plant!.program.child.send({ push: url });
  // beside the start, which does not wait for them; where accounts are asked for there are none
  addDemoRecords(url).catch((error: unknown) => log.write(`no records of people for the demonstration: ${String(error)}`));
  if (json) return;
  const elsewhere = flag("--port") === undefined && new URL(url).port !== "8420" ? "   (port 8420 is in use by another program)\n" : "\n";
  process.stdout.write(`\n  Open     ${url}${elsewhere}`);
  tell(startText({ url, data: shownPath(dataFolder), plant: shownPath(plantFolder), site }));
  if (!flags.includes("--no-open") && process.stdout.isTTY) openBrowser(url);
}

function shownPath(path: string): string {
  const below = relative(root, path);
  return below.startsWith("..") ? path : below;
}

function run(script: string, args: readonly string[], name: string, show: WatchOptions["show"]): WatchedProgram {
  const started = watchProgram([...serverFlags, join(root, script), ...args], {
    name,
    log,
    show,
    environment: serverEnvironment(process.env),
  });
  programs.push(started);
  return started;
}

interface StartedPlant {
  readonly program: WatchedProgram;
  /** Its first line; undefined when it ended before it was ready, and its last line says why. */
  readonly ready: Promise<{ readonly engineeringFile: string } | undefined>;
}

async function launchPlant(opcuaPort: number, mqttPort: number): Promise<StartedPlant> {
  const opcua = await freePort(opcuaPort);
  const mqtt = await freePort(mqttPort, opcua);
  const program = run(
    "examples/demo-plant/src/main.ts",
    ["--json", "--data", plantFolder, "--opcua-port", String(opcua), "--mqtt-port", String(mqtt), ...(site ? ["--site", "--factory"] : [])],
    "the demonstration plant",
    json ? "raw" : "hold",
  );
  return { program, ready: firstLineOf(program) };
}

async function firstLineOf(program: WatchedProgram): Promise<{ readonly engineeringFile: string } | undefined> {
  for await (const line of createInterface({ input: program.child.stdout! }))
    if (line.startsWith("{")) return JSON.parse(line) as { readonly engineeringFile: string };
  await program.closed;
  return undefined;
}

async function readyOf({
  program,
  ready,
}: StartedPlant): Promise<{ readonly program: WatchedProgram; readonly engineeringFile: string } | undefined> {
  const first = await ready;
  return first && { program, ...first };
}

/** Refuses a folder that cannot be made or written to before anything is started in it. */
function makeWritable(folder: string, option: string | undefined): void {
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const choose = option === undefined ? "npm start -- --data DIR keeps its files elsewhere" : `choose another with ${option}`;
    tell(`doppelwerk: the data folder cannot be written (${(error as NodeJS.ErrnoException).code}): ${folder}: ${choose} (DW_UNAVAILABLE)`);
    process.exit(1);
  }
}

async function ended({ child }: WatchedProgram): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await new Promise((done) => child.once("exit", done));
}

/** The requested port or one of the nine after it when one is free and not promised already, else any free one. */
async function freePort(requested: number, promised?: number): Promise<number> {
  const ports = requested === 0 ? [0] : [...Array.from({ length: 10 }, (_, index) => requested + index), 0];
  for (const port of ports) {
    if (port === promised) continue;
    const found = await new Promise<number | undefined>((done) => {
      const probe = createServer();
      probe.once("error", () => done(undefined));
      probe.listen(port, "127.0.0.1", () => {
        const address = probe.address();
        probe.close(() => done(typeof address === "object" && address ? address.port : undefined));
      });
    });
    if (found !== undefined) return found;
  }
  throw new Error("no free port on this machine");
}

/** A program ended without an order: says which and how, ends the others. Refusals were said by the program itself. */
async function fail(program: WatchedProgram): Promise<void> {
  if (stopping) return;
  stopping = true;
  // Its last words may still be on their way; a process of its own may hold the pipe open.
  await Promise.race([program.closed, new Promise((done) => setTimeout(done, 500))]);
  const { exitCode, signalCode } = program.child;
  // Told to stop by its pid alone: an order, if a strange one.
  if (exitCode === 0) tell(`doppelwerk: ${program.name} was stopped; everything else stops with it`);
  else {
    const refusal = refusalOf(program);
    if (refusal === undefined) tell(obituary(program, log));
    else if (program !== server) tell(refusal.startsWith("doppelwerk") ? refusal : `doppelwerk: ${refusal}`);
  }
  await endAll();
  process.exit(signalCode === null ? (exitCode ?? 1) : 1);
}

async function stop(code: number, byKey: boolean): Promise<void> {
  if (stopping) return;
  stopping = true;
  if (!json) tell(byKey ? "\n  stopping …" : "  stopping …");
  await endAll();
  if (!json) tell("  stopped; every acknowledged change is on disk");
  process.exit(code);
}

async function endAll(): Promise<void> {
  const gone = programs.map(ended);
  for (const { child } of programs) child.kill("SIGTERM");
  await Promise.race([Promise.all(gone), new Promise((done) => setTimeout(done, 8_000))]);
  for (const { child } of programs) if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
}
