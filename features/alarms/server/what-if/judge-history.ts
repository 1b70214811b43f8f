import type { PerformJobWork } from "@doppelwerk/kit/server";
import {
  isOfColumns,
  leadOf,
  operatorActionOf,
  rulesBySignals,
  signalsOfRule,
  type AlarmEvent,
  type AlarmRule,
  type ColumnsTask,
  type JudgedColumns,
  type RecordedColumn,
} from "@doppelwerk/operations";
import { LIVE, type History, type Instant, type RecordId } from "@doppelwerk/world";

/** Kind of the job, whose threads judge. */
export const WHAT_IF = "alarms.whatIf";
/** Groups of rules under way: one is read while the threads judge others. */
const AHEAD = 4;
/** Samples of one signal that are held at once; with more a group is judged piece by piece by the fold. */
const MAX_ROWS = 1_000_000;

export interface HistoryRequest {
  readonly rules: readonly AlarmRule[];
  readonly from: Instant;
  readonly to: Instant;
  /** The record of their alarms, of which the acts of people are carried out again. */
  readonly was: readonly AlarmEvent[];
  onGroup?(done: number, of: number): void;
}

export interface JudgedHistory {
  readonly steps: readonly AlarmEvent[];
  readonly unevaluatedS: Readonly<Record<string, number>>;
  readonly samples: number;
  readonly isWhole: boolean;
  /** Rules that ask for states of stations, or have more samples than are held at once. */
  readonly left: readonly AlarmRule[];
}

/** Rules over the recorded samples of a span: each group that shares signals by itself, in worker threads, whole columns at a time. */
export async function judgeHistory(
  history: Pick<History, "raw" | "at">,
  perform: PerformJobWork,
  { rules, from, to, was, onGroup }: HistoryRequest,
  signal?: AbortSignal,
): Promise<JudgedHistory> {
  const enabled = rules.filter((rule) => rule.enabled);
  const groups = rulesBySignals(enabled.filter(isOfColumns));
  const left = enabled.filter((rule) => !isOfColumns(rule));
  const found: JudgedColumns[] = [];
  let [next, done, samples] = [0, 0, 0];
  const lane = async (): Promise<void> => {
    for (let at = next++; at < groups.length; at = next++) {
      signal?.throwIfAborted();
      const own = groups[at]!;
      const task = await readTask(history, own, { from, to, was });
      if (task === undefined) left.push(...own);
      else {
        samples += Object.values(task.columns).reduce((sum, { times }) => sum + times.length, 0);
        const work = { kind: WHAT_IF, shared: undefined, tasks: [task], priority: 3 };
        found.push(...(await perform<undefined, ColumnsTask, JudgedColumns>(work, signal)));
      }
      onGroup?.(++done, groups.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AHEAD, groups.length) }, lane));
  return {
    steps: found.flatMap(({ steps }) => steps),
    unevaluatedS: Object.assign({}, ...found.map((each) => each.unevaluatedS)) as Record<string, number>,
    samples,
    isWhole: found.every(({ isWhole }) => isWhole),
    left,
  };
}

async function readTask(
  history: Pick<History, "raw" | "at">,
  rules: readonly AlarmRule[],
  { from, to, was }: Pick<HistoryRequest, "from" | "to" | "was">,
): Promise<ColumnsTask | undefined> {
  const begin = from - leadOf(rules);
  const signals = [...new Set(rules.flatMap(signalsOfRule))];
  const columns: Record<RecordId, RecordedColumn> = {};
  for (const signal of signals) {
    const key = { branch: LIVE, signal };
    const column = await history.raw(key, begin, to, MAX_ROWS + 1);
    if (column.times.length > MAX_ROWS) return undefined;
    const [before] = await history.at([key], begin - 1);
    columns[signal] = withBefore(column, before);
  }
  const own = new Set(rules.map(({ id }) => id));
  const acts = was.flatMap((event) => {
    const action = own.has(event.rule) ? operatorActionOf(event) : undefined;
    return action === undefined ? [] : [{ action, at: event.instant }];
  });
  return { rules, columns, acts, from, to };
}

/** What held when the span began comes first. */
function withBefore(
  { times, values, qualities, texts }: Awaited<ReturnType<History["raw"]>>,
  before: Awaited<ReturnType<History["at"]>>[number],
): RecordedColumn {
  if (before === undefined) return { times, values, qualities, texts };
  const own = new Map([...texts].map(([row, text]) => [row + 1, text]));
  if (before.text !== undefined) own.set(0, before.text);
  const grades = new Uint8Array(qualities.length + 1);
  grades[0] = before.quality;
  grades.set(qualities, 1);
  return {
    times: joined(before.time, times),
    values: joined(before.value, values),
    qualities: grades,
    texts: own,
  };
}

function joined(first: number, rest: Float64Array): Float64Array {
  const all = new Float64Array(rest.length + 1);
  all[0] = first;
  all.set(rest, 1);
  return all;
}
