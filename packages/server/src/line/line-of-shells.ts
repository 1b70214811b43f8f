import type { Factor, LineInfo, StationInfo } from "@doppelwerk/client";
import type { AlarmRule, LineDefinition } from "@doppelwerk/operations";
import { defaultAlarmRules, factors, lineDefinition, nominalLineModel, readPlant, stage } from "@doppelwerk/pack-discrete-line";
import type { PlantFactor } from "@doppelwerk/pack-discrete-line";
import type { LineModel } from "@doppelwerk/sim";
import type { BranchId, RecordId, RecordReader, SignalRecord } from "@doppelwerk/world";

/** Everything that the shells of a branch say about its line. */
export interface LineOfShells {
  readonly definition: LineDefinition;
  readonly lineModel: LineModel;
  readonly factors: readonly PlantFactor[];
  readonly rules: readonly AlarmRule[];
  readonly agvs: readonly { readonly id: string; readonly signals: Readonly<Record<string, RecordId>> }[];
  readonly plant: NonNullable<ReturnType<typeof readPlant>>;
  stage(): unknown;
}

/** Undefined when the branch has no production line. The one place in the server that names a pack. */
export function readLine(reader: RecordReader): LineOfShells | undefined {
  const plant = readPlant(reader);
  if (!plant) return undefined;
  const signals = reader.query({ kind: "signal" }) as readonly SignalRecord[];
  const measured = signals.filter(({ role }) => role !== "State" && role !== "Alarm");
  const definition = lineDefinition(plant, measured);
  const stored = reader.query({ kind: "alarmRule" }) as unknown as readonly AlarmRule[];
  return {
    plant,
    definition,
    lineModel: nominalLineModel(plant),
    factors: factors(plant),
    rules: stored.length > 0 ? stored : defaultAlarmRules(plant, definition, measured),
    agvs: agvsOf(measured),
    stage: () => stage(plant),
  };
}

/** Vehicles are signals named `AGV1 x`, `AGV1.battery` … of roles x, y, heading, state, battery. */
function agvsOf(signals: readonly SignalRecord[]): LineOfShells["agvs"] {
  const vehicles = new Map<string, Record<string, RecordId>>();
  for (const { id, name, role } of signals) {
    const vehicle = /\b(AGV\s?\d+)\b/i.exec(name)?.[1];
    const what = role ?? name.split(/[ ./]/).at(-1);
    if (!vehicle || !what) continue;
    const known = { Position_X: "x", X: "x", x: "x", Y: "y", y: "y", Position_Y: "y", Heading: "heading", heading: "heading", State: "state", state: "state", Battery: "battery", battery: "battery" }[what];
    if (known) vehicles.set(vehicle, { ...vehicles.get(vehicle), [known]: id });
  }
  return [...vehicles].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, own]) => ({ id, signals: own }));
}

export function shownLine(branch: BranchId, line: LineOfShells): LineInfo {
  const { definition, plant } = line;
  return {
    branch,
    id: definition.id,
    name: plant.line.name,
    taktS: definition.taktS ?? 0,
    constraint: definition.constraint ?? "",
    stations: definition.stations.map((station): StationInfo => ({
      id: station.id,
      name: plant.stations.find(({ id }) => id === station.id)?.name ?? { en: station.label, zh: station.label },
      shell: station.shell ?? "",
      places: station.places,
      idealCycleS: station.idealCycleS,
      bufferCapacity: station.buffer,
      constraint: station.id === definition.constraint,
      signals: Object.fromEntries(Object.entries(station.signals).map(([role, signal]) => [role, signal.id])),
      processValues: station.processValues.map(({ id }) => id),
    })),
    products: definition.products.map(({ id, family }) => ({ id, family })),
    definition,
    stage: line.stage(),
  };
}

export function shownFactors(live: LineOfShells, own: LineOfShells): readonly Factor[] {
  return own.factors.map((factor): Factor => {
    const asIs = live.factors.find(({ elementId }) => elementId === factor.elementId)?.asIs ?? factor.asIs;
    const range = factor.observedRange;
    return {
      element: factor.elementId,
      key: factor.path,
      station: factor.station,
      label: factor.label,
      unit: factor.unit,
      group: factor.group,
      live: asIs,
      value: factor.asIs,
      ...(factor.planned === undefined ? {} : { planned: factor.planned }),
      min: factor.min,
      max: factor.max,
      step: factor.step,
      propertyClass: factor.propertyClass,
      outsideObserved: factor.asIs !== asIs && (range === undefined || factor.asIs < range[0] || factor.asIs > range[1]),
    };
  });
}
