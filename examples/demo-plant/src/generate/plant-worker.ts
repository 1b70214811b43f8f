import { parentPort, workerData } from "node:worker_threads";
import { HOUR, type Instant } from "@doppelwerk/world";
import { PlantArchive } from "../archive/plant-archive.ts";
import { SiteRun } from "../site/site-run.ts";
import { signalsOf } from "../site/site-signals.ts";
import { PlantRun } from "../truth/plant-run.ts";
import type { SampleSink } from "../truth/sample-sink.ts";
import { FloorWriter } from "../floor/floor-writer.ts";
import { floorHeader } from "../floor/floor-header.ts";
import { AHEAD, type WorkerInput, type WorkerOutput, type WorkerStart } from "./worker-message.ts";

// The plant at work in a thread of its own: first its past as fast as it goes, then the present, as far as it is told to go.

const start = workerData as WorkerStart;
const signals = signalsOf(start);
const past = new PlantArchive(signals);
let pending: { signal: number; time: Instant; value: number }[] = [];
let textsSent = 0;
let live = false;

const sink: SampleSink = {
  write: (signal, time, value) => {
    // A controller that writes a moment later than the event must not write into the future.
    if (live || time > start.now) pending.push({ signal, time, value });
    else past.append(signal, time, value);
  },
  textIndex: (text) => past.textIndex(text),
};
const { seed, shifts, anchor, recordFrom, now: meterFrom } = start;
const floor = start.site && start.floor !== undefined ? new FloorWriter(start.floor, floorHeader(start)) : undefined;
const run = start.site
  ? new SiteRun({ signals, seed, shifts, anchor, recordFrom, meterFrom, ...(floor && { floor }) }, sink)
  : new PlantRun({ signals, seed, shifts, anchor: anchor.anchorDay, recordFrom, meterFrom }, sink);

// by hours, so that what the floor tells does not pile up
if (floor !== undefined) for (let to = recordFrom; to < start.now - 2 * HOUR; to += 4 * HOUR) goOn(to, 60);
goOn(start.now - 2 * HOUR, 60);
goOn(start.now, 1);
live = true;
const columns = past.takeColumns();
textsSent = columns.texts.length;
send(
  { kind: "history", columns },
  columns.series.flatMap((series) => [series.times.buffer as ArrayBuffer, series.values.buffer as ArrayBuffer]),
);

parentPort!.on("message", (message: WorkerInput) => {
  if (message.kind === "fault") return run.setFault(message.name, message.on);
  goOn(message.to, 1, message.to - AHEAD);
  const due = pending.filter((sample) => sample.time <= message.to);
  if (due.length === 0) return;
  pending = pending.filter((sample) => sample.time > message.to);
  const texts = past.textsFrom(textsSent);
  textsSent += texts.length;
  send({
    kind: "samples",
    texts,
    signals: Uint32Array.from(due, (sample) => sample.signal),
    times: Float64Array.from(due, (sample) => sample.time),
    values: Float64Array.from(due, (sample) => sample.value),
  });
});

/** The floor tells what is settled, and nothing of the future. */
function goOn(to: Instant, stepS: number, told = to): void {
  run.advanceTo(to, stepS);
  if (run instanceof SiteRun) floor?.flush(Math.floor(Math.min(run.settled, told) / 1000));
}

function send(message: WorkerOutput, transfer: ArrayBuffer[] = []): void {
  parentPort!.postMessage(message, transfer);
}
