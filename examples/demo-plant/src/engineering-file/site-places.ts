import type { Submodel } from "@doppelwerk/aas";
import { shiftPlans, timeZone, type CalendarAnchor } from "../clock/calendar.ts";
import type { PlantSignal, UtilityId } from "../signals/signal.ts";
import { instanceUri, type PlantUnit } from "../signals/unit.ts";
import { line4ShiftPlans } from "../site/line-4/line-4-shifts.ts";
import { line4Layout, line4Stations } from "../site/line-4/line-4-stations.ts";
import { line4Flows, line4Ids, line4Name, line4Plan, line4Products, line4Table, type Line4Id } from "../site/line-4/line-4-table.ts";
import { line4WordsOf, onlyWaiting } from "../site/line-4/line-4-words.ts";
import { utilityIds } from "../site/utilities/utility-signals.ts";
import { materials, storageLocations } from "../site/warehouse/warehouse-table.ts";
import type { LayoutEntry } from "../truth/layout.ts";
import { externalReference, languages, list, multiLanguage, reference, shellReference, text } from "./element.ts";
import { hierarchy } from "./hierarchy.ts";
import { interfacesDescription, type PlantEndpoints } from "./interfaces.ts";
import { nominalRow } from "./nominal.ts";
import { productionLine } from "./production-line.ts";
import { assetId, below, type ShellBook, shellId, submodelId } from "./shell-book.ts";
import { layoutSubmodel, stateMappingSubmodel, stationSubmodel } from "./station.ts";
import { technicalData, type TechnicalProperty } from "./technical-data.ts";

/** The middle of a place and its extent. */
export const hallLayout: LayoutEntry = { kind: "marking", x: 27, y: 19, rotation: 0, length: 58, width: 40 };
const utilitiesLayout: LayoutEntry = { kind: "marking", x: 66, y: 33, rotation: 0, length: 16, width: 12 };
const warehouseLayout: LayoutEntry = { kind: "marking", x: 68, y: 12, rotation: 0, length: 22, width: 26 };

type Book = Pick<ShellBook, "add" | "addWithMachine">;

export function addLine4(book: Book, signals: readonly PlantSignal[], endpoints: PlantEndpoints, anchor: CalendarAnchor): void {
  book.add(line4Name, { en: "Line 4 dryers", zh: "4 号干衣机线" }, [
    hierarchy(submodelId(line4Name, "HierarchicalStructures"), { asset: assetId(line4Name) }, below(...line4Ids), "ProductionLine"),
    productionLine(
      submodelId(line4Name, "ProductionLine"),
      {
        ...line4Plan,
        stations: line4Ids,
        flows: line4Flows,
        products: line4Products,
        shifts: line4ShiftPlans(shiftPlans(anchor)),
        timeZone: timeZone(anchor),
      },
      shellId,
    ),
  ]);
  for (const station of line4Stations) {
    const { id, title } = station;
    book.addWithMachine(id, { en: `${id} ${title.en}`, zh: `${id} ${title.zh}` }, machineOf(station), stationParts(id, signals, endpoints));
  }
}

function machineOf({ manufacturer, designation, orderCode, serialNumber, yearOfConstruction }: PlantUnit<Line4Id>) {
  return { manufacturer, designation, orderCode, serialNumber, instance: instanceUri(serialNumber), year: yearOfConstruction };
}

function stationParts(station: Line4Id, signals: readonly PlantSignal[], endpoints: PlantEndpoints): readonly (Submodel | undefined)[] {
  const row = line4Table.find(({ id }) => id === station)!;
  const words = line4WordsOf(station);
  return [
    stationSubmodel(
      submodelId(station, "Station"),
      nominalRow(row),
      line4Flows.find(({ from, kind }) => from === station && kind === "reject")?.to,
    ),
    layoutSubmodel(submodelId(station, "Layout"), line4Layout[station]),
    interfacesOf(station, signals, endpoints),
    stateMappingSubmodel(submodelId(station, "StateMapping"), {
      words,
      ...(station === onlyWaiting ? { unclear: words.starved } : {}),
      blockedBit: false,
      starvedBit: false,
    }),
  ];
}

interface Equipment {
  readonly en: string;
  readonly zh: string;
  readonly manufacturer: string;
  readonly orderCode: string;
  readonly layout: LayoutEntry;
  readonly properties: readonly TechnicalProperty[];
}

const compressorNames = { en: "Screw compressor", zh: "螺杆空压机" };
const utilities: Readonly<Record<UtilityId, Equipment>> = {
  Compressor1: {
    en: "Compressor 1",
    zh: "1 号空压机",
    manufacturer: "Aerovolt",
    orderCode: "AV-30F",
    layout: { kind: "machine", x: 61, y: 35, rotation: 0, length: 2.2, width: 1.4 },
    properties: [
      ["RatedFlow", 210, "m3/h", "Free air delivered", "额定排气量"],
      ["RatedPressure", 7.5, "bar", "Rated pressure", "额定压力"],
      ["RatedPower", 30, "kW", "Rated power", "额定功率"],
    ],
  },
  Compressor2: {
    en: "Compressor 2",
    zh: "2 号空压机",
    manufacturer: "Aerovolt",
    orderCode: "AV-37V",
    layout: { kind: "machine", x: 65, y: 35, rotation: 0, length: 2.2, width: 1.4 },
    properties: [
      ["RatedFlow", 280, "m3/h", "Free air delivered", "额定排气量"],
      ["RatedPressure", 7.5, "bar", "Rated pressure", "额定压力"],
      ["RatedPower", 37, "kW", "Rated power", "额定功率"],
    ],
  },
  AirDryer: {
    en: "Air dryer",
    zh: "冷干机",
    manufacturer: "Aerovolt",
    orderCode: "AV-D9",
    layout: { kind: "cabinet", x: 69, y: 35, rotation: 0 },
    properties: [["RatedFlow", 540, "m3/h", "Rated flow", "额定处理量"]],
  },
  AirMain: {
    en: "Air main",
    zh: "压缩空气主管",
    manufacturer: "Rohrwerk",
    orderCode: "RW-DN80",
    layout: { kind: "cabinet", x: 71, y: 31, rotation: 0 },
    properties: [
      ["Volume", 4, "m3", "Volume of receiver and pipes", "储气罐与管道容积"],
      ["LowPressureLimit", 5.8, "bar", "Lowest pressure for Line 4", "4 号线最低压力"],
    ],
  },
  PowerFeed: {
    en: "Power feed",
    zh: "电源进线",
    manufacturer: "Voltaris Energie",
    orderCode: "VE-630",
    layout: { kind: "cabinet", x: 62, y: 30, rotation: 0 },
    properties: [
      ["RatedPower", 630, "kV.A", "Rated apparent power", "额定视在功率"],
      ["AgreedPower", 480, "kW", "Agreed power of a quarter hour", "约定 15 分钟需量"],
    ],
  },
  HallClimate: {
    en: "Hall climate",
    zh: "厂房空调",
    manufacturer: "Luftra",
    orderCode: "LT-45",
    layout: { kind: "cabinet", x: 66, y: 30, rotation: 0 },
    properties: [["RatedFlow", 45_000, "m3/h", "Air volume flow", "额定风量"]],
  },
};

export function addUtilities(book: Book, signals: readonly PlantSignal[], endpoints: PlantEndpoints): void {
  book.add("Utilities", { en: "Utilities", zh: "公用工程" }, [
    hierarchy(submodelId("Utilities", "HierarchicalStructures"), { asset: assetId("Utilities") }, below(...utilityIds), "UtilityNetwork"),
    layoutSubmodel(submodelId("Utilities", "Layout"), utilitiesLayout),
  ]);
  for (const id of utilityIds) {
    const { en, zh, manufacturer, orderCode, layout, properties } = utilities[id];
    const designation = id.startsWith("Compressor") ? compressorNames : { en, zh };
    book.add(id, { en, zh }, [
      technicalData(submodelId(id, "TechnicalData"), { manufacturer, designation, orderCode }, properties),
      layoutSubmodel(submodelId(id, "Layout"), layout),
      interfacesOf(id, signals, endpoints),
      ...(id === "PowerFeed" ? [metering(submodelId(id, "Metering"), shellId("Site"))] : []),
    ]);
  }
}

/** Whose energy the meter of an asset counts: that of the feed is the whole site's. */
function metering(id: string, place: string): Submodel {
  return {
    modelType: "Submodel",
    idShort: "Metering",
    id,
    semanticId: externalReference("urn:doppelwerk:submodel:metering:1:0"),
    submodelElements: [reference("Shell", shellReference(place))],
  };
}

/** Racks stand in rows, the letter of a location says which. */
export function addWarehouse(book: Book, signals: readonly PlantSignal[], endpoints: PlantEndpoints): void {
  book.add("Warehouse", { en: "Warehouse", zh: "仓库" }, [
    hierarchy(
      submodelId("Warehouse", "HierarchicalStructures"),
      { asset: assetId("Warehouse") },
      below(...storageLocations),
      "StorageZone",
    ),
    layoutSubmodel(submodelId("Warehouse", "Layout"), warehouseLayout),
    materialsSubmodel(submodelId("Warehouse", "Materials")),
    interfacesOf("Warehouse", signals, endpoints),
  ]);
  for (const location of storageLocations) {
    const material = materials.find(({ locations }) => locations.includes(location))!;
    const row = "ABCD".indexOf(location.charAt(3));
    const entry = { kind: "storage-rack", x: 60 + 5 * Number(location.slice(-2)), y: 4 + 5 * row, rotation: 0 };
    const name = { en: `Storage location ${location.slice(3)}`, zh: `货位 ${location.slice(3)}` };
    const general = { manufacturer: "Regalon", designation: { en: "Pallet rack bay", zh: "托盘货架" }, orderCode: "RG-3X3" };
    book.add(location, name, [
      technicalData(submodelId(location, "TechnicalData"), general, [
        ["Capacity", material.target / material.locations.length, "1", `Room for pieces: ${material.en}`, `可存件数：${material.zh}`],
      ]),
      layoutSubmodel(submodelId(location, "Layout"), entry),
      interfacesOf(location, signals, endpoints),
    ]);
  }
}

/** Material definitions (ISA-95): what the ids that the locations send are called. */
function materialsSubmodel(id: string): Submodel {
  return {
    modelType: "Submodel",
    idShort: "Materials",
    id,
    semanticId: externalReference("urn:doppelwerk:submodel:materials:1:0"),
    submodelElements: [
      list(
        "Materials",
        materials.map((material) => [text("ID", material.id), multiLanguage("Description", languages(material.en, material.zh))]),
      ),
    ],
  };
}

function interfacesOf(asset: string, signals: readonly PlantSignal[], endpoints: PlantEndpoints): Submodel | undefined {
  return interfacesDescription(
    submodelId(asset, "AssetInterfacesDescription"),
    signals.filter((signal) => signal.asset === asset),
    endpoints,
    false,
  );
}
