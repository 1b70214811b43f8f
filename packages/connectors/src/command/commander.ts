import { fork, type ChildProcess } from "node:child_process";
import { message, verbatim, type Message } from "@doppelwerk/messages";
import type { ConnectionProtocol } from "@doppelwerk/world";
import { keyFileArguments } from "../secrets/key-file-arguments.ts";
import type { Called, CallOrder, Order, Written, WriteOrder } from "./write-order.ts";

/** Carries out orders, each in a process of its own. The process that listens to plants has no way to write to one. */
export interface Commander {
  /** Never rejects: what went wrong is the answer. */
  write(order: Omit<WriteOrder, "dataDir" | "settleMs">): Promise<Written>;
  /** As `write`. */
  call(order: Omit<CallOrder, "dataDir" | "settleMs">): Promise<Called>;
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

export function hasMethods(protocol: ConnectionProtocol): boolean {
  return protocol === "opcua";
}

export function startCommander({ dataDir, settleMs = 3_000, withinMs = 30_000 }: CommanderOptions): Commander {
  const children = new Set<ChildProcess>();
  /** Undefined answer = the process ended before it gave one. */
  const carryOut = (order: Order): Promise<{ readonly answer?: Written | Called; readonly why: Message }> => {
    const main = new URL(import.meta.url.endsWith(".ts") ? "write-main.ts" : "write-main.js", import.meta.url);
    const child = fork(main, keyFileArguments(), {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      execArgv: [],
    });
    children.add(child);
    return new Promise((resolve) => {
      const timer = setTimeout(() => child.kill("SIGKILL"), withinMs);
      let answer: Written | Called | undefined;
      child.on("message", (message: Written | Called) => {
        answer = message;
        child.disconnect();
      });
      child.once("error", (error) => {
        const why = verbatim(error.message);
        resolve({ answer: { kind: "failed", why }, why });
      });
      child.once("exit", (code, signal) => {
        clearTimeout(timer);
        children.delete(child);
        const why = message("connectors.writingProcessEnded", { ending: signal ?? `code ${code}` });
        resolve(answer === undefined ? { why } : { answer, why });
      });
      child.send(order);
    });
  };
  return {
    async write(order) {
      const { answer, why } = await carryOut({ ...order, dataDir, settleMs });
      return answer === undefined || answer.kind === "called" ? { kind: "unknown", why } : answer;
    },
    async call(order) {
      const { answer, why } = await carryOut({ ...order, dataDir, settleMs });
      return answer === undefined || answer.kind === "written" ? { kind: "unknown", why } : answer;
    },
    async close() {
      const gone = [...children].map((child) => new Promise<void>((resolve) => child.once("exit", () => resolve())));
      for (const child of children) child.kill("SIGKILL");
      await Promise.all(gone);
    },
  };
}
