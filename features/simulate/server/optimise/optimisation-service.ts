import { createHash } from "node:crypto";
import type { ConfirmedGoal, Optimisation, OptimisationSummary, OptimisationRequest, RunRequest } from "@doppelwerk/client";
import { message as messageOf } from "@doppelwerk/messages";
import type { LineExperiment, LineModels } from "@doppelwerk/ports";
import type { GridSearch } from "@doppelwerk/sim/optimise";
import { canonicalJson, DoppelwerkError, LIVE } from "@doppelwerk/world";
import type { BranchId, Clock, IdSource, Json, Principal, WorldView } from "@doppelwerk/world";
import type { JobRun, Jobs } from "@doppelwerk/kit/server";
import {
  currentOptimisation,
  jobOfEarlierOptimisation,
  optimisationOf,
  optimisationSummaryOf,
  type OptimisationDetail,
  type OptimisationJob,
} from "../../model/optimisation-job.ts";
import type { RunService } from "../decide/run-service.ts";
import { simulationsOf, type Simulations } from "../decide/simulations.ts";
import type { EarlierFolder } from "../kept/earlier-folder.ts";
import { choosing, writeChosen } from "./choose-point.ts";
import { confirmedGoals } from "./confirmation.ts";
import {
  checkLineProblem,
  goalOf,
  gridSearchOf,
  keptGoals,
  lineProblem,
  shownPoint,
  trialJob,
  trialValues,
  type LineProblem,
} from "./line-search.ts";

export interface OptimisationServiceOptions {
  readonly jobs: Jobs;
  /** Where earlier versions kept optimisations. */
  readonly earlier: EarlierFolder;
  readonly runs: Pick<RunService, "start" | "get" | "cancel">;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly codeVersion: string;
  readonly line: Pick<LineModels, "factors" | "experiment" | "isHistoryRead">;
  view(principal: Principal): WorldView;
  onDamage(file: string, error: unknown): void;
}

/** An optimisation while it is worked on. */
interface Work {
  readonly id: string;
  readonly view: WorldView;
  readonly simulations: Simulations;
  readonly run: JobRun;
}

const KIND = "simulate.optimisation";
const STATE = "state";
const LOOK_AGAIN_MS = 500;
const WRITTEN_AGAIN_MS = 10;

/**
 * Searches for the best factors of a branch as jobs, judged on the simulator. Every round is kept, so a search is resumed after a crash; the winner is written
 * onto the branch in one transaction and judged on fresh seeds (P5). It comes to live by a merge request that someone else approves, and by nothing else.
 */
export class OptimisationService {
  readonly #options: OptimisationServiceOptions;
  /** Of searches that were started here and are not worked on yet: what they were checked with. */
  readonly #fresh = new Map<string, LineExperiment>();

  constructor(options: OptimisationServiceOptions) {
    this.#options = options;
  }

  /** Adopts the optimisations of an earlier version. */
  async open(): Promise<void> {
    const { jobs, earlier, onDamage } = this.#options;
    const known = (await jobs.list({ kind: KIND })).map(({ id }) => id);
    const kept = [...(earlier.unknown(known, onDamage) as Iterable<OptimisationDetail>)];
    await jobs.adopt(kept.map(jobOfEarlierOptimisation));
  }

  async list(branch: BranchId): Promise<readonly OptimisationSummary[]> {
    const found = (await this.#options.jobs.list({ kind: KIND, branch })) as readonly OptimisationJob[];
    return found.map(optimisationSummaryOf).sort((a, b) => a.startedAt - b.startedAt);
  }

  async get(id: string): Promise<Optimisation> {
    return optimisationOf(await this.#job(id));
  }

  /** Errors: DW_QUEUE_FULL. */
  async start(view: WorldView, branch: BranchId, request: OptimisationRequest): Promise<Optimisation> {
    if (branch === LIVE) throw new DoppelwerkError("DW_INVALID", messageOf("simulate.plantItselfNotOptimised"));
    const decision = view.may("run", branch);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    const problem = lineProblem(request, await this.#options.line.factors(view.principal, branch, request.line));
    checkLineProblem(problem);
    // refused here rather than later: totals that cannot be kept, a line without a calendar
    gridSearchOf(problem);
    const experiment = await this.#experiment(view, branch, request);
    const id = this.#options.ids.next("optimisation");
    const detail: OptimisationDetail = {
      shown: this.#shown(id, view.principal.id, branch, request, experiment),
      by: nameless(view.principal),
      elements: problem.factors.map(({ element }) => element),
      held: problem.factors.map(({ value }) => value),
      diffHashes: [experiment.diffHash],
    };
    this.#fresh.set(id, experiment);
    try {
      await this.#options.jobs.enqueue({ id, kind: KIND, branch, by: view.principal.id, priority: 2, total: request.budget, detail });
    } catch (error) {
      this.#fresh.delete(id);
      throw error;
    }
    return this.get(id);
  }

  /** Ends the search; the best so far stays and can be chosen. */
  async cancel(id: string): Promise<void> {
    const { shown } = (await this.#job(id)).detail;
    const { state } = await this.get(id);
    if (shown.run !== undefined && state === "confirming") await this.#options.runs.cancel(shown.run);
    await this.#options.jobs.cancel(id);
  }

  /** Writes a point onto the branch and judges it on fresh seeds. Refused when the branch has been edited since the search began. */
  async choose(view: WorldView, id: string, index: number): Promise<Optimisation> {
    const { state, detail } = await this.#job(id);
    if (state === "queued" || state === "running") throw new DoppelwerkError("DW_CONFLICT", messageOf("simulate.searchStillRunning"));
    if (!detail.shown.points[index])
      throw new DoppelwerkError("DW_NOT_FOUND", messageOf("simulate.optimisationNoPoint", { index, count: detail.shown.points.length }));
    await this.#options.jobs.requeue(id, { ...choosing(view, detail, index), by: nameless(view.principal) });
    await this.#written(id);
    return this.get(id);
  }

  /** Carries an optimisation out: the handler of its job. */
  async carryOut(job: OptimisationJob, run: JobRun): Promise<{ readonly detail: OptimisationDetail }> {
    const { id, detail } = currentOptimisation(job);
    const view = this.#options.view(detail.by);
    const work: Work = { id, view, run, simulations: simulationsOf(run.perform) };
    if (detail.choosing !== undefined) await run.report({ detail: await writeChosen(view, detail) });
    else if (detail.shown.chosen === undefined) {
      await this.#search(work);
      const { shown } = await this.#kept(id);
      // of a front a person chooses
      if (shown.goals.length > 1) return this.#ended(id, {});
      if (isPresent(shown)) return this.#ended(id, { verdict: "no evidence" });
      await run.report({ detail: choosing(view, await this.#kept(id), 0) });
      await run.report({ detail: await writeChosen(view, await this.#kept(id)) });
    }
    return this.#ended(id, await this.#confirm(work));
  }

  /** Once the chosen point stands on the branch, or its job waits for others or has ended. */
  async #written(id: string): Promise<void> {
    for (;;) {
      const { state, detail } = await this.#job(id);
      if (state !== "running" || detail.choosing === undefined) return;
      await new Promise((resolve) => setTimeout(resolve, WRITTEN_AGAIN_MS));
    }
  }

  #shown(id: string, by: string, branch: BranchId, request: OptimisationRequest, experiment: LineExperiment): Optimisation {
    const { title, goals, budget, seed } = request;
    return {
      id,
      branch,
      title,
      state: "running",
      goals,
      spent: 0,
      budget,
      judged: 0,
      seed,
      by,
      startedAt: this.#options.clock.now(),
      request,
      units: [...goals, ...keptGoals(request)].map((goal) => goalOf(goal).unit),
      better: goals.map((goal) => goalOf(goal).better),
      points: [],
      trace: [],
      resumed: 0,
      restarts: 0,
      model: { hash: modelHash(experiment), code: this.#options.codeVersion },
    };
  }

  async #search(work: Work): Promise<void> {
    const { id, view, run, simulations } = work;
    const kept = await this.#kept(id);
    const { request, branch } = kept.shown;
    const experiment = this.#fresh.get(id) ?? (await this.#once(work, () => this.#experiment(view, branch, request)));
    this.#fresh.delete(id);
    const problem = await this.#problem(view, kept);
    const search = await this.#restored(work, problem, experiment);
    await this.#put(work, { state: "running" });
    while (!search.finished) {
      const trials = search.ask();
      const job = await trialJob(problem, experiment, trials);
      const outcomes = await simulations.run(job, undefined, run.signal);
      search.tell(trialValues(problem, job.models, trials, outcomes));
      await this.#options.jobs.files.put(id, STATE, search.save());
      await this.#tell(work, problem, search);
    }
  }

  /** Once the history is read: before, the model would be another one. */
  async #once<Value>(work: Work, make: () => Promise<Value>): Promise<Value> {
    if (!(await this.#options.line.isHistoryRead())) await this.#put(work, { state: "waiting" });
    while (!(await this.#options.line.isHistoryRead())) await pause(work.run.signal);
    return make();
  }

  /** With what the factors were when the search began, whatever stands on the branch now. */
  async #problem(view: WorldView, { shown, elements, held }: OptimisationDetail): Promise<LineProblem> {
    const known = await this.#options.line.factors(view.principal, shown.branch, shown.request.line);
    return lineProblem(
      shown.request,
      known.map((factor) => {
        const at = elements.indexOf(factor.element);
        return at < 0 ? factor : { ...factor, value: held[at]! };
      }),
    );
  }

  /** The search as it was kept, if it was of this very model; else from its beginning. */
  async #restored(work: Work, problem: LineProblem, experiment: LineExperiment): Promise<GridSearch> {
    const { jobs, earlier, codeVersion } = this.#options;
    const search = gridSearchOf(problem);
    const state = (await jobs.files.get(work.id, STATE)) ?? earlier.bytes(work.id, STATE);
    const { shown } = await this.#kept(work.id);
    const hash = modelHash(experiment);
    if (!state) return search;
    if (hash === shown.model.hash && shown.model.code === codeVersion) {
      search.restore(state);
      return search;
    }
    // late data has changed what is fitted: values of the old model and of the new one are not compared
    await this.#put(work, {
      restarts: shown.restarts + 1,
      spent: 0,
      judged: 0,
      points: [],
      trace: [],
      model: { hash, code: codeVersion },
    });
    return search;
  }

  async #tell(work: Work, problem: LineProblem, search: GridSearch): Promise<void> {
    const points = search.front().map((point) => shownPoint(problem, point));
    const { trace } = (await this.#kept(work.id)).shown;
    const best = points[0]?.goals[0];
    const isNew = best !== undefined && Number.isFinite(best) && best !== trace.at(-1)?.best;
    await this.#put(work, {
      spent: search.spent,
      judged: search.judged,
      present: shownPoint(problem, search.present()),
      points,
      trace: isNew ? [...trace, { spent: search.spent, best }] : trace,
    });
  }

  /** P5: the winner meets live again on random numbers that no search has seen. */
  async #confirm(work: Work): Promise<Partial<Optimisation>> {
    const { id, view, run: jobRun, simulations } = work;
    const { branch, request, run: before } = (await this.#kept(id)).shown;
    const known = before === undefined ? undefined : (await this.#options.runs.get(before)).run;
    let run = before;
    if (known === undefined || known.state === "failed" || known.state === "cancelled")
      run = (await this.#once(work, () => this.#options.runs.start(view, branch, confirmingRun(request)))).id;
    await this.#put(work, { state: "confirming", run: run! });
    for (;;) {
      const result = await this.#options.runs.get(run!);
      const { run: summary } = result;
      if (summary.state === "done") {
        const kept = await this.#kept(id);
        const problem = await this.#problem(view, kept);
        const point = Object.values(kept.shown.points[kept.shown.chosen!]!.values);
        const experiment = await this.#experiment(view, branch, request);
        const confirmed = await confirmedGoals(problem, point, result, experiment, simulations, jobRun.signal);
        return { confirmed, verdict: verdictOf(confirmed, request) };
      }
      if (summary.state === "failed") throw new DoppelwerkError("DW_INVALID", summary.reason ?? messageOf("simulate.confirmingRunFailed"));
      if (summary.state === "cancelled") throw new DoppelwerkError("DW_CANCELLED", messageOf("simulate.confirmingRunCancelled"));
      await pause(jobRun.signal);
    }
  }

  #experiment(view: WorldView, branch: BranchId, { line, kind, seed, shifts }: OptimisationRequest): Promise<LineExperiment> {
    return this.#options.line.experiment(view.principal, branch, { line, kind, seed, shifts });
  }

  async #job(id: string): Promise<OptimisationJob> {
    const job = await this.#options.jobs.get(id);
    if (job?.kind !== KIND) throw new DoppelwerkError("DW_NOT_FOUND", messageOf("simulate.noOptimisationId", { id }));
    return currentOptimisation(job as OptimisationJob);
  }

  async #kept(id: string): Promise<OptimisationDetail> {
    return (await this.#job(id)).detail;
  }

  async #put({ id, run }: Work, fields: Partial<Optimisation>): Promise<void> {
    const { detail } = await this.#ended(id, fields);
    await run.report({ done: detail.shown.spent, total: detail.shown.budget, detail });
  }

  async #ended(id: string, fields: Partial<Optimisation>): Promise<{ readonly detail: OptimisationDetail }> {
    const kept = await this.#kept(id);
    return { detail: { ...kept, shown: { ...kept.shown, ...fields } } };
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancelled = (): void => reject(new DoppelwerkError("DW_CANCELLED", messageOf("simulate.optimisationCancelled")));
    const end = (): void => {
      clearTimeout(timer);
      cancelled();
    };
    if (signal.aborted) return cancelled();
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", end);
      resolve();
    }, LOOK_AGAIN_MS).unref();
    signal.addEventListener("abort", end, { once: true });
  });
}

/** That of the first goal, unless something that should be kept got worse. */
function verdictOf(confirmed: readonly ConfirmedGoal[], { goals }: OptimisationRequest): ConfirmedGoal["verdict"] {
  return confirmed.slice(goals.length).some(({ verdict }) => verdict === "worse") ? "worse" : confirmed[0]!.verdict;
}

/** Another seed than the search has seen, whatever it was. */
function confirmingRun({ line, kind, seed, confirm, shifts }: OptimisationRequest): RunRequest {
  return { ...(line !== undefined && { line }), kind, seed: (seed + 1_299_709) % 2 ** 31, replications: confirm, shifts };
}

/** Nothing better than what stands there was found. */
function isPresent({ present, points }: Optimisation): boolean {
  return points.length === 0 || JSON.stringify(points[0]!.values) === JSON.stringify(present?.values);
}

function modelHash(experiment: LineExperiment): string {
  return createHash("sha256")
    .update(canonicalJson(experiment.live as unknown as Json))
    .update(canonicalJson(experiment.branch.edited as unknown as Json))
    .digest("hex");
}

/** A job is kept for good, and a name must not be. */
function nameless(principal: Principal): Principal {
  return { ...principal, name: "" };
}
