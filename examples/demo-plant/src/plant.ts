import { Worker } from "node:worker_threads";
import type { Instant } from "@doppelwerk/world";
import { PlantArchive } from "./archive/plant-archive.ts";
import { recordedFrom } from "./clock/calendar.ts";
import type { PlantTime } from "./clock/plant-clock.ts";
import { AHEAD, type WorkerInput, type WorkerOutput, type WorkerStart } from "./generate/worker-message.ts";
import { signalsOf } from "./site/site-signals.ts";
import type { FaultName } from "./truth/fault.ts";

/** A sample as it was kept: true plant time, and the value (an index into the archive's texts for text signals). */
export type SampleListener = (signal: number, time: Instant, value: number) => void;

/** The plant behind its sockets: an archive that fills up, and listeners that hear every new sample. */
export interface Plant {
  readonly archive: PlantArchive;
  /** Resolves when the past is in the archive. */
  readonly ready: Promise<void>;
  onSample(listener: SampleListener): void;
  /** Lets the plant work on; call it a few times a second. */
  advanceTo(now: Instant): void;
  /** Tells every sample whose time has come; call it often. */
  tell(now: Instant): void;
  setFault(name: FaultName, on: boolean): void;
  close(): Promise<void>;
}

/** Starts generating at once, in a worker. `now` is plant time. */
export function startPlant(options: {
  readonly time: PlantTime;
  readonly minimal: boolean;
  readonly site: boolean;
  readonly now: Instant;
  /** File that the factory reads; of the site only. */
  readonly floor?: string;
}): Plant {
  const { time, minimal, site, now, floor } = options;
  const archive = new PlantArchive(signalsOf(options));
  const listeners: SampleListener[] = [];
  const start: WorkerStart = {
    seed: time.seed,
    minimal,
    site,
    shifts: time.shifts,
    anchor: time.anchor,
    recordFrom: recordedFrom(time.shifts, minimal, now),
    now,
    ...(floor === undefined ? {} : { floor }),
  };
  const worker = new Worker(new URL("./generate/plant-worker.ts", import.meta.url), { workerData: start });
  const post = (message: WorkerInput) => worker.postMessage(message);
  let loaded = false;
  /** Generated a little ahead and told when their time has come, so that a sample leaves its controller at its own source time. */
  let coming: { readonly signal: number; readonly time: Instant; readonly value: number }[] = [];
  const ready = new Promise<void>((resolve, reject) => {
    worker.on("error", reject);
    worker.on("message", (message: WorkerOutput) => {
      if (message.kind === "history") {
        archive.load(message.columns);
        loaded = true;
        return resolve();
      }
      for (const text of message.texts) archive.textIndex(text);
      message.signals.forEach((signal, i) => coming.push({ signal, time: message.times[i]!, value: message.values[i]! }));
      coming.sort((a, b) => a.time - b.time);
    });
  });
  return {
    archive,
    ready,
    onSample: (listener) => void listeners.push(listener),
    advanceTo(now) {
      if (loaded) post({ kind: "advance", to: now + AHEAD });
    },
    tell(now) {
      let due = 0;
      while (due < coming.length && coming[due]!.time <= now) due++;
      if (due === 0) return;
      const told = coming.slice(0, due);
      coming = coming.slice(due);
      for (const { signal, time, value } of told) {
        const kept = archive.append(signal, time, value);
        for (const listener of listeners) listener(signal, kept, value);
      }
    },
    setFault: (name, on) => post({ kind: "fault", name, on }),
    close: async () => void (await worker.terminate()),
  };
}
