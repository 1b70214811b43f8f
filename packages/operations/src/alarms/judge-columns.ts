import { DoppelwerkError, SECOND, type Instant, type RecordId } from "@doppelwerk/world";
import { createAlarmEngine, type AlarmEngine } from "./alarm-engine.ts";
import type { AlarmEvent } from "./alarm-list.ts";
import { signalsOfRule, stationsOfRule, type AlarmRule } from "./alarm-rule.ts";
import type { RuleEvaluation } from "./conditions/computed-rules.ts";
import type { OperatorAction } from "./operator-action.ts";

/** Samples of one signal in order of time. */
export interface RecordedColumn {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly qualities: Uint8Array;
  readonly texts: ReadonlyMap<number, string>;
}

/** Rules that have no signal in common with others, and what they are judged by. */
export interface ColumnsTask {
  readonly rules: readonly AlarmRule[];
  /** By signal. */
  readonly columns: Readonly<Record<RecordId, RecordedColumn>>;
  /** What people did to their alarms, in order of time. */
  readonly acts: readonly { readonly action: OperatorAction; readonly at: Instant }[];
  /** Steps before `from` are not given, nor from `to` on. */
  readonly from: Instant;
  readonly to: Instant;
}

export interface JudgedColumns {
  readonly steps: readonly AlarmEvent[];
  /** Times at which rules could not be evaluated, seconds by rule. */
  readonly unevaluatedS: Readonly<Record<string, number>>;
  /** False: it was stopped at so many steps. */
  readonly isWhole: boolean;
}

/** So many samples are judged between two looks at whether the result is still wanted. */
const AT_ONCE = 50_000;

/** Rules over recorded samples, one after another, as the fold judges them; for rules that ask for no station. */
export function judgeColumns(
  task: ColumnsTask,
  { maxSteps, isStopped }: { readonly maxSteps: number; isStopped(): boolean },
): JudgedColumns {
  const { rules, acts, from, to } = task;
  const steps: AlarmEvent[] = [];
  let isWhole = true;
  const evaluations: RuleEvaluation[] = [];
  const engine = createAlarmEngine(
    rules,
    (event) => {
      if (event.instant < from || event.instant >= to) return;
      if (steps.length < maxSteps) steps.push(event);
      else isWhole = false;
    },
    undefined,
    { since: new Map(), statesOf: () => [], onEvaluation: (evaluation) => evaluations.push(evaluation) },
  );
  const columns = engine.signals.map((signal) => task.columns[signal] ?? NOTHING);
  let nextAct = 0;
  const actUntil = (at: Instant): void => {
    for (; nextAct < acts.length && acts[nextAct]!.at <= at; nextAct++) act(engine, acts[nextAct]!);
  };
  if (columns.length === 1) judgeOne(engine, columns[0]!, { to, actUntil, isWanted: () => isWhole && !isStopped() });
  else judgeMany(engine, columns, { to, actUntil, isWanted: () => isWhole && !isStopped() });
  actUntil(to);
  fireUntil(engine, to);
  return { steps, unevaluatedS: unevaluatedS(evaluations, from, to), isWhole };
}

const NOTHING: RecordedColumn = { times: new Float64Array(0), values: new Float64Array(0), qualities: new Uint8Array(0), texts: new Map() };

interface Judging {
  readonly to: Instant;
  actUntil(at: Instant): void;
  isWanted(): boolean;
}

function judgeOne(
  engine: AlarmEngine,
  { times, values, qualities: grades, texts }: RecordedColumn,
  { to, actUntil, isWanted }: Judging,
): void {
  const hasTexts = texts.size > 0;
  for (let row = 0; row < times.length; row++) {
    const at = times[row]!;
    if (at >= to || (row % AT_ONCE === 0 && !isWanted())) break;
    if (engine.due() <= at) fireUntil(engine, at);
    actUntil(at);
    engine.sample(0, values[row]!, hasTexts ? texts.get(row) : undefined, grades[row]!, at);
    // two of one instant are judged together
    if (engine.isWaiting && times[row + 1] !== at) engine.settle(at);
  }
}

/** Columns of the same instants, as of one gateway, are common: each is looked at once a sample. */
function judgeMany(engine: AlarmEngine, columns: readonly RecordedColumn[], { to, actUntil, isWanted }: Judging): void {
  const rows = new Uint32Array(columns.length);
  for (let count = 0; count % AT_ONCE !== 0 || isWanted(); count++) {
    let at = Number.POSITIVE_INFINITY;
    for (let slot = 0; slot < columns.length; slot++) at = Math.min(at, columns[slot]!.times[rows[slot]!] ?? Number.POSITIVE_INFINITY);
    if (at >= to) break;
    if (engine.due() <= at) fireUntil(engine, at);
    actUntil(at);
    for (let slot = 0; slot < columns.length; slot++) {
      const { times, values, qualities: grades, texts } = columns[slot]!;
      for (let row = rows[slot]!; times[row] === at; row++) {
        engine.sample(slot, values[row]!, texts.size > 0 ? texts.get(row) : undefined, grades[row]!, at);
        rows[slot] = row + 1;
      }
    }
    if (engine.isWaiting) engine.settle(at);
  }
}

function fireUntil(engine: AlarmEngine, until: Instant): void {
  for (let due = engine.due(); due <= until; due = engine.due()) {
    engine.fire(due);
    if (engine.isWaiting) engine.settle(due);
  }
}

/** One that has no place for it any more is passed over. */
function act(engine: AlarmEngine, { action, at }: ColumnsTask["acts"][number]): void {
  if (!engine.rules.some(({ id }) => id === action.rule)) return;
  try {
    engine.act(action, at);
  } catch (error) {
    if (!(error instanceof DoppelwerkError)) throw error;
  }
}

function unevaluatedS(evaluations: readonly RuleEvaluation[], from: Instant, to: Instant): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  const since = new Map<string, Instant>();
  const add = (rule: string, end: Instant): void => {
    const begin = since.get(rule);
    if (begin === undefined) return;
    since.delete(rule);
    const span = (Math.min(end, to) - Math.max(begin, from)) / SECOND;
    if (span > 0) sums[rule] = (sums[rule] ?? 0) + span;
  };
  for (const { rule, instant, why } of evaluations) {
    add(rule, instant);
    if (why !== undefined) since.set(rule, instant);
  }
  for (const rule of since.keys()) add(rule, to);
  return sums;
}

/** Whether a rule is judged by recorded signals alone. */
export const isOfColumns = (rule: AlarmRule): boolean => stationsOfRule(rule).length === 0 && signalsOfRule(rule).length > 0;

/** Rules by the signals that they share: each group can be judged by itself. First-out groups stay together. */
export function rulesBySignals(rules: readonly AlarmRule[]): readonly (readonly AlarmRule[])[] {
  const parents = new Map<string, string>();
  const rootOf = (key: string): string => {
    let root = key;
    for (let next = parents.get(root); next !== undefined; next = parents.get(root)) root = next;
    return root;
  };
  const keysOf = (rule: AlarmRule): readonly string[] => [
    ...signalsOfRule(rule),
    ...(rule.firstOut === undefined ? [] : [`\n${rule.firstOut.group}`]),
  ];
  for (const rule of rules) {
    const [first, ...others] = keysOf(rule);
    for (const other of others) {
      const [a, b] = [rootOf(first!), rootOf(other)];
      if (a !== b) parents.set(b, a);
    }
  }
  const groups = new Map<string, AlarmRule[]>();
  for (const rule of rules) {
    const root = rootOf(keysOf(rule)[0]!);
    groups.set(root, [...(groups.get(root) ?? []), rule]);
  }
  return [...groups.values()];
}

/** How long before a span rules have to be judged so that they know what they remember, at most a week. */
export function leadOf(rules: readonly AlarmRule[]): Instant {
  const longest = rules.reduce((most, { condition, onDelayS }) => {
    const own = ["windowS", "usualS", "withinS", "smoothS", "afterS"].map((field) =>
      Number((condition as Record<string, unknown>)[field] ?? 0),
    );
    return Math.max(most, onDelayS + 4 * Math.max(...own));
  }, 0);
  return Math.min(7 * 86_400, 7_200 + longest) * SECOND;
}
