import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "../e2e/running-site.ts";
import { reportMedian, type Report } from "./report.ts";

const RUNS = 5;
const IDLE_MS = 20_000;

/**
 * A server without a plant on a new folder: from its start to ready (bar ≤ 2 s), and what it keeps resident after twenty seconds without work and
 * without a connector (bar ≤ 200 MB). Then the same folder again, which is a restart.
 */
export async function bench(report: Report): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-bench-empty-"));
  const values = { first: [] as number[], again: [] as number[], resident: [] as number[] };
  try {
    for (let run = 0; run < RUNS; run++)
      for (const which of ["first", "again"] as const) {
        const start = performance.now();
        const server = await startServer(join(root, String(run)));
        values[which].push((performance.now() - start) / 1_000);
        if (which === "first") {
          await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
          values.resident.push(residentMB(server.child.pid!));
        }
        await server.stop();
      }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  reportMedian(report, "empty", "start on a new folder to ready", "s", values.first);
  reportMedian(report, "empty", "start again to ready", "s", values.again);
  reportMedian(report, "empty", "resident after 20 s without work", "MB", values.resident);
}

function residentMB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) / 1_000;
}
