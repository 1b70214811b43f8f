import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { HOUR, type Instant } from "@doppelwerk/world";
import type { PlantArchive } from "./archive/plant-archive.ts";
import { openPlantTime, rememberAlive } from "./clock/plant-clock.ts";
import { floorFile, superviseFactory } from "./factory/supervisor.ts";
import { writeEngineeringFile } from "./engineering-file/write-engineering-file.ts";
import { startPlantServer } from "./opcua/plant-server.ts";
import type { PlantOptions } from "./options.ts";
import { startPlant, type Plant } from "./plant.ts";
import { sparkplugNode } from "./signals/signal-list.ts";
import { startSiteSockets, type SiteSockets } from "./site/site-sockets.ts";
import { startEdgeNode, type EdgeNode } from "./sparkplug/edge-node.ts";
import { stickyPort } from "./sticky-port.ts";
import { faultNames, isFaultName, siteFaults, type FaultName } from "./truth/fault.ts";

/** What the first line on stdout says. */
export interface PlantReady {
  readonly ready: true;
  readonly opcua: string;
  readonly mqtt: string;
  /** Of the whole site: the gateway of Line 4. */
  readonly modbus?: string;
  /** Addresses of the programs beside the plant, by name. */
  readonly factory?: Readonly<Record<string, string>>;
  readonly engineeringFile: string;
  /** In the archive when it began to run. */
  readonly samples: number;
}

/** Starts everything, then runs until SIGTERM or SIGINT; ends the process. */
export async function runPlant(options: PlantOptions): Promise<void> {
  const log = (text: string) => process.stderr.write(`${text}\n`);
  const now = plantClock(options.speed);
  const time = openPlantTime(options.data, options.seed, now());
  const plant = startPlant({
    time,
    minimal: options.minimal,
    site: options.site,
    now: now(),
    ...(options.factory ? { floor: floorFile(options.data) } : {}),
  });
  const [broker, server] = await Promise.all([
    options.mqtt ? undefined : startBroker(await stickyPort(options.data, "mqtt", options.mqttPort)),
    startPlantServer({ archive: plant.archive, data: options.data, port: await stickyPort(options.data, "opcua", options.opcuaPort) }),
  ]);
  const mqtt = options.mqtt ?? `mqtt://127.0.0.1:${broker!.port}`;
  const site = options.site ? await openSite(options, plant.archive, mqtt, now, log) : undefined;
  const endpoints = { opcua: server.url, mqtt, ...(site ? { modbus: site.modbus } : {}) };
  const engineeringFile = writeEngineeringFile(options.data, plant.archive.signals, endpoints, time.anchor);
  await plant.ready;
  server.showAll();
  const edge = startEdgeNode({ node: sparkplugNode, url: mqtt, archive: plant.archive, now, log });
  site?.begin();
  const factory = options.factory ? superviseFactory({ plant: options.data, mqtt, server: options.push, log }) : undefined;
  tellSamples(plant, server, edge, site);
  // A lost connection is lost for meters and controllers alike; every other fault is the line's own business.
  const setFault = (name: FaultName, on: boolean) => {
    if (name === "connection") edge.setConnected(!on);
    site?.setFault(name, on);
    plant.setFault(name, on);
  };
  if (options.fault) setFault(options.fault, true);
  const ticking = setInterval(() => plant.advanceTo(now()), 250);
  const telling = setInterval(() => plant.tell(now()), 10);
  const housekeeping = setInterval(() => {
    plant.archive.thin(now());
    rememberAlive(options.data, now());
  }, 60_000);

  let closing = false;
  const close = async () => {
    // Ctrl C reaches the plant from the terminal and once more from whoever started it
    if (closing) return;
    closing = true;
    clearInterval(ticking);
    clearInterval(telling);
    clearInterval(housekeeping);
    rememberAlive(options.data, now());
    await Promise.race([
      Promise.all([plant.close(), server.close(), edge.close(), site?.close(), factory?.close()]),
      new Promise((done) => setTimeout(done, 3000)),
    ]);
    broker?.process.kill();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void close());
  // Whoever started this with a channel to it is gone, by kill -9 too.
  process.once("disconnect", () => void close());
  // Whoever started this says where the server listens once it does.
  process.on("message", (message) => {
    const { push } = message as { readonly push?: unknown };
    if (typeof push !== "string") return;
    site?.sendTo(push);
    factory?.sendTo(push);
  });
  createInterface({ input: process.stdin }).on("line", (line) => readCommand(line, options.site, setFault, log));
  const programs = await factory?.listening;
  const told = { ...endpoints, ...(programs && { factory: programs }) };
  announce({ ready: true, ...told, engineeringFile, samples: plant.archive.total() }, options.json);
}

/** Every sample to the sockets that show it. */
function tellSamples(
  plant: Plant,
  server: Awaited<ReturnType<typeof startPlantServer>>,
  edge: EdgeNode,
  site: SiteSockets | undefined,
): void {
  plant.onSample((index, sampleTime, value) => {
    const signal = plant.archive.signals[index]!;
    if (signal.address.kind === "opcua") server.show(signal, sampleTime, value);
    else {
      edge.report(signal, sampleTime, value);
      site?.report(signal, sampleTime, value);
    }
  });
}

async function openSite(
  { data, modbusPort, push }: PlantOptions,
  archive: PlantArchive,
  mqtt: string,
  now: () => Instant,
  log: (text: string) => void,
): Promise<SiteSockets> {
  return startSiteSockets({ archive, data, modbusPort: await stickyPort(data, "modbus", modbusPort), push, mqtt, now, log });
}

/** Plant time: the wall clock, or with another speed one that starts in the past and stops gaining when it has caught up. */
function plantClock(speed: number): () => Instant {
  const wallStart = Date.now() * 1000;
  const start = speed > 1 ? wallStart - (speed - 1) * 4 * HOUR : wallStart;
  return () => {
    const wall = Date.now() * 1000;
    return Math.min(wall, Math.round(start + (wall - wallStart) * speed));
  };
}

function announce(ready: PlantReady, json: boolean): void {
  const programs = Object.entries(ready.factory ?? {})
    .map(([name, url]) => `  ${name.padEnd(18)}${url}\n`)
    .join("");
  const text = `The demo plant runs.\n  OPC UA            ${ready.opcua}\n  Sparkplug B       ${ready.mqtt}\n${ready.modbus === undefined ? "" : `  Modbus TCP        ${ready.modbus}\n`}${programs}  engineering file  ${ready.engineeringFile}\n`;
  process.stdout.write(json ? `${JSON.stringify(ready)}\n` : text);
}

/** `fault NAME on|off`. */
function readCommand(line: string, site: boolean, setFault: (name: FaultName, on: boolean) => void, log: (text: string) => void): void {
  const known = faultNames.filter((name) => site || !siteFaults.includes(name));
  const [word, name, state] = line.trim().split(/\s+/);
  if (!word) return;
  if (word === "fault" && name && isFaultName(name) && known.includes(name) && (state === "on" || state === "off")) {
    setFault(name, state === "on");
    log(`fault ${name} ${state}`);
  } else log(`not understood: ${line} (fault NAME on|off, NAME one of ${known.join(", ")})`);
}

async function startBroker(port: number): Promise<{ readonly port: number; readonly process: ChildProcess }> {
  const script = fileURLToPath(new URL("./sparkplug/broker.ts", import.meta.url));
  const child = spawn(process.execPath, [script, String(port)], { stdio: ["pipe", "pipe", "inherit"] });
  const line = await new Promise<string>((done, failed) => {
    createInterface({ input: child.stdout! }).once("line", done);
    child.once("exit", (code) => failed(new Error(`the broker ended with ${code} before it listened`)));
  });
  return { port: (JSON.parse(line) as { port: number }).port, process: child };
}
