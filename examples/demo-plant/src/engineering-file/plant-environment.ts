import type { Environment, Submodel } from "@doppelwerk/aas";
import type { CalendarAnchor } from "../clock/calendar.ts";
import type { PlantSignal } from "../signals/signal.ts";
import { lineName } from "../signals/signal-list.ts";
import { instanceUri, unitIds, unitOf, type UnitId } from "../signals/unit.ts";
import { line4Name } from "../site/line-4/line-4-table.ts";
import { fleetLayout, layout } from "../truth/layout.ts";
import { flowTable } from "../truth/plant-table.ts";
import { conceptDescriptions, withConcepts } from "./concepts.ts";
import { hierarchy, type EquipmentLevel } from "./hierarchy.ts";
import { interfacesDescription, type PlantEndpoints } from "./interfaces.ts";
import { nameplateTemplate } from "./nameplate-template.ts";
import { nameplateOfUnit, nameplateSemantics, type NameplateData } from "./nameplate.ts";
import { nominalTable } from "./nominal.ts";
import { line3Plan, productionLine } from "./production-line.ts";
import { assetId, below, ShellBook, shellId, submodelId } from "./shell-book.ts";
import { prices } from "./prices.ts";
import { addLine4, addUtilities, addWarehouse, hallLayout } from "./site-places.ts";
import { layoutSubmodel, stateMappingSubmodel, stationSubmodel, unitWords } from "./station.ts";
import { workElements } from "./work-elements.ts";

const vehicles: readonly string[] = ["AGV1", "AGV2", "AGV3"];
const facilities: readonly string[] = ["Air", "Hall"];

/**
 * Everything engineering hands over: site, hall, line, the places of units and fleet, and the machines that stand in them, each with its serial (P12);
 * with signals of the whole site also Line 4, the utilities and the warehouse. Nominal values only.
 */
export function plantEnvironment(signals: readonly PlantSignal[], endpoints: PlantEndpoints, anchor: CalendarAnchor): Environment {
  const book = new ShellBook();
  const site = signals.some(({ asset }) => asset === "Warehouse");
  const at = (level: EquipmentLevel) => (site ? level : undefined);
  const hierarchyOf = (idShort: string, level: EquipmentLevel, children: readonly string[]) =>
    hierarchy(submodelId(idShort, "HierarchicalStructures"), { asset: assetId(idShort) }, below(...children), at(level));
  if (site) book.add("Enterprise", { en: "Demo company", zh: "示范公司" }, [hierarchyOf("Enterprise", "Enterprise", ["Site"])]);
  const areas = site ? ["Hall2", "Utilities", "Warehouse"] : ["Hall2"];
  book.add("Site", { en: "Demo plant", zh: "示范工厂" }, [
    hierarchyOf("Site", "Site", areas),
    ...(site ? [prices(submodelId("Site", "Prices"))] : []),
  ]);
  const lines = site ? [lineName, line4Name] : [lineName];
  book.add("Hall2", { en: "Hall 2", zh: "2 号厂房" }, [
    hierarchyOf("Hall2", "Area", lines),
    ...(site ? [layoutSubmodel(submodelId("Hall2", "Layout"), hallLayout)] : []),
  ]);
  addLine3(book, signals, endpoints, anchor, at("ProductionLine"));
  if (site) {
    addLine4(book, signals, endpoints, anchor);
    addUtilities(book, signals, endpoints);
    addWarehouse(book, signals, endpoints);
  }
  return {
    assetAdministrationShells: book.shells,
    submodels: withConcepts([nameplateTemplate(nameplateSemantics), ...book.submodels]),
    conceptDescriptions: conceptDescriptions(),
  };
}

function addLine3(
  book: ShellBook,
  signals: readonly PlantSignal[],
  endpoints: PlantEndpoints,
  anchor: CalendarAnchor,
  level: EquipmentLevel | undefined,
): void {
  const units = unitIds.filter((unit) => signals.some((signal) => signal.asset === unit));
  const fleet = signals.some((signal) => vehicles.includes(signal.asset));
  book.add(lineName, { en: "Line 3 final assembly", zh: "3 号总装线" }, [
    hierarchy(
      submodelId(lineName, "HierarchicalStructures"),
      { asset: assetId(lineName) },
      below(...units, ...(fleet ? ["AgvFleet"] : [])),
      level,
    ),
    productionLine(submodelId(lineName, "ProductionLine"), line3Plan(units, anchor), shellId),
    workElements(submodelId(lineName, "WorkElements"), units),
    interfacesDescription(
      submodelId(lineName, "AssetInterfacesDescription"),
      signals.filter((signal) => facilities.includes(signal.asset)),
      endpoints,
      true,
    ),
  ]);
  for (const unit of units) book.addWithMachine(unit, unitNames(unit), nameplateOfUnit(unit), unitParts(unit, signals, endpoints));
  if (!fleet) return;
  const names = { en: "Automated guided vehicles", zh: "AGV 车队" };
  const delivered: NameplateData = {
    manufacturer: "Trolleon",
    designation: names,
    orderCode: "TR-12K",
    serialNumber: "TR-12K-0071",
    instance: instanceUri("TR-12K-0071"),
    year: 2022,
    software: "3.4.0",
  };
  book.addWithMachine("AgvFleet", names, delivered, [
    layoutSubmodel(submodelId("AgvFleet", "Layout"), fleetLayout),
    interfacesDescription(
      submodelId("AgvFleet", "AssetInterfacesDescription"),
      signals.filter((signal) => vehicles.includes(signal.asset)),
      endpoints,
      true,
    ),
  ]);
}

function unitParts(unit: UnitId, signals: readonly PlantSignal[], endpoints: PlantEndpoints): readonly (Submodel | undefined)[] {
  const row = nominalTable().find((candidate) => candidate.id === unit)!;
  return [
    stationSubmodel(submodelId(unit, "Station"), row, flowTable.find(({ from, kind }) => from === unit && kind === "reject")?.to),
    layoutSubmodel(submodelId(unit, "Layout"), layout[unit]),
    interfacesDescription(
      submodelId(unit, "AssetInterfacesDescription"),
      signals.filter((signal) => signal.asset === unit),
      endpoints,
      false,
    ),
    stateMappingSubmodel(submodelId(unit, "StateMapping"), unitWords(unit)),
  ];
}

function unitNames(unit: UnitId): { en: string; zh: string } {
  const { title } = unitOf(unit);
  return { en: `${unit} ${title.en}`, zh: `${unit} ${title.zh}` };
}
