import { join } from "node:path";
import { message } from "@doppelwerk/kit";
import type { FeatureContext, Open } from "@doppelwerk/kit/server";
import {
  alarmFold,
  derivedSignals,
  lineFlow,
  lineModels,
  shiftFold,
  shippedAlarmRules,
  shippedShiftCalendars,
  stationStates,
} from "@doppelwerk/ports";
import { LIVE, type Instant } from "@doppelwerk/world";
import { derived } from "../contract.ts";
import type { line } from "../feature.ts";
import type {} from "../message-codes.ts";
import { alarmPort } from "./alarm-port.ts";
import { derivedPort } from "./derived-port.ts";
import { flowPort } from "./flow-port.ts";
import { Checkpoints } from "./fold/checkpoints.ts";
import { alarmSubject, ConclusionEvents } from "../../../packages/server/src/live/conclusion-events.ts";
import { LineFold } from "./fold/line-fold.ts";
import { RuleBook } from "../../alarms/server/fold/rule-book.ts";
import { shippedCalendars, shippedRules } from "./line-of-shells.ts";
import { LineService } from "./line-service.ts";
import { lineSignals } from "./line-signals.ts";
import { lineModelsPort } from "./models/line-models-port.ts";
import { stationStatesPort } from "./station-states-port.ts";

/** The line of a world: what its shells say, what is concluded from its signals, now and at any instant of the past. */
export const open: Open<typeof line> = async (ctx) => {
  const signals = lineSignals(ctx);
  const checkpoints = new Checkpoints(ctx.folder("derived"), ctx.log);
  const derivedAgain = new Set<() => void>();
  const conclusions = new ConclusionEvents({
    record: (events) => ctx.derivations.record(events),
    subjectOf: (rule) => alarmSubject(fold, signals, rule),
    logger: ctx.log,
  });
  const fold: LineFold = openFold(ctx, signals, checkpoints, {
    onAlarm: (alarm) => alarms.publish(alarm),
    onConcluded: (output) => conclusions.add(output),
    onDerived(from, to) {
      ctx.publish(derived, { from, to });
      for (const listener of derivedAgain) listener();
    },
  });
  const { history } = ctx.own;
  const service = new LineService({
    fold,
    history,
    signals,
    clock: ctx.clock,
    checkpoints,
    liveReader: (time) => readerOf(ctx, time),
    pastProgress: () => ctx.derivations.pastProgress(),
  });
  const alarms = alarmPort(fold, service);
  const view = (principal: Parameters<typeof ctx.view>[0]) => ctx.view(principal).documents;
  ctx.derivations.inputs({ of: (signal) => alarms.inputsOfSignal(signal), version: () => fold.rules });
  const unfollow = ctx.derivations.follow({
    live: (batch) => fold.onTick(batch),
    past: (batch) => fold.onPast(batch),
    archive: (connection, read) => fold.onArchive(connection, read),
    archiveGone: (connection) => fold.onArchiveGone(connection),
  });
  const uncommit = ctx.own.documents.onCommit(({ entry }) => fold.onCommit(entry));
  await fold.open();
  return {
    handlers: {
      "line.info": async ({ view: caller, branch }) => service.info(caller.documents, branch),
      "line.snapshot": ({ view: caller, query: { t } }) => service.snapshot(t, (signal) => caller.mayReadSignal(signal)),
    },
    ports: {
      [alarmFold.key]: alarms,
      [derivedSignals.key]: derivedPort(service),
      [lineFlow.key]: flowPort(fold, service, history),
      [lineModels.key]: lineModelsPort({
        line: service,
        view,
        isHistoryRead: () => ctx.derivations.pastProgress() === undefined,
        derived: derivedAgain,
      }),
      [shippedAlarmRules.key]: { of: async (branch) => shippedRules(ctx.own.documents.reader(branch)) },
      [shippedShiftCalendars.key]: { of: async (branch) => shippedCalendars(ctx.own.documents.reader(branch)) },
      [shiftFold.key]: { results: (at) => service.shifts(at) },
      [stationStates.key]: stationStatesPort(fold, service, history, view),
    },
    async close() {
      uncommit();
      unfollow();
      await fold.close();
      await conclusions.close();
    },
  };
};

type Context = Pick<FeatureContext<typeof line>, "own" | "clock" | "log" | "folder" | "nameOf" | "derivations" | "intake" | "now">;

function readerOf({ own }: Pick<Context, "own">, time?: Instant) {
  return own.documents.reader(LIVE, time === undefined ? undefined : { time });
}

function openFold(
  ctx: Context,
  signals: ReturnType<typeof lineSignals>,
  checkpoints: Checkpoints,
  listeners: Pick<ConstructorParameters<typeof LineFold>[0], "onAlarm" | "onConcluded" | "onDerived">,
): LineFold {
  const { clock, log, derivations, own } = ctx;
  return new LineFold({
    history: own.history,
    signals,
    clock,
    logger: log,
    checkpoints,
    store: {
      durably: (batch) => ctx.intake.offerDurably(batch),
      conclude: (batch) => derivations.conclude(batch),
      revise: (batch) => derivations.revise(batch),
    },
    // beside the folders of the features since before there were any
    ruleBook: new RuleBook(join(ctx.folder("derived"), "..", "alarm-rules.json"), (error) =>
      log.error({ err: error }, "since when alarm rules hold could not be read or kept"),
    ),
    liveReader: (time) => readerOf(ctx, time),
    async register(records) {
      if (records.length > 0)
        await own.documents.apply({
          branch: LIVE,
          reason: message("changes.logDerivedSignals"),
          changes: records.map((record) => ({ op: "create" as const, record })),
        });
    },
    recordingSince: own.documents.timeOf(1) ?? ctx.now(),
    nameOf: (actor) => ctx.nameOf(actor),
    onProgress: (progress) => derivations.progress(progress),
    ...listeners,
  });
}
