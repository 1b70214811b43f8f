import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { DoppelwerkError, message } from "@doppelwerk/kit";
import {
  ALARM_ACT,
  alarmDefinition,
  alarmReport,
  inputsOfAlarms,
  linesOfAlarms,
  flowFold,
  flowInstance,
  operatorActionOf,
  signalsOfCondition,
  type AlarmEvent,
  type AlarmOutput,
  type AlarmReport,
  type AlarmRule,
  type LineDefinition,
} from "@doppelwerk/operations";
import type { Instant, RecordId } from "@doppelwerk/world";
import type { RuleTrial, TriedRule } from "../contract.ts";
import type { alarms } from "../feature.ts";
import { newestSteps } from "./fold/newest-steps.ts";

type Context = Pick<FeatureContext<typeof alarms>, "folds" | "own">;

export interface TrialRequest {
  /** Rules that hold in the trial; those that the caller may not read are not among them. */
  readonly rules: readonly AlarmRule[];
  /** The lines whose states they ask for. */
  readonly lines: readonly LineDefinition[];
  readonly from: Instant;
  readonly to: Instant;
}

const SUBJECT = "alarms:trial";
/** Of the list that is answered; the figures are of all. */
const LISTED_MAX = 1_000;
/** Steps of the past that a trial is compared with: as many as a trial may conclude. */
const MAX_STEPS = 100_000;

/** What alarm rules would have raised over a span of the record, beside what was raised. Operators' acts are carried out again. Nothing is stored. */
export async function tryRules(
  ctx: Context,
  { rules, lines, from, to }: TrialRequest,
  signal: { readonly aborted: boolean },
): Promise<RuleTrial> {
  const newest = await newestSteps(ctx.own.history, rules, { from, to, count: MAX_STEPS + 1 });
  const was = newest.slice(0, MAX_STEPS).toReversed();
  const known = lines.map((line) => ({ fold: flowFold.id, ...flowInstance(line) }));
  const first = known.flatMap(({ inputs }) => inputs.flatMap((input) => ("signal" in input ? [input.signal] : [])));
  const { flows, lineOf } = linesOfAlarms(lines);
  const definition = alarmDefinition({ rules, since: {}, ...lineOf }, first);
  const { concluded, faults, isWhole } = await ctx.folds.try({
    known,
    tried: [{ fold: "alarms", subject: SUBJECT, definition, inputs: inputsOfAlarms(definition, flows) }],
    recorded: was.flatMap((event, at) => {
      const act = operatorActionOf(event);
      return act === undefined ? [] : [{ type: ALARM_ACT, event: act, at: event.instant, id: String(at) }];
    }),
    from,
    to,
    signal,
  });
  const [fault] = faults;
  if (fault) throw new DoppelwerkError("DW_UNAVAILABLE", message("alarms.trialFailed", { reason: fault.reason ?? fault.fold }));
  const would = concluded.map(({ output }) => (output as AlarmOutput).event).filter(({ instant }) => instant >= from && instant < to);
  return {
    from,
    to,
    was: figuresOf(alarmReport(was, from, to)),
    would: figuresOf(alarmReport(would, from, to)),
    rules: countsOf(rules, was, would),
    raised: raisedOf(would).slice(0, LISTED_MAX).map(shownStep),
    isWhole: isWhole && newest.length <= MAX_STEPS && raisedOf(would).length <= LISTED_MAX,
  };
}

/** Whether the caller may read everything that a rule is judged by. */
export function isReadableRule(
  view: PlantView,
  { condition, station, suppressedBy, suppressedIn }: AlarmRule,
  lines: readonly LineDefinition[],
): boolean {
  const stations = [
    ...(condition.kind === "state" ? [condition.station] : []),
    ...(suppressedIn.length > 0 ? [suppressedBy ?? station] : []),
  ];
  const bound = stations.flatMap((id) => {
    const found = lines.flatMap((line) => line.stations).find((each) => each.id === id);
    return [...Object.values(found?.signals ?? {}), ...(found?.placeSignals ?? [])].flatMap((binding) => (binding ? [binding.id] : []));
  });
  return [...signalsOfCondition(condition), ...bound].every((id) => view.mayReadSignal(id));
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
