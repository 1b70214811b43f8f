import { SECOND, type Instant } from "@doppelwerk/world/instant";
import { streamOf } from "../random/philox.ts";
import { type Sampler, samplerOf } from "../random/sampler.ts";
import type { Distribution } from "../random/distribution.ts";
import { type Calendar, calendarOf } from "./calendar.ts";
import { type CompiledComponents, compileComponents } from "./compile-components.ts";
import type { StationComponents } from "./component.ts";
import type { EffectModel, LineModel, MaterialModel, PlannedOrder, RouteModel, SeizeModel, StationModel, StopModel } from "./line-model.ts";

/** A buffer that never fills. */
export const UNLIMITED = 0x7fffffff;

/** Target of a part that leaves the line. */
export const SINK = -1;

/** A model made ready to run: names become indexes, distributions samplers, seconds microseconds. Immutable. */
export interface CompiledLine {
  readonly model: LineModel;
  readonly calendar: Calendar;
  readonly stations: readonly CompiledStation[];
  /** Station of each place. */
  readonly placeStation: Int32Array;
  readonly products: readonly string[];
  /** Buffer b < stations.length is the main input of station b, stations.length + s the assembly input of s. */
  readonly capacities: Int32Array;
  readonly lifo: Uint8Array;
  /** Places first, then stations with more than one place. */
  readonly stops: readonly CompiledStop[];
  readonly pools: readonly CompiledPool[];
  readonly carriers: readonly CompiledCarrier[];
  readonly materials: readonly CompiledMaterial[];
  readonly vehicles: CompiledFleet | undefined;
  readonly effects: readonly CompiledEffect[];
  readonly program: CompiledProgram;
  /** Stations that number the tries of a part. */
  readonly inspectors: number;
  /** Declared constraint, −1 when there is none. */
  readonly constraint: number;
  readonly components: CompiledComponents;
}

export interface CompiledStation {
  readonly index: number;
  readonly id: string;
  readonly model: StationModel;
  readonly firstPlace: number;
  readonly places: number;
  /** By product + 1; 0 is a part of no product. */
  readonly cycles: readonly Sampler[];
  readonly ideals: readonly number[];
  readonly cycleStream: number;
  readonly verdictStream: number;
  readonly setUpStream: number;
  readonly next: CompiledRoute;
  readonly reject: CompiledRoute | undefined;
  /** Column of the tries of a part, −1 without inspection. */
  readonly inspector: number;
  readonly source: "none" | "saturated" | "arrivals";
  readonly program: boolean;
  readonly arrivals: Sampler | undefined;
  readonly arrivalStream: number;
  /** Its parts are the ones whose lead time and number count, not those joined into others. */
  readonly mainFlow: boolean;
  readonly assembly: boolean;
  readonly operators: CompiledSeize | undefined;
  readonly setUps: readonly CompiledSetUp[];
  /** Stops of each place (by place within the station), and of the station as a whole. */
  readonly placeStops: readonly (readonly number[])[];
  readonly stationStops: readonly number[];
  readonly materials: readonly number[];
  readonly carriersTaken: readonly number[];
  readonly carriersReleased: readonly number[];
  readonly cycleEffects: readonly number[];
  readonly rejectEffects: readonly number[];
  readonly unattended: boolean;
}

export interface CompiledRoute {
  /** Buffer index or SINK. */
  readonly buffer: number;
  readonly travel: number;
}

export interface CompiledSeize {
  readonly pools: readonly number[];
  readonly count: number;
}

export interface CompiledPool {
  readonly id: string;
  readonly count: number;
  readonly byShift: Readonly<Record<string, number>>;
}

export interface CompiledSetUp {
  /** Value of the attribute by product, as an index; equal values need no set-up. */
  readonly values: readonly string[];
  readonly time: Sampler;
  readonly matrix: ReadonlyMap<string, Sampler>;
}

export interface CompiledStop {
  readonly index: number;
  readonly model: StopModel;
  readonly station: number;
  /** −1: the whole station. */
  readonly place: number;
  readonly between: Sampler;
  readonly duration: Sampler;
  readonly betweenStream: number;
  readonly durationStream: number;
  readonly repairedBy: CompiledSeize | undefined;
  readonly rateEffects: readonly number[];
}

export interface CompiledCarrier {
  readonly id: string;
  readonly count: number;
  readonly from: number;
  readonly returnTime: number;
  /** Index of its first carrier in the ring of all. */
  readonly first: number;
}

export interface CompiledMaterial {
  readonly model: MaterialModel;
  readonly station: number;
  readonly drive: number;
}

export interface CompiledFleet {
  readonly count: number;
  readonly load: Sampler;
  readonly unload: Sampler;
  readonly stream: number;
  readonly battery: number;
  readonly charge: number;
}

export interface CompiledEffect {
  readonly model: EffectModel;
  readonly stations: readonly number[];
  readonly material: number;
  readonly between: Sampler | undefined;
  readonly duration: Sampler | undefined;
  readonly stream: number;
}

export interface CompiledBatch {
  readonly product: number;
  readonly least: number;
  readonly most: number;
  readonly order?: string;
}

export interface CompiledProgram {
  readonly kind: "none" | "batches" | "orders";
  /** Probability of a batch up to and with this product of the mix. */
  readonly cumulative: readonly number[];
  readonly batches: readonly CompiledBatch[];
  /** Known orders, which come before any batch is drawn. */
  readonly planned: readonly PlannedOrder[];
  readonly plannedBatches: readonly CompiledBatch[];
  readonly repeat: boolean;
  readonly stream: number;
}

/** Makes a valid model ready. Throws where `validateLineModel` reports an error, and a RunError where a component is not there. `start` anchors the endless shifts of a model without calendar. */
export function compileLine(model: LineModel, start: Instant, components?: StationComponents): CompiledLine {
  const stationIndex = indexOf(model.stations.map((station) => station.id));
  const products = model.products.map((product) => product.id);
  const pools = (model.personnel ?? []).map((pool) => ({ id: pool.id, count: pool.count, byShift: pool.countByShift ?? {} }));
  const names = {
    stationIndex,
    poolIndex: indexOf(pools.map((pool) => pool.id)),
    productIndex: indexOf(products),
    materials: [] as CompiledMaterial[],
  };
  const stops: CompiledStop[] = [];
  const carriers = compileCarriers(model, stationIndex);
  const inspectors = model.stations.filter((station) => station.inspection !== undefined);
  const mainFlow = mainStations(model, stationIndex);
  let firstPlace = 0;
  const stations = model.stations.map((station, index) => {
    const compiled = compileStation(
      model,
      station,
      index,
      firstPlace,
      names,
      stops,
      carriers,
      inspectors.indexOf(station),
      mainFlow.has(index),
    );
    firstPlace += station.places;
    return compiled;
  });
  const placeStation = new Int32Array(firstPlace);
  for (const station of stations) placeStation.fill(station.index, station.firstPlace, station.firstPlace + station.places);
  const capacityOf = (capacity: number | undefined): number => capacity ?? UNLIMITED;
  return {
    model,
    calendar: calendarOf(model.calendar, start),
    stations,
    placeStation,
    products,
    capacities: Int32Array.from([
      ...model.stations.map((station) =>
        station.buffer === undefined ? (station.source?.interarrival === undefined ? 0 : UNLIMITED) : capacityOf(station.buffer.capacity),
      ),
      ...model.stations.map((station) => (station.assembly === undefined ? 0 : capacityOf(station.assembly.buffer.capacity))),
    ]),
    lifo: Uint8Array.from([
      ...model.stations.map((station) => +(station.buffer?.order === "lifo")),
      ...model.stations.map((station) => +(station.assembly?.buffer.order === "lifo")),
    ]),
    stops,
    pools,
    carriers,
    materials: names.materials,
    vehicles: compileFleet(model),
    effects: compileEffects(model, stationIndex, names.materials),
    program: compileProgram(model, names.productIndex),
    inspectors: inspectors.length,
    constraint: model.constraint === undefined ? -1 : required(stationIndex, model.constraint),
    components: compileComponents(model, components),
  };
}

interface Names {
  readonly stationIndex: ReadonlyMap<string, number>;
  readonly poolIndex: ReadonlyMap<string, number>;
  readonly productIndex: ReadonlyMap<string, number>;
  readonly materials: CompiledMaterial[];
}

function compileStation(
  model: LineModel,
  station: StationModel,
  index: number,
  firstPlace: number,
  names: Names,
  stops: CompiledStop[],
  carriers: readonly CompiledCarrier[],
  inspector: number,
  mainFlow: boolean,
): CompiledStation {
  const byProduct = (product: string | undefined): Distribution =>
    (product === undefined ? undefined : station.cycle.byProduct?.[product]) ?? station.cycle.time;
  const cycles = [undefined, ...model.products.map((product) => product.id)].map((product) => samplerOf(byProduct(product)));
  const ideals = [undefined, ...model.products.map((product) => product.id)].map((product, at) => {
    const own = product === undefined ? undefined : station.cycle.idealByProduct?.[product];
    const declared =
      own ??
      station.cycle.idealS ??
      (station.id === model.constraint && model.taktS !== undefined ? model.taktS * station.places : undefined);
    return (declared ?? cycles[at]!.mean) * SECOND;
  });
  const materials = (station.materials ?? []).map((material) => {
    const speed = model.logistics?.speedMps ?? 1;
    return names.materials.push({ model: material, station: index, drive: Math.round((material.distanceM / speed) * SECOND) }) - 1;
  });
  const effectsOn = (on: "cycle" | "reject"): number[] =>
    (model.effects ?? []).flatMap((effect, at) =>
      effect.kind === "factor" && effect.on === on && concerns(effect.stations, station.id) ? [at] : [],
    );
  const route = (target: RouteModel | undefined): CompiledRoute => compileRoute(model, names.stationIndex, target);
  return {
    index,
    id: station.id,
    model: station,
    firstPlace,
    places: station.places,
    cycles,
    ideals,
    cycleStream: streamOf(station.id, "cycle"),
    verdictStream: streamOf(station.id, "verdict"),
    setUpStream: streamOf(station.id, "setUp"),
    next: route(station.next),
    reject: station.inspection?.reject === undefined ? undefined : route(station.inspection.reject),
    inspector,
    source: station.source === undefined ? "none" : station.source.interarrival === undefined ? "saturated" : "arrivals",
    program: station.source?.program === true,
    arrivals: station.source?.interarrival === undefined ? undefined : samplerOf(station.source.interarrival),
    arrivalStream: streamOf(station.id, "arrival"),
    mainFlow,
    assembly: station.assembly !== undefined,
    operators: compileSeize(station.operators, names.poolIndex),
    setUps: (station.setUps ?? []).map((setUp) => ({
      values: model.products.map((product) => product.attributes?.[setUp.attribute] ?? ""),
      time: samplerOf(setUp.time),
      matrix: new Map(
        Object.entries(setUp.matrix ?? {}).flatMap(([from, row]) =>
          Object.entries(row).map(([to, time]) => [`${from}\u0000${to}`, samplerOf(time)] as const),
        ),
      ),
    })),
    ...compileStops(model, station, index, firstPlace, names.poolIndex, stops),
    materials,
    carriersTaken: carriers.flatMap((carrier, at) => (carrier.from === index ? [at] : [])),
    carriersReleased: (model.carriers ?? []).flatMap((carrier, at) => (carrier.to === station.id ? [at] : [])),
    cycleEffects: effectsOn("cycle"),
    rejectEffects: effectsOn("reject"),
    unattended: station.unattended === true,
  };
}

function compileStops(
  model: LineModel,
  station: StationModel,
  index: number,
  firstPlace: number,
  poolIndex: ReadonlyMap<string, number>,
  stops: CompiledStop[],
): { readonly placeStops: readonly (readonly number[])[]; readonly stationStops: readonly number[] } {
  const add = (stop: StopModel, place: number): number => {
    const owner = place < 0 ? station.id : `${station.id}/${place - firstPlace}`;
    const compiled = {
      index: stops.length,
      model: stop,
      station: index,
      place,
      between: samplerOf(stop.between),
      duration: samplerOf(stop.duration),
      betweenStream: streamOf(owner, `${stop.id} between`),
      durationStream: streamOf(owner, `${stop.id} duration`),
      repairedBy: compileSeize(stop.repairedBy, poolIndex),
      rateEffects: (model.effects ?? []).flatMap((effect, at) =>
        effect.kind === "factor" &&
        effect.on === "stopRate" &&
        concerns(effect.stations, station.id) &&
        (effect.stop === undefined || effect.stop === stop.id)
          ? [at]
          : [],
      ),
    };
    return stops.push(compiled) - 1;
  };
  const all = station.stops ?? [];
  const isShared = (stop: StopModel): boolean => stop.scope === "station" && station.places > 1;
  return {
    placeStops: Array.from({ length: station.places }, (_, place) =>
      all.filter((stop) => !isShared(stop)).map((stop) => add(stop, firstPlace + place)),
    ),
    stationStops: all.filter(isShared).map((stop) => add(stop, -1)),
  };
}

function compileRoute(model: LineModel, stationIndex: ReadonlyMap<string, number>, target: RouteModel | undefined): CompiledRoute {
  if (target === undefined) return { buffer: SINK, travel: 0 };
  const station = required(stationIndex, target.station);
  return {
    buffer: target.input === "assembly" ? model.stations.length + station : station,
    travel: Math.round((target.travelS ?? 0) * SECOND),
  };
}

function compileSeize(seize: SeizeModel | undefined, poolIndex: ReadonlyMap<string, number>): CompiledSeize | undefined {
  return seize === undefined || seize.count === 0
    ? undefined
    : { count: seize.count, pools: seize.pools.map((pool) => required(poolIndex, pool)) };
}

function compileCarriers(model: LineModel, stationIndex: ReadonlyMap<string, number>): CompiledCarrier[] {
  let first = 0;
  return (model.carriers ?? []).map((carrier) => {
    const compiled = {
      id: carrier.id,
      count: carrier.count,
      from: required(stationIndex, carrier.from),
      returnTime: Math.round((carrier.returnS ?? 0) * SECOND),
      first,
    };
    first += carrier.count;
    return compiled;
  });
}

function compileFleet(model: LineModel): CompiledFleet | undefined {
  const fleet = model.logistics;
  if (fleet === undefined) return undefined;
  return {
    count: fleet.vehicles,
    load: samplerOf(fleet.loadS),
    unload: samplerOf(fleet.unloadS),
    stream: streamOf("logistics", "handling"),
    battery: fleet.batteryS === undefined ? Infinity : fleet.batteryS * SECOND,
    charge: Math.round((fleet.chargeS ?? 0) * SECOND),
  };
}

function compileEffects(
  model: LineModel,
  stationIndex: ReadonlyMap<string, number>,
  materials: readonly CompiledMaterial[],
): CompiledEffect[] {
  return (model.effects ?? []).map((effect) => ({
    model: effect,
    stations: effect.kind === "outage" ? effect.stations.map((station) => required(stationIndex, station)) : [],
    material: effect.kind === "shortage" ? materials.findIndex((material) => material.model.id === effect.material) : -1,
    between: effect.when.kind === "random" ? samplerOf(effect.when.between) : undefined,
    duration: effect.when.kind === "random" ? samplerOf(effect.when.duration) : undefined,
    stream: streamOf(effect.id, "effect"),
  }));
}

function compileProgram(model: LineModel, productIndex: ReadonlyMap<string, number>): CompiledProgram {
  const stream = streamOf("program", "batches");
  const program = model.program;
  const noPlan = { planned: [], plannedBatches: [] };
  const batchOf = ({ id, product, quantity }: { readonly id?: string; readonly product: string; readonly quantity: number }) => ({
    product: required(productIndex, product),
    least: quantity,
    most: quantity,
    ...(id === undefined ? {} : { order: id }),
  });
  if (program === undefined) return { kind: "none", cumulative: [], batches: [], ...noPlan, repeat: true, stream };
  if (program.kind === "orders") {
    return { kind: "orders", cumulative: [], batches: program.orders.map(batchOf), ...noPlan, repeat: program.repeat === true, stream };
  }
  // batches differ in size, so a product that makes `share` of the units begins share ÷ mean size of the batches
  const weights = program.mix.map((entry) => (2 * entry.share) / (entry.batchMin + entry.batchMax));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let running = 0;
  return {
    kind: "batches",
    cumulative: weights.map((weight) => (running += weight / sum)),
    batches: program.mix.map((entry) => ({ product: required(productIndex, entry.product), least: entry.batchMin, most: entry.batchMax })),
    planned: program.planned ?? [],
    plannedBatches: (program.planned ?? []).map(batchOf),
    repeat: true,
    stream,
  };
}

/** Stations from which a part reaches the end of the line as itself, rework included. */
function mainStations(model: LineModel, stationIndex: ReadonlyMap<string, number>): Set<number> {
  const main = new Set<number>();
  const other = new Set<number>();
  model.stations.forEach((_, start) => {
    // all on the way share its fate
    const way = new Set<number>();
    let at = start;
    while (!main.has(at) && !other.has(at) && !way.has(at)) {
      way.add(at);
      const next = model.stations[at]!.next;
      if (next === undefined) break;
      if (next.input === "assembly") return way.forEach((station) => other.add(station));
      at = required(stationIndex, next.station);
    }
    const ends = main.has(at) || model.stations[at]!.next === undefined;
    for (const station of way) (ends ? main : other).add(station);
  });
  return main;
}

function concerns(stations: readonly string[] | undefined, station: string): boolean {
  return stations === undefined || stations.includes(station);
}

function indexOf(ids: readonly string[]): ReadonlyMap<string, number> {
  return new Map(ids.map((id, index) => [id, index]));
}

function required(index: ReadonlyMap<string, number>, id: string): number {
  const at = index.get(id);
  if (at === undefined) throw new Error(`the model names "${id}", which it does not have`);
  return at;
}
