import { messagesOf } from "../../model/warning-messages.ts";
import type { RunModel, RunRequest, RunResult, RunSummary } from "@doppelwerk/client";
import type { JobRun, Jobs } from "@doppelwerk/kit/server";
import { message as messageOf } from "@doppelwerk/messages";
import type { CourseRequest, LineExperiment, LineModels, LinesExperiment, SimulatedCourse } from "@doppelwerk/ports";
import { PILOT_REPLICATIONS, warmUpSecondsOf } from "@doppelwerk/sim";
import type { AnyExperimentModel, Outcome, ReplicationOptions } from "@doppelwerk/sim";
import { DoppelwerkError, failureOf } from "@doppelwerk/world";
import type { BranchId, IdSource, Json, WorldView } from "@doppelwerk/world";
import { jobOfEarlierRun, runSummaryOf, type EarlierRun, type RunDetail, type RunJob } from "../../model/run-job.ts";
import { typicalReplication } from "../../model/typical-replication.ts";
import type { EarlierFolder } from "../kept/earlier-folder.ts";
import { KeptFiles, packed } from "../kept/kept-files.ts";
import { Saving } from "../kept/saving.ts";
import { courseOf } from "./run-course.ts";
import { hashOfJson, resultBody, type ResultBody } from "./result-body.ts";
import { simulationsOf, type SimulationTask } from "./simulations.ts";

/** Everything that a run is carried out from: with it it is resumed after a crash, and made again to the same hash. */
export interface RunPlan {
  readonly request: RunRequest;
  readonly experiment: Omit<LineExperiment, "variants"> | LinesExperiment;
  readonly code: string;
}

/** An outcome that was reached, and which of the run's tasks it answers. */
interface KeptOutcomeOfRun {
  readonly task: number;
  readonly outcome: Outcome;
}

export interface RunServiceOptions {
  readonly jobs: Jobs;
  /** Where earlier versions kept runs. */
  readonly earlier: EarlierFolder;
  readonly ids: IdSource;
  readonly codeVersion: string;
  readonly line: Pick<LineModels, "experiment" | "together">;
  onDamage(file: string, error: unknown): void;
}

const KIND = "simulate.run";
const OUTPUT_STEP_S = 300;
const REPLICATIONS_MAX = 1_000;

/** Runs as jobs. One run = all replications of live and branch on the same random numbers; one that was interrupted is resumed, to the result it would have had. */
export class RunService {
  readonly #options: RunServiceOptions;
  readonly #kept: KeptFiles<RunPlan, RunResult, KeptOutcomeOfRun>;

  constructor(options: RunServiceOptions) {
    this.#options = options;
    this.#kept = new KeptFiles(options.jobs.files, options.earlier);
  }

  /** Adopts the runs of an earlier version. */
  async open(): Promise<void> {
    const { jobs, earlier, onDamage } = this.#options;
    const known = (await jobs.list({ kind: KIND })).map(({ id }) => id);
    const adopted: RunJob[] = [];
    const lost = failureOf(new DoppelwerkError("DW_UNAVAILABLE", messageOf("simulate.serverEndedBeforeRunPlanned")));
    for (const kept of earlier.unknown(known, onDamage) as Iterable<EarlierRun>) {
      const { id } = "summary" in kept ? kept.summary : kept;
      if ("summary" in kept && kept.result !== undefined) await jobs.files.put(id, "result.gz", packed(kept.result));
      adopted.push(jobOfEarlierRun(kept, earlier.bytes(id, "plan.gz") !== undefined, lost));
    }
    await jobs.adopt(adopted);
  }

  async list(branch: BranchId): Promise<readonly RunSummary[]> {
    const found = (await this.#options.jobs.list({ kind: KIND, branch })) as readonly RunJob[];
    return found.map(runSummaryOf).sort((a, b) => a.startedAt - b.startedAt);
  }

  async summary(id: string): Promise<RunSummary> {
    const job = await this.#options.jobs.get(id);
    if (job?.kind !== KIND) throw new DoppelwerkError("DW_NOT_FOUND", messageOf("simulate.noRunId", { id }));
    return runSummaryOf(job as RunJob);
  }

  /** The result, or a result without figures while it runs. */
  async get(id: string): Promise<RunResult> {
    const summary = await this.summary(id);
    const result = summary.state === "done" ? await this.#kept.result(id) : undefined;
    return result === undefined ? unfinished(summary) : { ...result, ...messagesOf(result), run: summary };
  }

  /** What the run simulated; refused when the run is unknown or not done. */
  async model(id: string): Promise<RunModel> {
    const result = await this.get(id);
    const plan = result.run.state === "done" ? await this.#kept.plan(id) : undefined;
    if (plan === undefined) {
      const earlier = this.#options.earlier.json<RunModel>(id, "model.gz");
      if (earlier) return earlier;
      throw new DoppelwerkError("DW_NOT_FOUND", messageOf("simulate.runKeptNoModel", { id }));
    }
    const { request, experiment } = plan;
    return { live: experiment.live, branch: experiment.branch, options: replicationOptions(request, experiment, result.model.warmUpS) };
  }

  /** Undefined where the branch has no such finished run or replication, or the signal ended. */
  async course(
    branch: BranchId,
    { run, replication, line }: CourseRequest,
    signal: { readonly aborted: boolean },
  ): Promise<SimulatedCourse | undefined> {
    const done = (await this.list(branch)).filter(({ state }) => state === "done");
    const found = run === undefined ? done.at(-1) : done.find(({ id }) => id === run);
    if (found === undefined) return undefined;
    const followed = found.lines === undefined ? found.line : (line ?? found.lines[0]);
    if (found.lines !== undefined && !found.lines.includes(followed!)) return undefined;
    const result = await this.get(found.id);
    const own = replication ?? typicalReplication(result);
    if (!result.replications.some((each) => each.replication === own)) return undefined;
    const model = await this.model(found.id);
    const options = {
      ...(model.options as Omit<ReplicationOptions, "replication" | "drawParameters">),
      replication: own,
      drawParameters: true,
      line: followed,
    };
    const course = await courseOf(model.branch as AnyExperimentModel, options, signal);
    return course && { run: found.id, line: followed, kind: found.kind, replication: own, ...course };
  }

  /** Errors: DW_QUEUE_FULL; of several lines those of `LineModels.together`. */
  async start(view: WorldView, branch: BranchId, asked: RunRequest): Promise<RunSummary> {
    const request = withLines(asked);
    if (request.replications > REPLICATIONS_MAX)
      throw new DoppelwerkError("DW_INVALID", messageOf("simulate.mostReplicationsRun", { max: REPLICATIONS_MAX }));
    const decision = view.may("run", branch);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    const experiment = await this.#experiment(view, branch, request);
    return this.#begin(branch, view.principal.id, { request, experiment, code: this.#options.codeVersion });
  }

  async #experiment({ principal }: WorldView, branch: BranchId, request: RunRequest): Promise<RunPlan["experiment"]> {
    const { line } = this.#options;
    if (request.lines !== undefined) {
      const { kind, seed, shifts, lines } = request;
      return line.together(principal, branch, { kind, seed, shifts, lines });
    }
    const { variants: _variants, ...experiment } = await line.experiment(principal, branch, request);
    return experiment;
  }

  /** The same plan again, from its first replication: the same figures, whatever has changed on the branch since. */
  async rerun(id: string, by: string): Promise<RunSummary> {
    const { branch } = await this.summary(id);
    const plan = await this.#kept.plan(id);
    if (!plan) throw new DoppelwerkError("DW_NOT_FOUND", messageOf("simulate.runKeptNoPlan", { id }));
    return this.#begin(branch, by, { ...plan, code: this.#options.codeVersion }, id);
  }

  async cancel(id: string): Promise<void> {
    await this.summary(id);
    await this.#options.jobs.cancel(id);
  }

  /** One hash over the results of several runs, "" for none: an approval is bound to it. */
  async resultHash(ids: readonly string[]): Promise<string> {
    const summaries = await Promise.all(ids.map((id) => this.summary(id)));
    const hashes = summaries.map(({ resultHash = "" }) => resultHash).filter((hash) => hash !== "");
    return hashes.length === 0 ? "" : hashes.length === 1 ? hashes[0]! : hashes.join("+");
  }

  async resultsOfHash(hash: string): Promise<readonly RunResult[]> {
    if (hash === "") return [];
    const wanted = new Set(hash.split("+"));
    const found = (await this.#options.jobs.list({ kind: KIND })) as readonly RunJob[];
    const ids = found.flatMap(({ id, detail: { resultHash } }) => (resultHash !== undefined && wanted.delete(resultHash) ? [id] : []));
    return Promise.all(ids.map((id) => this.get(id)));
  }

  /** Carries a run out: the handler of its job. */
  async carryOut(
    { id, detail }: RunJob,
    run: JobRun,
  ): Promise<{ readonly detail: RunDetail; readonly done: number; readonly total: number }> {
    const plan = await this.#planOf(id);
    const { request, experiment } = plan;
    const warmUpS = request.kind === "study" ? await warmUp(plan, run) : 0;
    const outcomes = await this.#simulate(id, plan, warmUpS, run);
    const body = resultBody({ ...plan, outcomes, warmUpS });
    const resultHash = hashOfResult(body);
    const verdict = body.kpis.find(({ key }) => key === "throughput" || key === "good")?.verdict;
    const sameHash = detail.rerunOf === undefined ? undefined : await this.#isSame(detail.rerunOf, body);
    const ended: RunDetail = { ...detail, resultHash, ...(sameHash === undefined ? {} : { sameHash }), ...(verdict && { verdict }) };
    const total = outcomes.length;
    await this.#kept.putResult(id, { run: await this.summary(id), ...body, warningsTold: experiment.warningsTold });
    await this.#kept.dropOutcomes(id);
    return { detail: ended, done: total, total };
  }

  async #begin(branch: BranchId, by: string, plan: RunPlan, rerunOf?: string): Promise<RunSummary> {
    const { request, experiment } = plan;
    const { kind, seed, replications, line, lines } = request;
    const detail: RunDetail = {
      ...(line !== undefined && { line }),
      ...(lines !== undefined && { lines }),
      kind,
      seed,
      replications,
      diffHash: experiment.diffHash,
      ...(rerunOf === undefined ? {} : { rerunOf }),
    };
    const job = await this.#options.jobs.enqueue(
      { id: this.#options.ids.next("run"), kind: KIND, branch, by, priority: 0, total: taskCount(request, experiment), detail },
      { "plan.gz": packed(plan) },
    );
    return runSummaryOf(job as RunJob);
  }

  /** Whether a result is that of another run; another version of the code may well come to the same figures. */
  async #isSame(other: string, body: ResultBody): Promise<boolean | undefined> {
    const of = ((await this.#options.jobs.get(other)) as RunJob | undefined)?.detail.resultHash;
    if (of === undefined) return undefined;
    const first = (await this.#kept.plan(other))?.code;
    return of === hashOfResult({ ...body, model: { ...body.model, code: first ?? this.#options.codeVersion } });
  }

  /** What is kept of a run; outcomes of another version of the code are not mixed with those of this one. */
  async #planOf(id: string): Promise<RunPlan> {
    const { codeVersion } = this.#options;
    const plan = (await this.#kept.plan(id))!;
    if (plan.code === codeVersion) return plan;
    await this.#kept.dropOutcomes(id);
    const own = { ...plan, code: codeVersion };
    await this.#kept.putPlan(id, own);
    return own;
  }

  async #simulate(id: string, { request, experiment }: RunPlan, warmUpS: number, run: JobRun): Promise<readonly Outcome[]> {
    const tasks = tasksOf(request, experiment, warmUpS);
    const kept = new Map((await this.#kept.outcomes(id)).map(({ task, outcome }) => [task, outcome]));
    const missing = tasks.flatMap((task, index) => (kept.has(index) ? [] : [{ ...task, index }]));
    const before = tasks.length - missing.length;
    await run.report({ done: before, total: tasks.length });
    let shown = before;
    const saving = new Saving();
    await simulationsOf(run.perform).run(
      { models: [experiment.live, experiment.branch], tasks: missing, priority: 0 },
      (done, _total, at, outcome) => {
        const task = missing[at]!.index;
        kept.set(task, outcome);
        saving.add(() => this.#kept.addOutcome(id, { task, outcome }));
        if (done < missing.length && before + done - shown < tasks.length / 50) return;
        shown = before + done;
        saving.add(() => run.report({ done: before + done }));
      },
      run.signal,
    );
    await saving.done();
    return tasks.map((_, index) => kept.get(index)!);
  }
}

/** P3: how long a study's start is left out, from pilot replications by MSER-5 on the output per step. */
async function warmUp({ request, experiment }: RunPlan, run: JobRun): Promise<number> {
  const options = replicationOptions(request, experiment, 0);
  const tasks = Array.from({ length: PILOT_REPLICATIONS }, (_, i): SimulationTask => ({
    model: 0,
    options: { ...options, seed: request.seed + 7_919, replication: i, drawParameters: false },
  }));
  const work = { models: [experiment.live], tasks, priority: 0 };
  return warmUpSecondsOf(await simulationsOf(run.perform).run(work, undefined, run.signal));
}

/** Words in other languages are no part of what was found. */
function hashOfResult(body: ResultBody): string {
  return hashOfJson(JSON.parse(JSON.stringify(body)) as Json);
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

/** One line in a list is that line; no list is the line of `line`. */
function withLines({ lines, ...request }: RunRequest): RunRequest {
  const named = [...new Set(lines ?? [])];
  if (named.length === 0) return request;
  const { line: _line, ...rest } = request;
  return named.length === 1 ? { ...rest, line: named[0]! } : { ...rest, lines: named };
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
