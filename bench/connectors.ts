import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { createOpcuaSource } from "@doppelwerk/connectors/opcua";
import { createSparkplugSource } from "@doppelwerk/connectors/sparkplug";
import { openSegmentHistory } from "@doppelwerk/storage/segments";
import {
  LIVE,
  type Clock,
  type ConnectionRecord,
  type History,
  type SampleBatch,
  type SampleSource,
  type SignalRecord,
} from "@doppelwerk/world";
import { buildForeignServer, FOREIGN_NAMESPACE, startForeignServer } from "../packages/connectors/src/opcua/test-foreign-server.ts";
import { need } from "../scripts/services.ts";
import type { BareWork } from "./baselines/bare-opcua-client.ts";
import { reportMedian, type Report } from "./report.ts";

const RUNS = 5;
const ITEMS = 10_000;
const MEASURE_MS = 4_000;
/** As often as the plant has new values. */
const SAMPLING_MS = 20;
const clock: Clock = { now: () => Math.floor((performance.timeOrigin + performance.now()) * 1000) };

/**
 * What connectors take from plants that speak as fast as they can, stored: 10,000 OPC UA items (bars: subscribed within 10 s; changes a second at least 0.7 of
 * a bare node-opcua client that only counts them, in the same run) and Sparkplug metrics in messages of 100 (bar: 50,000 a second). The OPC UA plant is a
 * server of another stack in a process of its own, in which every item has a new value every 20 ms: half a million changes a second, more than either client
 * takes. The bare client has a thread of its own, as the library is there without what we add to it. All of them share this machine's cores.
 */
export async function bench(report: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-bench-connectors-"));
  try {
    await benchSparkplug(report, folder);
    await benchOpcua(report, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Plant {
  readonly url: string;
  stop(): Promise<void>;
}

async function startSparkplugPlant(): Promise<Plant> {
  const worker = new Worker(new URL("../packages/connectors/src/host/bench-plant.ts", import.meta.url));
  const url = await new Promise<string>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  return { url, stop: async () => void (await worker.terminate()) };
}

const connection = (protocol: "opcua" | "sparkplug", url: string): ConnectionRecord => ({
  id: "connection:bench",
  kind: "connection",
  name: "bench",
  protocol,
  url,
  enabled: true,
});

interface Measured {
  readonly subscribedS: number;
  readonly perSecond: number;
  /** Of the thread that receives, whatever else the machine does. */
  readonly perCpuSecond: number;
  readonly dropped: number;
}

/** From start to the first value of every signal, then rows stored for a while. */
async function measure(source: SampleSource, signals: readonly SignalRecord[], history: History): Promise<Measured> {
  const ids = signals.map(({ id }) => id);
  const seen = new Uint8Array(ids.length);
  let missing = ids.length;
  let complete = false;
  let rows = 0;
  let dropped = 0;
  const begun = performance.now();
  const all = Promise.withResolvers<number>();
  await source.start({
    async batch(batch: SampleBatch) {
      for (let row = 0; missing > 0 && row < batch.count; row++) {
        const signal = batch.signals[row]!;
        if (seen[signal] === 0) {
          seen[signal] = 1;
          missing--;
        }
      }
      await history.append(LIVE, batch, ids);
      rows += batch.count;
      // the batch that completes the first values is none of the changes that are counted from then on
      if (missing === 0 && !complete) {
        complete = true;
        all.resolve(performance.now() - begun);
      }
    },
    notice(notice) {
      if (notice.kind === "dropped") dropped += notice.count;
    },
  });
  const subscribedMs = await all.promise;
  const before = rows;
  const from = performance.now();
  const cpu = process.threadCpuUsage();
  await new Promise((resolve) => setTimeout(resolve, MEASURE_MS));
  const taken = rows - before;
  const perSecond = (taken * 1000) / (performance.now() - from);
  const perCpuSecond = taken / cpuSince(cpu);
  await source.close();
  return { subscribedS: subscribedMs / 1000, perSecond, perCpuSecond, dropped };
}

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000_000;
}

async function benchSparkplug(report: Report, folder: string): Promise<void> {
  const plant = await startSparkplugPlant();
  const signals = Array.from({ length: 1_000 }, (_, n): SignalRecord => ({
    id: `signal:${n}`,
    kind: "signal",
    name: `m${n}`,
    valueType: "double",
    address: `G/N/D/m${n}`,
  }));
  const history = await openSegmentHistory({ directory: join(folder, "sparkplug") });
  const rates: number[] = [];
  const cpuRates: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const measured = await measure(createSparkplugSource(connection("sparkplug", plant.url), signals, { clock }), signals, history);
    rates.push(measured.perSecond);
    cpuRates.push(measured.perCpuSecond);
  }
  await history.close();
  await plant.stop();
  reportMedian(report, "connectors", "Sparkplug metrics stored", "1/s", rates);
  reportMedian(report, "connectors", "Sparkplug metrics stored, per CPU-second of the receiver", "1/cpu-s", cpuRates);
}

async function benchOpcua(report: Report, folder: string): Promise<void> {
  const plant = await startForeignServer(buildForeignServer(need("open62541"), folder), { plain: ITEMS });
  plant.busy();
  const bareClient = new Worker(new URL("baselines/bare-opcua-client.ts", import.meta.url), {
    workerData: {
      url: plant.url,
      items: ITEMS,
      namespace: FOREIGN_NAMESPACE,
      samplingMs: SAMPLING_MS,
      measureMs: MEASURE_MS,
    } satisfies BareWork,
  });
  const measureBare = async (): Promise<Omit<Measured, "dropped">> => {
    bareClient.postMessage("measure");
    const [measured] = (await once(bareClient, "message")) as [Omit<Measured, "dropped">];
    return measured;
  };
  const signals = Array.from({ length: ITEMS }, (_, n): SignalRecord => ({
    id: `signal:${n}`,
    kind: "signal",
    name: `p${n}`,
    valueType: "double",
    address: `nsu=${FOREIGN_NAMESPACE};s=p${n}`,
  }));
  const history = await openSegmentHistory({ directory: join(folder, "opcua") });
  const [own, bare, ratio, cpuRatio, subscribed, bareSubscribed, dropped]: number[][] = [[], [], [], [], [], [], []];
  for (let run = 0; run < RUNS; run++) {
    const theirs = await measureBare();
    const ours = await measure(
      createOpcuaSource(connection("opcua", plant.url), signals, { clock, dataDir: folder, samplingIntervalMs: SAMPLING_MS }),
      signals,
      history,
    );
    own!.push(ours.perSecond);
    bare!.push(theirs.perSecond);
    ratio!.push(ours.perSecond / theirs.perSecond);
    cpuRatio!.push(ours.perCpuSecond / theirs.perCpuSecond);
    subscribed!.push(ours.subscribedS);
    bareSubscribed!.push(theirs.subscribedS);
    dropped!.push(ours.dropped);
  }
  await history.close();
  await bareClient.terminate();
  await plant.stop();
  reportMedian(report, "connectors", "OPC UA: 10,000 items, first value of each", "s", subscribed!);
  reportMedian(report, "connectors", "OPC UA: the same with a bare client", "s", bareSubscribed!);
  reportMedian(report, "connectors", "OPC UA: changes stored", "1/s", own!);
  reportMedian(report, "connectors", "OPC UA: changes counted by a bare client", "1/s", bare!);
  reportMedian(report, "connectors", "OPC UA: stored ÷ bare", "", ratio!);
  reportMedian(report, "connectors", "OPC UA: stored ÷ bare, per CPU-second of the receiver", "", cpuRatio!);
  reportMedian(report, "connectors", "OPC UA: told as dropped by the server's queues", "", dropped!);
}
