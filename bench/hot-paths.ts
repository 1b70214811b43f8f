import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { reportMedian, type Report } from "./report.ts";

const RUNS = Number(process.env["BENCH_RUNS"] ?? 5);

/** Fifteen hot paths, each a bench that does the same work whatever the machine does beside it, with the flags it gets. */
const PATHS: readonly (readonly [path: string, bench: string, ...flags: string[]])[] = [
  ["events of the simulation kernel", "kernel"],
  ["states, tracking, KPIs and alarms of a line", "line"],
  ["forks of a world of 100,000 records", "fork"],
  ["replications of a run", "replications"],
  ["flow models of components", "components"],
  ["durable changes of documents", "patch"],
  ["historian: ingest, buckets, state at an instant", "history"],
  ["history read over OPC UA", "history-read"],
  ["validation of a large environment", "validate"],
  ["import, open, elements by path, pages, AASQL", "large-world", "--elements=30000"],
  ["forecast of a line", "forecast"],
  ["solvers", "solve"],
  ["models of others (FMI)", "fmi"],
  ["start and idle of an empty server", "empty"],
  ["AAS API over sockets", "aas-api"],
];

/**
 * Processor time, all threads, of each hot path in another tree (`--before=DIR`, a checkout of an earlier commit with its modules) ÷ in this one, in turn (bar ≥ 0.95, median of
 * five pairs). `--only=kernel,line` names some. What is bound to the clock (`empty`, `aas-api`) does as much as there is time for: there its own rows a request count.
 */
export async function bench(report: Report): Promise<void> {
  const before = resolve(option("before") ?? "");
  if (option("before") === undefined || !existsSync(join(before, "bench")))
    throw new Error("--before=DIR names a checkout of the commit to compare with");
  const here = fileURLToPath(new URL("..", import.meta.url));
  const only = option("only")?.split(",");
  for (const [path, name, ...flags] of PATHS) {
    if (only !== undefined && !only.includes(name)) continue;
    const ratios: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const [first, second] = run % 2 === 0 ? [before, here] : [here, before];
      const [a, b] = [await processorS(first, name, flags), await processorS(second, name, flags)];
      ratios.push(run % 2 === 0 ? a / b : b / a);
    }
    reportMedian(report, "hot-paths", `${path} (${name}), processor time before ÷ now`, "ratio", ratios);
  }
}

function option(name: string): string | undefined {
  return process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
}

/** Tells what its process took when it ends, whatever it ran; processes that it started count with it, threads are in it. */
const TELL = `data:text/javascript,import{writeSync}from"node:fs";import{isMainThread}from"node:worker_threads";if(isMainThread)process.on("exit",()=>{const{user,system}=process.cpuUsage();writeSync(2,"PROCESSOR "+(user+system)/1e6+"\\n")})`;

async function processorS(tree: string, name: string, flags: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "scripts/bench.ts", name, "--json", ...flags], {
    cwd: tree,
    env: { ...process.env, NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""} --import=${JSON.stringify(TELL)}` },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let told = "";
  child.stderr.on("data", (data: Buffer) => (told += String(data)));
  const code = await new Promise<number | null>((done) => child.once("close", done));
  if (code !== 0) throw new Error(`${name} in ${tree} ended with ${code}: ${told.slice(-500)}`);
  return [...told.matchAll(/PROCESSOR ([\d.]+)/g)].reduce((sum, [, seconds]) => sum + Number(seconds), 0);
}
