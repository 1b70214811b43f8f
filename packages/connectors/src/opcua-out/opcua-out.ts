import { fork, type ChildProcess } from "node:child_process";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, reasonOf } from "@doppelwerk/world";
import type { AlarmActed, AlarmActWanted, FromOut, OutAlarm, OutHistory, OutNode, OutOpening, OutValue, ToOut } from "./message.ts";

export interface OpcuaOutOptions extends OutOpening {
  history(wanted: OutHistory): Promise<readonly OutValue[]>;
  /** Carries out, or refuses, what a client wants to do to an alarm. */
  act(wanted: AlarmActWanted): Promise<AlarmActed>;
  /** The process died: it is started again, and wants nodes and values again. */
  onAgain(): void;
  onCrash(why: string): void;
  /** An act was not carried out, and not because it was refused. */
  onFault(error: unknown): void;
}

/** An OPC UA server that only shows, in a process of its own: the library is large and accepts unknown clients. */
export interface OpcuaOut {
  readonly url: string;
  nodes(nodes: readonly OutNode[]): void;
  values(values: readonly OutValue[]): void;
  /** `all`: those that are not named are normal. */
  alarms(alarms: readonly OutAlarm[], all: boolean): void;
  close(): Promise<void>;
}

const PAUSE_MS = 1_000;

type Question = Extract<FromOut, { readonly request: number }>;

/** Never rejects. */
async function answerTo(options: OpcuaOutOptions, question: Question): Promise<ToOut> {
  const { request } = question;
  if (question.kind === "historyWanted") {
    try {
      return { kind: "history", request, values: await options.history(question.wanted) };
    } catch (error) {
      return { kind: "history", request, values: [], reason: reasonOf(error) };
    }
  }
  try {
    return { kind: "acted", request, acted: await options.act(question.wanted) };
  } catch (error) {
    options.onFault(error);
    return { kind: "acted", request, acted: "BadInvalidState" };
  }
}

/** Resolves when it listens. Throws DW_UNAVAILABLE with the reason when it cannot (the port is in use). */
export async function startOpcuaOut(options: OpcuaOutOptions): Promise<OpcuaOut> {
  let closed = false;
  let child: ChildProcess | undefined;
  let again: NodeJS.Timeout | undefined;
  const send = (message: ToOut): void => {
    if (child?.connected === true) child.send(message);
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
      else void answerTo(options, answered).then(send);
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
    return {
      url,
      nodes: (nodes) => send({ kind: "nodes", nodes }),
      values: (values) => send({ kind: "values", values }),
      alarms: (alarms, all) => send({ kind: "alarms", alarms, all }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
