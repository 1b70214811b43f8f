// Lines of sixteen stations each, behind one OPC UA server and an edge node a line, in a process of its own: argv = number of lines, folder,
// [--counts]. Each line is the demo plant's Line 3 with a chance of its own, in the middle of a shift, without a past. With --counts an area without a
// flow stands beside the hall, whose signals count up. Prints {"ready":true,"engineeringFile":…,"signals":N}.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { writeAasx } from "@doppelwerk/aas";
import { PlantArchive } from "../../examples/demo-plant/src/archive/plant-archive.ts";
import { anchorCalendar, plantShifts } from "../../examples/demo-plant/src/clock/calendar.ts";
import { plantEnvironment } from "../../examples/demo-plant/src/engineering-file/plant-environment.ts";
import { sparkplugNode, plantSignals } from "../../examples/demo-plant/src/signals/signal-list.ts";
import { startEdgeNode } from "../../examples/demo-plant/src/sparkplug/edge-node.ts";
import { PlantRun } from "../../examples/demo-plant/src/truth/plant-run.ts";
import { countingSignals, withCountingArea } from "./counting-area.ts";
import { environmentOfLines, signalsOfLines } from "./line-copies.ts";
import { startPlainServer } from "./plain-opcua.ts";

const [lines, folder] = [Number(process.argv[2]), process.argv[3]!];
const TICK_MS = 100;
const COUNT_MS = 300;
/** The lines work so far ahead of what they show, so that every value leaves at its own source time. */
const AHEAD_US = 1_000_000;
const now = (): number => Date.now() * 1_000;

const one = plantSignals();
const signalsOfFlow = signalsOfLines(lines);
const counting = process.argv.includes("--counts") ? countingSignals(signalsOfFlow.length) : [];
const signals = [...signalsOfFlow, ...counting];
const archive = new PlantArchive(signals);
const opcua = await startPlainServer(signals, folder);
const broker = spawn(
  process.execPath,
  [fileURLToPath(new URL("../../examples/demo-plant/src/sparkplug/broker.ts", import.meta.url)), "0"],
  {
    stdio: ["pipe", "pipe", "inherit"],
  },
);
const port = await new Promise<number>((done) =>
  createInterface({ input: broker.stdout }).once("line", (line) => done((JSON.parse(line) as { readonly port: number }).port)),
);
const mqtt = `mqtt://127.0.0.1:${port}`;
const anchor = anchorCalendar(now());
const endpoints = { opcua: opcua.url, mqtt };
const environment = environmentOfLines(plantEnvironment(one, endpoints, anchor), lines);
const engineeringFile = join(folder, "plant.aasx");
writeFileSync(engineeringFile, writeAasx(counting.length === 0 ? environment : withCountingArea(environment, counting, endpoints)));

let coming: { readonly signal: number; readonly time: number; readonly value: number }[] = [];
const start = now();
const shifts = plantShifts(anchor);
const runs = Array.from({ length: lines }, (_, line) => {
  const first = line * one.length;
  const options = { signals: one, seed: line + 1, shifts, anchor: anchor.anchorDay, recordFrom: start - 60_000_000, meterFrom: start };
  return new PlantRun(options, {
    write: (signal, time, value) => void coming.push({ signal: first + signal, time, value }),
    textIndex: (text) => archive.textIndex(text),
  });
});
const edges = Array.from({ length: lines }, (_, line) => {
  const node = sparkplugNode.replace("Line3", `Line${line + 1}`);
  return startEdgeNode({ node, url: mqtt, archive, now, log: (text) => void process.stderr.write(`${text}\n`) });
});

function tick(): void {
  for (const run of runs) run.advanceTo(now() + AHEAD_US, 1);
  coming.sort((a, b) => a.time - b.time);
  const due = coming.findIndex(({ time }) => time > now());
  for (const { signal: index, time, value } of coming.splice(0, due < 0 ? coming.length : due)) {
    const signal = signals[index]!;
    const kept = archive.append(index, time, value);
    if (signal.address.kind === "sparkplug") edges[Math.floor(index / one.length)]!.report(signal, kept, value);
    else opcua.show(signal, kept, signal.type === "String" ? archive.textAt(value) : signal.type === "Boolean" ? value !== 0 : value);
  }
}

// the shift so far, by its events
for (const run of runs) run.advanceTo(start - 60_000_000, 300);
tick();
const ticking = setInterval(tick, TICK_MS);

/** Written when they change, at no fixed distance: no beat of source and subscription decides how old a value is when it comes. */
let [counted, counter] = [0, undefined as ReturnType<typeof setTimeout> | undefined];
function count(): void {
  counted++;
  for (const signal of counting) opcua.show(signal, now(), counted);
  counter = setTimeout(count, COUNT_MS * (0.5 + ((counted * 0.618) % 1)));
}
if (counting.length > 0) count();
process.once("SIGTERM", () => {
  clearInterval(ticking);
  clearTimeout(counter);
  void Promise.race([
    Promise.all([opcua.close(), ...edges.map((edge) => edge.close())]),
    new Promise((done) => setTimeout(done, 3_000)),
  ]).finally(() => {
    broker.kill();
    process.exit(0);
  });
});
process.stdout.write(`${JSON.stringify({ ready: true, engineeringFile, signals: signals.length })}\n`);
