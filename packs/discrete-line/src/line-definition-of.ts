import type { LineDefinition, SignalBinding, SignalRecord, StationDefinition, StationRole } from "@doppelwerk/kit";
import type { Plant, PlantStation } from "./plant.ts";

/** Roles of docs/guide/engineering-file.md. */
const ROLES: readonly StationRole[] = [
  "Product",
  "PartIn",
  "LastCycle",
  "Total",
  "Good",
  "Reject",
  "PartOut",
  "ItemState",
  "OperationMode",
  "VendorState",
  "Blocked",
  "Starved",
];
/** A text that names what was joined: `TubSerial` at the station where tubs are joined. */
const COMPONENT_SERIAL = /^(?:ComponentIn|\w+Serial)$/;
/** A place that tells its own item state: `PlaceState1` is place 0. */
const PLACE_STATE = /^PlaceState([1-9]\d*)$/;

/** What operations folds: the stations of the plant with the signals of their shells in their roles. */
export function lineDefinition(plant: Plant, signals: readonly SignalRecord[]): LineDefinition {
  const ofShell = new Map<string, SignalRecord[]>();
  for (const signal of signals) {
    if (signal.shell === undefined) continue;
    const known = ofShell.get(signal.shell);
    if (known) known.push(signal);
    else ofShell.set(signal.shell, [signal]);
  }
  const carriers = plant.carriers;
  const joining = new Set(plant.flows.filter((flow) => flow.kind === "assembly").map((flow) => flow.to));
  return {
    id: plant.id,
    label: plant.title.en,
    shell: plant.shell,
    ...(plant.takt ? { taktS: plant.takt.value } : {}),
    ...(plant.constraint === undefined ? {} : { constraint: plant.constraint }),
    stations: plant.stations.map((station) => stationDefinition(station, ofShell.get(station.shell) ?? [], joining.has(station.id))),
    flows: plant.flows.map((flow) => ({ ...flow })),
    products: plant.products.map((product) => ({ ...product })),
    shifts: plant.shifts.map((shift) => ({ ...shift })),
    timeZone: plant.timeZone,
    ...(carriers ? { carriers: { count: carriers.count.value, from: carriers.from, to: carriers.to } } : {}),
  };
}

function stationDefinition(station: PlantStation, signals: readonly SignalRecord[], joins: boolean): StationDefinition {
  const { values } = station;
  const roles: Partial<Record<StationRole, SignalBinding>> = {};
  const places: SignalBinding[] = [];
  const processValues: SignalBinding[] = [];
  const count = Math.max(1, values.NumberOfPlaces?.value ?? 1);
  for (const signal of signals.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const role = ROLES.find((candidate) => candidate === signal.role);
    const place = PLACE_STATE.exec(signal.role ?? "")?.[1];
    if (role && !roles[role]) roles[role] = bindingOf(signal);
    else if (joins && !roles.ComponentIn && signal.valueType === "string" && COMPONENT_SERIAL.test(signal.role ?? ""))
      roles.ComponentIn = bindingOf(signal);
    else if (place !== undefined && Number(place) <= count) places[Number(place) - 1] = bindingOf(signal);
    else processValues.push(bindingOf(signal));
  }
  // A hole would shift the places behind it: only a complete row of places is used.
  const complete = places.length > 0 && places.length === count && !places.includes(undefined as unknown as SignalBinding);
  return {
    id: station.id,
    label: station.title.en,
    shell: station.shell,
    places: count,
    placesFailAlone: station.placesFailAlone,
    idealCycleS: values.IdealCycleTime?.value ?? 0,
    addedS: Object.fromEntries(station.addedTimes.map(({ product, time }) => [product, time.value])),
    buffer: values.BufferCapacity?.value ?? 0,
    operators: values.Operators?.value ?? 0,
    setUps: station.setUps.map(({ attribute, duration }) => ({ attribute, durationS: duration.value })),
    maxTries: values.MaxTries?.value ?? 1,
    ...(station.rejectTo === undefined ? {} : { rejectTo: station.rejectTo }),
    signals: roles,
    ...(complete ? { placeSignals: places } : {}),
    processValues,
    mapping: station.mapping,
  };
}

function bindingOf(signal: SignalRecord): SignalBinding {
  const { id, name, valueType, role, unit, low, high, unsignedBits, counter, aliveS } = signal;
  return {
    id,
    name,
    valueType,
    ...(role === undefined ? {} : { role }),
    ...(unit === undefined ? {} : { unit }),
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
    ...(unsignedBits === undefined ? {} : { unsignedBits }),
    ...(counter === undefined ? {} : { counter: { ...counter } }),
    ...(aliveS === undefined ? {} : { aliveS }),
  };
}
