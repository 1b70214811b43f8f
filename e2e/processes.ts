import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Ids of the processes that this one started, directly or through others. */
export function descendantsOf(pid: number): readonly number[] {
  const childrenOf = Map.groupBy(processes(), ([, parent]) => parent);
  const found: number[] = [];
  for (const queue = [pid]; queue.length > 0;) {
    const children = (childrenOf.get(queue.pop()!) ?? []).map(([child]) => child);
    found.push(...children);
    queue.push(...children);
  }
  return found;
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A dead child that nobody waited for is not running.
  return !/^State:\s+Z/m.test(statusOf(pid));
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "";
  }
}

/** [process, parent] of every process of the machine. */
function processes(): (readonly [number, number])[] {
  if (process.platform !== "linux") {
    const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
    return lines.map((line) => line.trim().split(/\s+/).map(Number) as unknown as readonly [number, number]);
  }
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), Number(/^PPid:\s+(\d+)/m.exec(statusOf(Number(name)))?.[1] ?? 0)] as const);
}
