import { LIVE, type Clock, type History } from "@doppelwerk/world";
import type { Logger } from "pino";
import type { SignalDirectory } from "../live/signal-directory.ts";
import type { FoldServices } from "./fold-group-host.ts";
import { FoldStore } from "./fold-store.ts";

export interface WorldFolds {
  /** For states. */
  readonly directory: string;
  readonly history: History;
  readonly signals: SignalDirectory;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What folds take from a world whose live conclusions are still folded elsewhere. */
export function worldFolds({ directory, history, signals, clock, logger }: WorldFolds): FoldServices {
  return {
    history,
    clock,
    logger,
    store: new FoldStore(directory, (error, file, what) => logger.warn({ err: error, file }, what)),
    checkpoints: directory,
    table: signals.table,
    wanted: (ids) => signals.wanted(ids),
    valueOf(id) {
      const value = signals.live(id)?.value;
      return typeof value === "boolean" ? Number(value) : value;
    },
    register: async () => {},
    derive: (batch) => history.append(LIVE, batch, signals.table.ids),
    storeDurably: (batch) => history.append(LIVE, batch, signals.table.ids),
    onDerived: () => {},
    onProgress: () => {},
    onFault: () => {},
  };
}
