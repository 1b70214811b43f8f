import type { PackContext, PackView } from "@doppelwerk/kit/server";

// Both sides of the boundary load this file: it imports types alone.

/** Asks the server for something: in the place of the caller of a number, or for the pack itself. */
export type Ask = (view: number | "own", method: string, args: readonly unknown[]) => Promise<unknown>;

/** The plant of one principal, over what carries questions to the server. */
export function packView(ask: Ask, view: number | "own"): PackView {
  const over =
    (method: string) =>
    (...args: readonly unknown[]): Promise<never> =>
      ask(view, method, args) as Promise<never>;
  return {
    get: over("get"),
    query: over("query"),
    apply: over("apply"),
    signals: over("signals"),
    // JSON knows no undefined
    live: async (signals) => ((await over("live")(signals)) as readonly unknown[]).map((sample) => (sample ?? undefined) as never),
    samples: over("samples"),
    events: over("events"),
    record: over("record"),
    conclude: over("conclude"),
    outputSignal: over("outputSignal"),
  };
}

export function packContext(ask: Ask, world: string, signal: AbortSignal): PackContext {
  const log =
    (level: string) =>
    (details: object, text: string): void =>
      void ask("own", "log", [level, details, text]).catch(() => {
        // the server is going
      });
  return {
    world: { name: world },
    now: () => Date.now() * 1_000,
    log: { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") },
    store: {
      get: async (name) => (await ask("own", "storeGet", [name])) ?? undefined,
      set: async (name, value) => void (await ask("own", "storeSet", value === undefined ? [name] : [name, value])),
    },
    own: packView(ask, "own"),
    publish: async (topic, payload, inputs = []) => void (await ask("own", "publish", [topic, payload, inputs])),
    signal,
  };
}
