import { parse } from "@doppelwerk/kit";
import type { FeatureContext, Open, PlantView } from "@doppelwerk/kit/server";
import { kpiFold } from "@doppelwerk/operations";
import {
  boardTiles,
  kpiInputs,
  kpiSources,
  kpiValues,
  lineFlow,
  listTables,
  livePlaces,
  runResults,
  shiftFigures,
  shiftFold,
  shippedShiftCalendars,
  type KpiValues,
  type LineFlow,
  type ShiftFigures,
} from "@doppelwerk/ports";
import { LIVE, type BranchId, type Principal } from "@doppelwerk/world";
import type { kpis } from "../feature.ts";
import { KpiName } from "../model/own-kpi-kind.ts";
import { combined, noShift } from "../model/kpis-of-shifts.ts";
import { kpiTiles } from "./board-tile.ts";
import { declaredKpisOf, shellsWithin } from "./declared-kpis.ts";
import { indicatorCuts } from "./indicator-cuts.ts";
import { indicatorsOf, type IndicatorParts } from "./indicators.ts";
import { listInputs, placesOf, removeInput, storeInput } from "./kpi-inputs.ts";
import { LiveKpis } from "./live-kpis.ts";
import { ownKpiTable } from "./own-kpi-table.ts";
import { removeOwnKpi, storeOwnKpi } from "./own-kpis.ts";
import { targetTable } from "./target-table.ts";
import { listTargets, storeTargets } from "./targets.ts";

/** Key figures of any span (ISO 22400-2), and what they should reach. */
export const open: Open<typeof kpis> = async (ctx) => {
  const flow = ctx.use(lineFlow);
  const shifts = ctx.use(shiftFigures);
  const results = ctx.use(shiftFold);
  const sources = ctx.contributions(kpiSources);
  const inputs = ctx.contributions(kpiInputs);
  const group = ctx.folds.group("line");
  const fold = new LiveKpis({ group, line: flow, logger: ctx.log });
  const unfollow = group.follow({
    fault({ fold: id, reason }) {
      if (id === kpiFold.id) ctx.degraded(`${id} was stopped: ${reason}`);
    },
  });
  const uncommit = ctx.own.documents.onCommit(({ entry }) => fold.onCommit(entry));
  await fold.open();
  const placesOn = async (branch: BranchId) => placesOf((await flow.lines(branch)).lines);
  const lines = async (branch: BranchId) => (await ctx.find(shippedShiftCalendars)?.of(branch)) ?? [];
  const partsOf = async (view: PlantView, branch: BranchId): Promise<IndicatorParts> => {
    const places = await placesOn(branch);
    return {
      fold: results,
      sources: inputs.all(),
      inputs: listInputs(view, branch, places),
      firstLine: places[0]?.place,
      log: ctx.log,
      view,
      branch,
    };
  };
  return {
    handlers: {
      "kpis.ofPeriod": async ({ query: { from, to, line: id }, principal }) => {
        const [line, declared] = await Promise.all([
          shifts.within(from, to, to, id),
          declaredKpisOf(sources.all(), { principal, from, to }),
        ]);
        const ofPacks = declared.length === 0 ? {} : { declared };
        const [first, ...more] = line?.shifts ?? [];
        if (line === undefined || first === undefined) return { ...noShift(from, to, line?.constraint ?? ""), ...ofPacks };
        return { ...(more.length === 0 ? { ...first, shifts: 1, wip: line.wip } : combined(line, line.shifts)), ...ofPacks };
      },
      "kpis.declared": async ({ query: { from, to, feature, place }, principal, view }) => {
        const shells = place === undefined ? {} : { shells: shellsWithin(view, ctx.find(livePlaces), place) };
        const asked = sources.all().filter((source) => feature === undefined || source.feature === feature);
        return { kpis: await declaredKpisOf(asked, { principal, from, to, ...shells }) };
      },
      "kpis.targets": async ({ view, branch }) => listTargets(view, branch, await lines(branch)),
      "kpis.storeTargets": async ({ view, branch, params, body }) => storeTargets(view, branch, await lines(branch), params.id, body),
      "kpis.indicators": async ({ query, view, branch }) => indicatorsOf(query, await partsOf(view, branch)),
      "kpis.indicatorCuts": async ({ query, view, branch }) => indicatorCuts(query, flow, await partsOf(view, branch)),
      "kpis.inputs": async ({ view, branch }) => {
        const places = await placesOn(branch);
        return { inputs: listInputs(view, branch, places), places: places.map(({ place, title }) => ({ place, title })) };
      },
      "kpis.storeInput": async ({ view, branch, body }) => storeInput(view, branch, await placesOn(branch), body),
      "kpis.removeInput": async ({ view, branch, params, query }) =>
        removeInput(view, branch, await placesOn(branch), params.id, query.reason),
      "kpis.storeOwn": ({ view, branch, params, body }) => storeOwnKpi(view, branch, parse(KpiName, params.name, "name"), body),
      "kpis.removeOwn": ({ view, branch, params, query }) => removeOwnKpi(view, branch, params.name, query.reason),
    },
    contributed: contributedBy(ctx, flow, shifts, lines),
    ports: { [kpiValues.key]: valuesBy((principal) => partsOf(ctx.view(principal), LIVE)) },
    async close() {
      uncommit();
      unfollow();
      await fold.close();
    },
  };
};

function contributedBy(
  ctx: Pick<FeatureContext<typeof kpis>, "view" | "now" | "find">,
  flow: LineFlow,
  shifts: ShiftFigures,
  lines: Parameters<typeof targetTable>[0],
) {
  const view = (principal: Principal) => ctx.view(principal);
  const tiles = kpiTiles({ flow, shifts, now: () => ctx.now(), view, runs: () => ctx.find(runResults) });
  const tables = [ownKpiTable(view), targetTable(lines, view)];
  return [...tables.map((value) => ({ key: listTables.key, value })), ...tiles.map((value) => ({ key: boardTiles.key, value }))];
}

function valuesBy(partsOf: (principal: Principal) => Promise<IndicatorParts>): KpiValues {
  return {
    async of({ principal, ...question }) {
      const { indicators } = await indicatorsOf(question, await partsOf(principal));
      return new Map(indicators.flatMap(({ id, value }) => (value === undefined ? [] : [[id, value] as const])));
    },
  };
}
