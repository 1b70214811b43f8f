import { verbatim } from "@doppelwerk/messages";
import { expect, test } from "vitest";
import { quality, SECOND, type Instant, type SampleBatch, type SignalRecord } from "@doppelwerk/world";
import { createRecorder } from "../samples/recorder.ts";
import { HostedSource } from "./hosted-source.ts";
import type { ToHost } from "./message.ts";

const START: Instant = 1_790_000_000 * SECOND;
const signals: SignalRecord[] = [{ id: "signal:a", kind: "signal", name: "a", valueType: "double", address: "a" }];

function sample(time: Instant, own: number = quality.good): SampleBatch {
  return {
    origin: "measured",
    count: 1,
    signals: Uint32Array.of(0),
    values: Float64Array.of(1),
    qualities: Uint8Array.of(own),
    sourceTimes: Float64Array.of(time),
    serverTimes: Float64Array.of(time),
    texts: new Map(),
  };
}

/** A source whose process is played by the test; times in seconds after the start. */
async function hosted(backfillFrom?: Instant) {
  const opened: (number | undefined)[] = [];
  let now = START;
  let refuses = false;
  const recorder = createRecorder(async () => {
    if (refuses) throw new Error("the disk is full");
  });
  const source = new HostedSource({
    id: 1,
    connection: { id: "connection:1", kind: "connection", name: "plant", protocol: "opcua", url: "opc.tcp://plant", enabled: true },
    signals,
    ...(backfillFrom === undefined ? {} : { backfillFrom }),
    clock: { now: () => now },
    dataDir: "",
    timing: { graceMs: 3_600_000 },
    send(message: ToHost) {
      if (message.kind === "open")
        opened.push(message.backfillFrom === undefined ? undefined : ((message.backfillFrom as number) - START) / SECOND);
      return message.kind !== "close";
    },
    ask: () => Promise.reject(new Error("nobody is asked")),
    begin: () => source.openInProcess(),
    end: () => {},
  });
  await source.start(recorder);
  let sequence = 0;
  const read = (finished: boolean) =>
    source.hearNotice({ kind: "backfill", done: finished ? 1 : 0, total: 1, urgent: finished, samples: 0, finished });
  return {
    opened,
    source,
    async hear(atS: number, own?: number) {
      now = START + atS * SECOND;
      source.hearBatch(++sequence, sample(now, own));
      await new Promise((resolve) => setImmediate(resolve));
    },
    async crash(atS: number) {
      now = START + atS * SECOND;
      source.processLost(verbatim("killed"), quality.uncertain);
      await new Promise((resolve) => setImmediate(resolve));
      source.openInProcess();
    },
    lost(atS: number) {
      now = START + atS * SECOND;
      source.hearNotice({ kind: "state", state: "reconnecting", since: now });
    },
    read,
    refuse: (yes: boolean) => (refuses = yes),
  };
}

test("[C158] each crash reads again what came after the last sample that was taken, and nothing before it", async () => {
  const plant = await hosted();
  await plant.hear(100);
  await plant.crash(130);
  plant.read(false);
  plant.read(true);
  await plant.hear(1_000);
  await plant.crash(1_002);
  plant.read(true);
  await plant.hear(5_000);
  await plant.crash(5_001);
  expect(plant.opened).toEqual([undefined, 95, 995, 4_995]);
  await plant.source.close();
});

test("[C158] a gap whose reading broke off begins where it began: at another crash, at a loss of the plant before it, and for what could not be stored", async () => {
  const plant = await hosted();
  await plant.hear(100);
  await plant.crash(101);
  plant.read(false);
  await plant.hear(200);
  await plant.crash(201);
  expect(plant.opened.slice(1)).toEqual([95, 95]);
  plant.read(true);
  // the plant was gone, its values came back, and the process died before the archive was read
  await plant.hear(300);
  await plant.hear(310, quality.uncertain);
  plant.lost(310);
  await plant.hear(400);
  await plant.crash(401);
  expect(plant.opened.at(-1)).toBe(295);
  plant.read(true);
  await plant.hear(500);
  plant.refuse(true);
  await plant.hear(600);
  plant.refuse(false);
  await plant.crash(601);
  expect(plant.opened.at(-1)).toBe(495);
  await plant.source.close();
});

test("[C158] an archive that was never read to its end is asked for from the beginning", async () => {
  const plant = await hosted(START - 1_000 * SECOND);
  await plant.hear(100);
  await plant.crash(101);
  plant.read(true);
  await plant.hear(200);
  await plant.crash(201);
  expect(plant.opened).toEqual([-1_000, -1_000, 195]);
  await plant.source.close();
});
