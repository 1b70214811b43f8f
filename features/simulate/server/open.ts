import { join } from "node:path";
import type { Open } from "@doppelwerk/kit/server";
import { lineModels } from "@doppelwerk/ports";
import { progress } from "../contract.ts";
import type { simulate } from "../feature.ts";
import type {} from "../message-codes.ts";
import { BacktestService } from "./decide/backtest-service.ts";
import { openEnsembleCache } from "./decide/ensemble-cache.ts";
import { runHandlers } from "./decide/run-handlers.ts";
import { runResultsPort } from "./decide/run-results-port.ts";
import { RunService } from "./decide/run-service.ts";
import { RunStore } from "./decide/run-store.ts";
import { SimulationPool } from "./decide/simulation-pool.ts";
import { reportHandlers } from "./event-log/report-handlers.ts";
import { experimentHandlers } from "./experiments/experiment-handlers.ts";
import { ExperimentService } from "./experiments/experiment-service.ts";
import { modelHandlers } from "./models/model-handlers.ts";
import { ModelLibrary } from "./models/model-library.ts";
import { ModelRunService } from "./models/model-run-service.ts";
import { ModelRunStore } from "./models/model-run-store.ts";
import { optimisationHandlers } from "./optimise/optimisation-handlers.ts";
import { OptimisationService } from "./optimise/optimisation-service.ts";
import { OptimisationStore } from "./optimise/optimisation-store.ts";
import { planningHandlers } from "./optimise/planning-handlers.ts";
import { PlanningService } from "./optimise/planning-service.ts";
import { SearchService } from "./optimise/search-service.ts";

type Context = Parameters<Open<typeof simulate>>[0];

/** A restart answers people before it scores its forecasts. */
const BACKTEST_AFTER_MS = 3_000;

/** The line as it will be: runs of a branch, designed experiments, searches for the best, models from elsewhere, and what past forecasts were worth. */
export const open: Open<typeof simulate> = async (ctx) => {
  const line = ctx.use(lineModels);
  const pool = new SimulationPool(ctx.host.workers);
  const { runs, experiments, optimisations, searches, planning, models, modelRuns, backtest } = openServices(ctx, pool);
  const scoring = await startBacktests(ctx, backtest);
  runs.open();
  optimisations.resume();
  searches.resume();
  experiments.open();
  return {
    handlers: {
      ...runHandlers(runs, backtest, line),
      ...experimentHandlers(experiments),
      ...optimisationHandlers(optimisations),
      ...planningHandlers(planning, searches),
      ...modelHandlers(models, modelRuns),
      ...reportHandlers,
    },
    branchOf: {
      run: (id) => runs.summary(id).branch,
      experiment: (id) => experiments.summary(id).branch,
      optimisation: (id) => optimisations.get(id).branch,
      modelRun: (id) => modelRuns.summary(id).branch,
    },
    ports: { "simulate.results@1": runResultsPort(runs, line) },
    async close() {
      scoring.stop();
      optimisations.close();
      modelRuns.close();
      await searches.close();
      await runs.close();
      await experiments.close();
      await pool.close();
    },
  };
};

function openServices(ctx: Context, pool: SimulationPool) {
  const { clock, ids, log: logger, host } = ctx;
  const line = ctx.use(lineModels);
  const common = { pool, clock, ids, codeVersion: host.version, line };
  const damaged = (kind: string) => (file: string, error: unknown) =>
    logger.error({ file, err: error }, `${kind} cannot be read; the others can`);
  const folder = ctx.folder("runs");
  const runs = new RunService({
    ...common,
    store: new RunStore(folder, damaged("a run")),
    onProgress: (run) => ctx.publish(progress, run),
  });
  const optimisations = new OptimisationService({
    ...common,
    runs,
    store: new OptimisationStore(join(folder, "optimisations"), damaged("an optimisation")),
    logger,
    view: (principal) => ctx.view(principal).documents,
  });
  const experiments = new ExperimentService({ ...common, store: new RunStore(ctx.folder("experiments"), damaged("an experiment")) });
  const searches = new SearchService({ directory: join(folder, "searches"), clock, ids, logger, size: host.workers });
  const planning = new PlanningService({ pool, line });
  const models = new ModelLibrary({ blobs: ctx.blobs, ids, native: host.nativeModels });
  const modelRuns = new ModelRunService({
    library: models,
    store: new ModelRunStore(ctx.folder("model-runs")),
    clock,
    ids,
    native: host.nativeModels,
  });
  const backtest = new BacktestService({
    ...common,
    logger,
    cache: openEnsembleCache(join(ctx.folder("derived"), "backtest.json")),
    onDone: () => ctx.releaseMemory(),
  });
  return { runs, experiments, optimisations, searches, planning, models, modelRuns, backtest };
}

/** Past forecasts are scored once the history is read, and again whenever a part of it was derived again. */
async function startBacktests(ctx: Context, backtest: BacktestService): Promise<{ stop(): void }> {
  const line = ctx.use(lineModels);
  let timer: NodeJS.Timeout | undefined;
  const start = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => backtest.start(), BACKTEST_AFTER_MS).unref();
  };
  const unfollow = line.followDerived(start);
  if (await line.isHistoryRead()) start();
  return {
    stop() {
      clearTimeout(timer);
      unfollow();
    },
  };
}
