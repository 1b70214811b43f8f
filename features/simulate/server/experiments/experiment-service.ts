import { messagesOf } from "../../model/warning-messages.ts";
import { createHash } from "node:crypto";
import type { ExperimentPointModel, ExperimentRequest, ExperimentResult, ExperimentSummary } from "@doppelwerk/client";
import type { JobRun, Jobs } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import type { LineModels } from "@doppelwerk/ports";
import { lineKpis, PILOT_REPLICATIONS, runFactorStudy, studyPoints, validateLineModel, warmUpSecondsOf } from "@doppelwerk/sim";
import type { FactorStudy, KeptOutcome, Outcome, ReplicationOptions, StudyReport, StudyTask } from "@doppelwerk/sim";
import { canonicalJson, DoppelwerkError, failureOf } from "@doppelwerk/world";
import type { BranchId, IdSource, Json, WorldView } from "@doppelwerk/world";
import { experimentSummaryOf, jobOfEarlierExperiment, type ExperimentDetail, type ExperimentJob } from "../../model/experiment-job.ts";
import { simulationsOf } from "../decide/simulations.ts";
import type { EarlierFolder } from "../kept/earlier-folder.ts";
import { KeptFiles, packed } from "../kept/kept-files.ts";
import { Saving } from "../kept/saving.ts";
import { factorInfo } from "./experiment-factor.ts";
import type { ExperimentPlan, KeptTask } from "./experiment-plan.ts";

export interface ExperimentServiceOptions {
  readonly jobs: Jobs;
  /** Where earlier versions kept experiments. */
  readonly earlier: EarlierFolder;
  readonly ids: IdSource;
  readonly codeVersion: string;
  readonly line: Pick<LineModels, "factors" | "points">;
  onDamage(file: string, error: unknown): void;
}

const KIND = "simulate.experiment";
const MAX_POINTS = 512;
const MAX_REPLICATIONS = 100_000;
/** The course of an output over time serves the warm-up only. */
const PILOT_STEP_S = 300;
const STEP_S = 3_600;
/** Behind what a person waits for, before backtests. */
const PRIORITY = 0.5;

/** Designed experiments on a branch as jobs: planned from its documents, every outcome kept as it comes, so that a crash costs at most what was being simulated. */
export class ExperimentService {
  readonly #options: ExperimentServiceOptions;
  readonly #kept: KeptFiles<ExperimentPlan, ExperimentResult, KeptTask>;

  constructor(options: ExperimentServiceOptions) {
    this.#options = options;
    this.#kept = new KeptFiles(options.jobs.files, options.earlier);
  }

  /** Adopts the experiments of an earlier version. */
  async open(): Promise<void> {
    const { jobs, earlier, onDamage } = this.#options;
    const known = (await jobs.list({ kind: KIND })).map(({ id }) => id);
    const lost = failureOf(new DoppelwerkError("DW_UNAVAILABLE", message("simulate.serverEndedBeforeExperimentPlanned")));
    const kept = [...(earlier.unknown(known, onDamage) as Iterable<ExperimentSummary>)];
    await jobs.adopt(kept.map((summary) => jobOfEarlierExperiment(summary, earlier.bytes(summary.id, "plan.gz") !== undefined, lost)));
  }

  async list(branch: BranchId): Promise<readonly ExperimentSummary[]> {
    const found = (await this.#options.jobs.list({ kind: KIND, branch })) as readonly ExperimentJob[];
    return found.map(experimentSummaryOf).sort((a, b) => a.startedAt - b.startedAt);
  }

  async summary(id: string): Promise<ExperimentSummary> {
    return experimentSummaryOf(await this.#job(id));
  }

  /** The result; one without points while it runs. */
  async get(id: string): Promise<ExperimentResult> {
    const summary = await this.summary(id);
    const result = await this.#kept.result(id);
    if (result) return { ...result, ...messagesOf(result), experiment: summary };
    const plan = await this.#kept.plan(id);
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
      ...(plan.warningsTold && { warningsTold: plan.warningsTold, warningMessages: plan.warningsTold }),
      model: { hash: "", seed: plan.study.seed, code: plan.code, warmUpS: 0 },
    };
  }

  async point(id: string, point: number): Promise<ExperimentPointModel> {
    const result = await this.get(id);
    const plan = (await this.#kept.plan(id))!;
    const model = plan.models[point];
    if (model === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.experimentNoPoint", { id, point }));
    return { model, asIs: plan.models[studyPoints(plan.study).reference]!, options: { ...plan.options, warmUpS: result.model.warmUpS } };
  }

  /** Replications of every point, for a table. */
  async outcomes(id: string): Promise<readonly KeptTask[]> {
    await this.summary(id);
    return (await this.#kept.outcomes(id)).toSorted((a, b) => a.point - b.point || a.replication - b.replication);
  }

  /** Refused with one sentence where the design cannot be, a point is no line that can run, or a factor changes nothing. Errors: DW_QUEUE_FULL. */
  async start(view: WorldView, branch: BranchId, request: ExperimentRequest): Promise<ExperimentSummary> {
    const decision = view.may("run", view.branch(branch).id);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    const plan = await this.#plan(view, branch, request);
    return this.#begin(branch, view.principal.id, plan);
  }

  /** The same plan again, from its first replication. */
  async rerun(id: string, by: string): Promise<ExperimentSummary> {
    const { branch } = await this.summary(id);
    const plan = await this.#kept.plan(id);
    if (!plan) throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.experimentKeptNoPlan", { id }));
    return this.#begin(branch, by, plan, id);
  }

  /** Resumes an experiment that was cancelled or failed. */
  async resume(id: string): Promise<ExperimentSummary> {
    const summary = await this.summary(id);
    if (summary.state === "running" || summary.state === "done") return summary;
    if ((await this.#kept.plan(id)) === undefined)
      throw new DoppelwerkError("DW_INVALID", message("simulate.experimentKeptNoPlan", { id }));
    return experimentSummaryOf((await this.#options.jobs.requeue(id)) as ExperimentJob);
  }

  async cancel(id: string): Promise<void> {
    await this.summary(id);
    await this.#options.jobs.cancel(id);
  }

  /** Carries an experiment out: the handler of its job. */
  async carryOut(
    { id, detail }: ExperimentJob,
    run: JobRun,
  ): Promise<{ readonly detail: ExperimentDetail; readonly done: number; readonly total: number }> {
    const plan = (await this.#kept.plan(id))!;
    const kept = new Map((await this.#kept.outcomes(id)).map((task) => [keyOf(task), task.outcome]));
    const warmUpS = plan.options.kind === "study" ? await warmUp(plan, run) : 0;
    const saving = new Saving();
    let asked = 0;
    let done = 0;
    const show = (): void => saving.add(() => run.report({ done, total: Math.max(asked, firstTotal(plan)) }));
    const report = await runFactorStudy(plan.study, async (tasks) => {
      asked += tasks.length;
      const missing = tasks.filter((task) => !kept.has(keyOf(task)));
      done += tasks.length - missing.length;
      show();
      await simulatePoints(plan, warmUpS, missing, run, (task, outcome) => {
        kept.set(keyOf(task), outcome);
        done++;
        saving.add(() => this.#kept.addOutcome(id, { ...task, outcome }));
        show();
      });
      await saving.done();
      return tasks.map((task) => kept.get(keyOf(task))!);
    });
    const result = resultOf(await this.summary(id), plan, report, warmUpS);
    const { resultHash } = result.experiment;
    const of = detail.rerunOf === undefined ? undefined : (await this.#job(detail.rerunOf)).detail.resultHash;
    const ended: ExperimentDetail = {
      ...detail,
      ...(resultHash === undefined ? {} : { resultHash }),
      ...(of === undefined ? {} : { sameHash: of === resultHash }),
    };
    await this.#kept.putResult(id, { ...result, checks: checksOf([...kept.values()]) });
    return { detail: ended, done, total: done };
  }

  async #begin(branch: BranchId, by: string, plan: ExperimentPlan, rerunOf?: string): Promise<ExperimentSummary> {
    const detail: ExperimentDetail = {
      name: plan.request.name,
      points: plan.models.length,
      factors: plan.factors.map(({ key }) => key),
      ...(rerunOf === undefined ? {} : { rerunOf }),
    };
    const job = await this.#options.jobs.enqueue(
      { id: this.#options.ids.next("experiment"), kind: KIND, branch, by, priority: 1, detail },
      { "plan.gz": packed(plan) },
    );
    return experimentSummaryOf(job as ExperimentJob);
  }

  async #job(id: string): Promise<ExperimentJob> {
    const job = await this.#options.jobs.get(id);
    if (job?.kind !== KIND) throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.noExperimentId", { id }));
    return job as ExperimentJob;
  }

  async #plan(view: WorldView, branch: BranchId, request: ExperimentRequest): Promise<ExperimentPlan> {
    const known = await this.#options.line.factors(view.principal, branch, request.line);
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
    if (points.length > MAX_POINTS)
      throw new DoppelwerkError("DW_INVALID", message("simulate.designPoints", { count: points.length, max: MAX_POINTS }));
    const each = "count" in request.replications ? request.replications.count : request.replications.most;
    if (points.length * each > MAX_REPLICATIONS)
      throw new DoppelwerkError(
        "DW_INVALID",
        message("simulate.pointsUpReplicationsMoreAll", { count: points.length, each, max: MAX_REPLICATIONS }),
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
}

/** The longest warm-up of the line as it stands and the point farthest from it counts for all: their figures must be of the same span. */
async function warmUp(plan: ExperimentPlan, run: JobRun): Promise<number> {
  const { reference } = studyPoints(plan.study);
  const last = reference === plan.models.length - 1 ? 0 : plan.models.length - 1;
  const models = [plan.models[reference]!, plan.models[last]!];
  const seed = plan.options.seed + 7_919;
  const options = { ...plan.options, outputStepS: PILOT_STEP_S, seed, warmUpS: 0, drawParameters: false };
  const tasks = models.flatMap((_, model) =>
    Array.from({ length: PILOT_REPLICATIONS }, (__, replication) => ({ model, options: { ...options, replication } })),
  );
  const pilots = await simulationsOf(run.perform).run({ models, tasks, priority: PRIORITY }, undefined, run.signal);
  return Math.max(...models.map((_, model) => warmUpSecondsOf(pilots.slice(model * PILOT_REPLICATIONS, (model + 1) * PILOT_REPLICATIONS))));
}

async function simulatePoints(
  plan: ExperimentPlan,
  warmUpS: number,
  tasks: readonly StudyTask[],
  run: JobRun,
  onOutcome: (task: StudyTask, outcome: KeptOutcome) => void,
): Promise<void> {
  // Only models that are wanted travel to the workers.
  const wanted = [...new Set(tasks.map(({ point }) => point))];
  const options: Omit<ReplicationOptions, "replication"> = { ...plan.options, warmUpS, drawParameters: true };
  await simulationsOf(run.perform).run(
    {
      models: wanted.map((point) => plan.models[point]!),
      tasks: tasks.map(({ point, replication }) => ({ model: wanted.indexOf(point), options: { ...options, replication } })),
      priority: PRIORITY,
    },
    (_done, _total, task, outcome) => onOutcome(tasks[task]!, withoutCourse(outcome)),
    run.signal,
  );
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

const UNITS = Object.fromEntries(lineKpis.map(({ key, unit }) => [key, unit])) as NonNullable<ExperimentResult["units"]>;

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
  return { experiment: { ...summary, resultHash: sha256(JSON.parse(JSON.stringify(body)) as Json) }, ...body, ...told, units: UNITS };
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
