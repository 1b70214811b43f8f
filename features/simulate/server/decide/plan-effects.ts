import { message, type Message } from "@doppelwerk/messages";
import type { AskedPlan, LineModels, PlanEffects, PlanEffectValue } from "@doppelwerk/ports";
import { pairedDifference, predictionQuantile, scaled, type ExperimentModel, type LineModel } from "@doppelwerk/sim";
import { DoppelwerkError, type BranchId, type Json, type Principal } from "@doppelwerk/world";
import type {} from "../../message-codes.ts";
import { hashOfJson } from "./result-body.ts";
import type { Simulations } from "./simulations.ts";

export interface PlanEffectsOptions {
  readonly line: Pick<LineModels, "experiment" | "isHistoryRead">;
  readonly pool: Simulations;
  readonly codeVersion: string;
}

const REPLICATIONS = 40;
const SHIFTS = 30;
const SEED = 20_013;
/** Of the horizon: a line that begins empty is not judged. */
const WARM_UP = 0.1;
const OUTPUT_STEP_S = 3_600;
/** Those that wait; a person waits for each. */
const MAX_WAITING = 10;

/** What maintenance plans bring: the line with the station taken out of work at intervals and fewer failures, and the line without, one at a time. */
export class PlanEffectsService implements PlanEffects {
  readonly #options: PlanEffectsOptions;
  #waiting = 0;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: PlanEffectsOptions) {
    this.#options = options;
  }

  async of(principal: Principal, branch: BranchId, asked: AskedPlan): Promise<PlanEffectValue | { readonly why: Message }> {
    if (this.#waiting >= MAX_WAITING)
      throw new DoppelwerkError("DW_QUEUE_FULL", message("simulate.planEffect.queue", { max: MAX_WAITING }));
    this.#waiting++;
    const made = this.#queue.then(() => this.#make(principal, branch, asked));
    this.#queue = Promise.allSettled([made]);
    try {
      return await made;
    } finally {
      this.#waiting--;
    }
  }

  async #make(principal: Principal, branch: BranchId, asked: AskedPlan): Promise<PlanEffectValue | { readonly why: Message }> {
    const { line: models, pool, codeVersion } = this.#options;
    if (!(await models.isHistoryRead())) return { why: message("simulate.stopEffect.reading") };
    const experiment = await models.experiment(principal, branch, { line: asked.line, kind: "study", seed: SEED, shifts: SHIFTS });
    const { start, horizonS } = experiment;
    const sides = withAndWithoutPlan(experiment.branch, asked);
    if (sides === undefined) return { why: message("simulate.stopEffect.noStation", { station: asked.station }) };
    if (asked.everyS > horizonS) return { why: message("simulate.planEffect.rare", { days: Math.round(horizonS / 86_400) }) };
    const options = {
      kind: "study" as const,
      seed: SEED,
      start,
      horizonS,
      warmUpS: horizonS * WARM_UP,
      drawParameters: true,
      outputStepS: OUTPUT_STEP_S,
    };
    const tasks = [0, 1].flatMap((model) =>
      Array.from({ length: REPLICATIONS }, (_, replication) => ({ model, options: { ...options, replication } })),
    );
    const good = (await pool.run({ models: [sides.without, sides.planned], tasks, priority: 0 })).map((outcome) => outcome.good);
    const [without, planned] = [good.slice(0, REPLICATIONS), good.slice(REPLICATIONS)];
    const { mean, halfWidth, verdict } = pairedDifference(without, planned, "higher");
    return {
      horizonS: horizonS * (1 - WARM_UP),
      replications: REPLICATIONS,
      seed: SEED,
      difference: { mean, halfWidth },
      without: spreadOf(without),
      with: spreadOf(planned),
      verdict,
      knowsFailures: sides.knowsFailures,
      model: { hash: hashOfJson([sides.without, sides.planned] as unknown as Json), code: codeVersion },
    };
  }
}

const PLANNED = "plannedMaintenance";
/** Seconds: it never comes. */
const NEVER = 1e9;

/** Both sides know the maintenance, so that they draw the same numbers; on one of them it never comes. Undefined where the model has no such station. */
export function withAndWithoutPlan(
  model: ExperimentModel,
  { station, everyS, durationS, prevented }: AskedPlan,
): { readonly without: ExperimentModel; readonly planned: ExperimentModel; readonly knowsFailures: boolean } | undefined {
  const own = model.edited.stations.find(({ id }) => id === station);
  if (own === undefined) return undefined;
  const stop = (between: number) => ({
    id: PLANNED,
    class: "failure" as const,
    clock: "calendar" as const,
    between: { kind: "constant" as const, value: between },
    duration: { kind: "constant" as const, value: durationS },
    scope: "station" as const,
    repairAlways: true,
  });
  const knowing = (line: LineModel, between: number, share: number): LineModel => ({
    ...line,
    stations: line.stations.map((each) =>
      each.id !== station
        ? each
        : {
            ...each,
            stops: [
              ...(each.stops ?? []).map((known) =>
                known.class === "failure" && share > 0 ? { ...known, between: scaled(known.between, 1 / (1 - share)) } : known,
              ),
              stop(between),
            ],
          },
    ),
  });
  const nominal = knowing(model.nominal, NEVER, 0);
  return {
    without: { ...model, nominal, edited: knowing(model.edited, NEVER, 0) },
    planned: { ...model, nominal, edited: knowing(model.edited, everyS, prevented) },
    knowsFailures: (own.stops ?? []).some((known) => known.class === "failure"),
  };
}

function spreadOf(values: readonly number[]): PlanEffectValue["with"] {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    low: predictionQuantile(sorted, 0.025),
    high: predictionQuantile(sorted, 0.975),
  };
}
