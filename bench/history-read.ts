import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOpcuaSource, formatAddress } from "@doppelwerk/connectors/opcua";
import type { SignalRecord } from "@doppelwerk/world";
import { BinaryStream, DataType, DataValue, StatusCodes, Variant } from "node-opcua";
import { readDataValues } from "../packages/connectors/src/opcua/history-columns.ts";
import { startServerProcess, type ServerProcess } from "../packages/connectors/src/opcua/test-plant.ts";
import { TEST_NAMESPACE } from "../packages/connectors/src/opcua/test-server.ts";
import { reportMedian, type Report } from "./report.ts";

const NODES = 50;
const VALUES = 20_000;
const RUNS = 5;
const DECODED = 60_000;
const CHANGES = 100;

const clock = { now: (): number => Math.floor((performance.timeOrigin + performance.now()) * 1000) };

/** Reading an archive of one million samples over OPC UA, decoding one answer against the library's own decoder, and the way of a live value. */
export async function bench(report: Report): Promise<void> {
  decode(report);
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-bench-history-read-"));
  const variables = Array.from({ length: NODES }, (_, i) => ({ name: `v${i}`, archiveLength: VALUES }));
  const server = await startServerProcess({ pkiFolder: join(root, "pki"), variables });
  try {
    await read(report, server, root);
  } finally {
    await server.kill();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function read(report: Report, server: ServerProcess, root: string): Promise<void> {
  const signals = Array.from({ length: NODES }, (_, i): SignalRecord => ({
    id: `signal:${i}`,
    kind: "signal",
    name: `v${i}`,
    valueType: "double",
    address: formatAddress(TEST_NAMESPACE, `s=v${i}`),
  }));
  const connection = { id: "connection:1", kind: "connection", name: "bench", protocol: "opcua", url: server.url, enabled: true } as const;
  const source = createOpcuaSource(connection, signals, { clock, dataDir: root });
  let rows = 0;
  let delays: number[] | undefined;
  const connected = Promise.withResolvers<void>();
  await source.start({
    batch(batch) {
      rows += batch.count;
      for (let row = 0; delays !== undefined && row < batch.count; row++) delays.push((clock.now() - batch.sourceTimes[row]!) / 1000);
    },
    notice: (notice) => notice.kind === "state" && notice.state === "connected" && connected.resolve(),
  });
  await connected.promise;
  const wall: number[] = [];
  const cpu: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const before = process.cpuUsage();
    const start = performance.now();
    rows = 0;
    const { samples } = await source.backfill(clock.now() - 90 * 86_400_000_000, clock.now());
    const { user, system } = process.cpuUsage(before);
    if (samples !== NODES * VALUES || rows < samples) throw new Error(`${samples} samples and ${rows} rows`);
    wall.push(samples / (performance.now() - start) / 1000);
    cpu.push(samples / (user + system));
  }
  reportMedian(report, "history-read", "HistoryRead into batches, wall", "Msample/s", wall);
  reportMedian(report, "history-read", "HistoryRead into batches, client", "Msample/cpu-s", cpu);
  const p95: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    delays = [];
    for (let change = 0; change < CHANGES; change++) {
      for (let node = 0; node < 10; node++) server.set(`v${(change + node) % NODES}`, change + node / 10);
      await new Promise((resolve) => setTimeout(resolve, 17 + ((change * 7) % 23)));
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    p95.push(delays.toSorted((a, b) => a - b)[Math.floor(delays.length * 0.95)]!);
  }
  reportMedian(report, "history-read", "live: source time to batch, 95th percentile", "ms", p95);
  await source.close();
}

function decode(report: Report): void {
  const stream = BinaryStream.createGrowable(1 << 20, 1 << 26);
  stream.writeInteger(DECODED);
  for (let i = 0; i < DECODED; i++) {
    const time = new Date(1_790_000_000_000 + i * 1000);
    new DataValue({
      value: new Variant({ dataType: DataType.Double, value: i / 7 }),
      statusCode: StatusCodes.Good,
      sourceTimestamp: time,
      serverTimestamp: time,
    }).encode(stream);
  }
  const bytes = Buffer.from(stream.buffer.subarray(0, stream.length));
  const columns: number[] = [];
  const library: number[] = [];
  for (let run = 0; run < RUNS + 2; run++) {
    const ours = rate(() => readDataValues(new BinaryStream(bytes)).count);
    const theirs = rate(() => {
      const reader = new BinaryStream(bytes);
      const values = Array.from({ length: reader.readInteger() }, () => new DataValue());
      for (const value of values) value.decode(reader);
      return values.length;
    });
    // the first two warm up
    if (run < 2) continue;
    columns.push(ours);
    library.push(theirs);
  }
  const ours = reportMedian(report, "history-read", "decoding into columns", "Msample/cpu-s", columns);
  const theirs = reportMedian(report, "history-read", "baseline: the library's decoder", "Msample/cpu-s", library);
  reportMedian(report, "history-read", "ratio to the baseline", "", [ours / theirs]);
}

function rate(work: () => number): number {
  const before = process.cpuUsage();
  const count = work();
  const { user, system } = process.cpuUsage(before);
  return count / (user + system);
}
