import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseEnvironment, type Environment } from "@doppelwerk/aas";
import { isQueryProblem, parseQuery } from "@doppelwerk/aas/query";
import { textOf } from "@doppelwerk/messages";
import { createMemoryBlobs } from "@doppelwerk/storage/memory";
import { importChanges, LIVE, SignalTable, type WorldView } from "@doppelwerk/world";
import { AasLookups, aasSourceOfWorld, type AasSource } from "../packages/aas-server/src/index.ts";
import { serverEnvironment, serverFlags } from "../scripts/server-process.mjs";
import { BENCH_PERSON, openDurableWorld } from "./durable-world.ts";
import { quantile, reportMedian, type BenchRow, type Report } from "./report.ts";

/** One shell has five submodels of ten elements. */
const SUBMODELS = 5;
const ELEMENTS = 10;
export const ELEMENTS_A_SHELL = SUBMODELS * ELEMENTS;
/** Shells in one transaction. */
const CHUNK = 50;

/** `--search-values`: also searches of the values of elements (bar: 300 ms p95 at 5,000,000). */
const SEARCH_VALUES = process.argv.includes("--search-values");

/** Parts of the world at which the same is measured: what depends on the size shows there. */
const STAGES = [0.01, 0.1, 1];

/**
 * A large world in the embedded store: shells with 5 submodels of 10 elements each, parsed and validated from JSON, imported durably; then what memory it
 * takes, how long a restart takes, and reads at random places: at 1 %, 10 % and all of it. `--elements=N` (default 100,000; the bar names 5,000,000:
 * ≤ 5 min, ≤ 1 GB, ready ≤ 3 s, element by path p99 ≤ 5 ms, page of 100 p95 ≤ 20 ms, AASQL on two properties p95 ≤ 1 s, independent of size). Also a search of the shells for a text.
 * In a process of its own, with the flags and the environment of the server. Says every half minute on stderr how far it is; Ctrl C ends it and leaves nothing behind. 50 million
 * elements take about 35 GB in `--folder=DIR` (default: the machine's folder for temporary files) and ten times as long as 5 million.
 */
export async function bench(report: Report): Promise<void> {
  if (process.env[AS_SERVER] === "yes") return measure(report);
  const options = process.argv.slice(2).filter((argument) => argument.startsWith("--") && argument !== "--json");
  const child = spawn(process.execPath, [...serverFlags, process.argv[1]!, "large-world", ...options, "--json"], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    env: { ...serverEnvironment(process.env), [AS_SERVER]: "yes" },
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => child.kill(signal));
  createInterface({ input: child.stdout! }).on("line", (line) => report(JSON.parse(line) as BenchRow));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`the process of the bench ended with ${code}`);
}

/** Set for the process that measures. */
const AS_SERVER = "DOPPELWERK_BENCH_AS_SERVER";

async function measure(report: Report): Promise<void> {
  const elements = Number(option("elements") ?? 100_000);
  const shells = Math.ceil(elements / (SUBMODELS * ELEMENTS));
  const root = mkdtempSync(join(option("folder") ?? tmpdir(), "doppelwerk-bench-large-world-"));
  let [seconds, processor, loaded, peak] = [0, 0, 0, 0];
  const stopped = new AbortController();
  for (const end of ["SIGINT", "SIGTERM", "disconnect"] as const) process.once(end, () => stopped.abort(new Error(`stopped by ${end}`)));
  // Listened to, the channel would keep the process.
  process.channel?.unref();
  try {
    for (const stage of STAGES) {
      const target = Math.ceil(shells * stage);
      const name = (metric: string) => `${metric}, ${target * SUBMODELS * ELEMENTS} elements`;
      const tell = (metric: string, unit: string, values: readonly number[]) =>
        reportMedian(report, "large-world", name(metric), unit, values);
      let site = await open(root);
      const part = await load(site.view, loaded, target, stopped.signal, () =>
        process.stderr.write(`${Math.round(bytesBelow(root) / 1e6)} MB on disk\n`),
      );
      await site.close();
      loaded = target;
      seconds += part.seconds;
      processor += part.processor;
      peak = Math.max(peak, part.peak);
      tell("load with validation", "s", [seconds]);
      tell("processor time of the load, all threads, making the JSON included", "s", [processor]);
      tell("highest resident memory while loading", "MB", [peak / 1e6]);
      tell("bytes on disk an element", "B", [bytesBelow(root) / (target * SUBMODELS * ELEMENTS)]);
      const opened: number[] = [];
      for (let run = 0; run < 5; run++) {
        const start = performance.now();
        site = await open(root);
        opened.push((performance.now() - start) / 1_000);
        if (run < 4) await site.close();
      }
      tell("open again", "s", opened);
      const { byPath, page, query, text, values } = await read(site.source(), target);
      tell("element by path, cold then warm, p99", "ms", [quantile(byPath, 0.99)]);
      tell("page of 100 shells, p95", "ms", [quantile(page, 0.95)]);
      tell("AASQL, two properties equal, p95", "ms", [quantile(query, 0.95)]);
      tell("AASQL, shells that contain a text, p95", "ms", [quantile(text, 0.95)]);
      if (values.length > 0) tell("AASQL, values of elements that contain a text, the longest of three", "ms", [quantile(values, 1)]);
      tell("resident memory afterwards", "MB", [process.memoryUsage.rss() / 1e6]);
      await site.close();
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function option(name: string): string | undefined {
  return process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
}

const TELL_MS = 30_000;

async function load(view: WorldView, from: number, to: number, stopped: AbortSignal, tellDisk: () => void) {
  const started = performance.now();
  let told = started;
  const cpu = process.cpuUsage();
  let [peak, making] = [0, 0];
  let applied: Promise<unknown> = Promise.resolve();
  for (let first = from; first < to; first += CHUNK) {
    const before = performance.now();
    const text = JSON.stringify(environmentOf(first, Math.min(CHUNK, to - first)));
    making += performance.now() - before;
    const { environment, findings } = parseEnvironment(JSON.parse(text));
    if (findings.length > 0) throw new Error(findings[0]!.message);
    const { changes } = importChanges(view.reader(LIVE), environment!, `part ${first}`);
    // The next part is read while this one goes to the disk.
    await applied;
    applied = view.apply({ branch: LIVE, reason: "bench", changes });
    const resident = process.memoryUsage.rss();
    peak = Math.max(peak, resident);
    stopped.throwIfAborted();
    if (performance.now() - told < TELL_MS) continue;
    told = performance.now();
    const count = (first + CHUNK) * SUBMODELS * ELEMENTS;
    process.stderr.write(
      `large-world: ${count} elements, ${Math.round((told - started) / 1_000)} s, ${Math.round(resident / 1e6)} MB resident, `,
    );
    tellDisk();
  }
  await applied;
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - started - making) / 1_000, processor: (user + system) / 1e6, peak };
}

async function read(source: AasSource, shells: number) {
  const [byPath, page, query, text]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let i = 0; i < 2_000; i++) {
    const shell = (i * 7_919) % shells;
    const start = performance.now();
    const found = source.element(submodelId(shell, i % SUBMODELS), `P${i % ELEMENTS}`);
    byPath.push(performance.now() - start);
    if (found === undefined) throw new Error(`no element P${i % ELEMENTS} of shell ${shell}`);
  }
  let after: string | undefined;
  for (let i = 0; i < 100; i++) {
    const start = performance.now();
    const { items, next } = source.shells({ limit: 100, ...(after !== undefined && { after }) }, {});
    page.push(performance.now() - start);
    if (items.length === 0) throw new Error("an empty page");
    after = next;
  }
  for (let i = 0; i < 100; i++) {
    const shell = (i * 7_919) % shells;
    const parsed = parseQuery(twoProperties(shell), "submodels");
    if (isQueryProblem(parsed)) throw new Error(textOf(parsed.reason));
    const start = performance.now();
    const { items } = await source.query("submodel", parsed, { limit: 100 });
    query.push(performance.now() - start);
    if (!items.some(({ id }) => id === submodelId(shell, 0))) throw new Error("a query that misses");
  }
  for (let i = 0; i < 20; i++) {
    const shell = (i * 7_919) % shells;
    const condition = { $contains: [{ $field: "$aas#id" }, { $strVal: `ple:shell:${shell}` }] };
    const parsed = parseQuery({ $condition: condition }, "shells");
    if (isQueryProblem(parsed)) throw new Error(textOf(parsed.reason));
    const start = performance.now();
    const { items } = await source.query("shell", parsed, { limit: 10 });
    text.push(performance.now() - start);
    if (items.length === 0) throw new Error("a search that misses");
  }
  const values = SEARCH_VALUES ? await searchValues(source, shells) : [];
  for (const all of [byPath, page, query, text, values]) all.sort((a, b) => a - b);
  return { byPath, page, query, text, values };
}

/** Texts that stand in some ten submodels. */
async function searchValues(source: AasSource, shells: number): Promise<number[]> {
  const taken: number[] = [];
  for (let i = 1; i <= 3; i++) {
    const shell = (i * 7_919) % shells;
    const parsed = parseQuery({ $condition: { $contains: [{ $field: "$sme#value" }, { $strVal: `${shell}.25` }] } }, "submodels");
    if (isQueryProblem(parsed)) throw new Error(textOf(parsed.reason));
    const start = performance.now();
    const { items } = await source.query("submodel", parsed, { limit: 10 });
    taken.push(performance.now() - start);
    if (items.length === 0) throw new Error("a search of values that misses");
  }
  return taken;
}

async function open(root: string) {
  const { world, ids, close } = await openDurableWorld(join(root, "data"));
  const view = world.view(BENCH_PERSON);
  const table = new SignalTable();
  const source = () =>
    aasSourceOfWorld({
      view,
      branch: LIVE,
      ids,
      lookups: new AasLookups(),
      sample: (signal) => table.live(signal),
      samplesAt: async () => new Map(),
      blobs: createMemoryBlobs(),
    });
  return {
    view,
    source,
    close,
  };
}

function twoProperties(shell: number): object {
  const equal = (name: string, value: number) => ({ $eq: [{ $field: `$sme.${name}#value` }, { $strVal: String(value) }] });
  return { $condition: { $and: [equal("P1", shell + 0.25), equal("P2", shell + 0.5)] } };
}

function submodelId(shell: number, submodel: number): string {
  return `urn:example:submodel:${shell}:${submodel}`;
}

/** Shells `first` to `first + count` with their submodels and elements. */
export function environmentOf(first: number, count: number): Environment {
  const shells = Array.from({ length: count }, (_, i) => first + i);
  return {
    assetAdministrationShells: shells.map((shell) => ({
      modelType: "AssetAdministrationShell",
      id: `urn:example:shell:${shell}`,
      idShort: `Asset${shell}`,
      assetInformation: { assetKind: "Instance", globalAssetId: `urn:example:asset:${shell}` },
      submodels: Array.from({ length: SUBMODELS }, (_, i) => ({
        type: "ModelReference",
        keys: [{ type: "Submodel", value: submodelId(shell, i) }],
      })),
    })),
    submodels: shells.flatMap((shell) =>
      Array.from({ length: SUBMODELS }, (_, i) => ({
        modelType: "Submodel",
        id: submodelId(shell, i),
        idShort: `Part${i}`,
        semanticId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: `urn:example:semantics:${i}` }] },
        submodelElements: Array.from({ length: ELEMENTS }, (_, j) => ({
          modelType: "Property",
          idShort: `P${j}`,
          semanticId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: `urn:example:semantics:${i}:${j}` }] },
          valueType: "xs:double",
          value: String(shell + i * 0.5 + j * 0.25),
        })),
      })),
    ),
  } as unknown as Environment;
}

function bytesBelow(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
