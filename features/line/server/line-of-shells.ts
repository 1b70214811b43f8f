import type { Message } from "@doppelwerk/messages";
import { zoneOffsetOf, type AlarmRule, type LineDefinition, type LocalText, type PlannedShift } from "@doppelwerk/operations";
import type { DescribedLine, FactorValue, LineFactor, LineSource, LineVehicle, ShippedCalendar } from "@doppelwerk/ports";
import type { Stage } from "@doppelwerk/scene";
import type { LineModel } from "@doppelwerk/sim";
import { recordOfAasId, type BranchId, type Instant, type RecordId, type RecordReader, type SignalRecord } from "@doppelwerk/world";
import type { LineInfo, StationInfo } from "../contract.ts";
import { findingOfShells, findingsOf, identifiedLines, identitiesOf, type LineIdentities } from "../model/identified-lines.ts";
import { calendarOfLine } from "./calendar-of-line.ts";
import type { ObservedRange } from "./models/observed-range.ts";
import { pathOf, readHierarchy } from "./path-of-line.ts";

/** Everything that the shells of a branch say about one of its lines; what costs is worked out when it is asked for. */
export interface LineOfShells {
  readonly id: string;
  readonly described: DescribedLine;
  readonly findings: readonly Message[];
  readonly definition: LineDefinition;
  readonly lineModel: LineModel;
  readonly factors: readonly LineFactor[];
  /** The alarm rules that it begins with, whatever people stored. */
  readonly shippedRules: readonly AlarmRule[];
  readonly agvs: readonly LineVehicle[];
  /** A week as the newest version of its calendar has it. */
  readonly week: readonly PlannedShift[];
  /** Site, area, line. */
  readonly path: readonly LocalText[];
  stage(): Stage;
  /** The model if these properties (by element id) held these numbers. */
  modelWith(values: ReadonlyMap<RecordId, number>): LineModel;
}

/** The lines of a branch, and what should be one and cannot be read. */
export interface LinesOfShells {
  readonly lines: readonly LineOfShells[];
  readonly findings: readonly Message[];
}

export interface LinesRequest {
  readonly reader: RecordReader;
  /** Decides which offset of the zone the shifts of models have. */
  readonly at: Instant;
  /** What lines and stations are called, where the reader sees a part of the documents only. */
  readonly identities?: LineIdentities;
}

/** What the lines of a branch and their stations are called; the reader must see all of its documents. */
export function readIdentities(sources: readonly LineSource[], reader: RecordReader): LineIdentities {
  return identitiesOf(
    sources.flatMap((source) => source.read(reader).lines),
    (shell) => createdAt(reader, shell),
  );
}

export function readLines(sources: readonly LineSource[], { reader, at, identities }: LinesRequest): LinesOfShells {
  const read = sources.map((source) => source.read(reader));
  const described = read.flatMap(({ lines }) => lines);
  const known = identities ?? identitiesOf(described, (shell) => createdAt(reader, shell));
  const lines = identifiedLines(described, known);
  const measured = once(() =>
    (reader.query({ kind: "signal" }) as readonly SignalRecord[]).filter(({ connection }) => connection !== undefined),
  );
  const hierarchy = once(() => readHierarchy(reader));
  const signalsOf = once(() => partsOf(lines, measured()));
  return {
    lines: lines.map((line) =>
      lineOfShells(line, {
        reader,
        at,
        findings: findingsOf(line, known.get(line.shell)!),
        shared: known.get(line.shell)!.shared,
        measured,
        own: () => signalsOf().get(line.shell)!,
        path: () => pathOf(hierarchy(), line),
      }),
    ),
    findings: read.flatMap(({ findings }) => findings.map(findingOfShells)),
  };
}

/** A line of a branch; without an id the first. Undefined when there is none. */
export function readLine(sources: readonly LineSource[], request: LinesRequest, line?: RecordId): LineOfShells | undefined {
  const { lines } = readLines(sources, request);
  return line === undefined ? lines[0] : lines.find(({ id }) => id === line);
}

/** The rules that the lines of a branch begin with, whatever people stored. */
export function shippedRules(sources: readonly LineSource[], reader: RecordReader): readonly AlarmRule[] {
  return readLines(sources, { reader, at: 0 }).lines.flatMap((line) => line.shippedRules);
}

/** The calendars of the lines of a branch as their engineering files have them. */
export function shippedCalendars(sources: readonly LineSource[], reader: RecordReader): readonly ShippedCalendar[] {
  return readLines(sources, { reader, at: 0 }).lines.map(({ described: { id, title, shell, timeZone, shifts } }) => ({
    line: id,
    title,
    shell,
    timeZone,
    shifts,
  }));
}

function createdAt(reader: RecordReader, shell: string): number {
  const record = recordOfAasId(reader, "shell", shell);
  return (record && reader.written(record.id)?.created) ?? 0;
}

/** Each signal belongs to one line: that of the first station with its shell, or else the first line. */
function partsOf(lines: readonly DescribedLine[], signals: readonly SignalRecord[]): ReadonlyMap<string, readonly SignalRecord[]> {
  const owner = new Map<string, string>();
  for (const { shell, stations } of lines) for (const station of stations) if (!owner.has(station.shell)) owner.set(station.shell, shell);
  const first = lines[0]?.shell ?? "";
  const parts = Map.groupBy(signals, (signal) => owner.get(signal.shell ?? "") ?? first);
  return new Map(lines.map(({ shell }) => [shell, parts.get(shell) ?? []]));
}

interface LineInputs {
  readonly reader: RecordReader;
  readonly at: Instant;
  readonly findings: readonly Message[];
  /** Stations that belong to an earlier line, whose rules they are judged by. */
  readonly shared: ReadonlyMap<string, string>;
  measured(): readonly SignalRecord[];
  /** Those that no other line is the owner of. */
  own(): readonly SignalRecord[];
  path(): readonly LocalText[];
}

function lineOfShells(described: DescribedLine, { reader, at, findings, shared, measured, own, path }: LineInputs): LineOfShells {
  const calendar = once(() => calendarOfLine(described, reader, at));
  const modelOf = (values?: ReadonlyMap<RecordId, number>): LineModel =>
    modelAtTakt(
      described.model({
        utcOffsetS: zoneOffsetOf(described.timeZone)(at) * 60,
        shifts: calendar().week,
        ...(values !== undefined && { values }),
      }),
    );
  const definition = once(() => ({ ...definitionAtTakt(described.definition(measured())), shifts: calendar().inForce }));
  const lineModel = once(() => modelOf());
  const factors = once(() => described.factors());
  const rules = once(() => described.alarmRules(own()).filter(({ station = "" }) => !shared.has(station)));
  const vehicles = once(() => described.vehicles(own()));
  return {
    id: described.id,
    described,
    findings,
    get definition() {
      return definition();
    },
    get lineModel() {
      return lineModel();
    },
    get factors() {
      return factors();
    },
    get shippedRules() {
      return rules();
    },
    get agvs() {
      return vehicles();
    },
    get week() {
      return calendar().week;
    },
    get path() {
      return path();
    },
    stage: () => described.stage(),
    modelWith: modelOf,
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
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

export function shownLine(branch: BranchId, line: LineOfShells): LineInfo {
  const { definition, described } = line;
  const stationOf = (id: string) => described.stations.find((station) => station.id === id);
  return {
    branch,
    id: definition.id,
    name: described.title,
    taktS: definition.taktS ?? 0,
    constraint: definition.constraint ?? "",
    stations: definition.stations.map((station): StationInfo => ({
      id: station.id,
      name: stationOf(station.id)?.title ?? { en: station.label, zh: station.label },
      shell: station.shell ?? "",
      places: station.places,
      // As engineering states it; the definition measures the constraint against takt.
      idealCycleS: stationOf(station.id)?.idealCycleS ?? station.idealCycleS,
      bufferCapacity: station.buffer,
      constraint: station.id === definition.constraint,
      signals: Object.fromEntries(Object.entries(station.signals).map(([role, signal]) => [role, signal.id])),
      processValues: station.processValues.map(({ id }) => id),
    })),
    products: definition.products.map(({ id, attributes }) => ({ id, family: attributes["Family"] ?? id })),
    definition,
    stage: line.stage(),
  };
}

/** `observed`: with which values of a property the plant was recorded. */
export function shownFactors(
  live: LineOfShells,
  own: LineOfShells,
  observed: (element: RecordId) => ObservedRange | undefined = () => undefined,
): readonly FactorValue[] {
  return own.factors.map((factor): FactorValue => {
    const asIs = live.factors.find(({ elementId }) => elementId === factor.elementId)?.asIs ?? factor.asIs;
    const isChanged = factor.asIs !== asIs;
    const range = isChanged ? observed(factor.elementId) : undefined;
    return {
      element: factor.elementId,
      key: factor.key,
      station: factor.station,
      label: factor.label,
      unit: factor.unit,
      group: factor.group,
      ...(factor.parameter === undefined ? {} : { parameter: factor.parameter }),
      live: asIs,
      value: factor.asIs,
      ...(factor.planned === undefined ? {} : { planned: factor.planned }),
      min: factor.min,
      max: factor.max,
      step: factor.step,
      propertyClass: factor.propertyClass,
      outsideObserved: isChanged && (range === undefined || factor.asIs < range.min || factor.asIs > range.max),
      ...(range !== undefined && { observed: range }),
    };
  });
}
