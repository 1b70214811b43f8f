import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { FeatureContext, JobRun, PlantView } from "@doppelwerk/kit/server";
import { signalsOfRule, type AlarmEvent, type AlarmRule, type LineDefinition } from "@doppelwerk/operations";
import { hasEnded, type BranchId, type Instant, type Job, type RecordId } from "@doppelwerk/world";
import type { alarms } from "../../feature.ts";
import type {} from "../../message-codes.ts";
import type { WhatIf } from "../../model/what-if-shape.ts";
import { newestSteps } from "../fold/newest-steps.ts";
import { judgedByFold, MAX_STEPS } from "../try-rules.ts";
import { judgeHistory, WHAT_IF } from "./judge-history.ts";
import { whatIfOf } from "./what-if.ts";

type Context = Pick<FeatureContext<typeof alarms>, "jobs" | "own" | "folds" | "ids">;

/** What a job carries out: the rules as they were when it was requested. */
interface Plan {
  readonly rules: readonly AlarmRule[];
  /** Those that are judged again; what the others raised is taken from the record. */
  readonly judged: readonly RecordId[];
  readonly from: Instant;
  readonly to: Instant;
}

const PLAN = "plan.json";
const RESULT = "result.json";
/** Ended ones that are kept. */
const KEPT = 50;
/** Of the progress: judging by columns, then by the fold. */
const PARTS = 100;

/** Rules of a branch over the record, as a job: requested, carried out, read by who requested it. */
export class WhatIfService {
  readonly #ctx: Context;
  readonly #linesOf: () => Promise<readonly LineDefinition[]>;

  constructor(ctx: Context, linesOf: () => Promise<readonly LineDefinition[]>) {
    this.#ctx = ctx;
    this.#linesOf = linesOf;
  }

  async start(view: PlantView, branch: BranchId, plan: Plan): Promise<{ readonly id: string }> {
    const { jobs, ids } = this.#ctx;
    const id = ids.next("whatIf");
    const detail = { from: plan.from, to: plan.to };
    await jobs.enqueue(
      { id, kind: WHAT_IF, branch, by: view.principal.id, priority: 3, total: PARTS, detail },
      { [PLAN]: Buffer.from(JSON.stringify(plan)) },
    );
    const ended = (await jobs.list({ kind: WHAT_IF })).filter((job) => hasEnded(job));
    await jobs.forget(ended.slice(0, Math.max(0, ended.length - KEPT)).map((job) => job.id));
    return { id };
  }

  /** It is of rules that its author may read: others are answered as if there were none. */
  async read(view: PlantView, id: string): Promise<{ readonly state: Job["state"]; readonly progress: number; readonly result?: WhatIf }> {
    const job = await this.#ctx.jobs.get(id);
    if (job?.kind !== WHAT_IF || job.by !== view.principal.id)
      throw new DoppelwerkError("DW_NOT_FOUND", message("alarms.whatIf.none", { id: id.slice(0, 200) }));
    const kept = job.state === "done" ? await this.#ctx.jobs.files.get(id, RESULT) : undefined;
    const result = kept && (JSON.parse(Buffer.from(kept).toString()) as WhatIf);
    const rules = result?.rules ?? [];
    const signals = rules.length === 0 ? [] : (await this.#plan(id)).rules.flatMap(signalsOfRule);
    // what he may not read any more
    if (!signals.every((signal) => view.mayReadSignal(signal)))
      throw new DoppelwerkError("DW_NOT_FOUND", message("alarms.whatIf.none", { id: id.slice(0, 200) }));
    return { state: job.state, progress: Math.min(1, job.done / PARTS), ...(result && { result }) };
  }

  async carryOut(job: Job, run: JobRun): Promise<{ readonly done: number }> {
    const { own, folds, jobs } = this.#ctx;
    const { rules, judged: ids, from, to } = await this.#plan(job.id);
    const again = new Set(ids);
    const newest = await newestSteps(own.history, rules, { from, to, count: MAX_STEPS + 1 });
    const was = newest.slice(0, MAX_STEPS).toReversed();
    const judged = rules.filter(({ id }) => again.has(id));
    const report = (share: number): void => void run.report({ done: Math.floor(share * (PARTS - 1)) });
    const found = await judgeHistory(
      own.history,
      run.perform,
      { rules: judged, from, to, was, onGroup: (done, of) => report((done / of) * 0.9) },
      run.signal,
    );
    const left = new Set(found.left.map(({ id }) => id));
    const lines = left.size === 0 ? [] : await this.#linesOf();
    const onProgress = (share: number): void => report(0.9 + share * 0.1);
    const byFold = await judgedByFold({ folds }, { rules, judged: left, lines, from, to, onProgress }, was, run.signal);
    run.signal.throwIfAborted();
    const would = [...was.filter(({ rule }) => !again.has(rule)), ...found.steps, ...byFold.events].toSorted(byTime);
    const isWhole = found.isWhole && byFold.isWhole && newest.length <= MAX_STEPS;
    const { unevaluatedS, samples } = found;
    const result: WhatIf = { ...whatIfOf({ from, to, rules, was, would, unevaluatedS }), samples, isWhole };
    await jobs.files.put(job.id, RESULT, Buffer.from(JSON.stringify(result)));
    return { done: PARTS };
  }

  async #plan(id: string): Promise<Plan> {
    const plan = await this.#ctx.jobs.files.get(id, PLAN);
    if (plan === undefined) throw new DoppelwerkError("DW_DAMAGED", message("alarms.whatIf.none", { id }));
    return JSON.parse(Buffer.from(plan).toString()) as Plan;
  }
}

const byTime = (a: AlarmEvent, b: AlarmEvent): number => a.instant - b.instant;
