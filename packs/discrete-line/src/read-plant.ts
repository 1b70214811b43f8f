import { EMPTY_MAPPING, numberOf, recordOfAasId, stateCauseOf, stationStateOf } from "@doppelwerk/kit";
import type {
  ElementRecord,
  LaterMapping,
  LineFlowKind,
  LocalText,
  MappingVersion,
  RecordId,
  RecordReader,
  ShellRecord,
  StateMapping,
  SubmodelRecord,
} from "@doppelwerk/kit";
import { readPlantElements, submodelOfShell, titleOf, type PlantReader } from "./element-reader.ts";
import { productShapeOf } from "./product-shape-of.ts";
import { readComponent, readResources } from "./read-component.ts";
import { readEnds } from "./read-ends.ts";
import { readProducts } from "./read-products.ts";
import { readWork } from "./read-work.ts";
import {
  STATION_VALUES,
  type Plant,
  type PlantFlow,
  type PlantLayout,
  type PlantLoggedTimes,
  type PlantLogistics,
  type PlantOrder,
  type PlantShift,
  type PlantStation,
  type PlantValue,
  type StationValueName,
} from "./plant.ts";

export const PRODUCTION_LINE = "urn:doppelwerk:submodel:production-line:1:0";

/** The first line that the documents describe; undefined when they describe none. */
export function readPlant(reader: RecordReader): Plant | undefined {
  return readPlants(reader).plants[0];
}

/** Lines of the documents, and what of them stands for a line and is none. */
export interface PlantsRead {
  readonly plants: readonly Plant[];
  readonly findings: readonly LocalText[];
}

/** Every line of the documents, by shell id. */
export function readPlants(reader: RecordReader): PlantsRead {
  const lines = reader.query({ kind: "submodel", index: { name: "semanticId", value: PRODUCTION_LINE } }) as readonly SubmodelRecord[];
  if (lines.length === 0) return { plants: [], findings: [] };
  const shells = reader.query({ kind: "shell" }) as readonly ShellRecord[];
  const findings: LocalText[] = [];
  const plants = new Map<string, Plant>();
  // asked only for a station that a line names and does not have
  const lineOfStation = (station: string, not: ShellRecord): string | undefined =>
    shells.find(
      (shell) => shell !== not && lines.some((line) => shell.submodels.includes(line.aasId) && stationIds(reader, line).includes(station)),
    )?.idShort;
  for (const line of lines.toSorted((a, b) => (a.aasId < b.aasId ? -1 : 1))) {
    const shell = shells.find((candidate) => candidate.submodels.includes(line.aasId));
    if (shell === undefined)
      findings.push({
        en: `the submodel ${line.aasId} describes a line and belongs to no shell`,
        zh: `子模型 ${line.aasId} 描述了一条产线，但不属于任何管理壳`,
      });
    else if (plants.has(shell.aasId))
      findings.push({
        en: `the shell ${shell.aasId} has a second submodel that describes a line: ${line.aasId}`,
        zh: `管理壳 ${shell.aasId} 有第二个描述产线的子模型：${line.aasId}`,
      });
    else plants.set(shell.aasId, readLine({ reader, shell, line, shells, lineOfStation }));
  }
  return { plants: [...plants.values()].toSorted((a, b) => (a.shell < b.shell ? -1 : 1)), findings };
}

function stationIds(reader: RecordReader, line: SubmodelRecord): readonly string[] {
  const elements = readPlantElements(reader, line);
  return elements.items(line.id, "Stations").flatMap((item) => elements.text(item.id, "Station") ?? []);
}

interface LineRequest {
  readonly reader: RecordReader;
  readonly shell: ShellRecord;
  /** Its submodel. */
  readonly line: SubmodelRecord;
  readonly shells: readonly ShellRecord[];
  /** idShort of another line that has a station of this name. */
  lineOfStation(station: string, not: ShellRecord): string | undefined;
}

function readLine({ reader, shell, line, shells, lineOfStation }: LineRequest): Plant {
  const elements = readPlantElements(reader, line);
  const root = line.id;
  const findings: LocalText[] = [];
  const listed = elements.items(root, "Stations").flatMap((item) => readStation(reader, elements, item, findings));
  const known = new Set<string>();
  const once = listed.filter(({ id }) => {
    if (known.has(id)) findings.push({ en: `the station ${id} is in the line twice`, zh: `工位 ${id} 在该产线中出现两次` });
    return !known.has(id) && known.add(id);
  });
  if (known.size === 0) findings.push({ en: "the line has no station", zh: "该产线没有工位" });
  const stations = once.map((station) => withKnownRejects(station, known, findings));
  const count = elements.value(root, "NumberOfCarriers");
  const from = elements.text(root, "CarrierFrom");
  const to = elements.text(root, "CarrierTo");
  const logistics = readLogistics(reader, elements, stations, shells);
  const { products, attributeTitles } = readProducts(elements, stations, findings);
  const productShape = productShapeOf(elements.text(root, "ProductShape"), titleOf(shell), stations);
  const takt = elements.value(root, "Takt");
  const directOperators = elements.value(root, "DirectOperators");
  const technicians = elements.value(root, "MaintenanceTechnicians");
  const constraint = elements.text(root, "ConstraintStation");
  const resources = readResources(elements);
  const elsewhere = (station: string): string | undefined => lineOfStation(station, shell);
  const flows = elements.items(root, "Flows").flatMap((item) => readFlow(elements, item, { known, elsewhere, findings }));
  if (constraint !== undefined && !known.has(constraint))
    findings.push({
      en: `ConstraintStation names no station of the line: ${constraint}`,
      zh: `ConstraintStation 所指的工位不在该产线上：${constraint}`,
    });
  return {
    id: shell.idShort,
    title: titleOf(shell),
    shell: shell.aasId,
    ...(takt ? { takt } : {}),
    ...(constraint !== undefined && known.has(constraint) ? { constraint } : {}),
    ...(count && from && to && known.has(from) && known.has(to) ? { carriers: { count, from, to } } : {}),
    ...(directOperators ? { directOperators } : {}),
    ...(technicians ? { technicians } : {}),
    ...(resources.length > 0 ? { resources } : {}),
    stations,
    flows,
    products,
    attributeTitles,
    ...(productShape === undefined ? {} : { productShape }),
    shifts: elements.items(root, "Shifts").flatMap((item) => readShift(elements, item, findings)),
    timeZone: elements.text(root, "TimeZone") ?? "Etc/UTC",
    ...(logistics ? { logistics } : {}),
    ends: readEnds({ reader, elements, flows, known, findings }),
    orders: readOrders(reader, shell, new Set(products.map(({ id }) => id)), findings),
    work: readWork(reader, shell, known, findings),
    findings,
  };
}

/** Rejects that would go to a station the line does not have are scrap. */
function withKnownRejects(station: PlantStation, known: ReadonlySet<string>, findings: LocalText[]): PlantStation {
  if (station.rejectTo === undefined || known.has(station.rejectTo)) return station;
  findings.push({
    en: `RejectTo of ${station.id} names no station of the line: ${station.rejectTo}`,
    zh: `${station.id} 的 RejectTo 所指的工位不在该产线上：${station.rejectTo}`,
  });
  const { rejectTo: _gone, ...rest } = station;
  return rest;
}

function readStation(reader: RecordReader, line: PlantReader, item: ElementRecord, findings: LocalText[]): readonly PlantStation[] {
  const id = line.text(item.id, "Station");
  const reference = line.child(item.id, "Shell")?.value as { readonly keys?: readonly { readonly value: string }[] } | undefined;
  const aasId = reference?.keys?.at(-1)?.value;
  const shell = aasId === undefined ? undefined : (recordOfAasId(reader, "shell", aasId) as ShellRecord | undefined);
  const submodel = shell && submodelOfShell(reader, shell, "Station");
  if (!shell || !submodel) {
    findings.push({
      en: `the station ${id ?? "without a name"} has no shell with a submodel Station`,
      zh: `工位 ${id ?? "（无名称）"} 没有带子模型 Station 的管理壳`,
    });
    return [];
  }
  const elements = readPlantElements(reader, submodel);
  const values = Object.fromEntries(
    STATION_VALUES.flatMap((name): [StationValueName, PlantValue][] => {
      const value = elements.value(submodel.id, name);
      return value ? [[name, value]] : [];
    }),
  );
  const rejectTo = elements.text(submodel.id, "RejectTo");
  const layout = readLayout(reader, shell);
  const logged = readLoggedTimes(elements);
  const component = readComponent(reader, elements);
  return [
    {
      id: id ?? shell.idShort,
      title: titleOf(shell),
      shell: shell.aasId,
      values,
      placesFailAlone: elements.truth(submodel.id, "PlacesFailAlone") ?? false,
      ...(logged ? { logged } : {}),
      addedTimes: elements.items(submodel.id, "ProductCycleTimes").flatMap((entry) => {
        const product = elements.text(entry.id, "Product");
        const time = elements.value(entry.id, "AddedTime");
        return product !== undefined && time ? [{ product, time }] : [];
      }),
      setUps: elements.items(submodel.id, "SetUps").flatMap((entry) => {
        const attribute = elements.text(entry.id, "Attribute");
        const duration = elements.value(entry.id, "Duration");
        return attribute !== undefined && duration ? [{ attribute, duration }] : [];
      }),
      ...(rejectTo === undefined ? {} : { rejectTo }),
      mapping: readMapping(reader, shell, findings),
      ...(layout ? { layout } : {}),
      ...(component ? { component } : {}),
    },
  ];
}

/** Undefined where the log states no time, or none that is one. */
function readLoggedTimes(elements: PlantReader): PlantLoggedTimes | undefined {
  const root = elements.child(elements.submodel.id, "LoggedTimes");
  const mean = root && elements.value(root.id, "Mean");
  const visits = root && elements.number(root.id, "Visits");
  if (!root || !mean || !(mean.value > 0) || !visits || visits < 1) return undefined;
  const valuesS = (elements.text(root.id, "Values") ?? "").split(/\s+/).map(Number);
  const isSound = valuesS.length <= visits && valuesS.every((value) => value >= 0) && valuesS.some((value) => value > 0);
  return { mean, visits: Math.round(visits), valuesS: isSound ? valuesS : [] };
}

function readMapping(reader: RecordReader, shell: ShellRecord, findings: LocalText[]): StateMapping {
  const submodel = submodelOfShell(reader, shell, "StateMapping");
  if (!submodel) return EMPTY_MAPPING;
  const elements = readPlantElements(reader, submodel);
  const later = elements.items(submodel.id, "Versions").flatMap((item): LaterMapping[] => {
    const since = elements.text(item.id, "ValidFrom");
    const from = since === undefined ? Number.NaN : Date.parse(since) * 1_000;
    if (Number.isFinite(from)) return [{ ...readVersion(elements, item.id, shell, findings), from }];
    findings.push({
      en: `a version of the state mapping of ${shell.idShort} has no instant from which it holds: ${since ?? "nothing"}`,
      zh: `${shell.idShort} 的状态映射有一个版本没有生效时刻：${since ?? "空"}`,
    });
    return [];
  });
  const first = readVersion(elements, submodel.id, shell, findings);
  return later.length === 0 ? first : { ...first, later: later.toSorted((a, b) => a.from - b.from) };
}

function readVersion(elements: PlantReader, parent: RecordId, shell: ShellRecord, findings: LocalText[]): MappingVersion {
  const words = elements.items(parent, "Words").flatMap((item): [string, MappingVersion["words"][string]][] => {
    const word = elements.text(item.id, "Word");
    const told = elements.text(item.id, "State");
    const state = told === undefined ? undefined : stationStateOf(told);
    if (word === undefined) return [];
    if (state === undefined) {
      findings.push({
        en: `the word ${word} of ${shell.idShort} means no state that is known: ${told ?? "nothing"}`,
        zh: `${shell.idShort} 的状态字 ${word} 不对应任何已知状态：${told ?? "空"}`,
      });
      return [];
    }
    return [[word, { state, cause: stateCauseOf(elements.text(item.id, "Cause")) }]];
  });
  return {
    version: elements.number(parent, "Version") ?? 1,
    words: Object.fromEntries(words),
    blockedBit: elements.truth(parent, "BlockedBit") ?? false,
    starvedBit: elements.truth(parent, "StarvedBit") ?? false,
    neighbours: elements.truth(parent, "Neighbours") ?? true,
  };
}

export function readLayout(reader: RecordReader, shell: ShellRecord): PlantLayout | undefined {
  const submodel = submodelOfShell(reader, shell, "Layout");
  if (!submodel) return undefined;
  const elements = readPlantElements(reader, submodel);
  const root = submodel.id;
  const named = (...names: readonly string[]) => names.map((name) => elements.child(root, name)).find((element) => element !== undefined);
  const [x, y, rotation] = [named("PositionX", "X"), named("PositionY", "Y"), named("Rotation")];
  if (!x || !y) return undefined;
  const now = (element: ElementRecord | undefined) => numberOf(typeof element?.value === "string" ? element.value : undefined) ?? 0;
  const first = (element: ElementRecord | undefined) =>
    element === undefined
      ? 0
      : now(reader.versions(element.id).findLast((version) => version.record !== undefined)?.record as ElementRecord | undefined);
  const [length, width] = [elements.number(root, "Length"), elements.number(root, "Width")];
  return {
    partKind: elements.text(root, "PartKind") ?? "machine",
    x: now(x),
    y: now(y),
    rotation: now(rotation),
    ...(length === undefined ? {} : { length }),
    ...(width === undefined ? {} : { width }),
    first: { x: first(x), y: first(y), rotation: first(rotation) },
    elements: { x: x.id, y: y.id, ...(rotation ? { rotation: rotation.id } : {}) },
  };
}

const FLOW_KINDS: readonly LineFlowKind[] = ["main", "assembly", "reject", "return"];

interface FlowFacts {
  /** Stations of the line. */
  readonly known: ReadonlySet<string>;
  /** The other line that a station is of. */
  elsewhere(station: string): string | undefined;
  readonly findings: LocalText[];
}

function readFlow(elements: PlantReader, item: ElementRecord, { known, elsewhere, findings }: FlowFacts): readonly PlantFlow[] {
  const from = elements.text(item.id, "From");
  const to = elements.text(item.id, "To");
  const kind = FLOW_KINDS.find((candidate) => candidate === elements.text(item.id, "Kind"));
  if (from === undefined || to === undefined || !kind || !known.has(from) || !known.has(to)) {
    const stray = [from, to].find((station) => station !== undefined && !known.has(station));
    const other = stray === undefined ? undefined : elsewhere(stray);
    findings.push(
      other === undefined
        ? {
            en: `a flow leads to no station of the line: ${from ?? "?"} to ${to ?? "?"}`,
            zh: `物流的起点或终点不是该产线的工位：${from ?? "?"} 至 ${to ?? "?"}`,
          }
        : {
            en: `the flow from ${from ?? "?"} to ${to ?? "?"} leads to the line ${other}, which ${stray} is of: lines meet at a shared buffer (Outlets, Inlets)`,
            zh: `从 ${from ?? "?"} 到 ${to ?? "?"} 的物流通向产线 ${other}（${stray} 属于该产线）：产线之间通过共享缓存（Outlets、Inlets）衔接`,
          },
    );
    return [];
  }
  const lengthM = elements.number(item.id, "Length");
  return [{ from, to, kind, travelS: elements.number(item.id, "TravelTime") ?? 0, ...(lengthM === undefined ? {} : { lengthM }) }];
}

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

function readShift(elements: PlantReader, item: ElementRecord, findings: LocalText[]): readonly PlantShift[] {
  const name = elements.text(item.id, "Name") ?? "shift";
  const startMinute = minuteOf(elements.text(item.id, "Start"));
  const endMinute = minuteOf(elements.text(item.id, "End"));
  if (startMinute === undefined || endMinute === undefined) {
    findings.push({
      en: `the shift ${name} has no start or end in the form hh:mm`,
      zh: `班次 ${name} 没有 hh:mm 形式的开始或结束时间`,
    });
    return [];
  }
  const days = (elements.text(item.id, "Days") ?? "").split(/[\s,]+/).flatMap((day) => {
    const index = WEEKDAYS.findIndex((weekday) => day.toLowerCase().startsWith(weekday));
    return index < 0 ? [] : [index + 1];
  });
  const breaks = (elements.text(item.id, "Breaks") ?? "").split(/\s+/).flatMap((pause) => {
    const [clock, minutes] = pause.split("/");
    const at = minuteOf(clock);
    const length = numberOf(minutes);
    return at === undefined || length === undefined ? [] : [{ startMinute: at, minutes: length }];
  });
  return [{ name, startMinute, endMinute, days, breaks }];
}

function minuteOf(clock: string | undefined): number | undefined {
  const match = /^(\d{1,2}):(\d{2})$/.exec(clock?.trim() ?? "");
  return match ? Number(match[1]) * 60 + Number(match[2]) : undefined;
}

function readLogistics(
  reader: RecordReader,
  elements: PlantReader,
  stations: readonly PlantStation[],
  shells: readonly ShellRecord[],
): PlantLogistics | undefined {
  const root = elements.child(elements.submodel.id, "Logistics");
  const vehicles = root && elements.value(root.id, "NumberOfAgvs");
  const served = root && elements.text(root.id, "Station");
  const station = stations.find((candidate) => candidate.id === served);
  if (!root || !vehicles || !station) return undefined;
  const fleet = shells.map((shell) => readLayoutOfFleet(reader, shell)).find((layout) => layout !== undefined);
  const batteryH = elements.number(root.id, "BatteryHours");
  return {
    vehicles,
    speedMps: elements.number(root.id, "Speed") ?? 1,
    kitsPerTrip: elements.number(root.id, "KitsPerTrip") ?? 1,
    ...(batteryH === undefined ? {} : { batteryH }),
    station: station.id,
    ...(fleet && station.layout ? { distanceM: Math.abs(fleet.x - station.layout.x) + Math.abs(fleet.y - station.layout.y) } : {}),
  };
}

function readLayoutOfFleet(reader: RecordReader, shell: ShellRecord): PlantLayout | undefined {
  if (submodelOfShell(reader, shell, "Station")) return undefined;
  const layout = readLayout(reader, shell);
  return layout?.partKind === "agv" ? layout : undefined;
}

/** What is planned, in its sequence. An order without a time, or of a product that the line does not make, says nothing of what comes when. */
function readOrders(reader: RecordReader, shell: ShellRecord, products: ReadonlySet<string>, findings: LocalText[]): readonly PlantOrder[] {
  const submodel = submodelOfShell(reader, shell, "ProductionOrders");
  if (!submodel) return [];
  const elements = readPlantElements(reader, submodel);
  const instantOf = (item: ElementRecord, name: string): number => Date.parse(elements.text(item.id, name) ?? "") * 1_000;
  return elements
    .items(submodel.id, "Orders")
    .flatMap((item): PlantOrder[] => {
      const id = elements.text(item.id, "Id") ?? "?";
      const product = elements.text(item.id, "Product");
      const quantity = elements.number(item.id, "Quantity");
      // orders of a shop are no batches of the line
      if (product === undefined || quantity === undefined || quantity < 1) return [];
      if (!products.has(product)) {
        findings.push({
          en: `the order ${id} is of a product that the line does not make: ${product}`,
          zh: `订单 ${id} 的产品不在该产线生产：${product}`,
        });
        return [];
      }
      const [start, end] = [instantOf(item, "PlannedStart"), instantOf(item, "PlannedEnd")];
      if (!Number.isFinite(start) || !(end >= start)) {
        findings.push({
          en: `the order ${id} has no planned start and end: a forecast does not know when it comes`,
          zh: `订单 ${id} 没有计划开始与结束时间：预测不知道它何时投产`,
        });
        return [];
      }
      return [{ id, product, quantity: Math.round(quantity), start, end }];
    })
    .toSorted((a, b) => a.start - b.start);
}
