import type { FeatureContext, Open } from "@doppelwerk/kit/server";
import { flowFold, flowInstance, type FlowOutput } from "@doppelwerk/operations";
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
import { LIVE, type Concluded, type Instant } from "@doppelwerk/world";
import { derived } from "../contract.ts";
import type { line } from "../feature.ts";
import type {} from "../message-codes.ts";
import { eventOfPart } from "../model/event-kinds.ts";
import { derivedPort } from "./derived-port.ts";
import { flowPort } from "./flow-port.ts";
import { FlowRuns } from "./fold/flow-runs.ts";
import { LineFold } from "./fold/line-fold.ts";
import { shippedCalendars, shippedRules } from "./line-of-shells.ts";
import { LineService } from "./line-service.ts";
import { lineSignals } from "./line-signals.ts";
import { lineModelsPort } from "./models/line-models-port.ts";
import { stationStatesPort } from "./station-states-port.ts";

/** The line of a world: what its shells say, what is concluded from its signals, now and at any instant of the past. */
export const open: Open<typeof line> = async (ctx) => {
  const signals = lineSignals(ctx);
  const derivedAgain = new Set<() => void>();
  const { history } = ctx.own;
  const liveReader = (time?: Instant) => ctx.own.documents.reader(LIVE, time === undefined ? undefined : { time });
  const fold = new LineFold({ group: ctx.folds.group("line"), clock: ctx.clock, logger: ctx.log, liveReader: () => liveReader() });
  const runs = new FlowRuns(history, signals);
  const alarms = () => ctx.find(alarmFold);
  const service = new LineService({
    fold,
    history,
    signals,
    clock: ctx.clock,
    runs,
    before: (definition, instant) => ctx.folds.before([{ fold: flowFold.id, ...flowInstance(definition) }], instant),
    alarms,
    liveReader,
    pastProgress: () => ctx.derivations.pastProgress(),
  });
  const view = (principal: Parameters<typeof ctx.view>[0]) => ctx.view(principal).documents;
  const unfollow = fold.group.follow({
    concluded: (concluded) => recordParts(ctx, concluded),
    derived(from, to) {
      ctx.publish(derived, { from, to });
      for (const listener of derivedAgain) listener();
    },
    // the alarms say of their own fold that it was stopped
    fault({ fold: id, reason }) {
      if (id === flowFold.id) ctx.degraded(`${id} was stopped: ${reason}`);
    },
  });
  const uncommit = ctx.own.documents.onCommit(({ entry }) => fold.onCommit(entry));
  await fold.open();
  return {
    handlers: {
      "line.info": async ({ view: caller, branch }) => service.info(caller.documents, branch),
      "line.snapshot": ({ view: caller, query: { t } }) => service.snapshot(t, (signal) => caller.mayReadSignal(signal)),
    },
    ports: {
      [derivedSignals.key]: derivedPort(service, alarms),
      [lineFlow.key]: flowPort(fold, runs, service, history),
      [lineModels.key]: lineModelsPort({
        line: service,
        view,
        isHistoryRead: () => ctx.derivations.pastProgress() === undefined,
        derived: derivedAgain,
      }),
      [shippedAlarmRules.key]: { of: async (branch) => shippedRules(ctx.own.documents.reader(branch)) },
      [shippedShiftCalendars.key]: { of: async (branch) => shippedCalendars(ctx.own.documents.reader(branch)) },
      [shiftFold.key]: { results: (at) => service.shifts(at) },
      [stationStates.key]: stationStatesPort(runs, service, history, view),
    },
    async close() {
      uncommit();
      unfollow();
      await fold.close();
    },
  };
};

function recordParts({ derivations }: Pick<FeatureContext<typeof line>, "derivations">, concluded: readonly Concluded[]): void {
  const outputs = concluded.flatMap(({ fold, output }) => (fold === flowFold.id ? [output as FlowOutput] : []));
  derivations.recordLater(outputs.flatMap((output) => (output.type === "part" ? [eventOfPart(output.part)] : [])));
}
