import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { encodeId, type Environment, type Submodel } from "@doppelwerk/aas";
import { createMemoryBlobs } from "@doppelwerk/storage/memory";
import { importChanges, LIVE, SignalTable } from "@doppelwerk/world";
import { pino } from "pino";
import { aasApi, AasLookups, aasSourceOfWorld, Jobs } from "../packages/aas-server/src/index.ts";
import { createApp } from "../packages/server/src/http/app.ts";
import { BENCH_PERSON, openDurableWorld } from "./durable-world.ts";
import { quantile, reportMedian, type Report } from "./report.ts";

const RUNS = 5;
const SECONDS = 2;
const CONNECTIONS = 64;
const ELEMENTS = 50;
/** About so many elements may be any: a third of the submodels, whose other thirds are replaced. */
const ANY = Number(option("any") ?? 33_000);
const SHELLS = Math.ceil((ANY * 3) / (ELEMENTS - 1));
/** Shells in one transaction. */
const CHUNK = 2_000;
const VERSIONS = 10_000;
const ASKED = 300;
const HISTORIC = "urn:bench:historic";

/** So many elements are written again and again: the values of a plant. */
const SAME = 1_000;

/**
 * The AAS API over real sockets, durable store: page of 100 shells (bar p95 ≤ 20 ms), element by path (p99 ≤ 5 ms), `$value` PATCH (≥ 5,000/s; of the same
 * elements again and again, and of any of 33,000 (`--any=N`) that the writes between have pushed out of memory), PUT of a submodel of 50 elements (≥ 1,000/s), `$history?date=` of an element with 10,000 versions (≤ 20 ms). Rates by 64 kept connections
 * from a process of its own; baseline in turn with them: a route of the same app that reads the same PUT body as JSON and does nothing else.
 */
export async function bench(report: Report): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-bench-aas-api-"));
  const { world, ids, close } = await openDurableWorld(join(root, "data"));
  const app = createApp(pino({ level: "error" }, pino.destination(2)));
  try {
    const view = world.view(BENCH_PERSON);
    for (let from = 0; from < SHELLS; from += CHUNK) {
      const { changes } = importChanges(view.reader(LIVE), environment(from, Math.min(from + CHUNK, SHELLS)), `bench-${from}`);
      await view.apply({ branch: LIVE, reason: "bench", changes });
    }
    const table = new SignalTable();
    const blobs = createMemoryBlobs();
    const source = aasSourceOfWorld({
      view,
      branch: LIVE,
      ids,
      lookups: new AasLookups(),
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
    app.put("/bare", async (request, reply) => {
      if ((request.body as { modelType?: string }).modelType !== "Submodel") throw new Error("no submodel");
      return reply.status(204).send();
    });
    const url = await app.listen({ port: 0, host: "127.0.0.1" });

    const reads = { page: [] as number[], element: [] as number[], history: [] as number[] };
    const rates = { bare: [] as number[], patch: [] as number[], same: [] as number[], put: [] as number[], one: [] as number[] };
    const processor = { bare: [] as number[], same: [] as number[], patch: [] as number[], put: [] as number[], one: [] as number[] };
    await makeVersions(url);
    const middle = new Date(world.view(BENCH_PERSON).timeOf(Math.floor(world.revision() / 2))! / 1_000).toISOString();
    for (let run = 0; run < RUNS; run++) {
      reads.page.push(await latency(url, 0.95, () => "/shells?limit=100"));
      reads.element.push(
        await latency(url, 0.99, (i) => `/submodels/${idOf(i * 7_919)}/submodel-elements/values.prop${i % (ELEMENTS - 1)}`),
      );
      reads.history.push(await latency(url, 0.95, () => `/submodels/${encodeId(HISTORIC)}/submodel-elements/only/$history?date=${middle}`));
      for (const kind of ["bare", "patch", "same", "put", "one"] as const) {
        const { rate, processorMs } = await load(url, kind);
        rates[kind].push(rate);
        processor[kind].push(processorMs);
      }
    }
    reportAll(report, reads, rates, processor);
  } finally {
    await app.close();
    await close();
    rmSync(root, { recursive: true, force: true });
  }
}

type Numbers<Names extends string> = Readonly<Record<Names, readonly number[]>>;
type Kind = "bare" | "patch" | "same" | "put" | "one";

function reportAll(report: Report, reads: Numbers<"page" | "element" | "history">, rates: Numbers<Kind>, processor: Numbers<Kind>): void {
  const ratio = (of: readonly number[], by: readonly number[]) => of.map((each, run) => each / by[run]!);
  reportMedian(report, "aas-api", "page of 100 shells, p95", "ms", reads.page);
  reportMedian(report, "aas-api", "element by path, p99", "ms", reads.element);
  reportMedian(report, "aas-api", `$history of an element with ${VERSIONS} versions, p95`, "ms", reads.history);
  reportMedian(report, "aas-api", `durable PATCH $value of the same ${SAME} elements`, "1/s", rates.same);
  reportMedian(report, "aas-api", "durable PATCH $value, any element", "1/s", rates.patch);
  reportMedian(report, "aas-api", `PUT of a submodel of ${ELEMENTS} elements, one changed`, "1/s", rates.one);
  reportMedian(report, "aas-api", "PATCH of any ÷ of the same, by rate", "ratio", ratio(rates.patch, rates.same));
  reportMedian(report, "aas-api", "the same, by processor time of the main thread", "ratio", ratio(processor.same, processor.patch));
  reportMedian(report, "aas-api", "PATCH of the same, processor time of the main thread", "ms", processor.same);
  reportMedian(report, "aas-api", "PATCH of any, processor time of the main thread", "ms", processor.patch);
  reportMedian(report, "aas-api", "PUT, one changed, processor time of the main thread", "ms", processor.one);
  reportMedian(report, "aas-api", "PUT, all changed, processor time of the main thread", "ms", processor.put);
  reportMedian(report, "aas-api", "bare route, processor time of the main thread", "ms", processor.bare);
  const put = reportMedian(report, "aas-api", `PUT of a submodel of ${ELEMENTS} elements, all changed`, "1/s", rates.put);
  const bare = reportMedian(report, "aas-api", "baseline: bare route that reads the same body", "1/s", rates.bare);
  reportMedian(report, "aas-api", "PUT, all changed ÷ baseline", "ratio", [put / bare]);
  reportMedian(report, "aas-api", "the same, by processor time of the main thread", "ratio", ratio(processor.bare, processor.put));
}

function idOf(index: number): string {
  return encodeId(`urn:bench:${index % SHELLS}`);
}

/** Shells [from, to) with a submodel each; the first chunk also has the submodel whose versions are asked for. */
function environment(from: number, to: number): Environment {
  const reference = (id: string) => ({ type: "ModelReference", keys: [{ type: "Submodel", value: id }] }) as const;
  const numbers = Array.from({ length: to - from }, (_, i) => from + i);
  return {
    assetAdministrationShells: numbers.map((i) => ({
      modelType: "AssetAdministrationShell",
      id: `urn:bench:shell:${i}`,
      idShort: `Shell${i}`,
      assetInformation: {
        assetKind: "Instance",
        globalAssetId: `urn:bench:asset:${i}`,
        specificAssetIds: [{ name: "serial", value: String(i) }],
      },
      submodels: [reference(`urn:bench:${i}`)],
    })),
    submodels: [
      ...numbers.map((i) => submodel(`urn:bench:${i}`)),
      ...(from > 0
        ? []
        : [
            {
              modelType: "Submodel" as const,
              id: HISTORIC,
              submodelElements: [{ modelType: "Property" as const, idShort: "only", valueType: "xs:int" as const, value: "0" }],
            },
          ]),
    ],
  };
}

function option(name: string): string | undefined {
  return process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
}

function submodel(id: string): Submodel {
  const value = Array.from({ length: ELEMENTS - 1 }, (_, i) => ({
    modelType: "Property" as const,
    idShort: `prop${i}`,
    semanticId: { type: "ExternalReference" as const, keys: [{ type: "GlobalReference" as const, value: `urn:bench:meaning:${i}` }] },
    valueType: "xs:double" as const,
    value: "1.5",
  }));
  return { modelType: "Submodel", id, submodelElements: [{ modelType: "SubmodelElementCollection", idShort: "values", value }] };
}

async function makeVersions(url: string): Promise<void> {
  const path = `${url}/api/v3/submodels/${encodeId(HISTORIC)}/submodel-elements/only/$value`;
  let version = 0;
  const writer = async (): Promise<void> => {
    while (version < VERSIONS) {
      const answer = await fetch(path, { method: "PATCH", headers: { "content-type": "application/json" }, body: String(++version) });
      await answer.arrayBuffer();
      if (answer.status !== 204) throw new Error(`PATCH: ${answer.status}`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, writer));
}

/** A quantile of the time of one request after the other, in ms. */
async function latency(url: string, share: number, path: (index: number) => string): Promise<number> {
  const times: number[] = [];
  for (let i = -20; i < ASKED; i++) {
    const start = performance.now();
    const answer = await fetch(`${url}/api/v3${path(Math.abs(i))}`);
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`${path(Math.abs(i))}: ${answer.status}`);
    if (i >= 0) times.push(performance.now() - start);
  }
  return quantile(
    times.sort((a, b) => a - b),
    share,
  );
}

/** Answers a second, and what one takes of the thread that serves all; throws when any was an error, because a refusal is quick. */
async function load(url: string, kind: Kind): Promise<{ readonly rate: number; readonly processorMs: number }> {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const autocannon = createRequire(import.meta.url).resolve("autocannon");
  const given = JSON.stringify({ autocannon, url, kind, seconds: SECONDS, submodel: submodel("urn:bench:ID") });
  const before = process.threadCpuUsage();
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script, given], { cwd: root });
  const { user, system } = process.threadCpuUsage(before);
  const { rate, answers, failed } = JSON.parse(stdout) as { readonly rate: number; readonly answers: number; readonly failed: number };
  if (failed > 0) throw new Error(`${failed} of the ${kind} requests failed`);
  return { rate, processorMs: (user + system) / 1_000 / answers };
}

const script = `
const { autocannon: path, url, kind, seconds, submodel } = JSON.parse(process.argv[1]);
const { default: autocannon } = await import(path);
const any = (n) => Math.floor(Math.random() * n);
const headers = { "content-type": "application/json" };
const text = JSON.stringify(submodel);
let number = 0;
const third = Math.floor(${SHELLS} / 3);
const first = Math.max(0, ["patch", "put", "one"].indexOf(kind === "same" ? "patch" : kind)) * third;
const place = (id) => "/api/v3/submodels/" + Buffer.from(id).toString("base64url");
// Every kind has submodels of its own, and every request the next of them, so that no two writers meet.
const request = (given) => {
  const id = "urn:bench:" + (first + (number++ % (kind === "same" ? ${SAME / 20} : third)));
  if (kind === "same") return { ...given, method: "PATCH", path: place(id) + "/submodel-elements/values.prop" + any(20) + "/$value", headers, body: String(Math.random()) };
  if (kind === "patch") return { ...given, method: "PATCH", path: place(id) + "/submodel-elements/values.prop" + any(${ELEMENTS - 1}) + "/$value", headers, body: String(Math.random()) };
  const values = kind === "one" ? text.replace('"1.5"', '"' + Math.random() + '"') : text.replaceAll('"1.5"', '"' + Math.random() + '"');
  return { ...given, method: "PUT", path: kind === "bare" ? "/bare" : place(id), headers, body: values.replace("urn:bench:ID", id) };
};
// What the end of the run cuts off is counted as a timeout and no failure.
const result = await autocannon({ url, connections: ${CONNECTIONS}, duration: seconds, requests: [{ setupRequest: request }] });
console.log(JSON.stringify({ rate: result.requests.average, answers: result.requests.total, failed: result.non2xx + result.errors - result.timeouts }));
`;
