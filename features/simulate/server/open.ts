import { join } from "node:path";
import type { Open } from "@doppelwerk/kit/server";
import { lineModels, orderPlans } from "@doppelwerk/ports";
import { progress } from "../contract.ts";
import type { simulate } from "../feature.ts";
import type {} from "../message-codes.ts";
import { runProgressOf, type RunJob } from "../model/run-job.ts";
import { BacktestService } from "./decide/backtest-service.ts";
import { openEnsembleCache } from "./decide/ensemble-cache.ts";
import { runHandlers } from "./decide/run-handlers.ts";
import { runResultsPort } from "./decide/run-results-port.ts";
import { RunService } from "./decide/run-service.ts";
import { ShiftForecasts } from "./decide/shift-forecasts.ts";
import { PlanEffectsService } from "./decide/plan-effects.ts";
import { StopEffectsService } from "./decide/stop-effects.ts";
import { simulationsOf } from "./decide/simulations.ts";
import { reportHandlers } from "./event-log/report-handlers.ts";
import { experimentHandlers } from "./experiments/experiment-handlers.ts";
import { ExperimentService } from "./experiments/experiment-service.ts";
import { EarlierFolder } from "./kept/earlier-folder.ts";
import { modelHandlers } from "./models/model-handlers.ts";
import { ModelLibrary } from "./models/model-library.ts";
import { ModelRunService } from "./models/model-run-service.ts";
import { optimisationHandlers } from "./optimise/optimisation-handlers.ts";
import { OptimisationService } from "./optimise/optimisation-service.ts";
import { planningHandlers } from "./optimise/planning-handlers.ts";
import { PlanningService } from "./optimise/planning-service.ts";
import { SearchService } from "./optimise/search-service.ts";

type Context = Parameters<Open<typeof simulate>>[0];

/** A restart answers people before it scores its forecasts. */
const BACKTEST_AFTER_MS = 3_000;

/** The line as it will be: runs of a branch, designed experiments, searches for the best, models from elsewhere, and what past forecasts were worth. */
export const open: Open<typeof simulate> = async (ctx) => {
  const line = ctx.use(lineModels);
  const { runs, experiments, optimisations, searches, planning, models, modelRuns, backtest, shiftForecasts, stops, plans } =
    openServices(ctx);
  const scoring = await startBacktests(ctx, backtest);
  await runs.open();
  await experiments.open();
  await optimisations.open();
  await searches.open();
  await modelRuns.open();
  ctx.jobs.watch((job) => {
    if (job.kind === "simulate.run") ctx.publish(progress, runProgressOf(job as RunJob));
  });
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
      run: async (id) => (await runs.summary(id)).branch,
      experiment: async (id) => (await experiments.summary(id)).branch,
      optimisation: async (id) => (await optimisations.get(id)).branch,
      modelRun: async (id) => (await modelRuns.summary(id)).branch,
    },
    jobs: {
      "simulate.run": (job, run) => runs.carryOut(job, run),
      "simulate.experiment": (job, run) => experiments.carryOut(job, run),
      "simulate.optimisation": (job, run) => optimisations.carryOut(job, run),
      "simulate.search": (job, run) => searches.carryOut(job, run),
      "simulate.model": (job, run) => modelRuns.carryOut(job, run),
    },
    ports: {
      "simulate.results@1": runResultsPort(runs, line, shiftForecasts),
      "simulate.stopEffects@1": stops,
      "simulate.planEffects@1": plans,
    },
    async close() {
      scoring.stop();
    },
  };
};

function openServices(ctx: Context) {
  const { clock, ids, jobs, log: logger, host } = ctx;
  const line = ctx.use(lineModels);
  const pool = simulationsOf(jobs.perform);
  const common = { ids, codeVersion: host.version, line };
  const damaged = (kind: string) => (file: string, error: unknown) =>
    logger.error({ file, err: error }, `${kind} cannot be read; the others can`);
  const folder = ctx.folder("runs");
  const runs = new RunService({
    ...common,
    jobs,
    earlier: new EarlierFolder(folder),
    onDamage: damaged("a run"),
  });
  const optimisations = new OptimisationService({
    ...common,
    jobs,
    earlier: new EarlierFolder(join(folder, "optimisations")),
    onDamage: damaged("an optimisation"),
    clock,
    runs,
    view: (principal) => ctx.view(principal).documents,
  });
  const experiments = new ExperimentService({
    ...common,
    jobs,
    earlier: new EarlierFolder(ctx.folder("experiments")),
    onDamage: damaged("an experiment"),
  });
  const searches = new SearchService({
    jobs,
    earlier: new EarlierFolder(join(folder, "searches")),
    onDamage: damaged("a search"),
    ids,
  });
  const planning = new PlanningService({ pool, line, plans: () => ctx.find(orderPlans) });
  const models = new ModelLibrary({ blobs: ctx.blobs, ids, native: host.nativeModels });
  const modelRuns = new ModelRunService({
    library: models,
    jobs,
    earlier: new EarlierFolder(ctx.folder("model-runs")),
    onDamage: damaged("a run of a model"),
    clock,
    ids,
    native: host.nativeModels,
  });
  const backtest = new BacktestService({
    ...common,
    pool,
    logger,
    cache: openEnsembleCache(join(ctx.folder("derived"), "backtest.json")),
    onDone: () => ctx.releaseMemory(),
  });
  const shiftForecasts = new ShiftForecasts({ line, pool, logger, codeVersion: host.version, now: () => clock.now() });
  const stops = new StopEffectsService({ line, pool, codeVersion: host.version });
  const plans = new PlanEffectsService({ line, pool, codeVersion: host.version });
  return { runs, experiments, optimisations, searches, planning, models, modelRuns, backtest, shiftForecasts, stops, plans };
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
