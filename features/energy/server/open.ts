import { DoppelwerkError, message, parse } from "@doppelwerk/kit";
import type { Open, PlantView } from "@doppelwerk/kit/server";
import {
  coverageSources,
  energyUses,
  kpiInputs,
  lineFlow,
  listTables,
  type KpiInputSource,
  type KnownLine,
  type LineFlow,
} from "@doppelwerk/ports";
import { LIVE, type BranchId, type Instant, type RecordId } from "@doppelwerk/world";
import type { LineEnergyAnswer } from "../contract.ts";
import type { energy } from "../feature.ts";
import type {} from "../message-codes.ts";
import { countedEnergy, readSpan } from "../model/counted-energy.ts";
import { lineEnergy } from "../model/line-energy.ts";
import { TariffName } from "../model/tariff-kind.ts";
import { listBaselines, performance, removeBaseline, storeBaseline } from "./baselines.ts";
import { coverageOfEnergy } from "./coverage.ts";
import { loadAnswer } from "./load-answer.ts";
import { readingsOf } from "./meter-readings.ts";
import { assignedMeters, metersOf, removeMeter, storeMeter, type Meter } from "./meters.ts";
import { comparison, scenarioOf, storeScenario } from "./scenarios.ts";
import { listTariffs, removeTariff, storeTariff, tariffsOf, tariffTable } from "./tariffs.ts";
import { useAnswer } from "./use-answer.ts";
import { energyUsesOf } from "./uses-port.ts";
import { useOf } from "./use.ts";

/** What was used, by the meters of lines and stations. */
export const open: Open<typeof energy> = async (ctx) => {
  const flow = ctx.use(lineFlow);
  const source: KpiInputSource = {
    feature: "energy",
    symbols: ["E"],
    values: (question) => energyOfKpis(ctx.view(question.principal), flow, question),
  };
  return {
    handlers: {
      "energy.ofPeriod": ({ view, query }) => energyOfLine(view, flow, LIVE, query, "shared"),
      "energy.use": async ({ view, branch, query }) =>
        useAnswer(await useOf(ctx, view, { ...query, branch }), query.medium, tariffsOf(view, branch)),
      "energy.load": async ({ view, branch, query }) =>
        loadAnswer(await useOf(ctx, view, { ...query, branch, medium: "electricity" }), tariffsOf(view, branch)),
      "energy.tariffs": async ({ view, branch }) => listTariffs(view, branch),
      "energy.storeTariff": ({ view, branch, params, body }) =>
        storeTariff(view, branch, parse(TariffName, params.name, message("energy.column.name")), body),
      "energy.removeTariff": ({ view, branch, params, query }) => removeTariff(view, branch, params.name, query.reason),
      "energy.baselines": async ({ view, branch }) => listBaselines(view, branch),
      "energy.storeBaseline": ({ view, branch, params, body }) =>
        storeBaseline(view, branch, parse(TariffName, params.name, message("energy.column.name")), body),
      "energy.removeBaseline": ({ view, branch, params, query }) => removeBaseline(view, branch, params.name, query.reason),
      "energy.performance": ({ view, branch, params, query }) => performance(ctx, view, branch, { ...query, name: params.name }),
      "energy.scenario": async ({ view, branch }) => scenarioOf(view, branch),
      "energy.storeScenario": ({ view, branch, body }) => storeScenario(view, branch, body.fields, body.reason),
      "energy.compare": ({ view, branch, query }) => comparison(ctx, view, { ...query, branch }),
      "energy.meters": async ({ view, branch }) => assignedMeters(view, branch),
      "energy.storeMeter": ({ view, branch, params, body }) => storeMeter(view, branch, params.signal, body),
      "energy.removeMeter": ({ view, branch, params, query }) => removeMeter(view, branch, params.signal, query.reason),
    },
    contributed: [
      { key: kpiInputs.key, value: source },
      { key: listTables.key, value: tariffTable((principal) => ctx.view(principal)) },
      { key: coverageSources.key, value: coverageOfEnergy((principal) => ctx.view(principal)) },
    ],
    ports: { [energyUses.key]: energyUsesOf(ctx) },
    close: async () => {},
  };
};

interface Asked {
  readonly from: Instant;
  readonly to: Instant;
  readonly line?: RecordId | undefined;
}

async function lineOf(flow: LineFlow, branch: BranchId, id: RecordId | undefined): Promise<KnownLine | undefined> {
  const { lines } = await flow.lines(branch);
  const line = id === undefined ? lines[0] : lines.find((each) => each.id === id);
  if (line === undefined && id !== undefined)
    throw new DoppelwerkError("DW_NOT_FOUND", message("energy.noLine", { line: id.slice(0, 200) }));
  return line;
}

/**
 * What each meter counted. "shared": in the part of the span that all of them were read in, so that a line that is read each quarter hour is compared with its stations over the same time.
 * "own": each as far as it was read.
 */
async function countAll(view: PlantView, meters: readonly Meter[], span: Pick<Asked, "from" | "to">, within: "shared" | "own") {
  const { from, to } = span;
  const read = await Promise.all(meters.map(async (meter) => ({ meter, samples: await readingsOf(view, meter, from, to) })));
  const counted = read.map(({ meter, samples }) => {
    const count = countedEnergy(samples, meter.signal.counter, from, to);
    const own = readSpan(samples, from, to);
    return { meter, samples, own, count: own.from < own.to || within === "own" ? count : undefined };
  });
  const known = within === "own" ? [] : counted.filter(({ count }) => count !== undefined).map(({ own }) => own);
  const shared = { from: Math.max(from, ...known.map((own) => own.from)), to: Math.min(to, ...known.map((own) => own.to)) };
  const isCut = shared.from < shared.to && (shared.from > from || shared.to < to);
  return {
    ...(isCut ? shared : { from, to }),
    meters: counted.map(({ meter, samples, count }) => {
      const units = isCut && count !== undefined ? countedEnergy(samples, meter.signal.counter, shared.from, shared.to) : count;
      return { ...meter, counted: units === undefined ? undefined : units * meter.kWh };
    }),
  };
}

async function energyOfLine(
  view: PlantView,
  flow: LineFlow,
  branch: BranchId,
  asked: Asked,
  within: "shared" | "own",
): Promise<LineEnergyAnswer> {
  const line = await lineOf(flow, branch, asked.line);
  if (line === undefined) return { from: asked.from, to: asked.to, allocatedKWh: 0, isOver: false, stations: [], meters: [] };
  const shells = [line.shell, ...line.stations.map(({ shell }) => shell)];
  const { from, to, meters } = await countAll(view, metersOf(view, branch, new Set(shells)), asked, within);
  const counted = meters.map(({ shell, counted: kWh }) => ({ shell, ...(kWh !== undefined && { kWh }) }));
  const found = lineEnergy(line.shell, shells.slice(1), counted);
  const placeOf = new Map([[line.shell, line.id], ...line.stations.map(({ shell, id: station }) => [shell, station] as const)]);
  return {
    from,
    to,
    line: line.id,
    ...(found.metered !== undefined && { meteredKWh: found.metered }),
    allocatedKWh: found.allocated,
    ...(found.unallocated !== undefined && { unallocatedKWh: found.unallocated }),
    isOver: found.isOver,
    stations: line.stations.flatMap(({ id: station, title, shell }) => {
      const kWh = found.stations.get(shell);
      return found.stations.has(shell) ? [{ station, title, ...(kWh !== undefined && { kWh }) }] : [];
    }),
    meters: meters.map(({ signal, shell, counted: kWh, isAssigned }) => ({
      signal: signal.id,
      name: signal.name,
      place: placeOf.get(shell)!,
      isAssigned,
      ...(kWh !== undefined && { kWh }),
    })),
  };
}

/** E: of a station that of its meters, of a line that of its own meter, or of its stations where it has none and every one of them is known. */
async function energyOfKpis(
  view: PlantView,
  flow: LineFlow,
  { branch, from, to, line: id, station, order, product }: Parameters<KpiInputSource["values"]>[0],
): ReturnType<KpiInputSource["values"]> {
  const unknown = (why: ReturnType<typeof message>) => [{ symbol: "E", unknown: why }];
  if (order !== undefined || product !== undefined) return unknown(message("energy.why.ofTime"));
  const answer = await energyOfLine(view, flow, branch, { from, to, line: id }, "own");
  const place = station ?? answer.line;
  const own = answer.meters.filter((meter) => meter.place === place);
  const names = own.map(({ name }) => name).join(", ");
  if (own.length > 0) {
    const silent = own.find(({ kWh }) => kWh === undefined);
    if (silent) return unknown(message("energy.why.silent", { meter: silent.name }));
    const sum = own.reduce((total, { kWh = 0 }) => total + kWh, 0);
    return [{ symbol: "E", value: sum, of: message("energy.of.meters", { names: names.slice(0, 400) }) }];
  }
  if (station !== undefined) return unknown(message("energy.why.noMeter", { place: station }));
  if (answer.stations.length === 0 || answer.stations.some(({ kWh }) => kWh === undefined))
    return unknown(message("energy.why.noLineMeter"));
  return [{ symbol: "E", value: answer.allocatedKWh, of: message("energy.of.stations", { count: answer.stations.length }) }];
}
