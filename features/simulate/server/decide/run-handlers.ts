import type { LineModels } from "@doppelwerk/ports";
import { LIVE } from "@doppelwerk/world";
import type { SimulateHandlers } from "../handlers.ts";
import type { BacktestService } from "./backtest-service.ts";
import type { RunService } from "./run-service.ts";

/** Factors, fitted parameters and runs of a branch, their results, and the backtest on past shifts. */
export function runHandlers(
  runs: RunService,
  backtest: BacktestService,
  line: LineModels,
): Pick<
  SimulateHandlers,
  | "simulate.listFactors"
  | "simulate.listParameters"
  | "simulate.readDrift"
  | "simulate.readBacktest"
  | "simulate.listRuns"
  | "simulate.startRun"
  | "simulate.readRun"
  | "simulate.readRunModel"
  | "simulate.rerun"
  | "simulate.cancelRun"
> {
  return {
    "simulate.listFactors": ({ principal, branch, query }) => line.factors(principal, branch, query.line),
    "simulate.listParameters": ({ principal, branch, query }) => line.parameters(principal, branch, query.line),
    "simulate.readDrift": ({ view, branch: id, query }) => {
      const { instant } = view.documents.branch(id);
      return line.drift(id === LIVE ? undefined : instant, query.line);
    },
    "simulate.readBacktest": ({ query }) => backtest.result(query.line),
    "simulate.listRuns": ({ view, branch }) => runs.list(view.documents.branch(branch).id),
    "simulate.startRun": ({ view, branch, body }) => runs.start(view.documents, branch, body),
    "simulate.readRun": ({ params }) => runs.get(params.id),
    "simulate.readRunModel": ({ params }) => runs.model(params.id),
    "simulate.rerun": ({ params, principal }) => runs.rerun(params.id, principal.id),
    "simulate.cancelRun": ({ params }) => runs.cancel(params.id),
  };
}
