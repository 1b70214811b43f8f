import { replicationKey, streamOf, uniformAt } from "../../random/philox.ts";
import { quantile, samplerOf } from "../../random/sampler.ts";
import { summarise } from "../../statistics/summary.ts";
import type { PlannedOperation, SchedulePlan } from "./schedule-problem.ts";
import { machineQueues } from "./schedule-edit.ts";
import { setUpOf, throughCalendar, type ScheduleIndex } from "./schedule-timing.ts";

export interface ScheduleTrialOptions {
  readonly replications: number;
  readonly seed: number;
  /** Coefficient of variation of times and set-ups (lognormal). */
  readonly cv: number;
  /** Machines fail: mean working time between failures and mean repair time (both exponential). */
  readonly failures?: { readonly between: number; readonly repair: number };
}

/** Both intervals, named (P1): where the mean is (95 %), and where one execution of the plan ends (90 %). */
export interface TrialEstimate {
  readonly mean: number;
  readonly confidence: number;
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

export interface ScheduleTrial {
  readonly makespan: TrialEstimate;
  /** By job: when it ends, and in how many of the executions it was in time (undefined without a due time). */
  readonly jobs: readonly (TrialEstimate & { readonly onTime: number | undefined })[];
}

/**
 * Executes a plan many times with times that vary and machines that fail: every machine takes its operations in the order of the plan, each as soon as job and
 * machine are ready, never before a lock. The numbers of an operation depend on seed, replication and operation alone, so two plans meet the same luck.
 */
export function tryPlan(
  index: ScheduleIndex,
  plan: SchedulePlan,
  planned: readonly PlannedOperation[],
  options: ScheduleTrialOptions,
): ScheduleTrial {
  const { problem, first, jobOf, count } = index;
  const { replications, seed, cv, failures } = options;
  const ends: number[][] = problem.jobs.map(() => []);
  const makespans: number[] = [];
  const factor = samplerOf(cv > 0 ? { kind: "lognormal", mean: 1, cv } : { kind: "constant", value: 1 });
  const unit = samplerOf({ kind: "exponential", mean: 1 });
  const queues = machineQueues(index, planned);
  const before = new Int32Array(count).fill(-1);
  for (const queue of queues) for (let i = 1; i < queue.length; i++) before[queue[i]!] = queue[i - 1]!;
  const streams = Array.from({ length: count }, (_, op) => streamOf(String(op), "time"));
  const order = plan.order;
  const start = new Float64Array(count);
  const end = new Float64Array(count);
  for (let replication = 0; replication < replications; replication++) {
    const key = replicationKey(seed, replication);
    let makespan = 0;
    for (const op of order) {
      const job = jobOf[op]!;
      const operation = op - first[job]!;
      const { machine: m } = planned[op]!;
      const machine = problem.machines[m]!;
      const { family, release = 0, operations } = problem.jobs[job]!;
      const time = operations[operation]!.choices[plan.choice[op]!]!.time;
      const previous = before[op]!;
      const setUp = setUpOf(machine, previous < 0 ? undefined : problem.jobs[jobOf[previous]!]!.family, family);
      const passOn = operation === 0 ? undefined : operations[operation - 1]!.passOn;
      const ready = operation === 0 ? release : passOn === undefined ? end[op - 1]! : start[op - 1]! + passOn;
      const free = (previous < 0 ? 0 : end[previous]!) + setUp * quantile(factor, uniformAt(key, streams[op]!, 1));
      let work = time * quantile(factor, uniformAt(key, streams[op]!, 0));
      if (failures && failures.between > 0) {
        // failures within the work: exponential gaps, each adds a repair
        let [gone, draw] = [failures.between * quantile(unit, uniformAt(key, streams[op]!, 2)), 3];
        const own = work;
        while (gone < own && draw < 200) {
          work += failures.repair * quantile(unit, uniformAt(key, streams[op]!, draw++));
          gone += failures.between * quantile(unit, uniformAt(key, streams[op]!, draw++));
        }
      }
      const through = throughCalendar(machine, Math.max(ready, free, plan.locked[op] ?? 0), work);
      start[op] = through.start;
      end[op] = passOn === undefined ? through.end : Math.max(through.end, end[op - 1]! + Math.min(passOn, time));
      makespan = Math.max(makespan, end[op]!);
    }
    makespans.push(makespan);
    for (let job = 0; job < problem.jobs.length; job++) ends[job]!.push(end[first[job + 1]! - 1]!);
  }
  return {
    makespan: estimateOf(makespans),
    jobs: problem.jobs.map(({ due }, job) => ({
      ...estimateOf(ends[job]!),
      onTime: due === undefined ? undefined : ends[job]!.filter((at) => at <= due).length / replications,
    })),
  };
}

function estimateOf(values: readonly number[]): TrialEstimate {
  const { mean, halfWidth } = summarise(values);
  const sorted = values.toSorted((x, y) => x - y);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { mean, confidence: halfWidth, low: at(0.05), median: at(0.5), high: at(0.95) };
}
