import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { HOUR, type Instant } from "@doppelwerk/world";
import { openPlantTime, rememberAlive } from "./clock/plant-clock.ts";
import { stickyPort } from "./sticky-port.ts";
import { writeEngineeringFile } from "./engineering-file/write-engineering-file.ts";
import { startPlantServer } from "./opcua/plant-server.ts";
import { startEdgeNode } from "./sparkplug/edge-node.ts";
import { startPlant } from "./plant.ts";
import { faultNames, isFaultName, type FaultName } from "./truth/fault.ts";

const usage = `demo plant: a washing machine line on OPC UA and Sparkplug B

  node examples/demo-plant/src/main.ts [options]

  --data DIR        its folder: plant.aasx, keys, clock (default ./demo-plant-data)
  --seed N          another plant (default 3)
  --speed X         1 is real time; faster starts that much further in the past and never passes the present
  --fault NAME      switched on from the start: ${faultNames.join(", ")}
  --opcua-port P    default: the one it had before, else a free one
  --mqtt-port P     port of its own broker, likewise
  --mqtt URL        use this broker instead of an own one
  --minimal         three stations and two days, for tests
  --json            only JSON on stdout: the first line says where everything is

While it runs, a line on stdin switches a fault: fault air on, fault air off.
`;

const options = readOptions();
const log = (text: string) => process.stderr.write(`${text}\n`);
const wallStart = Date.now() * 1000;
const plantStart = options.speed > 1 ? wallStart - (options.speed - 1) * 4 * HOUR : wallStart;
/** Plant time: never later than the wall clock. */
const now = (): Instant => Math.min(Date.now() * 1000, Math.round(plantStart + (Date.now() * 1000 - wallStart) * options.speed));

const time = openPlantTime(options.data, options.seed, now());
const plant = startPlant({ time, minimal: options.minimal, now: now() });
const [broker, server] = await Promise.all([
  options.mqtt ? undefined : startBroker(await stickyPort(options.data, "mqtt", options.mqttPort)),
  startPlantServer({ archive: plant.archive, data: options.data, port: await stickyPort(options.data, "opcua", options.opcuaPort) }),
]);
const mqtt = options.mqtt ?? `mqtt://127.0.0.1:${broker!.port}`;
const engineeringFile = writeEngineeringFile(options.data, plant.archive.signals, { opcua: server.url, mqtt }, time.anchor);
await plant.ready;
server.showAll();
const edge = startEdgeNode({ url: mqtt, archive: plant.archive, now, log });
plant.onSample((index, sampleTime, value) => {
  const signal = plant.archive.signals[index]!;
  if (signal.address.kind === "opcua") server.show(signal, sampleTime, value);
  else edge.report(signal, sampleTime, value);
});
if (options.fault) setFault(options.fault, true);
const ticking = setInterval(() => plant.advanceTo(now()), 250);
const housekeeping = setInterval(() => {
  plant.archive.thin(now());
  rememberAlive(options.data, now());
}, 60_000);

for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void close());
createInterface({ input: process.stdin }).on("line", (line) => readCommand(line));
if (options.json)
  process.stdout.write(`${JSON.stringify({ ready: true, opcua: server.url, mqtt, engineeringFile, samples: plant.archive.total() })}\n`);
else
  process.stdout.write(
    `The demo plant runs.\n  OPC UA            ${server.url}\n  Sparkplug B       ${mqtt}\n  engineering file  ${engineeringFile}\n`,
  );

async function close(): Promise<void> {
  clearInterval(ticking);
  clearInterval(housekeeping);
  rememberAlive(options.data, now());
  await Promise.race([Promise.all([plant.close(), server.close(), edge.close()]), new Promise((done) => setTimeout(done, 3000))]);
  broker?.process.kill();
  process.exit(0);
}

/** A lost connection is lost for meters and controllers alike; the rest is the line's own business. */
function setFault(name: FaultName, on: boolean): void {
  if (name === "connection") edge.setConnected(!on);
  plant.setFault(name, on);
}

/** `fault NAME on|off`. */
function readCommand(line: string): void {
  const [word, name, state] = line.trim().split(/\s+/);
  if (!word) return;
  if (word === "fault" && name && isFaultName(name) && (state === "on" || state === "off")) {
    setFault(name, state === "on");
    log(`fault ${name} ${state}`);
  } else log(`not understood: ${line} (fault NAME on|off, NAME one of ${faultNames.join(", ")})`);
}

async function startBroker(port: number): Promise<{ readonly port: number; readonly process: ChildProcess }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL("./sparkplug/broker.ts", import.meta.url)), String(port)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const line = await new Promise<string>((done, failed) => {
    createInterface({ input: child.stdout! }).once("line", done);
    child.once("exit", (code) => failed(new Error(`the broker ended with ${code} before it listened`)));
  });
  return { port: (JSON.parse(line) as { port: number }).port, process: child };
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        data: { type: "string", default: "demo-plant-data" },
        seed: { type: "string", default: "3" },
        speed: { type: "string", default: "1" },
        fault: { type: "string" },
        "opcua-port": { type: "string", default: "0" },
        "mqtt-port": { type: "string", default: "0" },
        mqtt: { type: "string" },
        minimal: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      process.stdout.write(usage);
      process.exit(0);
    }
    const fault = values.fault;
    if (fault !== undefined && !isFaultName(fault)) throw new Error(`no such fault: ${fault}`);
    return {
      data: resolve(values.data),
      seed: wholeNumber("seed", values.seed),
      speed: positive("speed", values.speed),
      fault: fault as FaultName | undefined,
      opcuaPort: wholeNumber("opcua-port", values["opcua-port"]),
      mqttPort: wholeNumber("mqtt-port", values["mqtt-port"]),
      mqtt: values.mqtt,
      minimal: values.minimal,
      json: values.json,
    };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} wants a whole number, not ${text}`);
  return value;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0) || value > 1000) throw new Error(`--${name} wants a number above 0 and up to 1000, not ${text}`);
  return value;
}
