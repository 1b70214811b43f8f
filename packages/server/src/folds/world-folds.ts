import type { Derivations, SampleIntake } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { LIVE, type Clock, type History, type SampleBatch, type WorldView } from "@doppelwerk/world";
import type { Logger } from "pino";
import type { SignalDirectory } from "../live/signal-directory.ts";
import type { FoldServices } from "./fold-group-host.ts";
import { FoldStore } from "./fold-store.ts";

export interface FoldedWorld {
  /** For states. */
  readonly directory: string;
  readonly history: History;
  /** Documents as the system itself writes them. */
  readonly documents: Pick<WorldView, "apply">;
  readonly live: {
    readonly signals: SignalDirectory;
    readonly derivations: Derivations;
    readonly intake: SampleIntake;
    showKept(batch: SampleBatch): void;
  };
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onDerivation: NonNullable<FoldServices["onDerivation"]>;
}

/** What folds take from a world, and where their conclusions go. */
export function worldFolds({ directory, history, documents, live, clock, logger, onDerivation }: FoldedWorld): FoldServices {
  const { signals, derivations, intake } = live;
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
    async register(records) {
      const missing = records.filter(({ id }) => signals.record(id) === undefined);
      if (missing.length === 0) return;
      const changes = missing.map((record) => ({ op: "create" as const, record }));
      await documents.apply({ branch: LIVE, reason: message("changes.logDerivedSignals"), changes });
    },
    derive: (batch) => derivations.conclude(batch),
    show: (batch) => live.showKept(batch),
    storeDurably: (batch) => intake.offerDurably(batch),
    onProgress: (progress) => derivations.progress(progress),
    onDerivation,
  };
}
