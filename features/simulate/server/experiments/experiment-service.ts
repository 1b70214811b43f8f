import { createHash } from "node:crypto";
import type { ExperimentPointModel, ExperimentRequest, ExperimentResult, ExperimentSummary } from "@doppelwerk/client";
import { message } from "@doppelwerk/messages";
import type { LineModels } from "@doppelwerk/ports";
import { PILOT_REPLICATIONS, runFactorStudy, studyPoints, validateLineModel, warmUpSecondsOf } from "@doppelwerk/sim";
import type { FactorStudy, KeptOutcome, Outcome, ReplicationOptions, StudyReport, StudyTask } from "@doppelwerk/sim";
import { canonicalJson, DoppelwerkError, failureOf } from "@doppelwerk/world";
import type { BranchId, Clock, IdSource, Json, WorldView } from "@doppelwerk/world";
import type { SimulationPool } from "../decide/simulation-pool.ts";
import { factorInfo } from "./experiment-factor.ts";
import type { ExperimentPlan, ExperimentStore, KeptTask } from "./experiment-plan.ts";

export interface ExperimentServiceOptions {
  readonly pool: SimulationPool;
  readonly store: ExperimentStore;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly codeVersion: string;
  readonly line: Pick<LineModels, "factors" | "points">;
}

const MOST_POINTS = 512;
const MOST_REPLICATIONS = 100_000;
/** The course of an output over time serves the warm-up only. */
const PILOT_STEP_S = 300;
const STEP_S = 3_600;
/** Behind what a person waits for, before backtests. */
const PRIORITY = 0.5;

/** Designed experiments on a branch: planned from its documents, carried out in the pool, kept so that a crash costs at most what was being simulated. */
export class ExperimentService {
  readonly #options: ExperimentServiceOptions;
  readonly #cancels = new Map<string, AbortController>();
  readonly #ends = new Map<string, Promise<void>>();
  #closing = false;

  constructor(options: ExperimentServiceOptions) {
    this.#options = options;
  }

  /** Goes on with what was running when the server ended. */
  open(): void {
    for (const summary of this.#options.store.list()) {
      if (summary.state !== "running") continue;
      if (this.#options.store.plan(summary.id) === undefined)
        this.#options.store.put({
          ...summary,
          state: "failed",
          ...failureOf(new DoppelwerkError("DW_UNAVAILABLE", message("simulate.serverEndedBeforeExperimentPlanned"))),
        });
      else this.#goOn({ ...summary, resumed: (summary.resumed ?? 0) + 1 });
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
    for (const cancel of this.#cancels.values()) cancel.abort();
    await Promise.all(this.#ends.values());
  }

  list(branch: BranchId): readonly ExperimentSummary[] {
    return this.#options.store
      .list()
      .filter((summary) => summary.branch === branch)
      .toSorted((a, b) => a.startedAt - b.startedAt);
  }

  summary(id: string): ExperimentSummary {
    const summary = this.#options.store.get(id);
    if (!summary) throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.noExperimentId", { id }));
    return summary;
  }

  /** The result; one without points while it runs. */
  get(id: string): ExperimentResult {
    const summary = this.summary(id);
    const result = this.#options.store.result(id);
    if (result) return { ...result, experiment: summary };
    const plan = this.#options.store.plan(id);
    if (!plan) throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.experimentKeptNoPlan", { id }));
    return {
      experiment: summary,
      request: plan.request,
      factors: plan.factors,
      points: [],
      reference: 0,
      effects: {},
      best: undefined,
      warnings: plan.warnings,
      ...(plan.warningsTold && { warningsTold: plan.warningsTold }),
      model: { hash: "", seed: plan.study.seed, code: plan.code, warmUpS: 0 },
    };
  }

  point(id: string, point: number): ExperimentPointModel {
    const result = this.get(id);
    const plan = this.#options.store.plan(id)!;
    const model = plan.models[point];
    if (model === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.experimentNoPoint", { id, point }));
    return { model, asIs: plan.models[studyPoints(plan.study).reference]!, options: { ...plan.options, warmUpS: result.model.warmUpS } };
  }

  /** Replications of every point, for a table. */
  outcomes(id: string): readonly KeptTask[] {
    this.summary(id);
    return this.#options.store.outcomes(id).toSorted((a, b) => a.point - b.point || a.replication - b.replication);
  }

  /** Refused with one sentence where the design cannot be, a point is no line that can run, or a factor changes nothing. */
  async start(view: WorldView, branch: BranchId, request: ExperimentRequest): Promise<ExperimentSummary> {
    const decision = view.may("run", view.branch(branch).id);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    const plan = await this.#plan(view, branch, request);
    return this.#begin(branch, plan);
  }

  /** The same plan again, from its first replication. */
  rerun(id: string): ExperimentSummary {
    const { branch } = this.summary(id);
    const plan = this.#options.store.plan(id);
    if (!plan) throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.experimentKeptNoPlan", { id }));
    return this.#begin(branch, plan, id);
  }

  /** Goes on with an experiment that was cancelled or failed. */
  resume(id: string): ExperimentSummary {
    const summary = this.summary(id);
    if (summary.state === "running" || summary.state === "done") return summary;
    if (this.#options.store.plan(id) === undefined)
      throw new DoppelwerkError("DW_INVALID", message("simulate.experimentKeptNoPlan", { id }));
    const { message: _message, reason: _reason, finishedAt: _finishedAt, ...rest } = summary;
    const again: ExperimentSummary = { ...rest, state: "running" };
    this.#goOn(again);
    return again;
  }

  cancel(id: string): void {
    this.summary(id);
    this.#cancels.get(id)?.abort();
  }

  #begin(branch: BranchId, plan: ExperimentPlan, rerunOf?: string): ExperimentSummary {
    const summary: ExperimentSummary = {
      id: this.#options.ids.next("experiment"),
      branch,
      name: plan.request.name,
      state: "running",
      done: 0,
      total: 0,
      points: plan.models.length,
      factors: plan.factors.map(({ key }) => key),
      startedAt: this.#options.clock.now(),
      ...(rerunOf === undefined ? {} : { rerunOf }),
    };
    this.#options.store.putPlan(summary.id, plan);
    this.#goOn(summary);
    return summary;
  }

  #goOn(summary: ExperimentSummary): void {
    this.#options.store.put(summary);
    const cancel = new AbortController();
    this.#cancels.set(summary.id, cancel);
    const end = this.#carryOut(summary, cancel.signal).finally(() => {
      this.#cancels.delete(summary.id);
      this.#ends.delete(summary.id);
    });
    this.#ends.set(summary.id, end);
  }

  async #plan(view: WorldView, branch: BranchId, request: ExperimentRequest): Promise<ExperimentPlan> {
    const known = await this.#options.line.factors(view.principal, branch);
    const reader = view.reader(branch);
    const factors = request.factors.map((factor) => factorInfo(reader, branch, factor, known));
    const twice = factors.find(({ element }, index) => factors.findIndex((other) => other.element === element) !== index);
    if (twice) throw new DoppelwerkError("DW_INVALID", message("simulate.factorTwice", { key: twice.key }));
    const study: FactorStudy = {
      seed: request.seed,
      kpi: request.kpi,
      goal: request.goal,
      factors: request.factors.map(({ element: _element, ...levels }, index) => ({ id: factors[index]!.key, ...levels })),
      design: request.design,
      asIs: factors.map(({ asIs }) => asIs),
      replications: request.replications,
      ...(request.relevantShare === undefined ? {} : { relevantShare: request.relevantShare }),
    };
    const { points } = designOf(study);
    if (points.length > MOST_POINTS)
      throw new DoppelwerkError("DW_INVALID", message("simulate.designPoints", { count: points.length, max: MOST_POINTS }));
    const each = "count" in request.replications ? request.replications.count : request.replications.most;
    if (points.length * each > MOST_REPLICATIONS)
      throw new DoppelwerkError(
        "DW_INVALID",
        message("simulate.pointsUpReplicationsMoreAll", { count: points.length, each, max: MOST_REPLICATIONS }),
      );
    const values = points.map((point) => new Map(factors.map(({ element }, index) => [element, String(point[index]!)])));
    const { models, start, horizonS, warnings, warningsTold } = await this.#options.line.points(view.principal, branch, request, values);
    models.forEach(({ edited }, index) => {
      const fault = validateLineModel(edited).find(({ severity }) => severity === "error");
      if (fault)
        throw new DoppelwerkError(
          "DW_INVALID",
          message("simulate.pointNoLineCanRun", {
            index: index + 1,
            index2: points[index]!.join(", "),
            path: fault.path,
            reason: fault.message,
          }),
        );
    });
    const texts = models.map(({ edited }) => JSON.stringify(edited));
    factors.forEach(({ key }, index) => {
      const others = (point: readonly (number | string)[]): string => JSON.stringify(point.filter((_, at) => at !== index));
      const moved = points.some((a, i) => points.some((b, j) => j < i && a[index] !== b[index] && others(a) === others(b)));
      const seen = points.some((a, i) =>
        points.some((b, j) => j < i && a[index] !== b[index] && others(a) === others(b) && texts[i] !== texts[j]),
      );
      if (moved && !seen) throw new DoppelwerkError("DW_INVALID", message("simulate.changesNothingSimulationKnows", { key }));
    });
    if (new Set(texts).size === 1) throw new DoppelwerkError("DW_INVALID", message("simulate.noFactorChangesAnythingSimulationKnows"));
    return {
      request,
      study,
      factors,
      models,
      options: { kind: request.kind, seed: request.seed, start, horizonS, outputStepS: STEP_S },
      warnings,
      ...(warningsTold && { warningsTold }),
      code: this.#options.codeVersion,
    };
  }

  async #carryOut(begun: ExperimentSummary, signal: AbortSignal): Promise<void> {
    const { store, clock } = this.#options;
    let summary = begun;
    try {
      const plan = store.plan(begun.id)!;
      const kept = new Map(store.outcomes(begun.id).map((task) => [keyOf(task), task.outcome]));
      const warmUpS = plan.options.kind === "study" ? await this.#warmUp(begun.id, plan, signal) : 0;
      let asked = 0;
      let done = 0;
      const tell = (): void => {
        // told from memory; the file follows at the end, a crash counts the outcomes anew
        summary = { ...summary, done, total: Math.max(asked, firstTotal(plan)) };
        store.tell(summary);
      };
      const report = await runFactorStudy(plan.study, async (tasks) => {
        asked += tasks.length;
        const missing = tasks.filter((task) => !kept.has(keyOf(task)));
        done += tasks.length - missing.length;
        tell();
        await this.#simulate(begun.id, plan, warmUpS, missing, signal, (task, outcome) => {
          kept.set(keyOf(task), outcome);
          store.addOutcome(begun.id, { ...task, outcome });
          done++;
          tell();
        });
        return tasks.map((task) => kept.get(keyOf(task))!);
      });
      const result = resultOf({ ...summary, done, total: done, state: "done", finishedAt: clock.now() }, plan, report, warmUpS);
      const of = begun.rerunOf === undefined ? undefined : store.get(begun.rerunOf)?.resultHash;
      const finished = of === undefined ? result.experiment : { ...result.experiment, sameHash: of === result.experiment.resultHash };
      store.putResult(begun.id, { ...result, experiment: finished, checks: checksOf([...kept.values()]) });
      store.put(finished);
    } catch (error) {
      const cancelled = error instanceof DoppelwerkError && error.code === "DW_CANCELLED";
      // ended with the server: it is gone on with when that opens again
      if (this.#closing && cancelled) return;
      store.put({ ...summary, state: cancelled ? "cancelled" : "failed", finishedAt: clock.now(), ...(cancelled ? {} : failureOf(error)) });
    }
  }

  /** The longest warm-up of the line as it stands and the point farthest from it counts for all: their figures must be of the same span. */
  async #warmUp(id: string, plan: ExperimentPlan, signal: AbortSignal): Promise<number> {
    const { reference } = studyPoints(plan.study);
    const last = reference === plan.models.length - 1 ? 0 : plan.models.length - 1;
    const models = [plan.models[reference]!, plan.models[last]!];
    const tasks = models.flatMap((_, model) =>
      Array.from({ length: PILOT_REPLICATIONS }, (__, replication) => ({
        model,
        options: {
          ...plan.options,
          outputStepS: PILOT_STEP_S,
          seed: plan.options.seed + 7_919,
          warmUpS: 0,
          replication,
          drawParameters: false,
        },
      })),
    );
    const pilots = await this.#options.pool.run({ id: `${id}/pilot`, models, tasks, priority: PRIORITY }, undefined, signal);
    return Math.max(
      ...models.map((_, model) => warmUpSecondsOf(pilots.slice(model * PILOT_REPLICATIONS, (model + 1) * PILOT_REPLICATIONS))),
    );
  }

  async #simulate(
    id: string,
    plan: ExperimentPlan,
    warmUpS: number,
    tasks: readonly StudyTask[],
    signal: AbortSignal,
    onOutcome: (task: StudyTask, outcome: KeptOutcome) => void,
  ): Promise<void> {
    // Only models that are wanted travel to the workers.
    const wanted = [...new Set(tasks.map(({ point }) => point))];
    const options: Omit<ReplicationOptions, "replication"> = {
      ...plan.options,
      warmUpS,
      drawParameters: true,
    };
    await this.#options.pool.run(
      {
        id: `${id}/${tasks[0]?.replication ?? 0}`,
        models: wanted.map((point) => plan.models[point]!),
        tasks: tasks.map(({ point, replication }) => ({ model: wanted.indexOf(point), options: { ...options, replication } })),
        priority: PRIORITY,
      },
      (_done, _total, task, outcome) => onOutcome(tasks[task]!, withoutCourse(outcome)),
      signal,
    );
  }
}

const keyOf = ({ point, replication }: StudyTask): string => `${point}/${replication}`;

function withoutCourse({ output: _output, ...kept }: Outcome): KeptOutcome {
  return kept;
}

/** At least so many replications come. */
function firstTotal({ models, request }: ExperimentPlan): number {
  return models.length * ("count" in request.replications ? request.replications.count : Math.min(10, request.replications.most));
}

function designOf(study: FactorStudy): ReturnType<typeof studyPoints> {
  try {
    return studyPoints(study);
  } catch (error) {
    throw new DoppelwerkError("DW_INVALID", message("simulate.design", { reason: (error as Error).message }));
  }
}

function resultOf(summary: ExperimentSummary, plan: ExperimentPlan, report: StudyReport, warmUpS: number): ExperimentResult {
  const body: Omit<ExperimentResult, "experiment"> = {
    request: plan.request,
    factors: plan.factors,
    points: report.points.map((point, index) => ({ ...point, modelHash: sha256(plan.models[index] as unknown as Json) })),
    reference: report.reference,
    effects: report.effects,
    ...(report.resolution === undefined || !Number.isFinite(report.resolution) ? {} : { resolution: report.resolution }),
    best: report.best,
    warnings: plan.warnings,
    model: { hash: sha256(plan.models as unknown as Json), seed: plan.study.seed, code: plan.code, warmUpS },
  };
  // words are no part of what was found: the hash is that of earlier versions
  const told = plan.warningsTold && { warningsTold: plan.warningsTold };
  return { experiment: { ...summary, resultHash: sha256(JSON.parse(JSON.stringify(body)) as Json) }, ...body, ...told };
}

function checksOf(outcomes: readonly KeptOutcome[]): ExperimentResult["checks"] {
  return {
    // an outcome of an earlier version says nothing of it
    conservation: outcomes.every(({ conservation }) => conservation !== false),
    littlesLaw: outcomes.every(({ littlesLaw }) => littlesLaw !== false),
    replications: outcomes.length,
  };
}

function sha256(value: Json): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}
