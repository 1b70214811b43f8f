import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { FeatureContext } from "@doppelwerk/kit/server";
import {
  ALARM_ACT,
  alarmDefinition,
  alarmFold,
  alarmListAt,
  alarmReport,
  flowFold,
  flowInstance,
  inputsOfAlarms,
  operatorActionOf,
  signalsOfRule,
  type AlarmDefinition,
  type AlarmEvent,
  type AlarmFoldState,
  type AlarmOutput,
  type AlarmRule,
  type LineDefinition,
  type OperatorAction,
} from "@doppelwerk/operations";
import type { SimulatedCourse } from "@doppelwerk/ports";
import { carriedIntakeState, createFoldRun, DAY, type Concluded, type FoldInput, type FoldState, type Instant } from "@doppelwerk/world";
import type { Alarm, AlarmsAhead } from "../contract.ts";
import type { alarms } from "../feature.ts";
import type {} from "../message-codes.ts";
import { newestSteps } from "./fold/newest-steps.ts";
import { shownAlarm, shownAlarmEvent, type AlarmNames } from "./fold/shown-alarm.ts";
import { figuresOf } from "./try-rules.ts";

export interface AheadRequest {
  /** Rules of the branch that the caller may read. */
  readonly rules: readonly AlarmRule[];
  /** The line that the branch was forked from. */
  readonly line: LineDefinition;
  readonly course: SimulatedCourse;
  /** Instant of the list; the last transitions up to it are answered. */
  readonly at: Instant;
  /** What was set aside in the parent at an instant: shelved and out of service. */
  asideAt(instant: Instant): Promise<readonly Alarm[]>;
}

type Folds = Pick<FeatureContext<typeof alarms>, "folds" | "own">;

const SUBJECT = "alarms:ahead";
const STATES = "flow.states";
/** Of the parent so much is folded before the simulation begins. */
const LEAD: Instant = DAY;
const MAX_LISTED = 1_000;
/** Steps of the parent in which acts of people are looked for. */
const MAX_STEPS = 100_000;
/** Simulated states that are folded in one go. */
const AT_ONCE = 5_000;

interface Folded {
  readonly definition: AlarmDefinition;
  readonly inputs: readonly FoldInput[];
  readonly concluded: readonly Concluded[];
  /** Undefined where nothing was recorded. */
  readonly state: FoldState | undefined;
}

/**
 * Alarms of a branch in its simulated future: the rules of the branch over the record of its parent up to where the simulation begins, then over the
 * states of the simulated stations, with the same fold. Rules over values are not judged there: a simulation of a line makes none. Nothing is stored.
 */
export async function alarmsAhead(
  ctx: Folds,
  { rules, line, course, at, asideAt }: AheadRequest,
  signal: { readonly aborted: boolean },
): Promise<AlarmsAhead> {
  const { from, to } = course;
  const past = course.kind === "forecast" ? await foldPast(ctx, { rules, line, from, asideAt }, signal) : undefined;
  const judged = rules.filter((rule) => signalsOfRule(rule).length === 0);
  const future = await foldCourse(judged, past, course, signal);
  const ended = stepsOf(past?.concluded ?? []).filter((each) => eventOf(each).instant < from);
  const all = [...ended, ...future.filter((each) => eventOf(each).instant >= from)];
  const until = Math.max(from - LEAD, Math.min(at, to));
  const shown = all.filter((each) => eventOf(each).instant <= until);
  const ids = new Set(judged.map(({ id }) => id));
  // an alarm that is not judged any more ends with the record
  const listed = shown.filter((each) => until < from || ids.has(eventOf(each).rule));
  const originOf = new Map(listed.map(({ origin, output }) => [(output as Step).event.rule, origin] as const));
  const { active, aside } = alarmListAt(listed.map(eventOf), until);
  return {
    run: course.run,
    replication: course.replication,
    from,
    to,
    at: until,
    alarms: [...active, ...aside].map((entry) => ({ ...shownAlarm(entry, NAMES), origin: shownOrigin(originOf.get(entry.rule)) })),
    transitions: shown
      .toReversed()
      .slice(0, MAX_LISTED)
      .map((each) => ({ ...shownAlarmEvent(eventOf(each), NAMES), origin: shownOrigin(each.origin) })),
    isWhole: course.isWhole && shown.length <= MAX_LISTED,
    figures: figuresOf(alarmReport(future.map(eventOf), from, to)),
    notJudged: rules.filter(({ enabled, id }) => enabled && !ids.has(id)).map(({ id, title }) => ({ id, title })),
    ...(course.traceHash !== undefined && { traceHash: course.traceHash }),
  };
}

/** Nobody acts in a simulation; who did in the record is named where the record is asked. */
const NAMES: AlarmNames = { nameOf: (actor) => actor, atPlant: () => undefined };

type Step = Extract<AlarmOutput, { readonly type: "transition" }>;
const stepsOf = (concluded: readonly Concluded[]): readonly Concluded[] =>
  concluded.filter(({ output }) => (output as AlarmOutput).type === "transition");
const eventOf = ({ output }: Pick<Concluded, "output">): AlarmEvent => (output as Step).event;
const shownOrigin = (origin: Concluded["origin"] | undefined): "derived" | "simulated" =>
  origin === "simulated" ? "simulated" : "derived";

async function foldPast(
  ctx: Folds,
  { rules, line, from, asideAt }: Pick<AheadRequest, "rules" | "line" | "asideAt"> & { readonly from: Instant },
  signal: { readonly aborted: boolean },
): Promise<Folded> {
  const begin = from - LEAD;
  const flow = { fold: flowFold.id, ...flowInstance(line) };
  const first = flow.inputs.flatMap((input) => ("signal" in input ? [input.signal] : []));
  const definition = alarmDefinition({ rules, since: {} }, first);
  const inputs = inputsOfAlarms(definition, [line.id]);
  const steps = await newestSteps(ctx.own.history, rules, { from: begin, to: from, count: MAX_STEPS });
  const acts = [
    ...(await asideAt(begin)).flatMap((alarm) => actOf(alarm, begin)),
    ...steps.toReversed().flatMap((event) => {
      const act = operatorActionOf(event);
      return act === undefined ? [] : [{ act, at: event.instant }];
    }),
  ];
  const { concluded, faults, states } = await ctx.folds.try({
    known: [flow],
    tried: [{ fold: alarmFold.id, subject: SUBJECT, definition, inputs }],
    recorded: acts.map(({ act, at }, n) => ({ type: ALARM_ACT, event: act, at, id: String(n) })),
    from: begin,
    to: from,
    signal,
  });
  const [fault] = faults;
  if (fault) throw new DoppelwerkError("DW_UNAVAILABLE", message("alarms.trialFailed", { reason: fault.reason ?? fault.fold }));
  return { definition, inputs, concluded, state: states[0] };
}

/** What somebody had set aside before the record is folded is set aside from its beginning. */
function actOf(
  { rule, state, by = "", reason = "", shelvedUntil }: Alarm,
  at: Instant,
): { readonly act: OperatorAction; readonly at: Instant }[] {
  if (state === "outOfService") return [{ act: { rule, action: "takeOut", actor: by, reason }, at }];
  if (state !== "shelved" || shelvedUntil === undefined) return [];
  return [{ act: { rule, action: "shelve", actor: by, reason: reason || "shelved", until: shelvedUntil }, at }];
}

/** The rules of states, from where the record left them, over the course. */
async function foldCourse(
  rules: readonly AlarmRule[],
  past: Folded | undefined,
  { states, to }: SimulatedCourse,
  signal: { readonly aborted: boolean },
): Promise<readonly Concluded[]> {
  const definition = alarmDefinition({ rules, since: {} });
  const inputs: readonly FoldInput[] = [{ recorded: STATES }, { recorded: ALARM_ACT }];
  const from = past?.state && carriedState(past.definition, past.inputs, past.state, { definition, inputs });
  const run = createFoldRun([{ fold: alarmFold, subject: SUBJECT, definition, inputs, ...(from && { from }) }]);
  const concluded: Concluded[] = [];
  for (let at = 0; at < states.length && !signal.aborted; at += AT_ONCE) {
    const piece = states.slice(at, at + AT_ONCE);
    for (const [n, { station, at: instant, states: own }] of piece.entries())
      run.record(STATES, { type: "states", station, states: own }, instant, String(at + n).padStart(9, "0"));
    // states of one instant may go on in the next piece
    run.advance(piece.at(-1)!.at - 1);
    concluded.push(...run.drain());
    await new Promise((resolve) => setImmediate(resolve));
  }
  run.advance(to);
  concluded.push(...run.drain());
  // all of it follows from simulated states
  return stepsOf(concluded).map((each) => ({ ...each, origin: "simulated" }));
}

/** The state of all rules of the branch, for those that are judged by states alone. */
function carriedState(
  before: AlarmDefinition,
  inputsBefore: readonly FoldInput[],
  state: FoldState,
  { definition, inputs }: { readonly definition: AlarmDefinition; readonly inputs: readonly FoldInput[] },
): FoldState {
  const names = (of: readonly FoldInput[]): string[] => of.map((input) => JSON.stringify(input));
  return {
    ...state,
    state: alarmFold.adopt!(state.state as AlarmFoldState, before, definition, () => undefined),
    intake: carriedIntakeState(state.intake, names(inputsBefore), names(inputs)),
    origins: inputs.map(() => 0),
  };
}
