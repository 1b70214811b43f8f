import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { DoppelwerkError, message } from "@doppelwerk/kit";
import {
  ALARM_ACT,
  alarmDefinition,
  alarmReport,
  alarmStepsOf,
  inputsOfAlarms,
  linesOfAlarms,
  flowFold,
  flowInstance,
  operatorActionOf,
  signalsOfRule,
  stationsOfRule,
  type AlarmEvent,
  type AlarmReport,
  type AlarmRule,
  type LineDefinition,
} from "@doppelwerk/operations";
import type { Instant, RecordId } from "@doppelwerk/world";
import type { RuleTrial, TriedRule } from "../contract.ts";
import type { alarms } from "../feature.ts";
import { isSameRule, triedId } from "./rules.ts";
import { newestSteps } from "./fold/newest-steps.ts";
import { linesAskedFor } from "./lines-asked-for.ts";
import { judgeHistory } from "./what-if/judge-history.ts";

type Context = Pick<FeatureContext<typeof alarms>, "folds" | "own" | "jobs">;

export interface TrialRequest {
  /** Rules that hold in the trial; those that the caller may not read are not among them. */
  readonly rules: readonly AlarmRule[];
  /** Those of them that are judged again. What the others raised in the span is taken from the record. */
  readonly judged: ReadonlySet<RecordId>;
  /** The lines whose states they ask for. */
  readonly lines: readonly LineDefinition[];
  readonly from: Instant;
  readonly to: Instant;
  /** From 0 to 1. */
  onProgress?(progress: number): void;
}

const SUBJECT = "alarms:trial";
/** Of each list that is answered; the figures are of all. */
const LISTED_MAX = 1_000;
/** Steps of the past that a trial is compared with: as many as a trial may conclude. */
export const MAX_STEPS = 100_000;

/** What alarm rules would have raised over a span of the record, beside what was raised. Operators' acts are carried out again. Nothing is stored. */
export async function tryRules(ctx: Context, request: TrialRequest, signal: { readonly aborted: boolean }): Promise<RuleTrial> {
  const { rules, judged, from, to } = request;
  const newest = await newestSteps(ctx.own.history, rules, { from, to, count: MAX_STEPS + 1 });
  const was = newest.slice(0, MAX_STEPS).toReversed();
  const { events, isWhole } = await judgedAgain(ctx, request, was, signal);
  const would = [...was.filter(({ rule }) => !judged.has(rule)), ...events].toSorted((a, b) => a.instant - b.instant);
  const ofJudged = (steps: readonly AlarmEvent[]): readonly AlarmEvent[] => raisedOf(steps).filter(({ rule }) => judged.has(rule));
  const [wasRaised, raised] = [ofJudged(was), ofJudged(would)];
  return {
    from,
    to,
    was: figuresOf(alarmReport(was, from, to)),
    would: figuresOf(alarmReport(would, from, to)),
    rules: countsOf(rules, was, would),
    wasRaised: wasRaised.slice(0, LISTED_MAX).map(shownStep),
    raised: raised.slice(0, LISTED_MAX).map(shownStep),
    isWhole: isWhole && newest.length <= MAX_STEPS && Math.max(raised.length, wasRaised.length) <= LISTED_MAX,
  };
}

/** By whole columns where the signals of a rule are enough, in worker threads; by the fold where it asks for states of stations. */
async function judgedAgain(
  ctx: Context,
  request: TrialRequest,
  was: readonly AlarmEvent[],
  signal: { readonly aborted: boolean },
): Promise<{ readonly events: readonly AlarmEvent[]; readonly isWhole: boolean }> {
  const { judged, from, to, onProgress } = request;
  const rules = request.rules.filter(({ id }) => judged.has(id));
  const abort = signal instanceof AbortSignal ? signal : undefined;
  const share = (done: number, of: number): void => onProgress?.((done / of) * 0.9);
  const found = await judgeHistory(ctx.own.history, ctx.jobs.perform, { rules, from, to, was, onGroup: share }, abort);
  const left = new Set(found.left.map(({ id }) => id));
  const byFold = await judgedByFold(ctx, { ...request, judged: left }, was, signal);
  return { events: [...found.steps, ...byFold.events], isWhole: found.isWhole && byFold.isWhole };
}

/** The steps of the rules that are judged again, over what they alone are judged by. */
export async function judgedByFold(
  ctx: Pick<Context, "folds">,
  { rules, judged, lines, from, to, onProgress }: TrialRequest,
  was: readonly AlarmEvent[],
  signal: { readonly aborted: boolean },
): Promise<{ readonly events: readonly AlarmEvent[]; readonly isWhole: boolean }> {
  const own = rules.filter(({ id }) => judged.has(id));
  if (own.length === 0 || signal.aborted) return { events: [], isWhole: true };
  const asked = linesAskedFor(own, lines);
  const known = asked.map((line) => ({ fold: flowFold.id, ...flowInstance(line) }));
  const first = known.flatMap(({ inputs }) => inputs.flatMap((input) => ("signal" in input ? [input.signal] : [])));
  const { flows, lineOf } = linesOfAlarms(asked);
  const definition = alarmDefinition({ rules: own, since: {}, ...lineOf }, first);
  const { concluded, faults, isWhole } = await ctx.folds.try({
    known,
    tried: [{ fold: "alarms", subject: SUBJECT, definition, inputs: inputsOfAlarms(definition, flows) }],
    recorded: was.flatMap((event, at) => {
      const act = judged.has(event.rule) ? operatorActionOf(event) : undefined;
      return act === undefined ? [] : [{ type: ALARM_ACT, event: act, at: event.instant, id: String(at) }];
    }),
    from,
    to,
    signal,
    ...(onProgress && { onProgress }),
  });
  const [fault] = faults;
  if (fault) throw new DoppelwerkError("DW_UNAVAILABLE", message("alarms.trialFailed", { reason: fault.reason ?? fault.fold }));
  const events = alarmStepsOf(concluded).filter(({ instant }) => instant >= from && instant < to);
  return { events, isWhole };
}

/** The rules that a test has to judge again: those that were handed in, and those that are not what the record of the span was judged by. */
export async function judgedRules(
  fold: { rules(): Promise<readonly AlarmRule[]>; readonly since: ReadonlyMap<RecordId, Instant> },
  tried: readonly AlarmRule[],
  changes: readonly { readonly id?: RecordId | undefined }[],
  from: Instant,
): Promise<ReadonlySet<RecordId>> {
  const handedIn = new Set(changes.map(({ id }, at) => id ?? triedId(at)));
  const held = new Map((await fold.rules()).map((rule) => [rule.id, rule]));
  const isRecorded = (rule: AlarmRule): boolean => {
    const own = held.get(rule.id);
    return own !== undefined && isSameRule(own, rule) && (fold.since.get(rule.id) ?? -Infinity) <= from;
  };
  return new Set(tried.filter((rule) => handedIn.has(rule.id) || !isRecorded(rule)).map(({ id }) => id));
}

/** Whether the caller may read everything that a rule is judged by. */
export function isReadableRule(view: PlantView, rule: AlarmRule, lines: readonly LineDefinition[]): boolean {
  const bound = stationsOfRule(rule).flatMap(({ station }) => {
    const found = lines.flatMap((line) => line.stations).find((each) => each.id === station);
    return [...Object.values(found?.signals ?? {}), ...(found?.placeSignals ?? [])].flatMap((binding) => (binding ? [binding.id] : []));
  });
  return [...signalsOfRule(rule), ...bound].every((id) => view.mayReadSignal(id));
}

const raisedOf = (events: readonly AlarmEvent[]): readonly AlarmEvent[] =>
  events.filter(({ action, state }) => action === "alarm" && state === "unacknowledged");

export function figuresOf({ annunciations, per10Min, floods, floodShare, chattering }: AlarmReport): RuleTrial["was"] {
  return { raised: annunciations, per10Min, floods: floods.length, floodShare, chattering: chattering.length };
}

/** Rules that raised something, or would have, most changed first. */
function countsOf(rules: readonly AlarmRule[], was: readonly AlarmEvent[], would: readonly AlarmEvent[]): readonly TriedRule[] {
  const [before, after] = [countOf(was), countOf(would)];
  return rules
    .map(({ id, title }) => ({ id, title, was: before.get(id) ?? 0, would: after.get(id) ?? 0 }))
    .filter((rule) => rule.was + rule.would > 0)
    .toSorted((a, b) => Math.abs(b.would - b.was) - Math.abs(a.would - a.was) || (a.id < b.id ? -1 : 1));
}

function countOf(events: readonly AlarmEvent[]): ReadonlyMap<RecordId, number> {
  const counts = new Map<RecordId, number>();
  for (const { rule } of raisedOf(events)) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return counts;
}

function shownStep({ rule, title, instant, priority, station, value }: AlarmEvent): RuleTrial["raised"][number] {
  return {
    rule,
    title,
    at: instant,
    priority,
    ...(station !== undefined && { station }),
    ...(value !== undefined && { value: String(value) }),
  };
}
