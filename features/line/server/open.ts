import type { FeatureContext, Open } from "@doppelwerk/kit/server";
import { flowFold, flowInstance, type FlowOutput } from "@doppelwerk/operations";
import {
  alarmFold,
  boardTiles,
  derivedSignals,
  lineFlow,
  lineModels,
  lineSources,
  runResults,
  shiftFold,
  shippedAlarmRules,
  shippedShiftCalendars,
  simComponents,
  stationStates,
  type LineFlow,
  type LineSource,
} from "@doppelwerk/ports";
import { DoppelwerkError, LIVE, type BranchId, type Concluded, type Instant, type RecordId, type WorldView } from "@doppelwerk/world";
import { derived, MAX_DESCRIBED } from "../contract.ts";
import type { line } from "../feature.ts";
import type {} from "../message-codes.ts";
import { eventOfPart } from "../model/event-kinds.ts";
import { statesTile, type LineTileSources } from "./board-tile.ts";
import { derivedPort } from "./derived-port.ts";
import { flowPort } from "./flow-port.ts";
import { FlowRuns } from "./fold/flow-runs.ts";
import { LineFolds } from "./fold/line-folds.ts";
import { readIdentities, readLines, shippedCalendars, shippedRules } from "./line-of-shells.ts";
import { lineSignals } from "./line-signals.ts";
import { knownLines, Lines } from "./lines.ts";
import { lineModelsPort } from "./models/line-models-port.ts";
import { simulatedWith } from "./models/with-components.ts";
import { rememberedSources } from "./remembered-sources.ts";
import { stationStatesPort } from "./station-states-port.ts";

/** The lines of a world: what its shells say, what is concluded from its signals, now and at any instant of the past. */
export const open: Open<typeof line> = async (ctx) => {
  const derivedAgain = new Set<() => void>();
  const { folds, runs, lines, sources, identities } = openLines(ctx);
  const view = (principal: Parameters<typeof ctx.view>[0]) => ctx.view(principal).documents;
  const read = (documents: WorldView, branch: BranchId) =>
    ({ reader: documents.reader(branch), at: ctx.clock.now(), identities: identities(branch) }) as const;
  const unfollow = folds.group.follow({
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
  const unfollowSources = ctx.contributions(lineSources).follow(() => folds.read());
  const uncommit = ctx.own.documents.onCommit(({ entry }) => folds.onCommit(entry));
  await folds.open();
  const known = (branch: BranchId | undefined) =>
    knownLines(sources(), ctx.own.documents.reader(branch ?? LIVE), ctx.clock, identities(branch ?? LIVE));
  const flow = flowPort({ folds, runs, lines, history: ctx.own.history, known });
  return {
    handlers: {
      "line.list": async ({ view: caller, branch }) => {
        const known = knownLines(sources(), caller.documents.reader(branch), ctx.clock, identities(branch));
        return { lines: [...known.lines], findings: [...known.findings] };
      },
      "line.info": async ({ view: caller, branch, query }) => lines.of(query.line).info(caller.documents, branch),
      "line.infos": async ({ view: caller, branch, query }) => ({
        lines: await describedLines(query.lines.split(","), async (id) => lines.of(id).info(caller.documents, branch)),
      }),
      "line.snapshot": ({ view: caller, query: { t, line: id } }) => lines.of(id).snapshot(t, (signal) => caller.mayReadSignal(signal)),
    },
    contributed: [{ key: boardTiles.key, value: statesTile(tileSources(ctx, flow)) }],
    ports: {
      [derivedSignals.key]: derivedPort(lines, () => ctx.find(alarmFold)),
      [lineFlow.key]: flow,
      [lineModels.key]: simulatedWith(
        lineModelsPort({
          lines,
          view,
          isHistoryRead: () => ctx.derivations.pastProgress() === undefined,
          derived: derivedAgain,
        }),
        () => ctx.use(simComponents),
      ),
      [shippedAlarmRules.key]: { of: async (branch) => shippedRules(sources(), ctx.own.documents.reader(branch)) },
      [shippedShiftCalendars.key]: { of: async (branch) => shippedCalendars(sources(), ctx.own.documents.reader(branch)) },
      [shiftFold.key]: { results: (at, id) => lines.of(id).shifts(at) },
      [stationStates.key]: stationStatesPort({
        runs,
        lines,
        history: ctx.own.history,
        viewOf: view,
        read: (documents) => readLines(sources(), read(documents, LIVE)).lines,
      }),
    },
    async close() {
      uncommit();
      unfollowSources();
      unfollow();
      await folds.close();
    },
  };
};

function tileSources(ctx: FeatureContext<typeof line>, flow: LineFlow): LineTileSources {
  return { flow, now: () => ctx.now(), view: (principal) => ctx.view(principal), runs: () => ctx.find(runResults) };
}

/** Each once and in the order of the ids; those that are not there are left out. */
async function describedLines<Line>(ids: readonly RecordId[], describe: (id: RecordId) => Promise<Line>): Promise<Line[]> {
  const described = [...new Set(ids)].slice(0, MAX_DESCRIBED).map(async (id) => {
    try {
      return await describe(id);
    } catch (error) {
      if (error instanceof DoppelwerkError && error.code === "DW_NOT_FOUND") return undefined;
      throw error;
    }
  });
  return (await Promise.all(described)).filter((line) => line !== undefined);
}

function openLines(ctx: FeatureContext<typeof line>) {
  const signals = lineSignals(ctx);
  const { history, documents } = ctx.own;
  const remembered = rememberedSources();
  const sources = (): readonly LineSource[] => ctx.contributions(lineSources).all().map(remembered);
  const liveReader = (time?: Instant) => documents.reader(LIVE, time === undefined ? undefined : { time });
  const identities = (branch: BranchId) => readIdentities(sources(), documents.reader(branch));
  const folds = new LineFolds({
    group: ctx.folds.group("line"),
    clock: ctx.clock,
    logger: ctx.log,
    sources,
    liveReader: () => liveReader(),
  });
  const runs = new FlowRuns(history, signals, () => ctx.now());
  const lines = new Lines({
    folds,
    sources,
    identities,
    history,
    signals,
    clock: ctx.clock,
    runs,
    before: (definition, instant) => ctx.folds.before([{ fold: flowFold.id, ...flowInstance(definition) }], instant),
    alarms: () => ctx.find(alarmFold),
    liveReader,
    pastProgress: () => ctx.derivations.pastProgress(),
  });
  return { folds, runs, lines, sources, identities };
}

function recordParts({ derivations }: Pick<FeatureContext<typeof line>, "derivations">, concluded: readonly Concluded[]): void {
  const outputs = concluded.flatMap(({ fold, output }) => (fold === flowFold.id ? [output as FlowOutput] : []));
  derivations.recordLater(outputs.flatMap((output) => (output.type === "part" ? [eventOfPart(output.part)] : [])));
}
