import { cpus, loadavg, totalmem } from "node:os";

/** One figure of a bench: median of `n` interleaved runs with its spread (maximum − minimum), the load and the machine it was taken on. */
export interface BenchRow {
  readonly bench: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly n: number;
  readonly spread: number;
  readonly load: number;
  readonly machine: string;
}

export type Report = (row: BenchRow) => void;

/** Reports the median of the values of one metric. */
export function reportMedian(report: Report, bench: string, metric: string, unit: string, values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const value = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  report({ bench, metric, value, unit, n: values.length, spread: sorted.at(-1)! - sorted[0]!, load: loadavg()[0]!, machine: machine() });
  return value;
}

/** What a run took, by the clock and in processor time of the whole process: the second hardly depends on what else runs on the machine. */
export async function timed<T>(run: () => T | Promise<T>): Promise<{ readonly wallS: number; readonly cpuS: number; readonly result: T }> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = await run();
  const wallS = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { wallS, cpuS: (user + system) / 1e6, result };
}

function machine(): string {
  return `${cpus()[0]?.model.trim() ?? "unknown"}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
}

/** Of values in ascending order; not a number when there are none. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted.length === 0 ? Number.NaN : sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}
