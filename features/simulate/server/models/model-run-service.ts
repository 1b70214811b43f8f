import type { ModelRunRequest, ModelRunResult, ModelRunSummary } from "@doppelwerk/client";
import { runFmu, type Fmu, type FmuRunOutcome } from "@doppelwerk/engines/fmi";
import type { PlantView } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { checkPlan, type ModelRunPlan } from "@doppelwerk/sim/models";
import { DoppelwerkError, SECOND, type BranchId, type Clock, type IdSource, failureOf } from "@doppelwerk/world";
import { boundInputs, type BoundInputs } from "./model-inputs.ts";
import type { ModelLibrary } from "./model-library.ts";
import type { ModelRunStore } from "./model-run-store.ts";

export interface ModelRunServiceOptions {
  readonly library: ModelLibrary;
  readonly store: ModelRunStore;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly native: boolean;
}

/** Values of one result: what a screen can show and a file can hold. */
const MAX_VALUES = 2_000_000;
const DEADLINE_S = 120;
/** Runs at once: each is a thread or a process, and the plant needs the machine. */
const MAX_RUNNING = 2;

/** Starts, follows, cancels and keeps runs of models on a branch. */
export class ModelRunService {
  readonly #options: ModelRunServiceOptions;
  readonly #cancels = new Map<string, AbortController>();

  constructor(options: ModelRunServiceOptions) {
    this.#options = options;
  }

  /** Newest first. */
  list(branch: BranchId): readonly ModelRunSummary[] {
    return this.#options.store
      .list()
      .filter((run) => run.branch === branch)
      .sort((a, b) => b.startedAt - a.startedAt);
  }

  summary(id: string): ModelRunSummary {
    const run = this.#options.store.get(id);
    if (run === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.noRunModelId", { id }));
    return run;
  }

  get(id: string): ModelRunResult {
    const run = this.summary(id);
    return this.#options.store.result(id) ?? unfinished(run);
  }

  cancel(id: string): void {
    this.summary(id);
    this.#cancels.get(id)?.abort();
  }

  /** Everything that can be refused is refused before the run exists. */
  async start(
    { documents: view, history }: PlantView,
    branchId: BranchId,
    hash: string,
    request: ModelRunRequest,
  ): Promise<ModelRunSummary> {
    const { library, ids, clock, store } = this.#options;
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
    const before = request.continueFrom === undefined ? undefined : this.#continued(request.continueFrom, branchId, hash, stepS);
    const from =
      request.from ?? before?.run.from ?? (branch.parent === undefined ? clock.now() - Math.round(durationS * SECOND) : branch.instant);
    const source = { reader: view.reader(branchId), history, branch, from, durationS };
    const bound = await boundInputs(fmu.description, request.bindings ?? [], source);
    const plan = planOf(fmu, request, bound, stepS, durationS);
    checkPlan(fmu.description, plan);
    const columns = (request.outputs?.length ?? detail.ports.filter(({ causality }) => causality === "output").length) + 1;
    if ((durationS / stepS) * columns > MAX_VALUES)
      throw new DoppelwerkError("DW_INVALID", message("simulate.moreValuesWouldKept", { max: MAX_VALUES }));
    if (this.#cancels.size >= MAX_RUNNING)
      throw new DoppelwerkError("DW_UNAVAILABLE", message("simulate.modelsRunning", { max: MAX_RUNNING }));
    const run: ModelRunSummary = {
      id: ids.next("modelrun"),
      branch: branchId,
      model: { hash, name: model.name, version: model.version },
      state: "running",
      startedAt: clock.now(),
      from,
      stepS,
      durationS,
      ...(request.keepState ? { keepsState: true } : {}),
      ...(request.continueFrom === undefined ? {} : { continueFrom: request.continueFrom }),
    };
    store.put(run);
    const cancel = new AbortController();
    this.#cancels.set(run.id, cancel);
    void this.#carryOut(run, fmu, request, plan, bound, before?.state, cancel.signal).finally(() => this.#cancels.delete(run.id));
    return run;
  }

  /** Ends what runs. */
  close(): void {
    for (const cancel of this.#cancels.values()) cancel.abort();
  }

  #continued(id: string, branch: BranchId, hash: string, stepS: number): { readonly run: ModelRunSummary; readonly state: Uint8Array } {
    const run = this.#options.store.get(id);
    if (run === undefined || run.model.hash !== hash)
      throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.noRunModelGo", { id, branch }));
    const state = this.#options.store.state(id);
    if (state === undefined) throw new DoppelwerkError("DW_INVALID", message("simulate.runKeptNoState", { id }));
    if (run.stepS !== stepS) throw new DoppelwerkError("DW_INVALID", message("simulate.runStep", { id, stepS: run.stepS }));
    return { run, state };
  }

  async #carryOut(
    run: ModelRunSummary,
    fmu: Fmu,
    request: ModelRunRequest,
    plan: ModelRunPlan,
    bound: BoundInputs,
    from: Uint8Array | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { store, clock, native } = this.#options;
    try {
      const outcome = await runFmu(fmu, {
        plan,
        deadlineS: DEADLINE_S,
        signal,
        native,
        ...(from === undefined ? {} : { from }),
        ...(request.keepState ? { snapshot: true } : {}),
      });
      const done: ModelRunSummary = { ...run, state: "done", finishedAt: clock.now(), traceHash: outcome.result.traceHash };
      if (outcome.snapshot !== undefined) store.putState(run.id, outcome.snapshot);
      store.putResult(run.id, resultOf(done, request, bound, outcome, plan.startS ?? 0));
      store.put(done);
    } catch (error) {
      const cancelled = error instanceof DoppelwerkError && error.code === "DW_CANCELLED";
      store.put({ ...run, state: cancelled ? "cancelled" : "failed", finishedAt: clock.now(), ...failureOf(error) });
    }
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
  bound: BoundInputs,
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
    inputs: bound.told,
    log,
  };
}

function unfinished(run: ModelRunSummary): ModelRunResult {
  return { run, origin: "simulated", request: {}, offsetsS: [], series: [], texts: {}, eventsS: [], steps: 0, inputs: [], log: [] };
}
