import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { createMemoryBlobs } from "@doppelwerk/storage/memory";
import { createImporter } from "../server/files/importer.ts";
import { BENCH_PERSON, openDurableWorld } from "../../../bench/durable-world.ts";
import { reportMedian, type Report } from "../../../bench/report.ts";

const RUNS = 5;
const SUBMODELS = 4_500;
const ELEMENTS = 25;

/**
 * Importing a file of 20 MB (112,500 elements), durable, beside a live plant: how long the server answers nobody at the longest. The baseline in the same
 * run is reading the same file in the main thread, which is what an import did before anything was written. The processor time of the longest stall is
 * what it is on a quiet machine.
 */
export async function bench(report: Report): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-bench-import-"));
  const { world, close } = await openDurableWorld(join(root, "data"));
  const view = world.view(BENCH_PERSON);
  const [beside, here] = [createImporter(createMemoryBlobs()), createImporter(createMemoryBlobs(), { beside: Infinity })];
  const [stalls, processor, seconds, baseline] = [[], [], [], []] as number[][] as [number[], number[], number[], number[]];
  try {
    for (let run = 0; run < RUNS; run++) {
      const bytes = fileOf(run);
      const read = await watched(() => here.reportFile(view, bytes, "none"));
      baseline.push(read.processorMs);
      const imported = await watched(() => beside.importFile(view, `${run}.json`, bytes));
      stalls.push(imported.stallMs);
      processor.push(imported.processorMs);
      seconds.push(imported.seconds);
    }
    reportMedian(report, "import", "import of 20 MB, durable", "s", seconds);
    reportMedian(report, "import", "longest stall meanwhile", "ms", stalls);
    const stall = reportMedian(report, "import", "longest stall meanwhile, its processor time", "ms", processor);
    const whole = reportMedian(report, "import", "baseline: reading the file in the main thread, processor time", "ms", baseline);
    reportMedian(report, "import", "longest stall ÷ baseline", "ratio", [stall / whole]);
  } finally {
    await close();
    rmSync(root, { recursive: true, force: true });
  }
}

/** The longest time between two turns of the event loop while something is done, and the processor time of this thread in the busiest turn. */
async function watched(
  act: () => Promise<unknown>,
): Promise<{ readonly stallMs: number; readonly processorMs: number; readonly seconds: number }> {
  const started = performance.now();
  let [done, stallMs, processorMs] = [false, 0, 0];
  let [last, lastCpu] = [started, cpuMs()];
  const finished = act().finally(() => (done = true));
  while (!done) {
    await setImmediate();
    const [now, cpu] = [performance.now(), cpuMs()];
    stallMs = Math.max(stallMs, now - last);
    processorMs = Math.max(processorMs, cpu - lastCpu);
    [last, lastCpu] = [now, cpu];
  }
  await finished;
  return { stallMs, processorMs, seconds: (performance.now() - started) / 1_000 };
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function fileOf(run: number): Uint8Array {
  const meaning = (j: number) => ({ type: "ExternalReference", keys: [{ type: "GlobalReference", value: `urn:bench:meaning:${j}` }] });
  const submodels = Array.from({ length: SUBMODELS }, (_, i) => ({
    modelType: "Submodel",
    id: `urn:bench:${run}:${i}`,
    submodelElements: Array.from({ length: ELEMENTS }, (_unused, j) => ({
      modelType: "Property",
      idShort: `p${j}`,
      semanticId: meaning(j),
      valueType: "xs:int",
      value: String(i),
    })),
  }));
  return new TextEncoder().encode(JSON.stringify({ submodels }));
}
