import { createHash } from "node:crypto";
import type { RunModel, RunRequest, RunResult, RunSummary } from "@doppelwerk/client";
import { message as messageOf } from "@doppelwerk/messages";
import type { LineExperiment, LineModels } from "@doppelwerk/ports";
import { compareOutcomes, fanOf, meanBottlenecks, meanShares, PILOT_REPLICATIONS, warmUpSecondsOf } from "@doppelwerk/sim";
import type { Outcome, ReplicationOptions } from "@doppelwerk/sim";
import type { RunProgress } from "@doppelwerk/sync";
import { canonicalJson, DoppelwerkError, SECOND, failureOf } from "@doppelwerk/world";
import type { BranchId, Clock, IdSource, Json, WorldView } from "@doppelwerk/world";
import type { RunStore } from "./run-store.ts";
import type { SimulationPool, SimulationTask } from "./simulation-pool.ts";

/** Everything that a run is carried out from: with it it can be gone on with after a crash, and made again to the same hash. */
export interface RunPlan {
  readonly request: RunRequest;
  readonly experiment: Omit<LineExperiment, "variants">;
  readonly code: string;
}

/** An outcome that was reached, and which of the run's tasks it answers. */
interface KeptOutcomeOfRun {
  readonly task: number;
  readonly outcome: Outcome;
}

export type RunsKept = RunStore<RunSummary, RunPlan, RunResult, KeptOutcomeOfRun>;

export interface RunServiceOptions {
  readonly pool: SimulationPool;
  readonly store: RunsKept;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly codeVersion: string;
  readonly line: Pick<LineModels, "experiment">;
  onProgress(progress: RunProgress): void;
}

const OUTPUT_STEP_S = 300;
const REPLICATIONS_MAX = 1_000;

/**
 * Starts, follows, cancels and keeps runs. One run = all replications of live and branch on the same random numbers; a run that was under way
 * when the server ended is gone on with, to the result it would have had.
 */
export class RunService {
  readonly #options: RunServiceOptions;
  readonly #cancels = new Map<string, AbortController>();
  readonly #ends = new Map<string, Promise<void>>();
  #closing = false;

  constructor(options: RunServiceOptions) {
    this.#options = options;
  }

  /** Goes on with what was running when the server ended. */
  open(): void {
    for (const summary of this.#options.store.list()) {
      if (summary.state !== "running" && summary.state !== "queued") continue;
      if (this.#options.store.plan(summary.id) === undefined)
        this.#put({
          ...summary,
          state: "failed",
          ...failureOf(new DoppelwerkError("DW_UNAVAILABLE", messageOf("simulate.serverEndedBeforeRunPlanned"))),
        });
      else this.#goOn({ ...summary, resumed: (summary.resumed ?? 0) + 1 });
    }
  }

  /** Ends what is under way; it is gone on with when the server opens again. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const cancel of this.#cancels.values()) cancel.abort();
    await Promise.all(this.#ends.values());
  }

  list(branch: BranchId): readonly RunSummary[] {
    return this.#options.store
      .list()
      .filter((summary) => summary.branch === branch)
      .sort((a, b) => a.startedAt - b.startedAt);
  }

  summary(id: string): RunSummary {
    const summary = this.#options.store.get(id);
    if (!summary) throw new DoppelwerkError("DW_NOT_FOUND", messageOf("simulate.noRunId", { id }));
    return summary;
  }

  /** The result, or a result without figures while it runs. */
  get(id: string): RunResult {
    const summary = this.summary(id);
    const result = summary.state === "done" ? this.#options.store.result(id) : undefined;
    return result === undefined ? unfinished(summary) : { ...result, run: summary };
  }

  /** What the run simulated; refused when the run is unknown or not done. */
  model(id: string): RunModel {
    const result = this.get(id);
    const plan = result.run.state === "done" ? this.#options.store.plan(id) : undefined;
    if (plan === undefined) {
      const earlier = this.#options.store.earlierModel<RunModel>(id);
      if (earlier) return earlier;
      throw new DoppelwerkError("DW_NOT_FOUND", messageOf("simulate.runKeptNoModel", { id }));
    }
    const { request, experiment } = plan;
    return { live: experiment.live, branch: experiment.branch, options: replicationOptions(request, experiment, result.model.warmUpS) };
  }

  async start(view: WorldView, branch: BranchId, request: RunRequest): Promise<RunSummary> {
    if (request.replications > REPLICATIONS_MAX)
      throw new DoppelwerkError("DW_INVALID", messageOf("simulate.mostReplicationsRun", { max: REPLICATIONS_MAX }));
    const decision = view.may("run", branch);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    const { variants: _variants, ...experiment } = await this.#options.line.experiment(view.principal, branch, request);
    return this.#begin(branch, { request, experiment, code: this.#options.codeVersion });
  }

  /** The same plan again, from its first replication: the same figures, whatever has changed on the branch since. */
  rerun(id: string): RunSummary {
    const { branch } = this.summary(id);
    const plan = this.#options.store.plan(id);
    if (!plan) throw new DoppelwerkError("DW_NOT_FOUND", messageOf("simulate.runKeptNoPlan", { id }));
    return this.#begin(branch, { ...plan, code: this.#options.codeVersion }, id);
  }

  cancel(id: string): void {
    this.summary(id);
    this.#cancels.get(id)?.abort();
  }

  /** One hash over the results of several runs, "" for none: an approval is bound to it. */
  resultHash(ids: readonly string[]): string {
    const hashes = ids.map((id) => this.summary(id).resultHash ?? "").filter((hash) => hash !== "");
    return hashes.length === 0 ? "" : hashes.length === 1 ? hashes[0]! : hashes.join("+");
  }

  resultsOfHash(hash: string): readonly RunResult[] {
    if (hash === "") return [];
    const wanted = new Set(hash.split("+"));
    return this.#options.store
      .list()
      .flatMap(({ id, resultHash }) => (resultHash !== undefined && wanted.delete(resultHash) ? [this.get(id)] : []));
  }

  #begin(branch: BranchId, plan: RunPlan, rerunOf?: string): RunSummary {
    const { request, experiment } = plan;
    const summary: RunSummary = {
      id: this.#options.ids.next("run"),
      branch,
      kind: request.kind,
      state: "running",
      done: 0,
      total: taskCount(request, experiment),
      seed: request.seed,
      replications: request.replications,
      startedAt: this.#options.clock.now(),
      diffHash: experiment.diffHash,
      ...(rerunOf === undefined ? {} : { rerunOf }),
    };
    this.#options.store.putPlan(summary.id, plan);
    this.#goOn(summary);
    return summary;
  }

  #goOn(summary: RunSummary): void {
    this.#put(summary);
    const cancel = new AbortController();
    this.#cancels.set(summary.id, cancel);
    const end = this.#carryOut(summary, cancel.signal).finally(() => {
      this.#cancels.delete(summary.id);
      this.#ends.delete(summary.id);
    });
    this.#ends.set(summary.id, end);
  }

  async #carryOut(summary: RunSummary, signal: AbortSignal): Promise<void> {
    const { store, clock, codeVersion } = this.#options;
    try {
      const plan = this.#planOf(summary.id);
      const { request, experiment } = plan;
      const warmUpS = request.kind === "study" ? await this.#warmUp(summary, plan, signal) : 0;
      const outcomes = await this.#simulate(summary, plan, warmUpS, signal);
      const body = resultBody(plan, outcomes, warmUpS);
      const of = summary.rerunOf === undefined ? undefined : store.get(summary.rerunOf)?.resultHash;
      // another version of the code may well come to the same figures
      const first = summary.rerunOf === undefined ? undefined : store.plan(summary.rerunOf)?.code;
      const again = { ...body, model: { ...body.model, code: first ?? codeVersion } };
      const verdict = body.kpis.find(({ key }) => key === "throughput")?.verdict;
      const run: RunSummary = {
        ...summary,
        state: "done",
        done: outcomes.length,
        total: outcomes.length,
        finishedAt: clock.now(),
        resultHash: hashOfResult(body),
        ...(of === undefined ? {} : { sameHash: of === hashOfResult(again) }),
        ...(verdict && { verdict }),
      };
      const told = { warningsTold: experiment.warningsTold };
      store.putResult(summary.id, { run, ...body, ...told });
      this.#put(run);
      store.dropOutcomes(summary.id);
    } catch (error) {
      const cancelled = error instanceof DoppelwerkError && error.code === "DW_CANCELLED";
      // ended with the server: it is gone on with when that opens again
      if (this.#closing && cancelled) return;
      this.#put({
        ...summary,
        state: cancelled ? "cancelled" : "failed",
        finishedAt: clock.now(),
        ...failureOf(error),
      });
    }
  }

  /** What is kept of a run; outcomes of another version of the code are not mixed with those of this one. */
  #planOf(id: string): RunPlan {
    const { store, codeVersion } = this.#options;
    const plan = store.plan(id)!;
    if (plan.code === codeVersion) return plan;
    store.dropOutcomes(id);
    const own = { ...plan, code: codeVersion };
    store.putPlan(id, own);
    return own;
  }

  async #simulate(summary: RunSummary, plan: RunPlan, warmUpS: number, signal: AbortSignal): Promise<readonly Outcome[]> {
    const { store, pool, onProgress } = this.#options;
    const { request, experiment } = plan;
    const tasks = tasksOf(request, experiment, warmUpS);
    const kept = new Map(store.outcomes(summary.id).map(({ task, outcome }) => [task, outcome]));
    const missing = tasks.flatMap((task, index) => (kept.has(index) ? [] : [{ ...task, index }]));
    const before = tasks.length - missing.length;
    let told = before;
    await pool.run(
      { id: summary.id, models: [experiment.live, experiment.branch], tasks: missing, priority: 0 },
      (done, _total, at, outcome) => {
        const task = missing[at]!.index;
        kept.set(task, outcome);
        store.addOutcome(summary.id, { task, outcome });
        if (done < missing.length && before + done - told < tasks.length / 50) return;
        told = before + done;
        onProgress({ ...progressOf(summary), done: told, total: tasks.length });
      },
      signal,
    );
    return tasks.map((_, index) => kept.get(index)!);
  }

  /** P3: how long a study's start is left out, from pilot replications by MSER-5 on the output per step. */
  async #warmUp(summary: RunSummary, { request, experiment }: RunPlan, signal: AbortSignal): Promise<number> {
    const options = replicationOptions(request, experiment, 0);
    const tasks = Array.from({ length: PILOT_REPLICATIONS }, (_, i): SimulationTask => ({
      model: 0,
      options: { ...options, seed: request.seed + 7_919, replication: i, drawParameters: false },
    }));
    const pilots = await this.#options.pool.run(
      { id: `${summary.id}/pilot`, models: [experiment.live], tasks, priority: 0 },
      undefined,
      signal,
    );
    return warmUpSecondsOf(pilots);
  }

  #put(summary: RunSummary): void {
    this.#options.store.put(summary);
    this.#options.onProgress(progressOf(summary));
  }
}

type ResultBody = Omit<RunResult, "run" | "warningsTold">;

function resultBody({ request, experiment, code }: RunPlan, outcomes: readonly Outcome[], warmUpS: number): ResultBody {
  const n = request.replications;
  const live = outcomes.slice(0, n);
  const branch = experiment.same ? live : outcomes.slice(n, 2 * n);
  const fixed = outcomes.slice(experiment.same ? n : 2 * n);
  const liveShares = meanShares(live);
  const branchShares = meanShares(branch);
  const liveBottlenecks = meanBottlenecks(live);
  const branchBottlenecks = meanBottlenecks(branch);
  const fan = (side: readonly Outcome[]) =>
    fanOf(side).map(({ offsetS, ...quantiles }) => ({ at: experiment.start + offsetS * SECOND, ...quantiles }));
  return {
    kpis: compareOutcomes(live, branch, fixed, request.relevantShare).map(({ difference, ...kpi }) => ({
      ...kpi,
      difference: { mean: difference.mean, halfWidth: difference.halfWidth, relevant: difference.relevant },
      verdict: difference.verdict,
    })),
    timeShares: Object.keys(liveShares).map((station) => ({ station, live: liveShares[station]!, branch: branchShares[station] ?? {} })),
    bottleneck: [...new Set([...liveBottlenecks.keys(), ...branchBottlenecks.keys()])].map((station) => ({
      station,
      live: liveBottlenecks.get(station) ?? 0,
      branch: branchBottlenecks.get(station) ?? 0,
    })),
    fan: { live: fan(live), branch: fan(branch) },
    replications: live.map((outcome, i) => ({
      replication: outcome.replication,
      live: outcome.goodPerShift,
      branch: branch[i]!.goodPerShift,
      traceHash: branch[i]!.traceHash,
    })),
    checks: {
      conservation: outcomes.every(({ conservation }) => conservation),
      littlesLaw: outcomes.every(({ littlesLaw }) => littlesLaw),
      replications: outcomes.length,
    },
    initialState: experiment.initialState,
    parameters: experiment.parameters,
    warnings: experiment.warnings,
    model: { hash: sha256(experiment.branch as unknown as Json), seed: request.seed, code, warmUpS },
  };
}

/** Words in other languages are no part of what was found. */
function hashOfResult(body: ResultBody): string {
  return sha256(JSON.parse(JSON.stringify(body)) as Json);
}

type Simulated = RunPlan["experiment"];

function replicationOptions(
  request: RunRequest,
  experiment: Simulated,
  warmUpS: number,
): Omit<ReplicationOptions, "replication" | "drawParameters"> {
  return {
    kind: request.kind,
    seed: request.seed,
    start: experiment.start,
    horizonS: experiment.horizonS,
    warmUpS,
    outputStepS: OUTPUT_STEP_S,
  };
}

/** Live and branch with drawn parameters, then live with fixed ones: what chance alone makes of the spread (P2). */
function tasksOf(request: RunRequest, experiment: Simulated, warmUpS: number): SimulationTask[] {
  const options = replicationOptions(request, experiment, warmUpS);
  const side = (model: number, count: number, drawParameters: boolean) =>
    Array.from({ length: count }, (_, replication): SimulationTask => ({ model, options: { ...options, replication, drawParameters } }));
  return [
    ...side(0, request.replications, true),
    ...(experiment.same ? [] : side(1, request.replications, true)),
    ...side(0, fixedCount(request), false),
  ];
}

function taskCount(request: RunRequest, experiment: Simulated): number {
  return request.replications * (experiment.same ? 1 : 2) + fixedCount(request);
}

function fixedCount(request: RunRequest): number {
  return Math.max(10, Math.ceil(request.replications / 3));
}

function progressOf({ id, branch, kind, state, done, total, message, reason }: RunSummary): RunProgress {
  return { id, branch, kind, state, done, total, ...(message === undefined ? {} : { message }), ...(reason && { reason }) };
}

function unfinished(run: RunSummary): RunResult {
  return {
    run,
    kpis: [],
    timeShares: [],
    bottleneck: [],
    fan: { live: [], branch: [] },
    replications: [],
    initialState: [],
    parameters: [],
    warnings: [],
    model: { hash: "", seed: run.seed, code: "", warmUpS: 0 },
  };
}

function sha256(value: Json): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}
