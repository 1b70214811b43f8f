import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createRequire } from "node:module";
import type { Submodel } from "@doppelwerk/aas";
import { createMemoryBlobs } from "@doppelwerk/storage/memory";
import { importChanges, LIVE, SignalTable } from "@doppelwerk/world";
import { pino } from "pino";
import { Jobs, aasApi, AasLookups, aasSourceOfWorld } from "../packages/aas-server/src/index.ts";
import { createApp } from "../packages/server/src/http/app.ts";
import { BENCH_PERSON, openDurableWorld } from "./durable-world.ts";
import { reportMedian, type Report } from "./report.ts";

const RUNS = 5;
const SECONDS = 3;
const CONNECTIONS = 64;
const SUBMODELS = 100;
const PROPERTIES = 50;

/**
 * `GET …/$value` and durable `PATCH …/$value` of 5,000 properties over real sockets, 64 kept connections, the load in a process of its own; baseline,
 * in turn with them: a route of the same Fastify app that answers the same JSON and does nothing else (bars: GET 40 % of it, PATCH 5,000 a second).
 * The load shares the machine with what it loads.
 */
export async function bench(report: Report): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-bench-http-"));
  const { world, ids, close } = await openDurableWorld(join(root, "data"));
  const app = createApp(pino({ level: "error" }, pino.destination(2)));
  try {
    const view = world.view(BENCH_PERSON);
    await view.apply({
      branch: LIVE,
      reason: "bench",
      changes: importChanges(view.reader(LIVE), { submodels: submodels() }, "bench").changes,
    });
    const [lookups, table] = [new AasLookups(), new SignalTable()];
    const blobs = createMemoryBlobs();
    const source = aasSourceOfWorld({
      view,
      branch: LIVE,
      ids,
      lookups,
      sample: (signal) => table.live(signal),
      samplesAt: async () => new Map(),
      blobs,
    });
    await app.register(aasApi, {
      prefix: "/api/v3",
      source: () => source,
      jobs: new Jobs(),
      signer: () => ({ sign: async () => "" }),
      stage: () => blobs.stage,
    });
    app.get("/bare", async (_request, reply) => reply.type("application/json; charset=utf-8").send('"1.5"'));
    const url = await app.listen({ port: 0, host: "127.0.0.1" });
    const rates = { bare: [] as number[], get: [] as number[], patch: [] as number[], share: [] as number[] };
    for (const kind of ["bare", "get", "patch"] as const) await load(url, kind, 1);
    for (let run = 0; run < RUNS; run++) {
      const bare = await load(url, "bare", SECONDS);
      const get = await load(url, "get", SECONDS);
      rates.bare.push(bare);
      rates.get.push(get);
      rates.share.push(get / bare);
      rates.patch.push(await load(url, "patch", SECONDS));
    }
    reportMedian(report, "http", "baseline: bare route", "1/s", rates.bare);
    reportMedian(report, "http", "GET $value", "1/s", rates.get);
    reportMedian(report, "http", "GET $value ÷ bare route", "ratio", rates.share);
    reportMedian(report, "http", "durable PATCH $value", "1/s", rates.patch);
    reportMedian(report, "http", "resident memory of this process afterwards", "MB", [process.memoryUsage.rss() / 1e6]);
  } finally {
    await app.close();
    await close();
    rmSync(root, { recursive: true, force: true });
  }
}

function submodels(): Submodel[] {
  const values = () =>
    Array.from({ length: PROPERTIES }, (_, i) => ({
      modelType: "Property" as const,
      idShort: `prop${i}`,
      valueType: "xs:double" as const,
      value: "1.5",
    }));
  return Array.from({ length: SUBMODELS }, (_, s) => ({
    modelType: "Submodel" as const,
    id: `urn:bench:${s}`,
    submodelElements: [{ modelType: "SubmodelElementCollection" as const, idShort: "values", value: values() }],
  }));
}

/** Answers a second; throws when any was an error, because a refusal is quick. */
async function load(url: string, kind: "bare" | "get" | "patch", seconds: number): Promise<number> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", script, autocannon, url, kind, String(seconds)],
    { cwd: fileURLToPath(new URL("..", import.meta.url)) },
  );
  const { rate, failed } = JSON.parse(stdout) as { readonly rate: number; readonly failed: number };
  if (failed > 0) throw new Error(`${failed} of the ${kind} requests failed`);
  return rate;
}

const autocannon = createRequire(import.meta.url).resolve("autocannon");
const script = `
const [path, url, kind, seconds] = process.argv.slice(1);
const { default: autocannon } = await import(path);
const any = (n) => Math.floor(Math.random() * n);
const address = () => "/api/v3/submodels/" + Buffer.from("urn:bench:" + any(${SUBMODELS})).toString("base64url") + "/submodel-elements/values.prop" + any(${PROPERTIES}) + "/$value";
const request = { bare: () => ({ method: "GET", path: "/bare" }), get: () => ({ method: "GET", path: address() }), patch: () => ({ method: "PATCH", path: address(), headers: { "content-type": "application/json" }, body: String(Math.random()) }) }[kind];
const result = await autocannon({ url, connections: ${CONNECTIONS}, duration: Number(seconds), requests: Array.from({ length: 1000 }, request) });
console.log(JSON.stringify({ rate: (result.requests.total) / result.duration, failed: result.non2xx + result.errors + result.timeouts }));
`;
