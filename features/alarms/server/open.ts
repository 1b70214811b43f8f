import { join } from "node:path";
import { DoppelwerkError, SECOND, message } from "@doppelwerk/kit";
import type { FeatureContext, Open, PlantView } from "@doppelwerk/kit/server";
import type { LineDefinition } from "@doppelwerk/operations";
import {
  alarmAudits,
  alarmFold,
  alarmRecord,
  alarmTicks,
  boardTiles,
  lineFlow,
  listTables,
  pastReading,
  runResults,
  shippedAlarmRules,
  stationStates,
  type AlarmFold,
  type ConcludedAlarm,
  type CourseRequest,
  type LineFlow,
  type RunResults,
} from "@doppelwerk/ports";
import { DAY, LIVE, type BranchId, type Instant, type Principal } from "@doppelwerk/world";
import { MAX_TRANSITIONS, changed, type Alarm, type AlarmsAhead, type RuleCounts, type RuleTrial } from "../contract.ts";
import type { alarms } from "../feature.ts";
import type {} from "../message-codes.ts";
import { takeFormerCheckpoints } from "./fold/former-checkpoints.ts";
import { LiveAlarms } from "./fold/live-alarms.ts";
import { readOccurrences } from "./fold/occurrence-page.ts";
import { RuleBook } from "./fold/rule-book.ts";
import { shownOccurrence } from "./fold/shown-occurrence.ts";
import { alarmsAhead } from "./ahead.ts";
import { auditedAlarmsOf } from "./audited-line.ts";
import { readAtPlant } from "./at-plant.ts";
import { alarmRecordOf } from "./alarm-record.ts";
import { isOfLine } from "./alarms-of-line.ts";
import { activeAlarmsTile } from "./board-tile.ts";
import { ticksOf } from "./alarm-ticks.ts";
import { countRaises } from "./rule-counts.ts";
import { ruleTable } from "./rule-table.ts";
import { AlarmRules } from "./rules.ts";
import { readCursor, readPage } from "./transition-page.ts";
import { TrialProgress } from "./trial-progress.ts";
import { isReadableRule, judgedRules, tryRules } from "./try-rules.ts";
import { Turns } from "./turns.ts";
import { WhatIfService } from "./what-if/what-if-service.ts";

/** Tests of rules that wait for the one under way. */
const MAX_WAITING_TRIALS = 8;

type Act = Parameters<AlarmFold["act"]>[0]["action"];
type ActCall = {
  readonly view: PlantView;
  readonly params: { readonly id: string };
  readonly body: { readonly reason?: string | undefined };
};

/** The alarm list at any instant, its history, and what people do to alarms (ISA-18.2). */
export const open: Open<typeof alarms> = async (ctx) => {
  const fold = openAlarms(ctx);
  const rules = new AlarmRules(ctx.use(shippedAlarmRules));
  const line = ctx.use(lineFlow);
  const newId = (): string => ctx.ids.next("alarmRule");
  const unfollow = fold.follow(({ alarm, inputs }) => ctx.publish(changed, alarm, inputs));
  ctx.derivations.inputs({ of: (signal) => fold.inputsOfSignal(signal), version: () => fold.version });
  const uncommit = ctx.own.documents.onCommit(({ entry }) => fold.onCommit(entry));
  await fold.open();
  // one at a time: each is a thread of its own
  const trials = new Turns(MAX_WAITING_TRIALS);
  const progress = new TrialProgress();
  const whatIfs = new WhatIfService(ctx, () => linesOf(ctx));
  return {
    handlers: {
      "alarms.list": async ({ view, query }) => {
        const isAsked = isOfLine(await line.folded(), query.line);
        return readable(view, await fold.at(query.t)).filter(isAsked);
      },
      "alarms.history": async ({ view, query: { from, to, station } }) =>
        alarmsOf(await fold.transitions(from, to, station, { max: MAX_TRANSITIONS, mayRead: (signal) => view.mayReadSignal(signal) })),
      "alarms.transitions": async ({ view, query: { from, to, station, line: id, limit, cursor } }) => {
        const after = cursor === undefined ? undefined : readCursor(cursor);
        const isAsked = isOfLine(await line.folded(), id);
        return readPage(fold, { from, to, station, limit, isAsked, mayRead: (signal) => view.mayReadSignal(signal) }, after);
      },
      "alarms.occurrences": (call) => readOccurrencesOf(fold, line, call),
      ...actHandlers(fold, ctx),
      "alarms.atPlant": ({ view, params, query }) => readAtPlant(fold, view, params.id, query.t),
      "alarms.rules": async ({ view, branch, query: { t } }) =>
        branch === LIVE ? rules.listEvaluated(view, await fold.unevaluated(t)) : rules.list(view, branch),
      "alarms.ruleCounts": ({ view, query: { t = ctx.now() } }) => readRuleCounts(ctx, fold, view, t),
      "alarms.addRule": ({ view, branch, body }) => rules.store(view, branch, undefined, newId, body),
      "alarms.storeRule": ({ view, branch, params, body }) => rules.store(view, branch, params.id, newId, body),
      "alarms.removeRule": ({ view, branch, params, query }) => rules.remove(view, branch, params.id, query.reason),
      "alarms.tryRules": (call) => readTrial(ctx, { fold, rules, trials, progress }, call),
      "alarms.trialProgress": async ({ params }) => progress.read(params.id),
      "alarms.startWhatIf": (call) => startWhatIf(ctx, { fold, rules, whatIfs }, call),
      "alarms.whatIf": ({ view, params }) => whatIfs.read(view, params.id),
      "alarms.ahead": (call) => trials.take(() => readAhead(ctx, { fold, rules }, call)),
    },
    contributed: contributedBy(ctx, { fold, rules, flow: line }),
    jobs: { "alarms.whatIf": (job, run) => whatIfs.carryOut(job, run) },
    ports: {
      [alarmFold.key]: fold,
      [alarmRecord.key]: alarmRecordOf({ ctx, fold, rules, trials, lines: () => linesOf(ctx) }),
      [alarmAudits.key]: {
        of: async (question) => auditedAlarmsOf(question, { view: ctx.view(question.principal), fold, flow: line, now: ctx.now() }),
      },
      [alarmTicks.key]: {
        between(principal, from, to, points) {
          const view = ctx.view(principal);
          const { history, rules: readable } = fold.reading((signal) => view.mayReadSignal(signal));
          return ticksOf(history, readable, { from, to, points });
        },
      },
    },
    async close() {
      uncommit();
      await fold.close();
      unfollow();
    },
  };
};

function contributedBy(
  ctx: Pick<FeatureContext<typeof alarms>, "now" | "view">,
  { fold, rules, flow }: { readonly fold: LiveAlarms; readonly rules: AlarmRules; readonly flow: LineFlow },
) {
  const view = (principal: Principal) => ctx.view(principal);
  return [
    { key: listTables.key, value: ruleTable(rules, view) },
    { key: boardTiles.key, value: activeAlarmsTile({ fold, flow, now: () => ctx.now(), view }) },
  ];
}

interface OccurrencesCall {
  readonly view: PlantView;
  readonly query: {
    readonly from: Instant;
    readonly to: Instant;
    readonly station?: string | undefined;
    readonly line?: string | undefined;
    readonly limit: number;
    readonly cursor?: string | undefined;
  };
}

async function readOccurrencesOf(fold: LiveAlarms, flow: LineFlow, { view, query }: OccurrencesCall) {
  const { from, to, station, limit, cursor } = query;
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const isOfAsked = isOfLine(await flow.folded(), query.line);
  const isAsked = (rule: { readonly id: string; readonly station?: string }): boolean =>
    (station === undefined || rule.station === station) && isOfAsked({ rule: rule.id, station: rule.station });
  const reading = fold.reading((signal) => view.mayReadSignal(signal));
  const { occurrences, firstOutOf, next } = await readOccurrences(reading, { from, to, limit, isAsked }, after);
  const shown = occurrences.map((each) => shownOccurrence(each, firstOutOf, reading));
  return { occurrences: shown, ...(next !== undefined && { next }) };
}

/** While the past is read nothing is counted: it would be read as the whole. */
async function readRuleCounts(
  ctx: Pick<FeatureContext<typeof alarms>, "find">,
  fold: LiveAlarms,
  view: PlantView,
  at: Instant,
): Promise<RuleCounts> {
  const span = { week: at - 7 * DAY, day: at - DAY, to: at + 1 };
  const reading = await ctx.find(pastReading)?.state();
  if (reading?.done === false) return { ...span, counts: [], reading: reading.progress };
  const { history, rules } = fold.reading((signal) => view.mayReadSignal(signal));
  return { ...span, counts: await countRaises(history, rules, span) };
}

/** What people do to alarms. */
function actHandlers(fold: LiveAlarms, ctx: Pick<FeatureContext<typeof alarms>, "now">) {
  const act =
    (action: Act) =>
    async ({ view, params, body }: ActCall): Promise<Alarm> => {
      await requireAtPlace(fold, view, params.id, action === "takeOut" || action === "putBack" ? "edit" : "acknowledge");
      return (await fold.act({ rule: params.id, action, actor: view.principal.id, ...(body.reason && { reason: body.reason }) })).alarm;
    };
  return {
    "alarms.acknowledge": act("acknowledge"),
    "alarms.reset": act("reset"),
    "alarms.shelve": async ({ view, params, body }: ActCall & { readonly body: { readonly reason: string; readonly untilS: number } }) => {
      await requireAtPlace(fold, view, params.id, "acknowledge");
      const until = ctx.now() + Math.round(body.untilS * SECOND);
      return (await fold.act({ rule: params.id, action: "shelve", actor: view.principal.id, reason: body.reason, until })).alarm;
    },
    "alarms.unshelve": async ({ view, params }: Pick<ActCall, "view" | "params">) => {
      await requireAtPlace(fold, view, params.id, "acknowledge");
      return (await fold.act({ rule: params.id, action: "unshelve", actor: view.principal.id })).alarm;
    },
    "alarms.takeOutOfService": act("takeOut"),
    "alarms.returnToService": act("putBack"),
  };
}

interface TrialCall {
  readonly view: PlantView;
  readonly branch: BranchId;
  readonly body: {
    readonly from: Instant;
    readonly to: Instant;
    readonly rules: Parameters<AlarmRules["replaced"]>[2];
    readonly trial?: string | undefined;
  };
  readonly signal: { readonly aborted: boolean };
}

async function startWhatIf(
  ctx: FeatureContext<typeof alarms>,
  { fold, rules, whatIfs }: { readonly fold: LiveAlarms; readonly rules: AlarmRules; readonly whatIfs: WhatIfService },
  { view, branch, body }: Omit<TrialCall, "signal">,
): Promise<{ readonly id: string }> {
  const lines = await linesOf(ctx);
  const tried = (await rules.replaced(view, branch, body.rules)).filter((rule) => isReadableRule(view, rule, lines));
  const [from, to] = [body.from, Math.min(body.to, ctx.now())];
  const judged = [...(await judgedRules(fold, tried, body.rules, from))];
  return whatIfs.start(view, branch, { rules: tried, judged, from, to });
}

async function readTrial(
  ctx: FeatureContext<typeof alarms>,
  {
    fold,
    rules,
    trials,
    progress,
  }: { readonly fold: LiveAlarms; readonly rules: AlarmRules; readonly trials: Turns; readonly progress: TrialProgress },
  { view, branch, body, signal }: TrialCall,
): Promise<RuleTrial> {
  const lines = await linesOf(ctx);
  const tried = (await rules.replaced(view, branch, body.rules)).filter((rule) => isReadableRule(view, rule, lines));
  const [from, to] = [body.from, Math.min(body.to, ctx.now())];
  const judged = await judgedRules(fold, tried, body.rules, from);
  return progress.of(body.trial, (onProgress) =>
    trials.take(() => tryRules(ctx, { rules: tried, judged, lines, from, to, onProgress }, signal)),
  );
}

interface AheadCall {
  readonly view: PlantView;
  readonly branch: BranchId;
  readonly query: CourseRequest & { readonly t?: Instant | undefined };
  readonly signal: { readonly aborted: boolean };
}

async function readAhead(
  ctx: FeatureContext<typeof alarms>,
  { fold, rules }: { readonly fold: LiveAlarms; readonly rules: AlarmRules },
  { view, branch, query, signal }: AheadCall,
): Promise<AlarmsAhead> {
  const course = await requireRuns(ctx).course(branch, query, signal);
  const lines = await linesOf(ctx);
  const line = course?.line === undefined ? lines[0] : lines.find(({ id }) => id === course.line);
  if (course === undefined || line === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("alarms.noRun"));
  const others = new Set(lines.flatMap((one) => (one === line ? [] : one.stations.map(({ id }) => id))));
  const held = (await rules.replaced(view, branch, [])).filter(
    (rule) => isReadableRule(view, rule, lines) && !others.has(rule.station ?? ""),
  );
  const asideAt = async (instant: Instant) => readable(view, await fold.at(instant));
  return alarmsAhead(ctx, { rules: held, line, course, at: query.t ?? course.to, asideAt }, signal);
}

function openAlarms(ctx: FeatureContext<typeof alarms>): LiveAlarms {
  const { own, log } = ctx;
  return new LiveAlarms({
    group: ctx.folds.group("line"),
    line: ctx.use(lineFlow),
    history: own.history,
    logger: log,
    // beside the folders of the features since before there were any
    ruleBook: new RuleBook(join(ctx.folder("derived"), "..", "alarm-rules.json"), (error) =>
      log.error({ err: error }, "since when alarm rules hold could not be read or kept"),
    ),
    reader: () => own.documents.reader(LIVE),
    signal: (id) => own.signal(id),
    valueAt: (id) => own.live(id)?.sourceTime,
    unknownBefore: () => ctx.derivations.unknownBefore(),
    recordingSince: () => own.documents.timeOf(1) ?? ctx.now(),
    nameOf: (actor) => ctx.nameOf(actor),
    degraded: (why) => ctx.degraded(why),
    recordLater: (events) => ctx.derivations.recordLater(events),
    onFirst: (place, { definition }) => takeFormerCheckpoints(ctx.folder("derived"), ctx.folds, definition, place, log),
  });
}

/** Runs of branches; simulation may be off in this world. */
function requireRuns(ctx: Pick<FeatureContext<typeof alarms>, "find">): RunResults {
  const runs = ctx.find(runResults);
  if (runs === undefined) throw new DoppelwerkError("DW_UNAVAILABLE", message("alarms.noSimulation"));
  return runs;
}

/** The lines whose states rules may ask for; none where that is off. */
async function linesOf(ctx: Pick<FeatureContext<typeof alarms>, "find" | "own">): Promise<readonly LineDefinition[]> {
  return (await ctx.find(stationStates)?.lines(ctx.own.principal)) ?? [];
}

/** An alarm tells of its inputs: who may not read one of them does not see it. */
function readable(view: PlantView, concluded: readonly ConcludedAlarm[]): Alarm[] {
  return alarmsOf(concluded.filter(({ inputs }) => inputs.every((signal) => view.mayReadSignal(signal))));
}

const alarmsOf = (concluded: readonly ConcludedAlarm[]): Alarm[] => concluded.map(({ alarm }) => alarm);

/** An alarm that may not be read is answered like one that is not there. */
/** What it watches may be read, and the action is permitted where that stands. */
async function requireAtPlace(fold: AlarmFold, view: PlantView, id: string, action: "acknowledge" | "edit"): Promise<void> {
  const inputs = await fold.inputsOf(id);
  if (inputs === undefined || !inputs.every((signal) => view.mayReadSignal(signal)))
    throw new DoppelwerkError("DW_NOT_FOUND", message("alarms.noAlarm", { id: id.slice(0, 200) }));
  for (const subject of inputs.length === 0 ? [id] : inputs) {
    const decision = view.documents.may(action, LIVE, subject);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
  }
}
