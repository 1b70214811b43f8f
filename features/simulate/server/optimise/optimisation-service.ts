import { createHash } from "node:crypto";
import type { ConfirmedGoal, Optimisation, OptimisationSummary, OptimisationWish, RunRequest } from "@doppelwerk/client";
import { message as messageOf } from "@doppelwerk/messages";
import type { LineExperiment, LineModels } from "@doppelwerk/ports";
import type { GridSearch } from "@doppelwerk/sim/optimise";
import { canonicalJson, DoppelwerkError, LIVE, failureOf } from "@doppelwerk/world";
import type { BranchId, Clock, IdSource, Json, Principal, RecordId, WorldRecord, WorldView } from "@doppelwerk/world";
import type { FeatureLog } from "@doppelwerk/kit/server";
import type { RunService } from "../decide/run-service.ts";
import type { Simulations } from "../decide/simulations.ts";
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
import type { OptimisationStore, StoredOptimisation } from "./optimisation-store.ts";

export interface OptimisationServiceOptions {
  readonly pool: Simulations;
  readonly runs: Pick<RunService, "start" | "get" | "cancel">;
  readonly store: OptimisationStore;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: FeatureLog;
  readonly codeVersion: string;
  readonly line: Pick<LineModels, "factors" | "experiment" | "isHistoryRead">;
  view(principal: Principal): WorldView;
}

const LOOK_AGAIN_MS = 500;
const RUNNING_MAX = 8;

/**
 * Searches for the best factors of a branch, judged on the simulator. Every round is kept, so a search goes on after a crash; the winner is written onto
 * the branch in one transaction and judged on fresh seeds (P5). It comes to live by a merge request that someone else approves, and by nothing else.
 */
export class OptimisationService {
  readonly #options: OptimisationServiceOptions;
  readonly #cancels = new Map<string, AbortController>();
  #closed = false;

  constructor(options: OptimisationServiceOptions) {
    this.#options = options;
  }

  /** Goes on with what was running when the server ended. */
  resume(): void {
    for (const { shown, by } of this.#options.store.list()) {
      if (shown.state !== "running" && shown.state !== "waiting" && shown.state !== "confirming") continue;
      this.#put(shown.id, { state: "waiting", resumed: shown.resumed + 1 });
      this.#carryOut(shown.id, this.#options.view(by), undefined);
    }
  }

  list(branch: BranchId): readonly OptimisationSummary[] {
    return this.#options.store
      .list()
      .map(({ shown }) => summaryOf(shown))
      .filter((summary) => summary.branch === branch)
      .sort((a, b) => a.startedAt - b.startedAt);
  }

  get(id: string): Optimisation {
    return this.#kept(id).shown;
  }

  async start(view: WorldView, branch: BranchId, wish: OptimisationWish): Promise<Optimisation> {
    if (branch === LIVE) throw new DoppelwerkError("DW_INVALID", messageOf("simulate.plantItselfNotOptimised"));
    const decision = view.may("run", branch);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    if (this.#cancels.size >= RUNNING_MAX)
      throw new DoppelwerkError("DW_UNAVAILABLE", messageOf("simulate.optimisationsRunning", { max: RUNNING_MAX }));
    const problem = lineProblem(wish, await this.#options.line.factors(view.principal, branch));
    checkLineProblem(problem);
    // refused here rather than later: totals that cannot be kept, a line without a calendar
    gridSearchOf(problem);
    const experiment = await this.#experiment(view, branch, wish);
    const shown: Optimisation = {
      id: this.#options.ids.next("optimisation"),
      branch,
      title: wish.title,
      state: "running",
      goals: wish.goals,
      spent: 0,
      budget: wish.budget,
      judged: 0,
      seed: wish.seed,
      by: view.principal.id,
      startedAt: this.#options.clock.now(),
      wish,
      units: [...wish.goals, ...keptGoals(wish)].map((goal) => goalOf(goal).unit),
      better: wish.goals.map((goal) => goalOf(goal).better),
      points: [],
      trace: [],
      resumed: 0,
      begunAnew: 0,
      model: { hash: modelHash(experiment), code: this.#options.codeVersion },
    };
    this.#options.store.put({
      shown,
      by: view.principal,
      elements: problem.factors.map(({ element }) => element),
      held: problem.factors.map(({ value }) => value),
      diffHashes: [experiment.diffHash],
    });
    this.#carryOut(shown.id, view, experiment);
    return shown;
  }

  /** Ends the search; the best so far stays and can be chosen. */
  async cancel(id: string): Promise<void> {
    const { shown } = this.#kept(id);
    if (shown.run !== undefined && shown.state === "confirming") await this.#options.runs.cancel(shown.run);
    this.#cancels.get(id)?.abort();
  }

  /** Writes a point onto the branch and judges it on fresh seeds. Refused when the branch has been edited since the search began. */
  async choose(view: WorldView, id: string, index: number): Promise<Optimisation> {
    const { shown } = this.#kept(id);
    if (this.#cancels.has(id)) throw new DoppelwerkError("DW_CONFLICT", messageOf("simulate.searchStillRunning"));
    if (!shown.points[index])
      throw new DoppelwerkError("DW_NOT_FOUND", messageOf("simulate.optimisationNoPoint", { index, count: shown.points.length }));
    await this.#apply(view, id, index);
    this.#carryOut(id, view, undefined);
    return this.get(id);
  }

  /** Searches end between two rounds, and go on when the server starts again. */
  close(): void {
    this.#closed = true;
    for (const cancel of this.#cancels.values()) cancel.abort();
  }

  #carryOut(id: string, view: WorldView, experiment: LineExperiment | undefined): void {
    const cancel = new AbortController();
    this.#cancels.set(id, cancel);
    void this.#work(id, view, experiment, cancel.signal)
      .catch((error: unknown) => {
        // the server ends: the file says "running", and so it goes on
        if (this.#closed) return;
        const isCancelled = error instanceof DoppelwerkError && error.code === "DW_CANCELLED";
        if (!(error instanceof DoppelwerkError)) this.#options.logger.error({ err: error }, "an optimisation failed");
        this.#put(id, {
          state: isCancelled ? "cancelled" : "failed",
          finishedAt: this.#options.clock.now(),
          ...(isCancelled ? {} : failureOf(error)),
        });
      })
      .finally(() => this.#cancels.delete(id));
  }

  async #work(id: string, view: WorldView, given: LineExperiment | undefined, signal: AbortSignal): Promise<void> {
    if (this.#kept(id).shown.chosen === undefined) {
      while (!given && !(await this.#options.line.isHistoryRead())) await this.#pause(signal);
      await this.#search(id, view, given, signal);
      const { shown } = this.#kept(id);
      // of a front a person chooses
      if (shown.goals.length > 1) return this.#put(id, { state: "done", finishedAt: this.#options.clock.now() });
      if (isPresent(shown)) {
        return this.#put(id, { state: "done", finishedAt: this.#options.clock.now(), verdict: "no evidence" });
      }
      await this.#apply(view, id, 0);
    }
    await this.#confirm(id, view, signal);
  }

  async #search(id: string, view: WorldView, given: LineExperiment | undefined, signal: AbortSignal): Promise<void> {
    const kept = this.#kept(id);
    const { wish, branch } = kept.shown;
    const experiment = given ?? (await this.#experiment(view, branch, wish));
    const problem = await this.#problem(view, kept);
    const search = this.#restored(id, problem, experiment);
    this.#put(id, { state: "running" });
    while (!search.finished) {
      const trials = search.ask();
      const job = await trialJob(problem, experiment, trials);
      const outcomes = await this.#options.pool.run(job, undefined, signal);
      search.tell(trialValues(problem, job.models, trials, outcomes));
      this.#options.store.putState(id, search.save());
      this.#tell(id, problem, search);
    }
  }

  /** With what the factors were when the search began, whatever stands on the branch now. */
  async #problem(view: WorldView, { shown, elements, held }: StoredOptimisation): Promise<LineProblem> {
    const known = await this.#options.line.factors(view.principal, shown.branch);
    return lineProblem(
      shown.wish,
      known.map((factor) => {
        const at = elements.indexOf(factor.element);
        return at < 0 ? factor : { ...factor, value: held[at]! };
      }),
    );
  }

  /** The search as it was kept, if it was of this very model; else from its beginning. */
  #restored(id: string, problem: LineProblem, experiment: LineExperiment): GridSearch {
    const search = gridSearchOf(problem);
    const state = this.#options.store.state(id);
    const { shown } = this.#kept(id);
    const hash = modelHash(experiment);
    if (!state) return search;
    if (hash === shown.model.hash && shown.model.code === this.#options.codeVersion) {
      search.restore(state);
      return search;
    }
    // late data has changed what is fitted: values of the old model and of the new one are not compared
    this.#put(id, {
      begunAnew: shown.begunAnew + 1,
      spent: 0,
      judged: 0,
      points: [],
      trace: [],
      model: { hash, code: this.#options.codeVersion },
    });
    return search;
  }

  #tell(id: string, problem: LineProblem, search: GridSearch): void {
    const points = search.front().map((point) => shownPoint(problem, point));
    const { trace } = this.#kept(id).shown;
    const best = points[0]?.goals[0];
    const isNew = best !== undefined && Number.isFinite(best) && best !== trace.at(-1)?.best;
    this.#put(id, {
      spent: search.spent,
      judged: search.judged,
      present: shownPoint(problem, search.present()),
      points,
      trace: isNew ? [...trace, { spent: search.spent, best }] : trace,
    });
  }

  /** One transaction on the branch, only where it still holds what the search began from or what was chosen before. */
  async #apply(view: WorldView, id: string, index: number): Promise<void> {
    const kept = this.#kept(id);
    const { shown, elements } = kept;
    if (!kept.diffHashes.includes(view.planMerge(shown.branch).diffHash))
      throw new DoppelwerkError("DW_CONFLICT", messageOf("simulate.branchEditedSinceSearchBegan"));
    const reader = view.reader(shown.branch);
    const point = shown.points[index]!;
    const changes = shown.wish.factors.flatMap(({ key }, d) => {
      const record = reader.get(elements[d]!) as (WorldRecord & { readonly value?: string | number }) | undefined;
      const wanted = point.values[key]!;
      if (!record) throw new DoppelwerkError("DW_CONFLICT", messageOf("simulate.propertyNoLongerBranch", { key }));
      if (Number(record.value) === wanted) return [];
      return [
        {
          op: "update" as const,
          id: record.id as RecordId,
          fields: { value: { from: record.value as Json, to: typeof record.value === "number" ? wanted : String(wanted) } },
        },
      ];
    });
    if (changes.length > 0)
      await view.apply({
        branch: shown.branch,
        reason: messageOf("changes.logOptimised", { name: shown.title }),
        changes: changes as never,
      });
    this.#options.store.put({ ...kept, diffHashes: [...kept.diffHashes, view.planMerge(shown.branch).diffHash] });
    const { verdict: _verdict, run: _run, message: _message, reason: _reason, confirmed: _confirmed, ...rest } = this.#kept(id).shown;
    this.#options.store.put({ ...this.#kept(id), shown: { ...rest, chosen: index, state: "confirming" } });
  }

  /** P5: the winner meets live again on random numbers that no search has seen. */
  async #confirm(id: string, view: WorldView, signal: AbortSignal): Promise<void> {
    const { branch, wish, run: before } = this.#kept(id).shown;
    const known = before === undefined ? undefined : (await this.#options.runs.get(before)).run;
    let run = before;
    if (known === undefined || known.state === "failed" || known.state === "cancelled") {
      while (!(await this.#options.line.isHistoryRead())) await this.#pause(signal);
      run = (await this.#options.runs.start(view, branch, confirmingRun(wish))).id;
    }
    this.#put(id, { state: "confirming", run: run! });
    for (;;) {
      const result = await this.#options.runs.get(run!);
      const { run: summary } = result;
      if (summary.state === "done") {
        const kept = this.#kept(id);
        const problem = await this.#problem(view, kept);
        const point = Object.values(kept.shown.points[kept.shown.chosen!]!.values);
        const experiment = await this.#experiment(view, branch, wish);
        const confirmed = await confirmedGoals(problem, point, result, experiment, this.#options.pool, signal);
        return this.#put(id, { state: "done", finishedAt: this.#options.clock.now(), confirmed, verdict: verdictOf(confirmed, wish) });
      }
      if (summary.state === "failed") throw new DoppelwerkError("DW_INVALID", summary.reason ?? messageOf("simulate.confirmingRunFailed"));
      if (summary.state === "cancelled") throw new DoppelwerkError("DW_CANCELLED", messageOf("simulate.confirmingRunCancelled"));
      await this.#pause(signal);
    }
  }

  #experiment(view: WorldView, branch: BranchId, { kind, seed, shifts }: OptimisationWish): Promise<LineExperiment> {
    return this.#options.line.experiment(view.principal, branch, { kind, seed, shifts });
  }

  #pause(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        reject(new DoppelwerkError("DW_CANCELLED", messageOf("simulate.optimisationCancelled")));
      };
      if (signal.aborted) return reject(new DoppelwerkError("DW_CANCELLED", messageOf("simulate.optimisationCancelled")));
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", end);
        resolve();
      }, LOOK_AGAIN_MS).unref();
      signal.addEventListener("abort", end, { once: true });
    });
  }

  #kept(id: string): StoredOptimisation {
    const kept = this.#options.store.get(id);
    if (!kept) throw new DoppelwerkError("DW_NOT_FOUND", messageOf("simulate.noOptimisationId", { id }));
    return kept;
  }

  #put(id: string, fields: Partial<Optimisation>): void {
    const kept = this.#kept(id);
    this.#options.store.put({ ...kept, shown: { ...kept.shown, ...fields } });
  }
}

/** That of the first goal, unless something that should be kept got worse. */
function verdictOf(confirmed: readonly ConfirmedGoal[], { goals }: OptimisationWish): ConfirmedGoal["verdict"] {
  return confirmed.slice(goals.length).some(({ verdict }) => verdict === "worse") ? "worse" : confirmed[0]!.verdict;
}

/** Another seed than the search has seen, whatever it was. */
function confirmingRun({ kind, seed, confirm, shifts }: OptimisationWish): RunRequest {
  return { kind, seed: (seed + 1_299_709) % 2 ** 31, replications: confirm, shifts };
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

function summaryOf(shown: Optimisation): OptimisationSummary {
  const { id, branch, title, state, goals, spent, budget, judged, seed, by, startedAt, finishedAt, message, reason, verdict } = shown;
  return {
    id,
    branch,
    title,
    state,
    goals,
    spent,
    budget,
    judged,
    seed,
    by,
    startedAt,
    ...(finishedAt === undefined ? {} : { finishedAt }),
    ...(message === undefined ? {} : { message }),
    ...(reason === undefined ? {} : { reason }),
    ...(verdict === undefined ? {} : { verdict }),
  };
}
