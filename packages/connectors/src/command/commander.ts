import { fork, type ChildProcess } from "node:child_process";
import type { ConnectionProtocol } from "@doppelwerk/world";
import type { Written, WriteOrder } from "./write-order.ts";

/** Carries out orders, each in a process of its own. The process that listens to plants has no way to write to one. */
export interface Commander {
  /** Never rejects: what went wrong is the answer. */
  write(order: Omit<WriteOrder, "dataDir" | "settleMs">): Promise<Written>;
  close(): Promise<void>;
}

export interface CommanderOptions {
  readonly dataDir: string;
  readonly settleMs?: number;
  /** A process that has not answered by then is ended, and what it did is unknown. */
  readonly withinMs?: number;
}

const COMMANDED: readonly ConnectionProtocol[] = ["opcua", "mqtt"];

export function canBeCommanded(protocol: ConnectionProtocol): boolean {
  return COMMANDED.includes(protocol);
}

export function startCommander({ dataDir, settleMs = 3_000, withinMs = 30_000 }: CommanderOptions): Commander {
  const children = new Set<ChildProcess>();
  return {
    write(order) {
      const main = new URL(import.meta.url.endsWith(".ts") ? "write-main.ts" : "write-main.js", import.meta.url);
      const child = fork(main, [], { serialization: "advanced", stdio: ["ignore", "ignore", "inherit", "ipc"], execArgv: [] });
      children.add(child);
      return new Promise<Written>((resolve) => {
        const timer = setTimeout(() => child.kill("SIGKILL"), withinMs);
        let answer: Written | undefined;
        child.on("message", (message: Written) => {
          answer = message;
          child.disconnect();
        });
        child.once("error", (error) => resolve({ kind: "failed", why: error.message }));
        child.once("exit", (code, signal) => {
          clearTimeout(timer);
          children.delete(child);
          resolve(answer ?? { kind: "unknown", why: `the writing process ended with ${signal ?? `code ${code}`} before it answered` });
        });
        child.send({ ...order, dataDir, settleMs } satisfies WriteOrder);
      });
    },
    async close() {
      const gone = [...children].map((child) => new Promise<void>((resolve) => child.once("exit", () => resolve())));
      for (const child of children) child.kill("SIGKILL");
      await Promise.all(gone);
    },
  };
}
