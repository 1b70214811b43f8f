import type { ConfirmedGoal, RunResult } from "@doppelwerk/client";
import { message } from "@doppelwerk/messages";
import type { LineExperiment } from "@doppelwerk/ports";
import { pairedDifference, RELEVANT_SHARE, summarise, type Outcome } from "@doppelwerk/sim";
import { lineGoalValue } from "@doppelwerk/sim/optimise";
import { DoppelwerkError } from "@doppelwerk/world";
import type { Simulations, SimulationTask } from "../decide/simulations.ts";
import { goalOf, keptGoals, variantOf, type LineProblem } from "./line-search.ts";

/** Goals that every run tells of itself. */
const KPI_GOALS: readonly string[] = ["throughput", "leadTime", "wip", "oee", "rework"];

/**
 * P5: what the winner brings on the random numbers of the confirming run, goal by goal. What the run itself tells is taken from it; energy and cost are
 * made of the same replications, simulated once more, because only the optimisation knows their prices.
 */
export async function confirmedGoals(
  problem: LineProblem,
  point: ArrayLike<number>,
  result: RunResult,
  experiment: LineExperiment,
  pool: Simulations,
  signal: AbortSignal,
): Promise<readonly ConfirmedGoal[]> {
  const { request, factors } = problem;
  const told = [...request.goals, ...keptGoals(request)];
  const priced = told.filter((goal) => !KPI_GOALS.includes(goal));
  const count = result.run.replications;
  let outcomes: readonly Outcome[] = [];
  if (priced.length > 0) {
    const { seed, warmUpS } = result.model;
    const options = {
      kind: request.kind,
      seed,
      start: experiment.start,
      horizonS: experiment.horizonS,
      warmUpS,
      drawParameters: true,
      outputStepS: 3_600,
    };
    const tasks = [0, 1].flatMap((model) =>
      Array.from({ length: count }, (_, replication): SimulationTask => ({ model, options: { ...options, replication } })),
    );
    outcomes = await pool.run({ models: [experiment.live, experiment.branch], tasks, priority: 0 }, undefined, signal);
  }
  return told.map((goal): ConfirmedGoal => {
    const kpi = result.kpis.find(({ key }) => key === goal);
    if (kpi)
      return {
        goal,
        live: kpi.live.mean,
        branch: kpi.branch.mean,
        difference: kpi.difference.mean,
        halfWidth: kpi.difference.halfWidth,
        relevant: kpi.difference.relevant,
        verdict: kpi.verdict,
      };
    if (!priced.includes(goal)) throw new DoppelwerkError("DW_INVALID", message("simulate.runTellsNothing", { goal }));
    const value = (side: "live" | "branch") => {
      const at = side === "live" ? factors.map((factor) => factor.live) : point;
      const variant = variantOf(problem, experiment[side].edited, at);
      return outcomes
        .slice(side === "live" ? 0 : count, side === "live" ? count : 2 * count)
        .map((outcome) => lineGoalValue(goal, outcome, request.prices, variant));
    };
    const live = value("live");
    const branch = value("branch");
    const difference = pairedDifference(live, branch, goalOf(goal).better, RELEVANT_SHARE * Math.abs(summarise(live).mean));
    return {
      goal,
      live: summarise(live).mean,
      branch: summarise(branch).mean,
      difference: difference.mean,
      halfWidth: difference.halfWidth,
      relevant: difference.relevant,
      verdict: difference.verdict,
    };
  });
}
