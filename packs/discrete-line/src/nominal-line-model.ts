import type { CalendarModel, Distribution, LineModel, MaterialModel, RouteModel, StationModel, StopModel } from "@doppelwerk/kit";
import type { Plant, PlantComponent, PlantFlow, PlantLoggedTimes, PlantStation } from "./plant.ts";

/** Ids of stops in the model; observations and parameters go by them. */
export const FAILURE = "failure";
export const MICRO_STOP = "microStop";
export const TECHNICIANS = "technicians";
export const OPERATORS = "operators";
/** What a line makes that names no products. */
export const ANY_PART = "part";

/** What an engineering file does not say. Each is replaced by what history shows, where it shows anything. */
export const ASSUMED = {
  /** Of a station of which nothing states the time; every result names it (`isAssumed`). */
  cycleS: 1,
  /** Coefficients of variation of cycle times: machines, people. */
  machineCv: 0.03,
  manualCv: 0.12,
  repairCv: 0.8,
  microStopCv: 0.6,
  setUpCv: 0.15,
  /** The second input of an assembly station holds as many parts as its buffer, until history has shown more. */
  assemblyBuffers: 1,
  carrierReturnS: 60,
  vehicleLoadS: 60,
  vehicleUnloadS: 60,
  chargeS: 3600,
  /** Store to station where the layout does not tell. */
  distanceM: 60,
  /** Kits beside the station, in trips, and the level at which the next is called. */
  kitTrips: 2,
  reorderTrips: 1,
} as const;

export interface NominalOptions {
  /** Seconds local time is ahead of UTC; zones with summer time pass the offset of the instant of the run. */
  readonly utcOffsetS?: number;
}

/** The line as engineering believes it: shells → simulation. Everything that stands in a property follows an edit of it. */
export function nominalLineModel(plant: Plant, options: NominalOptions = {}): LineModel {
  const components = componentStations(plant);
  const { carriers, logistics } = plant;
  const operators = plant.stations.some((station) => (station.values.Operators?.value ?? 0) > 0);
  return {
    format: "doppelwerk-line/1",
    id: plant.id,
    name: plant.title.en,
    ...(plant.takt ? { taktS: plant.takt.value } : {}),
    ...(plant.constraint === undefined ? {} : { constraint: plant.constraint }),
    products: plant.products.length === 0 ? [{ id: ANY_PART }] : plant.products.map(({ id, attributes }) => ({ id, attributes })),
    ...(plant.products.length > 0
      ? {
          program: {
            kind: "batches",
            mix: plant.products.map(({ id, share, batchMin, batchMax }) => ({ product: id, share, batchMin, batchMax })),
            ...(plant.orders.length > 0 ? { planned: plant.orders } : {}),
          },
        }
      : {}),
    stations: plant.stations.map((station) => stationModel(plant, station, components)),
    ...(carriers
      ? {
          carriers: [{ id: "carrier", count: carriers.count.value, from: carriers.from, to: carriers.to, returnS: ASSUMED.carrierReturnS }],
        }
      : {}),
    personnel: [
      ...(operators && plant.directOperators ? [{ id: OPERATORS, count: plant.directOperators.value }] : []),
      ...(plant.technicians ? [{ id: TECHNICIANS, count: plant.technicians.value }] : []),
      ...(plant.resources ?? []).map(({ id, title, count }) => ({ id, name: title.en, count: Math.round(count.value) })),
    ],
    ...(logistics
      ? {
          logistics: {
            vehicles: logistics.vehicles.value,
            speedMps: logistics.speedMps,
            loadS: gamma(ASSUMED.vehicleLoadS, 0.2),
            unloadS: gamma(ASSUMED.vehicleUnloadS, 0.2),
            ...(logistics.batteryH === undefined ? {} : { batteryS: logistics.batteryH * 3600, chargeS: ASSUMED.chargeS }),
          },
        }
      : {}),
    ...(plant.shifts.length > 0 ? { calendar: calendarOf(plant, options.utcOffsetS ?? 0) } : {}),
  };
}

function stationModel(plant: Plant, station: PlantStation, components: ReadonlySet<string>): StationModel {
  const { values } = station;
  const inbound = plant.flows.filter((flow) => flow.to === station.id);
  const isSource = !inbound.some((flow) => flow.kind !== "assembly");
  const forward = forwardOf(plant, station.id);
  const operators = values.Operators?.value ?? 0;
  const inspection = inspectionOf(plant, station);
  const capacity = values.BufferCapacity?.value;
  const stops = stopsOf(plant, station);
  const materials = materialsOf(plant, station);
  return {
    id: station.id,
    name: station.title.en,
    places: Math.max(1, values.NumberOfPlaces?.value ?? 1),
    cycle: cycleOf(station),
    ...(isSource
      ? // what it rejects to itself comes again
        { source: { program: !components.has(station.id) }, ...(station.rejectTo === station.id ? { buffer: {} } : {}) }
      : { buffer: capacity === undefined ? {} : { capacity } }),
    ...(inbound.some((flow) => flow.kind === "assembly")
      ? { assembly: { buffer: capacity === undefined ? {} : { capacity: capacity * ASSUMED.assemblyBuffers } } }
      : {}),
    ...(forward ? { next: routeOf(forward) } : {}),
    ...(operators > 0 && plant.directOperators ? { operators: { pools: [OPERATORS], count: operators } } : {}),
    ...(stops.length > 0 ? { stops } : {}),
    ...(station.setUps.length > 0
      ? { setUps: station.setUps.map(({ attribute, duration }) => ({ attribute, time: gamma(duration.value, ASSUMED.setUpCv) })) }
      : {}),
    ...(inspection ? { inspection } : {}),
    ...(materials ? { materials } : {}),
    ...(station.component ? { component: componentOf(station.component) } : {}),
  };
}

/** Numbers may be others than the documents say: those of a point of a search. */
function componentOf({ id, parameters, numbers }: PlantComponent): NonNullable<StationModel["component"]> {
  const present = Object.fromEntries(Object.entries(numbers).map(([name, { value }]) => [name, value]));
  return { id, parameters: { ...parameters, ...present } };
}

function cycleOf(station: PlantStation): StationModel["cycle"] {
  const { logged } = station;
  const stated = station.values.IdealCycleTime?.value;
  const ideal = stated ?? logged?.mean.value ?? ASSUMED.cycleS;
  const time = (seconds: number): Distribution => ({ kind: "lognormal", mean: seconds, cv: cycleCv(station) });
  const known = {
    time: time(ideal),
    ...(stated === undefined ? {} : { idealS: stated }),
    ...(logged && logged.valuesS.length > 0 ? { logged: { n: logged.visits, valuesS: loggedValues(logged) } } : {}),
    ...(stated === undefined && !logged ? { isAssumed: true } : {}),
  };
  if (station.addedTimes.length === 0) return known;
  return {
    ...known,
    byProduct: Object.fromEntries(station.addedTimes.map(({ product, time: added }) => [product, time(ideal + added.value)])),
    idealByProduct: Object.fromEntries(station.addedTimes.map(({ product, time: added }) => [product, ideal + added.value])),
  };
}

function cycleCv({ values, logged }: PlantStation): number {
  if (values.IdealCycleTime === undefined && logged && logged.valuesS.length > 1) {
    const { valuesS } = logged;
    const mean = valuesS.reduce((sum, value) => sum + value, 0) / valuesS.length;
    const variance = valuesS.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (valuesS.length - 1);
    return Math.max(ASSUMED.machineCv, Math.sqrt(variance) / mean);
  }
  return (values.Operators?.value ?? 0) > 0 ? ASSUMED.manualCv : ASSUMED.machineCv;
}

/** The times of the log at the mean of the document, which somebody may have edited. */
function loggedValues({ mean, valuesS }: PlantLoggedTimes): readonly number[] {
  const own = valuesS.reduce((sum, value) => sum + value, 0) / valuesS.length;
  return Math.abs(mean.value / own - 1) < 0.05 ? valuesS : valuesS.map((value) => (value * mean.value) / own);
}

function stopsOf(plant: Plant, station: PlantStation): readonly StopModel[] {
  const { values, placesFailAlone } = station;
  const places = Math.max(1, values.NumberOfPlaces?.value ?? 1);
  const scope = placesFailAlone ? ("place" as const) : ("station" as const);
  // A station's one clock counts the work of all its places; the file counts operating time of the station.
  const clocks = placesFailAlone ? 1 : places;
  const stops: StopModel[] = [];
  const [between, repair] = [values.MeanOperatingTimeBetweenFailures, values.MeanTimeToRepair];
  if (between && repair && between.value > 0) {
    stops.push({
      id: FAILURE,
      class: "failure",
      clock: "operating",
      between: { kind: "exponential", mean: between.value * 60 * clocks },
      duration: gamma(repair.value * 60, ASSUMED.repairCv),
      scope,
      ...(plant.technicians ? { repairedBy: { pools: [TECHNICIANS], count: 1 } } : {}),
    });
  }
  const [interval, duration] = [values.MicroStopInterval, values.MicroStopDuration];
  if (interval && duration && interval.value > 0) {
    stops.push({
      id: MICRO_STOP,
      class: "microStop",
      clock: "operating",
      between: { kind: "exponential", mean: interval.value * 60 * clocks },
      duration: gamma(duration.value, ASSUMED.microStopCv),
      scope,
    });
  }
  return stops;
}

function inspectionOf(plant: Plant, station: PlantStation): StationModel["inspection"] {
  const { RejectRate, RetestRejectRate, MaxTries } = station.values;
  if (!RejectRate) return undefined;
  const to = station.rejectTo ?? plant.flows.find((flow) => flow.from === station.id && flow.kind === "reject")?.to;
  const flow = plant.flows.find((candidate) => candidate.from === station.id && candidate.to === to);
  // Where rework leads back to this test, each visit to rework is one more try of it.
  const returns = plant.flows.some((candidate) => candidate.kind === "return" && candidate.from === to && candidate.to === station.id);
  return {
    rejectByTry: [RejectRate.value, RetestRejectRate?.value ?? RejectRate.value],
    ...(MaxTries ? { maxTries: MaxTries.value } : {}),
    ...(returns ? { tries: "rework" as const } : {}),
    ...(to === undefined ? {} : { reject: { station: to, travelS: flow?.travelS ?? 0 } }),
  };
}

function materialsOf(plant: Plant, station: PlantStation): readonly MaterialModel[] | undefined {
  const { logistics } = plant;
  if (!logistics || logistics.station !== station.id) return undefined;
  const kits = logistics.kitsPerTrip;
  return [
    {
      id: "kits",
      capacity: Math.round(kits * ASSUMED.kitTrips),
      reorderAt: Math.round(kits * ASSUMED.reorderTrips),
      kitsPerTrip: kits,
      distanceM: logistics.distanceM ?? ASSUMED.distanceM,
    },
  ];
}

/** Where a good part goes: along main, into an assembly, or back from rework. */
function forwardOf(plant: Plant, station: string): PlantFlow | undefined {
  for (const kind of ["main", "assembly", "return"] as const) {
    const flow = plant.flows.find((candidate) => candidate.from === station && candidate.kind === kind);
    if (flow) return flow;
  }
  return undefined;
}

function routeOf(flow: PlantFlow): RouteModel {
  return { station: flow.to, ...(flow.kind === "assembly" ? { input: "assembly" as const } : {}), travelS: flow.travelS };
}

function componentStations(plant: Plant): ReadonlySet<string> {
  const components = new Set(plant.flows.filter((flow) => flow.kind === "assembly").map((flow) => flow.from));
  for (let grew = true; grew;) {
    grew = false;
    for (const flow of plant.flows) {
      if (flow.kind !== "main" || !components.has(flow.to) || components.has(flow.from)) continue;
      components.add(flow.from);
      grew = true;
    }
  }
  return components;
}

function calendarOf(plant: Plant, utcOffsetS: number): CalendarModel {
  return {
    kind: "weekly",
    utcOffsetS,
    shifts: plant.shifts.map((shift) => {
      const night = shift.endMinute <= shift.startMinute;
      const minute = (at: number) => (night && at < shift.startMinute ? at + 1440 : at) * 60;
      return {
        id: shift.name,
        days: shift.days,
        startS: shift.startMinute * 60,
        endS: (shift.endMinute + (night ? 1440 : 0)) * 60,
        breaks: shift.breaks.map((pause) => ({ startS: minute(pause.startMinute), durationS: pause.minutes * 60 })),
      };
    }),
  };
}

const gamma = (mean: number, cv: number): Distribution => ({ kind: "gamma", mean, cv });
