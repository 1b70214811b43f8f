import { createHash } from "node:crypto";
import type { RunModel, RunRequest, RunResult, RunSummary } from "@doppelwerk/client";
import { compareOutcomes, fanOf, meanBottlenecks, meanShares, PILOT_REPLICATIONS, warmUpSecondsOf } from "@doppelwerk/sim";
import type { Outcome, ReplicationOptions } from "@doppelwerk/sim";
import type { RunProgress } from "@doppelwerk/sync";
import { canonicalJson, DoppelwerkError, SECOND, said } from "@doppelwerk/world";
import type { BranchId, Clock, IdSource, Json, WorldView } from "@doppelwerk/world";
import type { Experiment } from "./experiment.ts";
import type { RunStore } from "./run-store.ts";
import type { SimulationPool, SimulationTask } from "./simulation-pool.ts";

export interface RunServiceOptions {
  readonly pool: SimulationPool;
  readonly store: RunStore;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly codeVersion: string;
  experiment(view: WorldView, branch: BranchId, request: RunRequest): Promise<Experiment>;
  onProgress(progress: RunProgress): void;
}

const OUTPUT_STEP_S = 300;
const REPLICATIONS_MAX = 1_000;

/** Starts, follows, cancels and keeps runs. One run = all replications of live and branch on the same random numbers. */
export class RunService {
  readonly #options: RunServiceOptions;
  readonly #cancels = new Map<string, AbortController>();

  constructor(options: RunServiceOptions) {
    this.#options = options;
  }

  list(branch: BranchId): readonly RunSummary[] {
    return this.#options.store
      .list()
      .map((run) => run.summary)
      .filter((summary) => summary.branch === branch)
      .sort((a, b) => a.startedAt - b.startedAt);
  }

  /** The result, or a result without figures while it runs. */
  get(id: string): RunResult {
    const run = this.#options.store.get(id);
    if (!run) throw new DoppelwerkError("DW_NOT_FOUND", said`no run of this id ${id}`);
    return run.result ?? unfinished(run.summary);
  }

  /** What the run simulated; refused when the run is unknown or not done. */
  model(id: string): RunModel {
    this.get(id);
    const model = this.#options.store.model(id);
    if (!model) throw new DoppelwerkError("DW_NOT_FOUND", said`this run kept no model; run it again with the same seed ${id}`);
    return model;
  }

  async start(view: WorldView, branch: BranchId, request: RunRequest): Promise<RunSummary> {
    if (request.replications > REPLICATIONS_MAX)
      throw new DoppelwerkError("DW_INVALID", said`at most ${REPLICATIONS_MAX} replications a run`);
    const decision = view.may("run", branch);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    const experiment = await this.#options.experiment(view, branch, request);
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
    };
    this.#put(summary);
    const cancel = new AbortController();
    this.#cancels.set(summary.id, cancel);
    void this.#carryOut(summary, request, experiment, cancel.signal).finally(() => this.#cancels.delete(summary.id));
    return summary;
  }

  cancel(id: string): void {
    this.get(id);
    this.#cancels.get(id)?.abort();
  }

  /** One hash over the results of several runs, "" for none: an approval is bound to it. */
  resultHash(ids: readonly string[]): string {
    const hashes = ids.map((id) => this.get(id).run.resultHash ?? "").filter((hash) => hash !== "");
    return hashes.length === 0 ? "" : hashes.length === 1 ? hashes[0]! : hashes.join("+");
  }

  resultsOfHash(hash: string): readonly RunResult[] {
    if (hash === "") return [];
    const wanted = new Set(hash.split("+"));
    return this.#options.store
      .list()
      .flatMap(({ summary, result }) => (summary.resultHash && result && wanted.delete(summary.resultHash) ? [result] : []));
  }

  async #carryOut(summary: RunSummary, request: RunRequest, experiment: Experiment, signal: AbortSignal): Promise<void> {
    try {
      const warmUpS = request.kind === "study" ? await this.#warmUp(summary, request, experiment, signal) : 0;
      const tasks = tasksOf(request, experiment, warmUpS);
      let told = 0;
      const outcomes = await this.#options.pool.run(
        { id: summary.id, models: [experiment.live, experiment.branch], tasks, priority: 0 },
        (done, total) => {
          if (done < total && done - told < total / 50) return;
          told = done;
          this.#options.onProgress({ ...progressOf(summary), done, total });
        },
        signal,
      );
      const result = this.#result({ ...summary, total: tasks.length }, request, experiment, outcomes, warmUpS);
      this.#options.store.putModel(summary.id, {
        live: experiment.live,
        branch: experiment.branch,
        options: replicationOptions(request, experiment, warmUpS),
      });
      this.#options.store.put({ summary: result.run, result });
      this.#options.onProgress(progressOf(result.run));
    } catch (error) {
      const cancelled = error instanceof DoppelwerkError && error.code === "DW_CANCELLED";
      this.#put({
        ...summary,
        state: cancelled ? "cancelled" : "failed",
        finishedAt: this.#options.clock.now(),
        message: error instanceof Error ? error.message : String(error),
      });
    }
  }

  /** P3: how long a study's start is left out, from pilot replications by MSER-5 on the output per step. */
  async #warmUp(summary: RunSummary, request: RunRequest, experiment: Experiment, signal: AbortSignal): Promise<number> {
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

  #result(summary: RunSummary, request: RunRequest, experiment: Experiment, outcomes: readonly Outcome[], warmUpS: number): RunResult {
    const n = request.replications;
    const live = outcomes.slice(0, n);
    const branch = experiment.same ? live : outcomes.slice(n, 2 * n);
    const fixed = outcomes.slice(experiment.same ? n : 2 * n);
    const comparisons = compareOutcomes(live, branch, fixed, request.relevantShare);
    const liveShares = meanShares(live);
    const branchShares = meanShares(branch);
    const liveBottlenecks = meanBottlenecks(live);
    const branchBottlenecks = meanBottlenecks(branch);
    const fan = (side: readonly Outcome[]) =>
      fanOf(side).map(({ offsetS, ...quantiles }) => ({ at: experiment.start + offsetS * SECOND, ...quantiles }));
    const body: Omit<RunResult, "run"> = {
      kpis: comparisons.map(({ difference, ...kpi }) => ({
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
      initialState: experiment.initialState,
      parameters: experiment.parameters,
      warnings: experiment.warnings,
      warningsTold: experiment.warningsTold,
      model: { hash: sha256(experiment.branch as unknown as Json), seed: request.seed, code: this.#options.codeVersion, warmUpS },
    };
    const verdict = comparisons.find(({ key }) => key === "throughput")?.difference.verdict;
    const run: RunSummary = {
      ...summary,
      state: "done",
      done: outcomes.length,
      finishedAt: this.#options.clock.now(),
      resultHash: sha256(body as unknown as Json),
      ...(verdict && { verdict }),
    };
    return { run, ...body };
  }

  #put(summary: RunSummary): void {
    this.#options.store.put({ summary });
    this.#options.onProgress(progressOf(summary));
  }
}

function replicationOptions(
  request: RunRequest,
  experiment: Experiment,
  warmUpS: number,
): Omit<ReplicationOptions, "replication" | "drawParameters"> {
  return {
    kind: request.kind,
    seed: request.seed,
    start: experiment.start,
    horizonS: experiment.horizonS + warmUpS,
    warmUpS,
    outputStepS: OUTPUT_STEP_S,
  };
}

/** Live and branch with drawn parameters, then live with fixed ones: what chance alone makes of the spread (P2). */
function tasksOf(request: RunRequest, experiment: Experiment, warmUpS: number): SimulationTask[] {
  const options = replicationOptions(request, experiment, warmUpS);
  const side = (model: number, count: number, drawParameters: boolean) =>
    Array.from({ length: count }, (_, replication): SimulationTask => ({ model, options: { ...options, replication, drawParameters } }));
  return [
    ...side(0, request.replications, true),
    ...(experiment.same ? [] : side(1, request.replications, true)),
    ...side(0, fixedCount(request), false),
  ];
}

function taskCount(request: RunRequest, experiment: Experiment): number {
  return request.replications * (experiment.same ? 1 : 2) + fixedCount(request);
}

function fixedCount(request: RunRequest): number {
  return Math.max(10, Math.ceil(request.replications / 3));
}

function progressOf({ id, branch, kind, state, done, total, message }: RunSummary): RunProgress {
  return { id, branch, kind, state, done, total, ...(message === undefined ? {} : { message }) };
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
