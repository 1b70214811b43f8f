import { zoneOffsetOf, type AlarmRule, type LineDefinition, type LocalText } from "@doppelwerk/operations";
import { defaultAlarmRules, factors, lineDefinition, nominalLineModel, readPlant, stage } from "@doppelwerk/pack-discrete-line";
import type { Factor as PlantFactor, Plant, PlantValue } from "@doppelwerk/pack-discrete-line";
import type { FactorValue, ShippedCalendar } from "@doppelwerk/ports";
import type { Stage } from "@doppelwerk/scene";
import type { LineModel } from "@doppelwerk/sim";
import type { LineInfo, StationInfo } from "../contract.ts";
import { calendarOfLine } from "./calendar-of-line.ts";
import type { BranchId, ElementRecord, Instant, RecordId, RecordReader, ShellRecord, SignalRecord } from "@doppelwerk/world";

/** Everything that the shells of a branch say about its line. */
export interface LineOfShells {
  readonly definition: LineDefinition;
  readonly lineModel: LineModel;
  readonly factors: readonly PlantFactor[];
  /** The alarm rules that it begins with, whatever people stored. */
  readonly shippedRules: readonly AlarmRule[];
  readonly agvs: readonly { readonly id: string; readonly signals: Readonly<Record<string, RecordId>> }[];
  readonly plant: Plant;
  /** Site, area, line. */
  readonly path: readonly LocalText[];
  stage(): Stage;
  /** The model if these properties (by element id) held these numbers. */
  modelWith(values: ReadonlyMap<RecordId, number>): LineModel;
}

/** Undefined when the branch has no production line. `at` decides which offset of the zone the shifts of the model have. */
export function readLine(reader: RecordReader, at: Instant): LineOfShells | undefined {
  const read = readPlant(reader);
  if (!read) return undefined;
  const calendar = calendarOfLine(read, reader, at);
  const plant = { ...read, shifts: calendar.week };
  const signals = reader.query({ kind: "signal" }) as readonly SignalRecord[];
  const measured = signals.filter(({ connection }) => connection !== undefined);
  const definition = { ...definitionAtTakt(lineDefinition(plant, measured)), shifts: calendar.inForce };
  const nominal = { utcOffsetS: zoneOffsetOf(plant.timeZone)(at) * 60 };
  return {
    plant,
    path: pathOf(reader, plant),
    definition,
    lineModel: modelAtTakt(nominalLineModel(plant, nominal)),
    factors: factors(plant),
    shippedRules: defaultAlarmRules(plant, measured),
    agvs: agvsOf(measured),
    stage: () => stage(plant),
    modelWith: (values) => modelAtTakt(nominalLineModel(withValues(plant, values), nominal)),
  };
}

/** The rules that a plant begins with, whatever people stored; none where there is no line. */
export function shippedRules(reader: RecordReader): readonly AlarmRule[] {
  const plant = readPlant(reader);
  if (!plant) return [];
  const signals = reader.query({ kind: "signal" }) as readonly SignalRecord[];
  return defaultAlarmRules(
    plant,
    signals.filter(({ connection }) => connection !== undefined),
  );
}

/** The calendars of the lines of a branch as their engineering files have them. */
export function shippedCalendars(reader: RecordReader): readonly ShippedCalendar[] {
  const plant = readPlant(reader);
  if (!plant) return [];
  const { id, title, shell, timeZone, shifts } = plant;
  return [{ line: id, title, shell, timeZone, shifts }];
}

/** The plant with other numbers in the properties named: every number of it knows the element it stands in. */
function withValues<Part>(part: Part, values: ReadonlyMap<RecordId, number>): Part {
  if (Array.isArray(part)) return part.map((item: unknown) => withValues(item, values)) as Part;
  if (typeof part !== "object" || part === null) return part;
  const { element, value } = part as Partial<PlantValue>;
  if (element !== undefined && typeof value === "number") return values.has(element) ? { ...part, value: values.get(element)! } : part;
  return Object.fromEntries(Object.entries(part).map(([name, field]) => [name, withValues(field, values)])) as Part;
}

/**
 * P6: the OEE of the line is that of its constraint against the planned takt (ISO 22400-2 planned run time per item), whatever engineering believed
 * the station's cycle to be and however many places a branch gives it: so live, past and branches are measured with one rule.
 */
function definitionAtTakt(definition: LineDefinition): LineDefinition {
  const { taktS, constraint } = definition;
  if (taktS === undefined) return definition;
  return {
    ...definition,
    stations: definition.stations.map((station) =>
      station.id === constraint ? { ...station, idealCycleS: taktS * station.places, addedS: {} } : station,
    ),
  };
}

function modelAtTakt(model: LineModel): LineModel {
  const { taktS, constraint } = model;
  if (taktS === undefined) return model;
  return {
    ...model,
    stations: model.stations.map((station) =>
      station.id === constraint ? { ...station, cycle: { ...station.cycle, idealS: taktS * station.places, idealByProduct: {} } } : station,
    ),
  };
}

/** Shells that hold the line in their HierarchicalStructures, outermost first, then the line. */
function pathOf(reader: RecordReader, plant: Plant): readonly LocalText[] {
  const shells = reader.query({ kind: "shell" }) as readonly ShellRecord[];
  const parentOf = new Map<string, ShellRecord>();
  for (const shell of shells) {
    for (const aasId of shell.submodels) {
      const [submodel] = reader.query({ kind: "submodel", index: { name: "aasId", value: aasId } });
      if (submodel?.["idShort"] !== "HierarchicalStructures") continue;
      for (const element of reader.query({
        kind: "element",
        index: { name: "submodel", value: submodel.id },
      }) as readonly ElementRecord[]) {
        const child = element.body["globalAssetId"];
        if (typeof child === "string" && child !== globalAssetIdOf(shell)) parentOf.set(child, shell);
      }
    }
  }
  const path: LocalText[] = [plant.title];
  let current = shells.find(({ aasId }) => aasId === plant.shell);
  for (let depth = 0; depth < 8 && current; depth++) {
    current = parentOf.get(globalAssetIdOf(current) ?? "");
    if (current) path.unshift(titleOf(current));
  }
  return path;
}

function globalAssetIdOf(shell: ShellRecord): string | undefined {
  const information = shell.body["assetInformation"] as { readonly globalAssetId?: string } | undefined;
  return information?.globalAssetId;
}

function titleOf(shell: ShellRecord): LocalText {
  const names = (shell.body["displayName"] ?? []) as readonly { readonly language: string; readonly text: string }[];
  const of = (language: string) => names.find((name) => name.language.startsWith(language))?.text;
  return { en: of("en") ?? shell.idShort, zh: of("zh") ?? of("en") ?? shell.idShort };
}

const vehicleRoles: Readonly<Record<string, string>> = {
  PositionX: "x",
  PositionY: "y",
  Heading: "heading",
  State: "state",
  Battery: "battery",
  Load: "load",
};

/** Vehicles are the devices of a Sparkplug node that tell their position. */
function agvsOf(signals: readonly SignalRecord[]): LineOfShells["agvs"] {
  const devices = new Map<string, Record<string, RecordId>>();
  for (const { id, address, role } of signals) {
    const device = address?.split("/").at(-2);
    const what = vehicleRoles[role ?? ""];
    if (device && what) devices.set(device, { ...devices.get(device), [what]: id });
  }
  return [...devices]
    .filter(([, own]) => own["x"] && own["y"])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, own]) => ({ id, signals: own }));
}

export function shownLine(branch: BranchId, line: LineOfShells): LineInfo {
  const { definition, plant } = line;
  return {
    branch,
    id: definition.id,
    name: plant.title,
    taktS: definition.taktS ?? 0,
    constraint: definition.constraint ?? "",
    stations: definition.stations.map((station): StationInfo => ({
      id: station.id,
      name: plant.stations.find(({ id }) => id === station.id)?.title ?? { en: station.label, zh: station.label },
      shell: station.shell ?? "",
      places: station.places,
      // As engineering states it; the definition measures the constraint against takt.
      idealCycleS: plant.stations.find(({ id }) => id === station.id)?.values.IdealCycleTime?.value ?? station.idealCycleS,
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

export function shownFactors(live: LineOfShells, own: LineOfShells): readonly FactorValue[] {
  return own.factors.map((factor): FactorValue => {
    const asIs = live.factors.find(({ elementId }) => elementId === factor.elementId)?.asIs ?? factor.asIs;
    const range = factor.observedRange;
    return {
      element: factor.elementId,
      key: factor.key,
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
      outsideObserved: factor.asIs !== asIs && (range === undefined || factor.asIs < range.min || factor.asIs > range.max),
    };
  });
}
