import type { OptimisationPoint, OptimisationRequest } from "@doppelwerk/client";
import { message } from "@doppelwerk/messages";
import type { FactorValue, LineExperiment } from "@doppelwerk/ports";
import { RELEVANT_SHARE, type ExperimentModel, type LineModel, type Outcome } from "@doppelwerk/sim";
import { GridSearch, lineGoals, lineGoalValue, type GridPoint, type GridTrial, type LineVariant } from "@doppelwerk/sim/optimise";
import { DoppelwerkError, SECOND, type RecordId } from "@doppelwerk/world";
import type { SimulationJob, SimulationTask } from "../decide/simulations.ts";

/** Left out at the start of a study while searching; the confirming run finds out by itself how long (MSER-5). */
const WARM_UP_S = 3_600;
/** What a shift works where the line has no calendar. */
const SHIFT_H = 8;

/** A request whose factors were found on the branch. */
export interface LineProblem {
  readonly request: OptimisationRequest;
  /** In the order of the request. */
  readonly factors: readonly FactorValue[];
}

/** Finds the factors on the branch. Bounds are judged once, before the search begins: ranges follow the values, and those change when a winner is put there. */
export function lineProblem(request: OptimisationRequest, known: readonly FactorValue[]): LineProblem {
  return {
    request,
    factors: request.factors.map(({ key }) => {
      const factor = known.find((candidate) => candidate.key === key);
      if (!factor) throw new DoppelwerkError("DW_INVALID", message("simulate.optimisationBranchNoFactor", { key }));
      return factor;
    }),
  };
}

/** Throws DW_INVALID naming what cannot be: bounds beyond a factor's range, totals of strangers, goals without prices. */
export function checkLineProblem({ request, factors }: LineProblem): void {
  for (const [i, { key, min, max }] of request.factors.entries()) {
    const factor = factors[i]!;
    if (!(min <= max)) throw new DoppelwerkError("DW_INVALID", message("simulate.optimisationLeastLiesAboveMost", { key, min, max }));
    if (min < factor.min || max > factor.max)
      throw new DoppelwerkError(
        "DW_INVALID",
        message("simulate.optimisationMayNot", { key, min: factor.min, max: factor.max, min2: min, max2: max }),
      );
  }
  const keys = request.factors.map(({ key }) => key);
  if (new Set(keys).size < keys.length) throw new DoppelwerkError("DW_INVALID", message("simulate.optimisationFactorNamedTwice"));
  const inTotals = request.totals.flatMap((total) => total.keys);
  const stranger = inTotals.find((key) => !keys.includes(key));
  if (stranger !== undefined)
    throw new DoppelwerkError("DW_INVALID", message("simulate.optimisationTotalNamesFactorNotChosen", { stranger }));
  if (new Set(inTotals).size < inTotals.length) throw new DoppelwerkError("DW_INVALID", message("simulate.optimisationFactorTwoTotals"));
  for (const total of request.totals) {
    const steps = new Set(total.keys.map((key) => factors[keys.indexOf(key)]!.step));
    if (steps.size > 1)
      throw new DoppelwerkError("DW_INVALID", message("simulate.optimisationFactorsTotalNeedSameStep", { keys: total.keys.join(", ") }));
  }
  const keep = keptGoals(request);
  const asGoal = keep.find((goal) => request.goals.includes(goal));
  if (asGoal !== undefined) throw new DoppelwerkError("DW_INVALID", message("simulate.optimisationGoalCannotKept", { asGoal }));
  if (new Set(keep).size < keep.length) throw new DoppelwerkError("DW_INVALID", message("simulate.optimisationKeptNamedTwice"));
  const told = [...request.goals, ...keep];
  if (told.includes("energy") && !request.prices.workingKw && !request.prices.waitingKw)
    throw new DoppelwerkError("DW_INVALID", message("simulate.optimisationEnergyCanToldPowerPlace"));
  if (told.includes("cost") && request.factors.every(({ price }) => !price) && Object.values(request.prices).every((value) => !value))
    throw new DoppelwerkError("DW_INVALID", message("simulate.optimisationCostNeedsLeastPrice"));
}

/** The search of a problem; the same for the same request and present values. Throws DW_INVALID when the totals cannot be kept. */
export function gridSearchOf({ request, factors }: LineProblem): GridSearch {
  const keys = request.factors.map(({ key }) => key);
  try {
    return new GridSearch(
      {
        dimensions: request.factors.map(({ min, max }, i) => ({ lower: min, upper: max, step: factors[i]!.step })),
        present: factors.map(({ value }) => value),
        totals: request.totals.map(({ keys: members, kind, total }) => ({ members: members.map((key) => keys.indexOf(key)), kind, total })),
        objectives: request.goals.length,
        kept: keptGoals(request).map(() => ({ toleranceShare: RELEVANT_SHARE })),
      },
      { seed: request.seed, replications: request.budget },
    );
  } catch (error) {
    throw error instanceof RangeError
      ? new DoppelwerkError("DW_INVALID", message("simulate.optimisation", { reason: error.message }))
      : error;
  }
}

/** What the pool has to simulate for these trials: a model a trial, and its replications one after another. */
export async function trialJob(
  problem: LineProblem,
  experiment: LineExperiment,
  trials: readonly GridTrial[],
): Promise<SimulationJob<ExperimentModel>> {
  const { request } = problem;
  const warmUpS = request.kind === "study" ? WARM_UP_S : 0;
  const options = {
    kind: request.kind,
    seed: request.seed,
    start: experiment.start,
    horizonS: experiment.horizonS,
    warmUpS,
    outputStepS: 3_600,
    drawParameters: true,
  };
  return {
    models: await experiment.variants(trials.map(({ point }) => valuesOf(problem, point))),
    tasks: trials.flatMap(({ from, to }, model) =>
      Array.from({ length: to - from }, (_, i): SimulationTask => ({ model, options: { ...options, replication: from + i } })),
    ),
    // a person who waits for a run goes first
    priority: 1,
  };
}

/** Outcomes of that job as the search takes them: everything is minimised there. */
export function trialValues(
  problem: LineProblem,
  models: readonly ExperimentModel[],
  trials: readonly GridTrial[],
  outcomes: readonly Outcome[],
): number[][][] {
  let at = 0;
  const told = [...problem.request.goals, ...keptGoals(problem.request)];
  return trials.map((trial, model) => {
    const variant = variantOf(problem, models[model]!.edited, trial.point);
    return Array.from({ length: trial.to - trial.from }, () => {
      const outcome = outcomes[at++]!;
      return told.map((goal) => signOf(goal) * lineGoalValue(goal, outcome, problem.request.prices, variant));
    });
  });
}

/** A point of the search as people read it. */
export function shownPoint({ request }: LineProblem, { point, values, replications }: GridPoint): OptimisationPoint {
  const keep = keptGoals(request);
  return {
    values: Object.fromEntries(request.factors.map(({ key }, d) => [key, point[d]!])),
    goals: request.goals.map((goal, o) => signOf(goal) * values[o]!),
    ...(keep.length === 0 ? {} : { kept: keep.map((goal, o) => signOf(goal) * values[request.goals.length + o]!) }),
    replications,
  };
}

/** What may not get worse; requests of earlier versions have nothing of it. */
export function keptGoals({ keep = [] }: OptimisationRequest): readonly OptimisationRequest["goals"][number][] {
  return keep;
}

export function goalOf(goal: OptimisationRequest["goals"][number]): (typeof lineGoals)[number] {
  return lineGoals.find((candidate) => candidate.goal === goal)!;
}

function signOf(goal: OptimisationRequest["goals"][number]): 1 | -1 {
  return goalOf(goal).better === "higher" ? -1 : 1;
}

function valuesOf({ factors }: LineProblem, point: ArrayLike<number>): ReadonlyMap<RecordId, number> {
  return new Map(factors.map(({ element }, d) => [element, point[d]!]));
}

export function variantOf({ request, factors }: LineProblem, model: LineModel, point: ArrayLike<number>): LineVariant {
  return {
    costPerShift: request.factors.reduce((sum, { price = 0 }, d) => sum + price * (point[d]! - factors[d]!.live), 0),
    shiftH: shiftHours(model),
    places: Object.fromEntries(model.stations.map(({ id, places }) => [id, places])),
  };
}

/** Mean net length of a shift. */
function shiftHours({ calendar }: LineModel): number {
  const lengths = (calendar?.shifts ?? []).map((shift) =>
    "startS" in shift
      ? shift.endS - shift.startS - (shift.breaks ?? []).reduce((sum, { durationS }) => sum + durationS, 0)
      : (shift.end - shift.start - (shift.breaks ?? []).reduce((sum, pause) => sum + pause.end - pause.start, 0)) / SECOND,
  );
  return lengths.length === 0 ? SHIFT_H : lengths.reduce((sum, length) => sum + length, 0) / lengths.length / 3_600;
}
