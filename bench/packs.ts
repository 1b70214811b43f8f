import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PACK_LIMITS, PackProcess } from "../packages/server/src/packs/pack-process.ts";
import { componentCall } from "./component-call.ts";
import { reportMedian, type Report } from "./report.ts";

const RUNS = Number(process.env["BENCH_RUNS"] ?? 5);
const CALLS = 2_000;
const CALL = {
  principal: { id: "person:a", name: "a", verified: true, roles: ["viewer"] },
  branch: "live",
  params: {},
  query: { limit: 10 },
  body: undefined,
};

const SERVER = `
  export const open = async (ctx) => ({
    handlers: {
      "bench.call": async ({ query }) => ({ limit: query.limit }),
      "bench.ask": async ({ query }) => { for (let at = 0; at < ${CALLS}; at++) await ctx.store.get("x"); return query.limit; },
    },
  });`;

/**
 * A pack in a process of its own: start, memory, one call after another into it (bar: ≤ 100 µs) and out of it, and 100 at once; beside them the same handler called in this process through JSON both ways,
 * in turn. Last, what a call of a simulation component costs in its sandbox.
 */
export async function bench(report: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-bench-packs-"));
  writeFileSync(join(folder, "package.json"), `{ "type": "module" }`);
  writeFileSync(join(folder, "open.js"), SERVER);
  const figures: Record<string, { readonly unit: string; readonly values: number[] }> = {};
  const note = (metric: string, unit: string, value: number): void => void (figures[metric] ??= { unit, values: [] }).values.push(value);
  const take = () => () => {};
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    const pack = new PackProcess({
      name: "bench",
      folder,
      server: "./open.js",
      world: "default",
      ask: async () => null,
      onPrinted: (text) => void process.stderr.write(`${text}\n`),
      limits: { ...PACK_LIMITS, linesPerSecond: 1e6 },
    });
    await pack.open();
    note("open a pack in a process", "ms", performance.now() - start);
    for (let at = 0; at < 500; at++) await pack.call("bench.call", CALL, take);
    const call = await microseconds(CALLS, () => pack.call("bench.call", CALL, take));
    note("call into the process", "µs", call);
    note("the same in this process, through JSON", "µs", await microseconds(CALLS, () => throughJson(CALL)));
    note("call out of the process", "µs", (await microseconds(1, () => pack.call("bench.ask", CALL, take))) / CALLS);
    const many = await microseconds(CALLS / 100, () => Promise.all(Array.from({ length: 100 }, () => pack.call("bench.call", CALL, take))));
    note("call into the process, 100 at once", "µs", many / 100);
    note("memory of the process", "MB", (Number(readFileSync(`/proc/${pack.pid}/statm`, "utf8").split(" ")[1]) * 4_096) / 1e6);
    await pack.close();
    note("call of a simulation component in its sandbox, processor time", "µs", await componentCall());
  }
  for (const [metric, { unit, values }] of Object.entries(figures)) reportMedian(report, "packs", metric, unit, values);
  rmSync(folder, { recursive: true, force: true });
}

async function microseconds(times: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  for (let at = 0; at < times; at++) await work();
  return ((performance.now() - start) * 1_000) / times;
}

async function throughJson(value: typeof CALL): Promise<unknown> {
  const { query } = JSON.parse(JSON.stringify(value)) as typeof CALL;
  return JSON.parse(JSON.stringify({ limit: query.limit })) as unknown;
}
