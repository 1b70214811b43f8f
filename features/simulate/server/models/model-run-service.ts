import { gunzipSync, gzipSync } from "node:zlib";
import type { ModelRunRequest, ModelRunResult, ModelRunSummary } from "@doppelwerk/client";
import { runFmu, type Fmu, type FmuRunOutcome } from "@doppelwerk/engines/fmi";
import type { JobRun, Jobs, PlantView } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { checkPlan, type ModelRunPlan } from "@doppelwerk/sim/models";
import { DoppelwerkError, failureOf, SECOND, type BranchId, type Clock, type IdSource } from "@doppelwerk/world";
import { jobOfEarlierModelRun, modelRunSummaryOf, type ModelRunDetail, type ModelRunJob } from "../../model/model-run-job.ts";
import type { EarlierFolder } from "../kept/earlier-folder.ts";
import { packed } from "../kept/kept-files.ts";
import { boundInputs, type BoundInputs } from "./model-inputs.ts";
import type { ModelLibrary } from "./model-library.ts";

export interface ModelRunServiceOptions {
  readonly library: ModelLibrary;
  readonly jobs: Jobs;
  /** Where earlier versions kept runs of models. */
  readonly earlier: EarlierFolder;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly native: boolean;
  onDamage(file: string, error: unknown): void;
}

/** What a run is carried out from; the model is found by its hash. */
interface ModelRunOrder {
  readonly request: ModelRunRequest;
  readonly plan: ModelRunPlan;
  readonly told: BoundInputs["told"];
}

/** Values of one result: what a screen can show and a file can hold. */
const MAX_VALUES = 2_000_000;
const DEADLINE_S = 120;
const KIND = "simulate.model";
const [PLAN, RESULT, STATE] = ["plan.gz", "result.gz", "state.gz"] as const;

/** Starts, follows, cancels and keeps runs of models on a branch, as jobs. One that is interrupted is computed again from its plan, to the same trace. */
export class ModelRunService {
  readonly #options: ModelRunServiceOptions;

  constructor(options: ModelRunServiceOptions) {
    this.#options = options;
  }

  /** Adopts the runs of an earlier version. */
  async open(): Promise<void> {
    const { jobs, earlier, onDamage } = this.#options;
    const known = (await jobs.list({ kind: KIND })).map(({ id }) => id);
    const lost = failureOf(new DoppelwerkError("DW_UNAVAILABLE", message("simulate.serverEndedDuringRun")));
    const kept = [...(earlier.unknown(known, onDamage) as Iterable<ModelRunSummary>)];
    await jobs.adopt(kept.map((run) => jobOfEarlierModelRun(run, lost)));
  }

  /** Newest first. */
  async list(branch: BranchId): Promise<readonly ModelRunSummary[]> {
    const found = (await this.#options.jobs.list({ kind: KIND, branch })) as readonly ModelRunJob[];
    return found.map(modelRunSummaryOf).sort((a, b) => b.startedAt - a.startedAt);
  }

  async summary(id: string): Promise<ModelRunSummary> {
    const job = await this.#options.jobs.get(id);
    if (job?.kind !== KIND) throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.noRunModelId", { id }));
    return modelRunSummaryOf(job as ModelRunJob);
  }

  async get(id: string): Promise<ModelRunResult> {
    const run = await this.summary(id);
    const result = run.state === "done" ? await this.#result(id) : undefined;
    return result === undefined ? unfinished(run) : { ...result, run };
  }

  async cancel(id: string): Promise<void> {
    await this.summary(id);
    await this.#options.jobs.cancel(id);
  }

  /** Everything that can be refused is refused before the run exists. */
  async start(
    { documents: view, history }: PlantView,
    branchId: BranchId,
    hash: string,
    request: ModelRunRequest,
  ): Promise<ModelRunSummary> {
    const { library, ids, clock, jobs } = this.#options;
    const decision = view.may("run", branchId);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    const branch = view.branch(branchId);
    const model = library.card(view, branchId, hash);
    const detail = await library.detail(view, branchId, hash);
    if (detail.runs.kind === "none")
      throw new DoppelwerkError("DW_INVALID", message("simulate.modelCannot", { name: model.name, why: detail.runs.why }));
    if (request.keepState && !detail.canFork)
      throw new DoppelwerkError("DW_INVALID", message("simulate.stateCannotSaved", { name: model.name }));
    const fmu = await library.fmu(hash);
    const { experiment } = fmu.description;
    const stepS = request.stepS ?? experiment.stepS ?? (experiment.stopS === undefined ? 1 : experiment.stopS / 500);
    const durationS = request.durationS ?? Math.max(stepS, (experiment.stopS ?? 500 * stepS) - (experiment.startS ?? 0));
    const before = request.continueFrom === undefined ? undefined : await this.#continued(request.continueFrom, branchId, hash, stepS);
    const from =
      request.from ?? before?.from ?? (branch.parent === undefined ? clock.now() - Math.round(durationS * SECOND) : branch.instant);
    const source = { reader: view.reader(branchId), history, branch, from, durationS };
    const bound = await boundInputs(fmu.description, request.bindings ?? [], source);
    const plan = planOf(fmu, request, bound, stepS, durationS);
    checkPlan(fmu.description, plan);
    const columns = (request.outputs?.length ?? detail.ports.filter(({ causality }) => causality === "output").length) + 1;
    if ((durationS / stepS) * columns > MAX_VALUES)
      throw new DoppelwerkError("DW_INVALID", message("simulate.moreValuesWouldKept", { max: MAX_VALUES }));
    const id = ids.next("modelrun");
    const runDetail: ModelRunDetail = {
      model: { hash, name: model.name, version: model.version },
      from,
      stepS,
      durationS,
      ...(request.keepState ? { keepsState: true } : {}),
      ...(request.continueFrom === undefined ? {} : { continueFrom: request.continueFrom }),
    };
    const order: ModelRunOrder = { request, plan, told: bound.told };
    await jobs.enqueue(
      { id, kind: KIND, branch: branchId, by: view.principal.id, priority: 0, total: 1, detail: runDetail },
      { [PLAN]: packed(order) },
    );
    return this.summary(id);
  }

  /** Carries a run out: the handler of its job. */
  async carryOut({ id, detail }: ModelRunJob, { signal }: JobRun): Promise<{ readonly done: number; readonly detail: ModelRunDetail }> {
    const { jobs, library, native } = this.#options;
    const order = await jobs.files.get(id, PLAN);
    if (order === undefined) throw new DoppelwerkError("DW_DAMAGED", message("simulate.runKeptNoPlan", { id }));
    const { request, plan, told } = JSON.parse(gunzipSync(order).toString()) as ModelRunOrder;
    const from = detail.continueFrom === undefined ? undefined : await this.#state(detail.continueFrom);
    const outcome = await runFmu(await library.fmu(detail.model.hash), {
      plan,
      deadlineS: DEADLINE_S,
      signal,
      native,
      ...(from === undefined ? {} : { from }),
      ...(request.keepState ? { snapshot: true } : {}),
    });
    if (outcome.snapshot !== undefined) await jobs.files.put(id, STATE, gzipSync(outcome.snapshot));
    const done: ModelRunDetail = { ...detail, traceHash: outcome.result.traceHash };
    await jobs.files.put(id, RESULT, packed(resultOf(await this.summary(id), request, told, outcome, plan.startS ?? 0)));
    return { done: 1, detail: done };
  }

  async #continued(id: string, branch: BranchId, hash: string, stepS: number): Promise<ModelRunSummary> {
    const job = (await this.#options.jobs.get(id)) as ModelRunJob | undefined;
    if (job?.kind !== KIND || job.detail.model.hash !== hash)
      throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.noRunModelGo", { id, branch }));
    if ((await this.#state(id)) === undefined) throw new DoppelwerkError("DW_INVALID", message("simulate.runKeptNoState", { id }));
    const run = modelRunSummaryOf(job);
    if (run.stepS !== stepS) throw new DoppelwerkError("DW_INVALID", message("simulate.runStep", { id, stepS: run.stepS }));
    return run;
  }

  async #state(id: string): Promise<Uint8Array | undefined> {
    const { jobs, earlier } = this.#options;
    const bytes = (await jobs.files.get(id, STATE)) ?? earlier.bytes(id, STATE);
    return bytes && new Uint8Array(gunzipSync(bytes));
  }

  async #result(id: string): Promise<ModelRunResult | undefined> {
    const { jobs, earlier } = this.#options;
    const bytes = await jobs.files.get(id, RESULT);
    return bytes === undefined ? earlier.json<ModelRunResult>(id, RESULT) : (JSON.parse(gunzipSync(bytes).toString()) as ModelRunResult);
  }
}

function planOf(fmu: Fmu, request: ModelRunRequest, bound: BoundInputs, stepS: number, durationS: number): ModelRunPlan {
  const { startS, tolerance } = fmu.description.experiment;
  return {
    stepS,
    durationS,
    parameters: bound.parameters,
    inputs: bound.inputs,
    ...(startS === undefined ? {} : { startS }),
    ...(tolerance === undefined ? {} : { tolerance }),
    ...(request.outputs === undefined ? {} : { outputs: request.outputs }),
    ...(request.stepAtInputs === undefined ? {} : { stepAtInputs: request.stepAtInputs }),
  };
}

function resultOf(
  run: ModelRunSummary,
  request: ModelRunRequest,
  told: BoundInputs["told"],
  { result, log }: FmuRunOutcome,
  startS: number,
): ModelRunResult {
  return {
    run,
    origin: "simulated",
    request,
    offsetsS: Array.from(result.timesS, (time) => time - startS),
    series: result.columns.map(({ name, unit, values }) => ({
      name,
      ...(unit === undefined ? {} : { unit }),
      values: Array.from(values, (value) => (Number.isFinite(value) ? value : null)),
    })),
    texts: result.texts,
    eventsS: result.eventsS.map((time) => time - startS),
    ...(result.endedByModelAtS === undefined ? {} : { endedByModelAtS: result.endedByModelAtS - startS }),
    steps: result.steps,
    inputs: told,
    log,
  };
}

function unfinished(run: ModelRunSummary): ModelRunResult {
  return { run, origin: "simulated", request: {}, offsetsS: [], series: [], texts: {}, eventsS: [], steps: 0, inputs: [], log: [] };
}
