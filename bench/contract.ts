import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { endpoint, instant, parse, z } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import Fastify from "fastify";
import { pino } from "pino";
import { mountEndpoint } from "../packages/server/src/features/mount-contract.ts";
import { createApp } from "../packages/server/src/http/app.ts";
import { reportMedian, type Report } from "./report.ts";

const RUNS = Number(process.env["BENCH_RUNS"] ?? 7);
const SECONDS = 2;
const CONNECTIONS = 32;

const query = z.object({ from: instant, to: instant, limit: z.coerce.number().int().min(1).max(1_000).default(100) });
const body = z.strictObject({ signal: z.string().min(1).max(200), value: z.number(), note: z.string().trim().max(500).optional() });
const Item = z.object({ id: z.string(), at: z.int(), value: z.number(), by: z.string() });
const items = Array.from({ length: 20 }, (_, i) => ({ id: `item:${i}`, at: 1_790_000_000_000_000 + i, value: i / 7, by: "person:a" }));

const list = endpoint({ id: "bench.list", route: "GET /items", summary: "Items", action: "read", query, answer: z.array(Item) });
const add = endpoint({
  id: "bench.add",
  route: "POST /items",
  summary: "Add",
  action: "enter",
  subject: "body.signal",
  body,
  answer: Item,
  status: 201,
});

/**
 * The same two operations, GET with a query and POST with a body, as endpoints of a contract in the server's app (guards, access, subject, view, parsing) and as bare
 * Fastify routes that parse with the same zod schemas; in turn, over sockets, the load in a process of its own. Processor time of the main thread an answer and answers a
 * second (bar: contract ÷ bare ≥ 0.9).
 */
export async function bench(report: Report): Promise<void> {
  const ours = createApp(pino({ level: "error" }, pino.destination(2)));
  const view = { documents: { may: () => ({ allowed: true }) }, hides: () => false } as unknown as PlantView;
  const options = { person: () => ({}) as never, view: () => view, branchOf: () => "live", presence: () => {}, checkAnswers: false };
  mountEndpoint(ours, list, {
    ...options,
    handler: () => (async ({ query: { limit } }: { query: { limit: number } }) => items.slice(0, limit)) as never,
  });
  mountEndpoint(ours, add, {
    ...options,
    handler: () => (async ({ body: given }: { body: z.output<typeof body> }) => added(given)) as never,
  });
  const bare = Fastify();
  bare.get("/items", async (request) => items.slice(0, parse(query, request.query, "a query").limit));
  bare.post("/items", async (request, reply) => reply.status(201).send(added(parse(body, request.body, "a body"))));
  const urls = { ours: await ours.listen({ port: 0, host: "127.0.0.1" }), bare: await bare.listen({ port: 0, host: "127.0.0.1" }) };
  try {
    for (const method of ["GET", "POST"] as const) {
      for (const url of Object.values(urls)) await load(url, method, 1);
      const taken = { ours: [] as number[], bare: [] as number[], rates: [] as number[], processor: [] as number[] };
      for (let run = 0; run < RUNS; run++) {
        const order = run % 2 === 0 ? (["ours", "bare"] as const) : (["bare", "ours"] as const);
        const got = { ours: { rate: 0, processorUs: 0 }, bare: { rate: 0, processorUs: 0 } };
        for (const which of order) got[which] = await load(urls[which], method, SECONDS);
        taken.ours.push(got.ours.processorUs);
        taken.bare.push(got.bare.processorUs);
        taken.rates.push(got.ours.rate / got.bare.rate);
        taken.processor.push(got.bare.processorUs / got.ours.processorUs);
      }
      reportMedian(report, "contract", `${method} over the contract, processor time of the main thread`, "µs", taken.ours);
      reportMedian(report, "contract", `${method} on a bare route, processor time of the main thread`, "µs", taken.bare);
      reportMedian(report, "contract", `${method}, contract ÷ bare by processor time`, "ratio", taken.processor);
      reportMedian(report, "contract", `${method}, contract ÷ bare by answers a second`, "ratio", taken.rates);
    }
  } finally {
    await ours.close();
    await bare.close();
  }
}

function added({ signal, value }: z.output<typeof body>): z.output<typeof Item> {
  return { id: `item:${signal}`, at: 1_790_000_000_000_000, value, by: "person:a" };
}

async function load(
  url: string,
  method: "GET" | "POST",
  seconds: number,
): Promise<{ readonly rate: number; readonly processorUs: number }> {
  const autocannon = createRequire(import.meta.url).resolve("autocannon");
  const before = process.threadCpuUsage();
  const given = JSON.stringify({ autocannon, url, method, seconds });
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script, given], { cwd });
  const { user, system } = process.threadCpuUsage(before);
  const { rate, answers, failed } = JSON.parse(stdout) as { readonly rate: number; readonly answers: number; readonly failed: number };
  if (failed > 0) throw new Error(`${failed} of the requests failed`);
  return { rate, processorUs: (user + system) / answers };
}

const script = `
const { autocannon: path, url, method, seconds } = JSON.parse(process.argv[1]);
const { default: autocannon } = await import(path);
const get = { method, path: "/items?from=2026-01-01T00:00:00Z&to=1790000000000000&limit=20" };
const post = { method, path: "/items", headers: { "content-type": "application/json" }, body: JSON.stringify({ signal: "signal:pressure", value: 4.5, note: "by hand" }) };
const result = await autocannon({ url, connections: ${CONNECTIONS}, duration: seconds, requests: [method === "GET" ? get : post] });
console.log(JSON.stringify({ rate: result.requests.average, answers: result.requests.total, failed: result.non2xx + result.errors - result.timeouts }));
`;
