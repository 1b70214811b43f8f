import type { LineModel, StationModel } from "../line/line-model.ts";
import type { Distribution } from "../random/distribution.ts";
import { meanOf } from "../random/sampler.ts";
import { drawParameter, scaled } from "./parameter.ts";
import type { Parameter } from "./parameter.ts";

/** The model with every parameter at its best estimate, or drawn from its posterior for one replication (P2). */
export function applyParameters(
  model: LineModel,
  parameters: readonly Parameter[],
  draw?: { readonly seed: number; readonly replication: number },
): LineModel {
  const of = (station: StationModel) => parameters.filter((parameter) => parameter.target.station === station.id);
  return {
    ...model,
    ...(model.program ? { program: applyToProgram(model.program, parameters, draw) } : {}),
    stations: model.stations.map((station) => applyToStation(station, of(station), draw)),
  };
}

/** Shares of several sources are of one program: those seen at the first of them count. */
function applyToProgram(
  program: NonNullable<LineModel["program"]>,
  parameters: readonly Parameter[],
  draw: { readonly seed: number; readonly replication: number } | undefined,
): NonNullable<LineModel["program"]> {
  if (program.kind !== "batches") return program;
  const shares = new Map<string, number>();
  for (const parameter of parameters) {
    if (parameter.target.kind !== "share" || shares.has(parameter.target.product)) continue;
    shares.set(parameter.target.product, (draw ? drawParameter(parameter, draw.seed, draw.replication) : parameter.value) as number);
  }
  const shareOf = (entry: (typeof program.mix)[number]) => shares.get(entry.product) ?? entry.share;
  const sum = program.mix.reduce((total, entry) => total + shareOf(entry), 0);
  return shares.size === 0 || !(sum > 0)
    ? program
    : { ...program, mix: program.mix.map((entry) => ({ ...entry, share: shareOf(entry) / sum })) };
}

function applyToStation(
  station: StationModel,
  parameters: readonly Parameter[],
  draw: { readonly seed: number; readonly replication: number } | undefined,
): StationModel {
  let result = station;
  for (const parameter of parameters) {
    const value = draw ? drawParameter(parameter, draw.seed, draw.replication) : parameter.value;
    result = typeof value === "number" ? withNumber(result, parameter, value) : withDistribution(result, parameter, value);
  }
  return result;
}

function withDistribution(station: StationModel, { target }: Parameter, value: Distribution): StationModel {
  switch (target.kind) {
    case "cycle":
      if (target.product === undefined) return { ...station, cycle: { ...station.cycle, time: value } };
      return { ...station, cycle: { ...station.cycle, byProduct: { ...station.cycle.byProduct, [target.product]: value } } };
    case "stopBetween":
      return { ...station, stops: station.stops?.map((stop) => (stop.id === target.stop ? { ...stop, between: value } : stop)) };
    case "stopDuration":
      return { ...station, stops: station.stops?.map((stop) => (stop.id === target.stop ? { ...stop, duration: value } : stop)) };
    case "setUp":
      return {
        ...station,
        setUps: station.setUps?.map((setUp) => (setUp.attribute === target.attribute ? { ...setUp, time: value } : setUp)),
      };
    default:
      return station;
  }
}

function withNumber(station: StationModel, { target }: Parameter, value: number): StationModel {
  if (target.kind === "scrap") return { ...station, scrapProbability: value };
  if (target.kind === "travel") return withTravel(station, target.to, value);
  if (target.kind !== "reject" || !station.inspection) return station;
  const rejectByTry = station.inspection.rejectByTry.map((rate, index) => (index + 1 === target.tryNumber ? value : rate));
  return { ...station, inspection: { ...station.inspection, rejectByTry } };
}

function withTravel(station: StationModel, to: string, travelS: number): StationModel {
  const along = <R extends { readonly station: string } | undefined>(route: R): R =>
    route?.station === to ? { ...route, travelS } : route;
  const { next, inspection } = station;
  return {
    ...station,
    ...(next ? { next: along(next) } : {}),
    ...(inspection?.reject ? { inspection: { ...inspection, reject: along(inspection.reject) } } : {}),
  };
}

/**
 * What an edit of the engineering model means for the fitted one: numbers of places, slots, carriers, people and vehicles are taken over,
 * times and probabilities change in the ratio of the edit, because history has corrected their level but not the change.
 */
export function transferEdits(before: LineModel, after: LineModel, onto: LineModel): LineModel {
  const earlier = new Map(before.stations.map((station) => [station.id, station]));
  const later = new Map(after.stations.map((station) => [station.id, station]));
  return {
    ...onto,
    ...(onto.program && { program: transferPlan(after.program, onto.program) }),
    stations: onto.stations.map((station) => transferStation(earlier.get(station.id), later.get(station.id), station)),
    ...(onto.carriers && {
      carriers: onto.carriers.map((carrier) => ({ ...carrier, count: edited(before.carriers, after.carriers, carrier.id, carrier.count) })),
    }),
    ...(onto.personnel && {
      personnel: onto.personnel.map((pool) => ({ ...pool, count: edited(before.personnel, after.personnel, pool.id, pool.count) })),
    }),
    ...(onto.logistics &&
      after.logistics &&
      before.logistics && {
        logistics:
          after.logistics.vehicles === before.logistics.vehicles
            ? onto.logistics
            : { ...onto.logistics, vehicles: after.logistics.vehicles },
      }),
  };
}

/** Orders are decided, not fitted: those of the branch stand. */
function transferPlan(after: LineModel["program"], onto: NonNullable<LineModel["program"]>): NonNullable<LineModel["program"]> {
  if (onto.kind !== "batches" || after?.kind !== "batches") return onto;
  const { planned: _before, ...mix } = onto;
  return after.planned === undefined ? mix : { ...mix, planned: after.planned };
}

function edited(
  before: readonly { readonly id: string; readonly count: number }[] | undefined,
  after: readonly { readonly id: string; readonly count: number }[] | undefined,
  id: string,
  current: number,
): number {
  const from = before?.find((item) => item.id === id)?.count;
  const to = after?.find((item) => item.id === id)?.count;
  return from === to || to === undefined ? current : to;
}

function transferStation(before: StationModel | undefined, after: StationModel | undefined, station: StationModel): StationModel {
  if (!before || !after || before === after) return station;
  return {
    ...station,
    places: before.places === after.places ? station.places : after.places,
    ...(after.component && { component: after.component }),
    cycle: transferCycle(before, after, station),
    ...(station.buffer && {
      buffer: before.buffer?.capacity === after.buffer?.capacity ? station.buffer : { ...station.buffer, capacity: after.buffer?.capacity },
    }),
    ...(station.assembly && {
      assembly: before.assembly?.buffer.capacity === after.assembly?.buffer.capacity ? station.assembly : after.assembly,
    }),
    ...(station.operators && { operators: before.operators?.count === after.operators?.count ? station.operators : after.operators }),
    ...(station.stops && {
      stops: station.stops.map((stop) => {
        const from = before.stops?.find((candidate) => candidate.id === stop.id);
        const to = after.stops?.find((candidate) => candidate.id === stop.id);
        return {
          ...stop,
          between: inRatio(stop.between, from?.between, to?.between),
          duration: inRatio(stop.duration, from?.duration, to?.duration),
        };
      }),
    }),
    ...(station.setUps && {
      setUps: station.setUps.map((setUp) => {
        const from = before.setUps?.find((candidate) => candidate.attribute === setUp.attribute);
        const to = after.setUps?.find((candidate) => candidate.attribute === setUp.attribute);
        return { ...setUp, time: inRatio(setUp.time, from?.time, to?.time) };
      }),
    }),
    ...(station.inspection && { inspection: transferInspection(before, after, station.inspection) }),
  };
}

function transferCycle(before: StationModel, after: StationModel, station: StationModel): StationModel["cycle"] {
  const { cycle } = station;
  const byProduct = Object.fromEntries(
    Object.entries(cycle.byProduct ?? {}).map(([product, time]) => [
      product,
      inRatio(time, before.cycle.byProduct?.[product] ?? before.cycle.time, after.cycle.byProduct?.[product] ?? after.cycle.time),
    ]),
  );
  return {
    ...cycle,
    time: inRatio(cycle.time, before.cycle.time, after.cycle.time),
    ...(cycle.byProduct && { byProduct }),
    ...(before.cycle.idealS === after.cycle.idealS ? {} : { idealS: after.cycle.idealS }),
    ...(after.cycle.idealByProduct && { idealByProduct: after.cycle.idealByProduct }),
  };
}

function transferInspection(
  before: StationModel,
  after: StationModel,
  inspection: NonNullable<StationModel["inspection"]>,
): NonNullable<StationModel["inspection"]> {
  const rejectByTry = inspection.rejectByTry.map((rate, index) => {
    const from = before.inspection?.rejectByTry[index];
    const to = after.inspection?.rejectByTry[index];
    return from === undefined || to === undefined || from === to ? rate : from === 0 ? to : Math.min(1, (rate * to) / from);
  });
  const maxTries = before.inspection?.maxTries === after.inspection?.maxTries ? inspection.maxTries : after.inspection?.maxTries;
  return { ...inspection, rejectByTry, ...(maxTries === undefined ? {} : { maxTries }) };
}

function inRatio(current: Distribution, before: Distribution | undefined, after: Distribution | undefined): Distribution {
  if (!before || !after) return current;
  const from = meanOf(before);
  const to = meanOf(after);
  if (from === to) return current;
  return from > 0 ? scaled(current, to / from) : after;
}
