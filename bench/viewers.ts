import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createAccessGate } from "@doppelwerk/trust";
import type { AccessGate, SampleBatch, WorldView } from "@doppelwerk/world";
import { SignalAccess } from "../packages/server/src/live/readable-signals.ts";
import { SignalDirectory } from "../packages/server/src/live/signal-directory.ts";
import { Hub } from "../packages/server/src/rooms/hub.ts";
import { reportMedian, type Report } from "./report.ts";

const SIGNALS = 100_000;
const VIEWERS = 50;
const SIGNALS_EACH = 2_000;
/** Rows of a tick: a fifth of the signals, which change ten times a second. */
const ROWS_A_TICK = 20_000;
const TICKS = 60;
const RUNS = Number(process.env["BENCH_RUNS"] ?? 7);
/** One signal in so many is for operators or for administrators alone. */
const HIDDEN_EVERY = 97;

/**
 * The same ticks to 50 viewers over WebSockets who take 2,000 of 100,000 signals each: once everybody may read everything, once some signals are not for all
 * roles, in turn. Processor time of the main thread a tick, sockets included (bar: access costs ≤ 5 %). The viewers are processes of their own. And what the
 * tick costs in which a right is given or taken away: what was compiled is compiled again, and who is concerned gets the list of his signals.
 */
export async function bench(report: Report): Promise<void> {
  const open = await room(() => true);
  let isOperator = false;
  const gate = createAccessGate({ rolesOf: ({ id, roles }) => (id === "person:0" && isOperator ? ["operator"] : roles) });
  const guarded = await room((principal, record) => gate.mayRead(principal, record), gate);
  try {
    for (const one of [open, guarded]) await one.ticks(TICKS);
    const costs = { open: [] as number[], guarded: [] as number[], ratio: [] as number[], taken: [] as number[], changed: [] as number[] };
    for (let run = 0; run < RUNS; run++) {
      const [first, second] = run % 2 === 0 ? [open, guarded] : [guarded, open];
      const [a, b] = [await first.ticks(TICKS), await second.ticks(TICKS)];
      const [without, with_] = run % 2 === 0 ? [a, b] : [b, a];
      costs.open.push(without / 1_000);
      costs.guarded.push(with_ / 1_000);
      costs.ratio.push(with_ / without);
      isOperator = !isOperator;
      costs.taken.push((await guarded.ticks(1)) / 1_000);
      guarded.changed();
      costs.changed.push((await guarded.ticks(1)) / 1_000);
    }
    reportMedian(report, "viewers", "a tick, everybody reads everything", "ms", costs.open);
    reportMedian(report, "viewers", "a tick, one signal in 97 for administrators or operators", "ms", costs.guarded);
    reportMedian(report, "viewers", "with rights ÷ without", "ratio", costs.ratio);
    reportMedian(report, "viewers", "the tick after a role was given or taken away", "ms", costs.taken);
    reportMedian(report, "viewers", "the tick after the readers of a signal changed", "ms", costs.changed);
  } finally {
    await open.close();
    await guarded.close();
  }
}

async function room(mayRead: AccessGate["mayRead"], gate?: AccessGate) {
  const signals = new SignalDirectory();
  for (let n = 0; n < SIGNALS; n++) {
    const readers = gate !== undefined && n % HIDDEN_EVERY === 0 ? { readers: [n % 2 === 0 ? "administrator" : "operator"] } : {};
    signals.table.put({ id: `signal:${n}`, kind: "signal", name: `s${n}`, valueType: "double", ...readers } as never);
  }
  const { ids } = signals.table;
  const known = gate ?? ({ classOf: () => "all", decide: () => ({ allowed: true }), mayRead } as unknown as AccessGate);
  const access = new SignalAccess(known, signals.table, () => ids.map((id) => ({ id }) as never));
  let people = 0;
  const hub = new Hub({
    worldName: "bench",
    now: () => 0,
    person: (_secret, name) => ({ id: `person:${people++}`, name, verified: true, roles: ["viewer"] }),
    mayReadSignal: () => true,
    view: (principal) => ({ principal, branches: () => [], revision: () => 0, onCommit: () => () => {} }) as unknown as WorldView,
    hides: () => false,
    readable: (principal) => access.of(principal),
    lastSamples: (wanted) => signals.lastSamples(wanted),
    log: (message, details) => console.error(message, details),
  });
  const server = createServer();
  hub.attach(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const viewers = await startViewers(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`);
  let at = 0;
  return {
    changed: () => access.changed(),
    /** Processor time of the main thread a tick, µs, until its frames have left. */
    async ticks(count: number): Promise<number> {
      const before = process.threadCpuUsage();
      for (let tick = 0; tick < count; tick++) {
        hub.publish(batchFrom((at += ROWS_A_TICK) % SIGNALS));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      const { user, system } = process.threadCpuUsage(before);
      return (user + system) / count;
    },
    async close(): Promise<void> {
      viewers.kill();
      await hub.close();
      server.close();
    },
  };
}

function batchFrom(first: number): SampleBatch {
  const rows = Array.from({ length: ROWS_A_TICK }, (_, row) => (first + row) % SIGNALS);
  return {
    origin: "measured",
    count: rows.length,
    signals: Uint32Array.from(rows),
    values: Float64Array.from(rows, (row) => row / 7),
    texts: new Map(),
    qualities: new Uint8Array(rows.length),
    sourceTimes: new Float64Array(rows.length),
    serverTimes: new Float64Array(rows.length),
  };
}

async function startViewers(url: string): Promise<ChildProcess> {
  const child = fork(new URL("plants/viewers.ts", import.meta.url), [url, VIEWERS, SIGNALS, SIGNALS_EACH].map(String));
  const [message] = (await once(child, "message")) as [unknown];
  if (message !== "ready") throw new Error(`the viewers say ${String(message)}`);
  return child;
}
