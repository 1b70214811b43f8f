import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSegmentHistory, type SegmentHistory } from "@doppelwerk/storage/segments";
import type { AccessGate, Clock, Principal, SampleBatch, WorldRecord, WorldView } from "@doppelwerk/world";
import { Intake } from "../packages/server/src/live/intake.ts";
import { SignalAccess } from "../packages/server/src/live/readable-signals.ts";
import { SignalDirectory } from "../packages/server/src/live/signal-directory.ts";
import { Hub } from "../packages/server/src/rooms/hub.ts";
import { quantile, reportMedian, type Report } from "./report.ts";

const SIGNALS = 100_000;
const RATE_HZ = 10;
const VIEWERS = 50;
const SIGNALS_EACH = 2_000;
/** As the server has it. */
const TICK_MS = 20;
const ROWS_A_TICK = (SIGNALS * RATE_HZ * TICK_MS) / 1_000;
/** What a source that was kept waiting sends at once. */
const TICKS_AT_ONCE = 5;
const WINDOWS = 5;
const WINDOW_MS = 6_000;

const clock: Clock = { now: () => Math.floor((performance.timeOrigin + performance.now()) * 1_000) };

/** Time of the main thread a step took since the last window, µs. */
class Steps {
  readonly #spent = new Map<string, number>();

  timed<T>(step: string, work: () => T): T {
    const before = process.threadCpuUsage();
    try {
      return work();
    } finally {
      const { user, system } = process.threadCpuUsage(before);
      this.#spent.set(step, (this.#spent.get(step) ?? 0) + user + system);
    }
  }

  take(): ReadonlyMap<string, number> {
    const taken = new Map(this.#spent);
    this.#spent.clear();
    return taken;
  }
}

/**
 * 100,000 signals at 10 Hz from an in-process source, through the server's own intake, live table, historian and hub to 50 viewers over WebSockets who
 * take 2,000 signals each (bar: sustained on one core). Alarms, KPIs and connectors are not in it. The viewers are a process of their own, whose CPU does
 * not count; of the server's every step is told as a share of a core. The source sends what is due by the clock, as a plant does, up to 100 ms of it at once;
 * what it was kept from sending longer than that is told as missing.
 */
export async function bench(report: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-bench-signals-"));
  const history = await openSegmentHistory({ directory: folder });
  const steps = new Steps();
  const signals = new SignalDirectory();
  for (let n = 0; n < SIGNALS; n++) signals.table.put({ id: `signal:${n}`, kind: "signal", name: `s${n}`, valueType: "double" });
  const ids = signals.table.ids;
  // some signals are not for everyone, as on a real plant: access is compiled, not asked for each row
  const access = new SignalAccess(
    {
      classOf: ({ id }: Principal) => id,
      decide: () => ({ allowed: true }),
      mayRead: (_: Principal, record: WorldRecord) => record.id !== "signal:0",
    } as unknown as AccessGate,
    signals.table,
    () => ids.map((id) => ({ id }) as never),
  );
  const hub = new Hub({
    worldName: "bench",
    now: clock.now,
    person: (secret, name) => ({ id: secret, name, roles: [] }) as never,
    mayReadSignal: () => true,
    hides: () => false,
    view: (principal) => ({ principal, branches: () => [], revision: () => 0, onCommit: () => () => {} }) as unknown as WorldView,
    readable: (principal) => access.of(principal),
    lastSamples: (wanted) => signals.lastSamples(wanted),
    log: (message, details) => console.error(message, details),
  });
  const timedTable = Object.assign(Object.create(signals) as SignalDirectory, { table: timedIngest(signals, steps) });
  const intake = new Intake({
    signals: timedTable,
    history: timedHistory(history, steps),
    clock,
    onTick: (batch) => steps.timed("hub: rows of each viewer, frames, sockets", () => hub.publish(batch)),
    onPast: () => {},
    onNotice: () => {},
    onFault: (message, error) => console.error(message, error),
  });
  const server = createServer();
  hub.attach(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const viewers = await startViewers(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`);
  try {
    await run(report, { intake, history, steps, hub, viewers });
  } finally {
    viewers.kill();
    await intake.stop();
    await hub.close();
    server.close();
    await history.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Running {
  readonly intake: Intake;
  readonly history: SegmentHistory;
  readonly steps: Steps;
  readonly hub: Hub;
  readonly viewers: ChildProcess;
}

async function run(report: Report, { intake, history, steps, hub, viewers }: Running): Promise<void> {
  const shares = new Map<string, number[]>();
  const put = (metric: string, value: number): void => void shares.set(metric, [...(shares.get(metric) ?? []), value]);
  const source = new Source();
  let due = performance.now();
  let missed = 0;
  const timer = setInterval(() => {
    const late = Math.floor((performance.now() - due) / TICK_MS);
    if (late > TICKS_AT_ONCE) {
      missed += (late - TICKS_AT_ONCE) * ROWS_A_TICK;
      due += (late - TICKS_AT_ONCE) * TICK_MS;
    }
    for (; due <= performance.now(); due += TICK_MS) {
      const batch = steps.timed("source: making the samples (not the product's)", () => source.next());
      steps.timed("intake: queue, one batch a tick (with what it calls)", () => void intake.offer(batch));
    }
    steps.timed("intake: queue, one batch a tick (with what it calls)", () => intake.drain());
  }, TICK_MS);
  // a first segment and everything compiled
  await new Promise((resolve) => setTimeout(resolve, WINDOW_MS));
  await told(viewers);
  steps.take();
  for (let window = 0; window < WINDOWS; window++) {
    const [cpu, thread, from] = [process.cpuUsage(), process.threadCpuUsage(), performance.now()];
    const before = { ...intake.counts, skipped: hub.skippedFrames, missed };
    await new Promise((resolve) => setTimeout(resolve, WINDOW_MS));
    const seconds = (performance.now() - from) / 1_000;
    const share = (microseconds: number): number => microseconds / 1e4 / seconds;
    const [all, main] = [process.cpuUsage(cpu), process.threadCpuUsage(thread)];
    const spent = steps.take();
    const inner = ["live table", "historian", "hub"].reduce((sum, name) => sum + ofStep(spent, name), 0);
    for (const [step, microseconds] of spent)
      put(step.replace(" (with what it calls)", ""), share(step.startsWith("intake") ? microseconds - inner : microseconds));
    put(
      "main thread: the rest (sockets, timers, collection)",
      share(main.user + main.system - ofStep(spent, "source") - ofStep(spent, "intake")),
    );
    put("writer thread and the engine's helpers: log, segments, merges", share(all.user + all.system - main.user - main.system));
    put("all of the process", share(all.user + all.system));
    put("all of the process but the source", share(all.user + all.system - ofStep(spent, "source")));
    const { samples, ages } = await told(viewers);
    put("rate: samples taken", (intake.counts.ingested - before.ingested) / seconds);
    put(
      "rate: samples dropped or not stored",
      (intake.counts.dropped + intake.counts.unwritten - before.dropped - before.unwritten) / seconds,
    );
    put("rate: samples the source was kept from sending", (missed - before.missed) / seconds);
    put("rate: samples the viewers have", samples / seconds);
    put("frames skipped because a viewer was slow", hub.skippedFrames - before.skipped);
    put(
      "age when a viewer has it, p95",
      quantile(
        ages.toSorted((a, b) => a - b),
        0.95,
      ),
    );
  }
  clearInterval(timer);
  for (const [metric, values] of shares)
    reportMedian(
      report,
      "signals",
      metric,
      metric.startsWith("rate") ? "1/s" : metric.startsWith("frames") ? "" : metric.startsWith("age") ? "ms" : "% of a core",
      values,
    );
  reportMedian(report, "signals", "memory of the process", "MB", [process.memoryUsage.rss() / 1e6]);
  reportMedian(report, "signals", "size on disk", "B/point", [history.statistics().segmentBytes / intake.counts.ingested]);
}

function ofStep(spent: ReadonlyMap<string, number>, name: string): number {
  return [...spent].reduce((sum, [step, microseconds]) => (step.startsWith(name) ? sum + microseconds : sum), 0);
}

/** A fifth of the signals a tick: each changes ten times a second by steps of 0.01, its source time a few milliseconds old. */
class Source {
  readonly #walk = new Float64Array(SIGNALS).fill(2_000);
  #next = 0;
  #state = 88_172_645;

  next(): SampleBatch {
    const batch: SampleBatch = {
      origin: "measured",
      count: ROWS_A_TICK,
      signals: new Uint32Array(ROWS_A_TICK),
      values: new Float64Array(ROWS_A_TICK),
      texts: new Map(),
      qualities: new Uint8Array(ROWS_A_TICK),
      sourceTimes: new Float64Array(ROWS_A_TICK),
      serverTimes: new Float64Array(ROWS_A_TICK).fill(clock.now()),
    };
    const now = batch.serverTimes[0]!;
    for (let row = 0; row < ROWS_A_TICK; row++) {
      const signal = (this.#next + row) % SIGNALS;
      this.#state ^= this.#state << 13;
      this.#state ^= this.#state >>> 17;
      this.#state ^= this.#state << 5;
      const random = this.#state >>> 0;
      batch.signals[row] = signal;
      batch.values[row] = (this.#walk[signal]! += (random % 9) - 4) / 100;
      batch.sourceTimes[row] = now - (random % 8) * 1_000;
    }
    this.#next = (this.#next + ROWS_A_TICK) % SIGNALS;
    return batch;
  }
}

function timedIngest(signals: SignalDirectory, steps: Steps): SignalDirectory["table"] {
  const { table } = signals;
  return new Proxy(table, {
    get(target, name) {
      if (name === "ingest") return (batch: SampleBatch) => steps.timed("live table: checks, last values", () => target.ingest(batch));
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === "function" ? (value as () => unknown).bind(target) : value;
    },
  });
}

function timedHistory(history: SegmentHistory, steps: Steps): SegmentHistory {
  return Object.assign(Object.create(history) as SegmentHistory, {
    append: (...of: Parameters<SegmentHistory["append"]>) => steps.timed("historian on the main thread", () => history.append(...of)),
  });
}

async function startViewers(url: string): Promise<ChildProcess> {
  const child = fork(new URL("plants/viewers.ts", import.meta.url), [url, VIEWERS, SIGNALS, SIGNALS_EACH].map(String));
  const [message] = (await once(child, "message")) as [unknown];
  if (message !== "ready") throw new Error(`the viewers say ${String(message)}`);
  return child;
}

async function told(viewers: ChildProcess): Promise<{ readonly samples: number; readonly ages: readonly number[] }> {
  viewers.send("tell");
  const [answer] = (await once(viewers, "message")) as [{ readonly samples: number; readonly ages: readonly number[] }];
  return answer;
}
