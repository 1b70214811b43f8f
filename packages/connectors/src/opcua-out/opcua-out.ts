import { fork, type ChildProcess } from "node:child_process";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, reasonOf } from "@doppelwerk/world";
import type { FromOut, OutHistory, OutNode, OutOpening, OutValue, ToOut } from "./message.ts";

export interface OpcuaOutOptions extends OutOpening {
  history(wanted: OutHistory): Promise<readonly OutValue[]>;
  /** The process died: it is started again, and wants nodes and values again. */
  onAgain(): void;
  onCrash(why: string): void;
}

/** An OPC UA server that only shows, in a process of its own: the library is large and accepts unknown clients. */
export interface OpcuaOut {
  readonly url: string;
  nodes(nodes: readonly OutNode[]): void;
  values(values: readonly OutValue[]): void;
  close(): Promise<void>;
}

const PAUSE_MS = 1_000;

/** Resolves when it listens. Throws DW_UNAVAILABLE with the reason when it cannot (the port is in use). */
export async function startOpcuaOut(options: OpcuaOutOptions): Promise<OpcuaOut> {
  let closed = false;
  let child: ChildProcess | undefined;
  let again: NodeJS.Timeout | undefined;
  const send = (message: ToOut): void => {
    if (child?.connected === true) child.send(message);
  };
  const answer = async (request: number, wanted: OutHistory): Promise<void> => {
    try {
      send({ kind: "history", request, values: await options.history(wanted) });
    } catch (error) {
      send({ kind: "history", request, values: [], reason: reasonOf(error) });
    }
  };
  const launch = async (port: number): Promise<string> => {
    const main = new URL(import.meta.url.endsWith(".ts") ? "out-main.ts" : "out-main.js", import.meta.url);
    const born = fork(main, [], { serialization: "advanced", stdio: ["ignore", "ignore", "inherit", "ipc"], execArgv: [] });
    child = born;
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    born.on("message", (answered: FromOut) => {
      if (answered.kind === "ready") resolve(answered.url);
      else if (answered.kind === "failed")
        reject(new DoppelwerkError("DW_UNAVAILABLE", message("connectors.opcUaServerCannotListenPort", { port, why: answered.reason })));
      else void answer(answered.request, answered.wanted);
    });
    born.on("error", () => {});
    born.once("exit", (code, signal) => {
      reject(new DoppelwerkError("DW_UNAVAILABLE", message("connectors.processOpcUaServerEnded", { signal: signal ?? `code ${code}` })));
      if (child === born) child = undefined;
    });
    const { host, dataDir, world, settings } = options;
    send({ kind: "open", port, host, dataDir, world, settings });
    const url = await promise;
    born.once("exit", (code, signal) => {
      if (closed) return;
      options.onCrash(`the process of the OPC UA server ended with ${signal ?? `code ${code}`}; it is started again`);
      relaunch(Number(new URL(url).port));
    });
    return url;
  };
  const relaunch = (port: number): void => {
    again = setTimeout(() => {
      launch(port).then(
        () => options.onAgain(),
        (error: Error) => {
          options.onCrash(error.message);
          if (!closed) relaunch(port);
        },
      );
    }, PAUSE_MS);
  };
  const close = async (): Promise<void> => {
    closed = true;
    clearTimeout(again);
    if (child === undefined) return;
    const gone = new Promise<void>((resolve) => child!.once("exit", () => resolve()));
    child.disconnect();
    const timer = setTimeout(() => child?.kill("SIGKILL"), 4_000);
    await gone;
    clearTimeout(timer);
  };
  try {
    const url = await launch(options.port);
    return { url, nodes: (nodes) => send({ kind: "nodes", nodes }), values: (values) => send({ kind: "values", values }), close };
  } catch (error) {
    await close();
    throw error;
  }
}
